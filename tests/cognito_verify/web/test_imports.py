"""What is imported when, and what is said if it is not installed."""

import subprocess
import sys

import pytest

FRAMEWORKS = ("starlette", "fastapi", "flask", "django", "rest_framework")


def run(code):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("module", ["cognito_verify", "cognito_verify.web.aws_lambda"])
def test_no_framework_is_imported_unasked(module):
    """Neither by the library nor by what runs in Lambda."""
    code = f"""
import sys
import {module}
print([name for name in {FRAMEWORKS} if name in sys.modules])
"""

    assert run(code) == "[]"


@pytest.mark.parametrize(
    ("module", "framework", "extra"),
    [
        ("starlette", "starlette", "starlette"),
        ("fastapi", "fastapi", "fastapi"),
        ("flask", "flask", "flask"),
        ("django", "django", "django"),
        ("django_rest", "rest_framework", "django-rest"),
    ],
)
def test_a_missing_framework_is_named_with_its_extra(module, framework, extra):
    """The error says what to type."""
    code = f"""
import sys
sys.modules["{framework}"] = None
try:
    import cognito_verify.web.{module}
except ModuleNotFoundError as error:
    print(error)
"""

    assert run(code) == f'{framework} is not installed: pip install "cognito-verify[{extra}]"'


def test_a_fault_inside_a_framework_is_not_called_missing():
    """Then another package is missing, and that is what must be read."""
    code = """
import sys
sys.modules["werkzeug"] = None
try:
    import cognito_verify.web.flask
except ModuleNotFoundError as error:
    print(error)
"""

    said = run(code)

    assert "werkzeug" in said
    assert "pip install" not in said
