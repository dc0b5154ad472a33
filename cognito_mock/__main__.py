"""``python -m cognito_mock``."""

from cognito_mock.cli import main

if __name__ == "__main__":
    main(prog_name="cognito-mock")
