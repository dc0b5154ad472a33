"""The guides, followed to the letter: their files are written and their commands are typed."""

from pathlib import Path

import pytest

from ..literate import follow, free_port  # noqa: TID252  (no installed package)

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

DOCS = Path(__file__).parents[2] / "docs" / "conformance"


@pytest.mark.parametrize(
    "name", ["judge-your-library.md", "judge-your-api.md", "judge-your-issuer.md"]
)
def test_a_guide_does_what_it_says(name: str, tmp_path: Path) -> None:
    """Each line it shows is printed, in this order."""
    # Other tests may have an issuer of their own at the usual place.
    issuer = f"serve-issuer --issuer http://127.0.0.1:{free_port()}"

    follow(
        (DOCS / name).read_text(encoding="utf-8"),
        tmp_path,
        {"8000": free_port(), "serve-issuer": issuer},
    )
