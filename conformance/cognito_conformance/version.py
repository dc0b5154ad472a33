"""The suite's own version: patch = wording, minor = new cases, major = a changed verdict."""

from typing import Final

SUITE_VERSION: Final = "0.1.0"
