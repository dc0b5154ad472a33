"""docs/fidelity.md is true: generated from the tests' citations, read strictly."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def generator() -> Any:
    spec = importlib.util.spec_from_file_location(
        "generate_fidelity", ROOT / "docs" / "generate_fidelity.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their own module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path: Path) -> Callable[..., Path]:
    """Write a source tree of one book with four facts, a test module and reasons."""

    def write(test: str = "", reasons: str = "") -> Path:
        for folder in ("docs/facts", "tests"):
            (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / "docs/facts/book.md").write_text(
            "# Book\n## 1. First\n"
            "* COG-ABC-001 [D,O] One. (DG x)\n"
            "- **COG-ABC-002** [D API:Some (names), O (texts)] Two.\n"
            "| COG-ABC-003 | [D!O] | Three | 3 |\n"
            "* COG-ABC-004 [I] Four.\n",
            "utf-8",
        )
        (tmp_path / "docs/fidelity-reasons.toml").write_text(reasons, "utf-8")
        (tmp_path / "tests/test_some.py").write_text(test, "utf-8")
        return tmp_path

    return write


def test_the_page_is_current(generator: Any) -> None:
    """As written by the generator now, with no fault in facts, citations or reasons."""
    evidence = generator.gather(ROOT)

    assert evidence.faults == []
    page = (ROOT / "docs" / "fidelity.md").read_text("utf-8")
    assert page == generator.page(evidence), "run docs/generate_fidelity.py"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("COG-ABC-001", [1]),
        ("COG-ABC-001-with-a-suffix, 400", [1]),
        ("COG-ABC-001, -003", [1, 3]),
        ("COG-ABC-001, -002 and -003", [1, 2, 3]),
        ("COG-ABC-001,\n    -002", [1, 2]),
        ("# COG-ABC-001,\n# -002", [1, 2]),
        ("COG-ABC-001…003", [1, 2, 3]),
        ("COG-ABC-002 to 004; and COG-ABC-001.", [2, 3, 4, 1]),
        ("COG-ABC-001, -003…004", [1, 3, 4]),
        ("COG-ABC-001 to 002 and -004", [1, 2, 4]),
        ("COG-ABC-001: 400", [1]),
        ("COG-… ids begin with 'COG-ABC-'", []),
        ("nothing", []),
    ],
)
def test_citations_are_ids_lists_and_ranges(generator: Any, text: str, numbers: list[int]) -> None:
    """Each form names the facts that a reader would take it to name."""
    facts = {f"COG-ABC-{number:03}": None for number in range(1, 5)}

    ids, faults = generator.cited(text, facts)

    assert ids == [f"COG-ABC-{number:03}" for number in numbers]
    assert faults == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("COG-ABC-009", "there is no fact COG-ABC-009"),
        ("COG-ABC-001, -009", "there is no fact COG-ABC-009"),
        ("COG-ABC-0012", "unreadable citation 'COG-ABC-0012'"),
        ("COG-ABC-1", "unreadable citation 'COG-ABC-1'"),
        ("COG-abc-001", "unreadable citation 'COG-abc-001'"),
        ("COG-ABC-001…009", "no range COG-ABC-001…009"),
        ("COG-ABC-003…001", "no range COG-ABC-003…001"),
        ("COG-ABC-001..003", "unreadable list 'COG-ABC-001..003'"),
        ("COG-ABC-001 ... -003", "unreadable list 'COG-ABC-001 ... -'"),
        ("COG-ABC-001, 002", "unreadable list 'COG-ABC-001, 002'"),
        ("COG-ABC-001, ABC-002", "unreadable list 'COG-ABC-001, ABC-'"),
    ],
)
def test_what_cannot_be_read_is_a_fault(generator: Any, text: str, fault: str) -> None:
    """A citation that names nothing, or might be read in two ways, is not passed over."""
    facts = {f"COG-ABC-{number:03}": None for number in range(1, 5)}

    assert generator.cited(text, facts)[1] == [fault]


def test_a_citation_counts_where_a_test_stands_for_it(
    generator: Any, tree: Callable[..., Path]
) -> None:
    """In a test, or in a table that a test uses; not in a module's docstring or a helper."""
    root = tree(
        '"""COG-ABC-003."""\n'
        '# COG-ABC-002 says it.\nTABLE = [1]\nUNUSED = ["COG-ABC-003"]\n'
        'def helper():\n    """COG-ABC-003."""\n'
        'def test_it():\n    """COG-ABC-001."""\n    assert TABLE\n'
    )

    evidence = generator.gather(root)

    where = ["tests/test_some.py: test_it"]
    assert evidence.tests == {"COG-ABC-001": where, "COG-ABC-002": where}
    assert evidence.faults == ["COG-ABC-003 [D, O] has neither test nor reason"]


@pytest.mark.parametrize(
    ("reasons", "faults"),
    [
        ('facts = ["COG-ABC-002…003"]\ncategory = "out of scope"', []),
        ('facts = ["COG-ABC-002…003"]\ncategory = "whim"', ["reasons: no category 'whim'"]),
        (
            'facts = ["COG-ABC-001…003"]\ncategory = "not done yet"',
            ["COG-ABC-001 has a reason but is cited by tests/test_some.py: test_it"],
        ),
        ('facts = ["COG-ABC-001…003"]\ncategory = "deviation by contract"', []),
        (
            'facts = ["COG-ABC-002", "COG-ABC-002…003"]\ncategory = "not done yet"',
            ["reasons: COG-ABC-002 has two"],
        ),
    ],
)
def test_a_reason_answers_for_what_no_test_cites(
    generator: Any, tree: Callable[..., Path], reasons: str, faults: list[str]
) -> None:
    """Once, in a known category; beside a test only where the test pins a deviation."""
    root = tree(
        'def test_it():\n    """COG-ABC-001."""\n', f'[[reasons]]\n{reasons}\nreason = "Because."\n'
    )

    evidence = generator.gather(root)

    assert evidence.faults == faults


def test_a_fact_has_one_entry(generator: Any, tree: Callable[..., Path]) -> None:
    """Two entries under one id stop the generator."""
    root = tree()
    (root / "docs/facts/other.md").write_text("# Other\n* COG-ABC-001 [D] One.\n", "utf-8")

    with pytest.raises(ValueError, match="defines COG-ABC-001 twice"):
        generator.gather(root)
