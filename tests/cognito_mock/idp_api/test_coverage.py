"""What the mock says about its own coverage."""

from pathlib import Path

from cognito_mock.idp_api import coverage
from cognito_mock.idp_api.coverage_page import coverage_page
from cognito_mock.idp_api.model import operation_names
from cognito_mock.idp_api.operations import OPERATIONS


def test_every_operation_is_listed_once():
    """All 141 operations, by name; the implemented ones are those with behaviour."""
    rows = coverage()

    assert [row["operation"] for row in rows] == sorted(operation_names())
    implemented = {row["operation"] for row in rows if row["status"] == "implemented"}
    assert implemented == OPERATIONS.keys()
    assert all(row["reason"] for row in rows if row["status"] == "stub")


def test_stub_answers_what_its_reason_says(api):
    """The reason of a stub is true."""
    stub = next(row for row in coverage() if row["status"] == "stub")

    error, _ = api.fail(stub["operation"])

    assert stub["reason"].startswith(f"answers {error}:")


def test_page_in_the_documentation_is_current():
    """``docs/coverage.md`` is what the command writes."""
    page = Path(__file__).parents[3] / "docs" / "coverage.md"

    assert page.read_text("utf-8") == coverage_page()
