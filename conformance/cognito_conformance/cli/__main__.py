"""``python -m cognito_conformance.cli``: the command, where its script is not on the path."""

import sys

from cognito_conformance.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
