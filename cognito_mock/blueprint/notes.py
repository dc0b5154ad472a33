"""What an import leaves out, and why: a list for the person at the terminal."""

from cognito_mock.blueprint.yaml_file import Place


class Notes:
    """Remarks with a place each."""

    def __init__(self) -> None:
        self._remarks: set[tuple[Place, str]] = set()

    def left_out(self, place: Place, name: str, reason: str) -> None:
        """Note that ``name``, which is written at ``place``, has no part in the pools."""
        self._remarks.add((place, f"left out {name}: {reason}"))

    def remark(self, place: Place, name: str, text: str) -> None:
        """Note what is different from what is written."""
        self._remarks.add((place, f"{name}: {text}"))

    @property
    def lines(self) -> list[str]:
        """One line per remark, in the order of the files."""
        return [f"{place}: {text}" for place, text in sorted(self._remarks)]

    def __len__(self) -> int:
        return len(self._remarks)
