"""A person in front of headless Chromium."""

import json

import pytest

from cognito_mock.starter import ADA, CONFIDENTIAL_CLIENT_ID, GRACE
from cognito_mock.starter import POOL_ID as POOL
from cognito_mock.starter import PUBLIC_CLIENT_ID as PUBLIC

pytestmark = pytest.mark.e2e


def claims_on(page, use):
    return json.loads(page.locator(f"#{use}-claims").inner_text())


@pytest.mark.parametrize("client", [PUBLIC, CONFIDENTIAL_CLIENT_ID])
def test_first_light(mock_url, page, expect, sign_in, client):
    """The printed address shows the starter pool, and signs a user in down to decoded tokens."""
    page.goto(mock_url)
    expect(page.locator("h1", has_text=POOL)).to_be_visible()
    expect(page.get_by_text(ADA.password)).to_be_visible()

    page.locator(f"a[data-client={client}]").click()
    sign_in(ADA.username, ADA.password)

    expect(page.locator("#username")).to_have_text(ADA.username)
    access, identity = claims_on(page, "access"), claims_on(page, "id")
    assert access["client_id"] == identity["aud"] == client
    assert access["iss"] == identity["iss"] == f"{mock_url}/{POOL}"
    assert identity["cognito:groups"] == ["admins"]
    assert identity["nonce"]


def test_first_light_by_the_other_name_of_this_machine(mock_url, page, expect, sign_in):
    """Whoever types localhost stays on localhost."""
    page.goto(mock_url.replace("127.0.0.1", "localhost"))

    page.locator(f"a[data-client={PUBLIC}]").click()
    sign_in(GRACE.username, GRACE.password)

    expect(page.locator("#username")).to_have_text(GRACE.username)
    assert page.url.startswith(mock_url.replace("127.0.0.1", "localhost") + "/_mock/callback?")


def test_a_wrong_password_shows_the_form_again(mock_url, page, expect, sign_in):
    """In the service's words (COG-PAG-016, -017); the right one then works."""
    page.goto(mock_url)
    page.locator(f"a[data-client={PUBLIC}]").click()

    sign_in(ADA.username, "Lovelace-1816")
    message = page.locator(".errorMessage-customizable:visible").first
    expect(message).to_have_text("Incorrect username or password.")
    sign_in(ADA.username, ADA.password)

    expect(page.locator("#username")).to_have_text(ADA.username)


def test_signing_out_ends_the_browser_session(mock_url, page, expect, sign_in):
    """While the session lasts, another client needs no password; after sign-out it does."""
    page.goto(mock_url)
    page.locator(f"a[data-client={PUBLIC}]").click()
    sign_in(ADA.username, ADA.password)
    page.goto(mock_url)
    page.locator(f"a[data-client={CONFIDENTIAL_CLIENT_ID}]").click()
    expect(page.locator("#username")).to_have_text(ADA.username)

    page.locator("#sign-out").click()
    expect(page).to_have_url(f"{mock_url}/")
    page.locator(f"a[data-client={PUBLIC}]").click()

    page.wait_for_load_state()
    expect(page.locator("input[name=password]:visible")).to_be_visible()


def test_the_callback_page_takes_no_answer_that_it_did_not_ask_for(mock_url, page, expect):
    """A link with somebody else's code and state shows no token (RFC 6749 §10.12)."""
    response = page.goto(f"{mock_url}/_mock/callback?code=x&state={PUBLIC}.00.11")

    assert response.status == 400
    expect(page.locator("h1")).to_have_text("Not signed in")
