"""How to meet a requirement: in general, and in one library."""

import tomllib
from functools import cache
from pathlib import Path

from cognito_conformance.report.matrix import Hints
from cognito_conformance.tables import DataError, only, read_file


@cache
def remedy(requirement: str) -> str:
    """Return what a verifier does to meet ``requirement``, or nothing for a new area."""
    document = read_file("report", "remedies.toml")
    only("remedies", document, frozenset({"area", "requirement"}))
    of_area = document["area"].get(requirement.partition("/")[0], "")
    return str(document["requirement"].get(requirement, of_area))


def load_hints(path: Path) -> Hints:
    """Read a file of ``[[hint]]`` tables: subject, requirements, text. Raises `ValueError`."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        only(str(path), document, frozenset({"hint"}))
        hints: dict[tuple[str, str], str] = {}
        for table in document["hint"]:
            only(str(path), table, frozenset({"subject", "requirements", "text"}))
            hints |= {(table["subject"], each): table["text"] for each in table["requirements"]}
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}") from error
    except (KeyError, TypeError) as error:
        raise DataError(f"{path}: a hint has subject, requirements and text") from error
    except ValueError as error:
        raise DataError(f"{path}: {error}") from error
    return hints
