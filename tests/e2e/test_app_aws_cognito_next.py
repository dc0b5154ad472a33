"""aws-cognito-next 3 with Amplify 3 (examples/aws-cognito-next), as its README starts it.

The issuer is the mock's own address. `local/` of the example is the TLS front that Amplify and
``prepare-pems`` insist on; test_app_on_aws_names.py has the application without it.
"""

import json

import pytest

from cognito_mock import MockCognito
from cognito_verify.cli import main as cognito_verify

from .apps import Person, free_ports, installed, run, running, signs_in
from .aws_cognito_next import (
    Application,
    signs_up_sees_the_members_page_and_signs_out,
    the_issuer_of_amplifys_id_token,
)

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

OTHERS_PEM = "a key of another pool"


@pytest.fixture(scope="module")
def pems():
    """The file with the pools' keys; it has another pool's already."""
    file = installed("aws-cognito-next") / "pems.json"
    file.write_text(json.dumps({"us-east-1": {"us-east-1_Another": {"kid": OTHERS_PEM}}}))
    return file


@pytest.fixture(scope="module")
def app(pems):
    (tls_port,) = free_ports(1)
    with MockCognito() as mock:
        application = Application(mock, oauth_domain=f"localhost:{tls_port}")
        local = {"COGNITO_MOCK_URL": mock.url, "TLS_PORT": str(tls_port)}
        environment = {**application.environment, **local}
        with_mock = ["node", "local/with-mock.mjs"]
        run(pems.parent, [*with_mock, "npm", "run", "build"], environment)
        start = [*with_mock, "npm", "start"]
        with running(pems.parent, start, environment, ports=[application.port]):
            yield application


@pytest.fixture
def page(browser):
    """A page of a profile that nobody used before; it takes the front's self-made certificate."""
    context = browser.new_context(ignore_https_errors=True)
    yield context.new_page()
    context.close()


def test_prepare_pems_adds_the_pools_keys(app, pems, tmp_path):
    """The package's own command reads the mock's JWKS; ours makes the same of it."""
    ours = tmp_path / "pems.json"
    words = ["--region", "us-east-1", "--user-pool-id", app.pool.id, "--endpoint", app.mock.url]
    assert cognito_verify(["prepare-pems", *words, "--output", str(ours)]) == 0

    theirs = json.loads(pems.read_text())["us-east-1"]

    assert theirs[app.pool.id] == json.loads(ours.read_text())["us-east-1"][app.pool.id]
    assert theirs["us-east-1_Another"] == {"kid": OTHERS_PEM}


def test_sign_up_see_the_members_page_and_sign_out(app, page, expect):
    """Amplify takes the tokens from the fragment to cookies, and the server reads them."""
    signs_up_sees_the_members_page_and_signs_out(app, page, expect, Person())


def test_the_cookies_are_amplifys(app, page, expect):
    """With tokens of the pool's own issuer."""
    assert the_issuer_of_amplifys_id_token(app, page, expect) == app.pool.issuer


def test_a_second_tab_follows(app, page, expect):
    """It shows the user as soon as the first tab has signed in, and nobody after the sign-out."""
    second = page.context.new_page()
    second.goto(app.url)
    expect(second.locator("h1")).to_have_text("Nobody is signed in")
    page.goto(app.url)
    page.get_by_role("button", name="Sign in").click()
    signs_in(page, app.user)
    expect(page.locator("h1")).to_have_text(f"Welcome, {app.user.username}")
    expect(second.locator("h1")).to_have_text(f"Welcome, {app.user.username}")

    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Nobody is signed in")
    second.bring_to_front()
    second.evaluate("window.dispatchEvent(new Event('focus'))")  # headless tabs never lose it

    expect(second.locator("h1")).to_have_text("Nobody is signed in")


@pytest.mark.parametrize(
    "kind", ["expired", "bad-signature", "unknown-kid", "alg-none", "another client's"]
)
def test_bad_cookies_open_nothing(app, page, expect, kind):
    """The package checks signature, expiry and client on the server (COG-ACN-005)."""
    app.give_cookies(page, app.tokens(None))
    page.goto(f"{app.url}/members")
    expect(page.locator("#email")).to_have_text(app.user.email)  # good ones would do

    app.give_cookies(page, app.tokens(kind))
    page.goto(f"{app.url}/members")

    expect(page).to_have_url(f"{app.url}/")
    expect(page.locator("h1")).to_have_text("Nobody is signed in")
