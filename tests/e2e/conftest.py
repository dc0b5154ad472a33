"""The mock as its users start it: the command in a process of its own.

playwright is imported where it is used: these files are collected where it is not installed, too.
"""
# ruff: noqa: PLC0415  (see above)

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def mock_url() -> Iterator[str]:
    """The address of a running ``cognito-mock serve`` with its starter pool."""
    command = [sys.executable, "-m", "cognito_mock", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        assert line.startswith("cognito-mock ready at "), line
        yield line.removeprefix("cognito-mock ready at ").strip()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=5) == 0


@pytest.fixture
def idp(mock_url):
    """boto3's client for the mock."""
    credentials = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    client = boto3.client(
        "cognito-idp", region_name="us-east-1", endpoint_url=mock_url, **credentials
    )
    yield client
    client.close()


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Headless Chromium."""
    from playwright.sync_api import sync_playwright

    assert os.path.exists(CHROMIUM), "apt-get install chromium"  # noqa: PTH110
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser) -> "Iterator[Page]":
    """A page of a browser profile that nobody used before."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def expect():
    """Assertions that wait for the browser."""
    from playwright.sync_api import expect

    return expect


@pytest.fixture
def sign_in(page):
    """Fill in the pool's sign-in page and submit it."""

    def submit(username, password):
        page.wait_for_url("**/login?*")
        page.wait_for_load_state()  # the style sheet hides one of the two forms (COG-PAG-012)
        page.locator("input[name=username]:visible").fill(username)
        page.locator("input[name=password]:visible").fill(password)
        page.locator("input[name=signInSubmitButton]:visible").click()

    return submit
