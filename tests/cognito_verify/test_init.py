"""What the package exports, and what importing it costs."""

import subprocess
import sys

import pytest

import cognito_verify


def test_all_is_sorted_and_complete() -> None:
    """Every listed name exists, and `dir` shows just these."""
    assert cognito_verify.__all__ == sorted(set(cognito_verify.__all__))
    assert [name for name in cognito_verify.__all__ if not hasattr(cognito_verify, name)] == []
    assert dir(cognito_verify) == cognito_verify.__all__


def test_every_error_is_exported() -> None:
    """Whatever can be raised can be caught by name."""
    from cognito_verify import errors  # noqa: PLC0415  (after the lazy ones)

    assert set(errors.__all__) <= set(cognito_verify.__all__)


def test_another_name_is_an_attribute_error() -> None:
    """As with any module."""
    with pytest.raises(AttributeError, match="nonsense"):
        _ = cognito_verify.nonsense


def test_importing_the_errors_imports_no_cryptography() -> None:
    """A module that only catches errors starts fast."""
    code = (
        "import sys; from cognito_verify import VerificationError; "
        "assert not {'cryptography', 'json', 'httpx'} & set(sys.modules)"
    )

    subprocess.run([sys.executable, "-I", "-c", code], check=True)
