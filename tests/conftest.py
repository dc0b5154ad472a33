"""What tests of all packages share: where nothing may be skipped, a skip is a failure."""

import os
import re
from collections.abc import Generator
from pathlib import Path

import pytest

NO_SKIP = "COGNITO_TESTS_NO_SKIP"
NOT_ALWAYS = ("property", "e2e", "matrix", "bench")
_OF_THE_MODULE = re.compile(r"^pytestmark = (.*)$", re.MULTILINE)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out files in which ``-m`` deselects everything: importing them takes most of a start.

    A file that never names a mark has no test with it.
    """
    if collection_path.suffix != ".py" or collection_path.name == "conftest.py":
        return None
    wanted, text = config.option.markexpr, collection_path.read_text(encoding="utf-8")
    if wanted in NOT_ALWAYS and f"mark.{wanted}" not in text:
        return True
    unwanted = re.fullmatch(r"not (\w+)(?: and not (\w+))*", wanted)
    whole = _OF_THE_MODULE.search(text)
    marks = set(re.findall(r"mark\.(\w+)", whole[1])) if whole else set()
    return True if unwanted and marks & set(wanted.split()) else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failed one."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        _refuse(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a skipped module into a failed one."""
    report = yield
    if report.skipped:
        _refuse(report)
    return report


def _refuse(report: pytest.TestReport | pytest.CollectReport) -> None:
    if os.environ.get(NO_SKIP):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"must not be skipped here: {reason}"
