"""Two JavaScript clients in Node, each with a file of scenarios for Node's own test runner."""

import os
import re
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e
NODE = Path(__file__).parent / "node"


@pytest.fixture
def run(mock_url):
    """Run a file; fail with its report unless each of its tests ran and passed."""
    assert (NODE / "node_modules").is_dir(), f"run npm install in {NODE}"

    def node(name):
        written = len(re.findall(r"^test\(", (NODE / name).read_text(), re.MULTILINE))
        done = subprocess.run(
            ["node", "--test", "--test-reporter=tap", name],
            cwd=NODE,
            env={**os.environ, "MOCK_URL": mock_url, "NODE_NO_WARNINGS": "1"},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        counts = dict(re.findall(r"^# (\w+) (\d+)$", done.stdout, re.MULTILINE))
        assert written > 0
        assert (counts["pass"], counts["skipped"], counts["todo"]) == (str(written), "0", "0")

    return node


def test_the_aws_sdk_version_3(run):
    """Sign-up to global sign-out, signed and unsigned; every refusal is of the SDK's own class."""
    run("sdk-v3.test.mjs")


def test_amazon_cognito_identity_js(run):
    """SRP, a new password with attributes, an authenticator app, refresh, sign-out."""
    run("identity-js.test.mjs")
