"""The page about coverage: ``python -m cognito_mock.idp_api.coverage_page > docs/coverage.md``."""

import sys

import botocore

from cognito_mock.idp_api.coverage import coverage


def coverage_page() -> str:
    """Return the page for the documentation.

    It names the release of botocore it was made with: the service grows, and each release of
    botocore brings the operations known by then.
    """
    rows = coverage()
    done = sum(row["status"] == "implemented" for row in rows)
    lines = [
        "# Coverage of the `cognito-idp` API",
        "",
        f"{done} of the {len(rows)} operations in botocore {botocore.__version__} have behaviour.",
        "The others, and those that a newer botocore brings, answer HTTP 400 with",
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
