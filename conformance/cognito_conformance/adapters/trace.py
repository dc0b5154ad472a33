"""The wire, written down: one JSON line a message."""

import json
from pathlib import Path


class TraceFile:
    """Appends each message to a file, whole and at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")

    def __call__(self, direction: str, line: bytes) -> None:
        """Append one message; what is not JSON is kept as text."""
        text = line.decode(errors="replace").rstrip("\n")
        try:
            entry = {"dir": direction, "message": json.loads(text)}
        except (ValueError, RecursionError):
            entry = {"dir": direction, "text": text}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
