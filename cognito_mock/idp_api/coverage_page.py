"""The page about coverage: ``python -m cognito_mock.idp_api.coverage_page > docs/coverage.md``."""

import sys

from cognito_mock.idp_api.coverage import coverage


def coverage_page() -> str:
    """Return the page for the documentation."""
    rows = coverage()
    done = sum(row["status"] == "implemented" for row in rows)
    lines = [
        "# Coverage of the `cognito-idp` API",
        "",
        f"{done} of {len(rows)} operations have behaviour. The others answer HTTP 400 with",
        "`UnsupportedOperationException` and a message that names the operation.",
        "",
        "Made by `python -m cognito_mock.idp_api.coverage_page`.",
        "",
        "| Operation | Status |",
        "|---|---|",
        *(f"| {row['operation']} | {row['status']} |" for row in rows),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(coverage_page())
