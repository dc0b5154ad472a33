"""What the mock says about its own coverage."""

import re
from pathlib import Path

from cognito_mock.idp_api import coverage
from cognito_mock.idp_api.coverage_page import coverage_page
from cognito_mock.idp_api.operations import OPERATIONS
from cognito_mock.service_model import operation_names


def test_every_operation_is_listed_once():
    """Whatever the installed botocore knows, by name; the implemented ones have behaviour."""
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
    """Of ``docs/coverage.md``: a newer botocore may add operations, but none with behaviour."""
    page = (Path(__file__).parents[3] / "docs" / "coverage.md").read_text("utf-8")

    listed = dict(re.findall(r"^\| (\w+) \| (implemented|stub) \|$", page, re.MULTILINE))

    assert {name for name, status in listed.items() if status == "implemented"} == OPERATIONS.keys()
    assert f"{len(OPERATIONS)} of the {len(listed)} operations" in page
    assert re.findall(r"^\| (\w+) \|", coverage_page(), re.MULTILINE)[1:] == sorted(
        operation_names()
    )
