"""The guide pages are true: their examples run, their tables are full, their tests exist."""

import importlib.util
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx

import cognito_verify

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "verify"
PAGES = sorted(DOCS.glob("*.md"))
WITH_EXAMPLES = [page for page in PAGES if "```python\n" in page.read_text("utf-8")]
KEYS = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI/.well-known/jwks.json"


def name_of(page: Path) -> str:
    return page.stem


def generator() -> Any:
    spec = importlib.util.spec_from_file_location("generator", DOCS / "generate_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=name_of)
def test_every_python_block_runs(
    page: Path,
    make_token: Callable[..., str],
    jwks: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One after the other, as a reader would type them."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "jwks.json").write_text(json.dumps(jwks), "utf-8")
    now = int(time.time())
    times = {"exp": now + 3600, "iat": now, "auth_time": now}
    names = {
        "token": make_token(**times),
        "id_token": make_token("id", **times),
        "jwks": jwks,
        "__name__": "example",
    }
    blocks = re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), flags=re.DOTALL)

    with respx.mock(assert_all_called=False) as pool:
        pool.get(KEYS).mock(return_value=httpx.Response(200, json=jwks))
        for number, block in enumerate(blocks, 1):
            exec(compile(block, f"{page.name} block {number}", "exec"), names)  # noqa: S102


def test_the_reference_is_generated_from_the_source() -> None:
    """Nobody has to remember it."""
    page = (DOCS / "reference.md").read_text("utf-8")

    assert page == generator().reference(), "run docs/verify/generate_reference.py"


def test_the_reference_is_complete() -> None:
    """Every public name has an entry."""
    page = (DOCS / "reference.md").read_text("utf-8")

    missing = [name for name in cognito_verify.__all__ if f"### `{name}" not in page]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_cell_of_a_comparison_is_empty(page: Path) -> None:
    """The first cell may stand for the one above, and a heading needs no words."""
    rows = [line for line in page.read_text("utf-8").splitlines() if line.startswith("|")]
    headings = {n - 1 for n, row in enumerate(rows) if set(row) <= set("|- ")}

    empty = [
        row
        for n, row in enumerate(rows)
        if n not in headings and not all(cell.strip() for cell in row.split("|")[2:-1])
    ]
    assert empty == []


def test_every_named_test_exists() -> None:
    """A comparison that names a test can be checked."""
    page = (DOCS / "aws-jwt-verify-features.md").read_text("utf-8")
    named = re.findall(r"`(tests/[\w/.]+\.py)(?:::(\w+))?`", page)
    rows = [line for line in page.splitlines() if line.startswith("| ") and "---" not in line]
    headings = [row for row in rows if row.startswith("| aws-jwt-verify 5.2 |") or "| Test" in row]

    assert len(named) >= len(rows) - len(headings)
    for path, test in named:
        source = (ROOT / path).read_text("utf-8")
        assert not test or f"def {test}(" in source, f"{path}::{test}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    """Within the tree."""
    targets = [t for t in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")) if "://" not in t]

    assert [target for target in targets if not (page.parent / target).exists()] == []
