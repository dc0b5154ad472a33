"""The tutorial, followed to the letter."""

from pathlib import Path

import pytest

from .literate import follow, free_port

PAGE = Path(__file__).parents[1] / "docs" / "tutorial.md"


@pytest.mark.timeout(240)
def test_the_tutorial_does_what_it_says(tmp_path: Path) -> None:
    """From an empty folder to the tests' last line, on ports of its own."""
    mock, api = free_port(), free_port()
    # The terminal of a reader shows when the mock is ready; a script has to wait for that line.
    replaced = {
        "$ cognito-mock serve &\n": (
            f"$ cognito-mock serve --port {mock} | tee ready.txt &\n"
            "$ until grep -q ready ready.txt; do sleep 0.1; done\n"
        ),
        "$ cognito-mock token": f"$ cognito-mock token --url http://127.0.0.1:{mock}",
        "$(cognito-mock token": f"$(cognito-mock token --url http://127.0.0.1:{mock}",
        ":9229": f":{mock}",
        "8000": api,
    }

    follow(PAGE.read_text(encoding="utf-8"), tmp_path, replaced)
