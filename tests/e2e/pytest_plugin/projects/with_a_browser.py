"""A browser that the helper signed in; the application gets its code, and the tokens for it."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import sync_playwright

from cognito_verify import CognitoVerifier


@pytest.fixture
def page():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser.new_page()
        browser.close()


def test_a_visitor_who_is_signed_in(cognito, cognito_pool, cognito_user, page):
    callback = f"{cognito.url}/_mock/health"
    client = cognito_pool.create_client(callback_urls=[callback])
    query = f"response_type=code&client_id={client.id}&redirect_uri={callback}"

    cognito_pool.sign_in_browser(page.context, cognito_user)
    page.goto(f"{cognito_pool.domain_url}/oauth2/authorize?{query}")

    code = parse_qs(urlsplit(page.url).query)["code"][0]
    form = {
        "grant_type": "authorization_code",
        "client_id": client.id,
        "redirect_uri": callback,
        "code": code,
    }
    tokens = httpx.post(f"{cognito_pool.domain_url}/oauth2/token", data=form).json()
    verifier = CognitoVerifier(
        user_pool_id=cognito_pool.id,
        client_id=client.id,
        token_use="access",
        issuer=cognito_pool.issuer,
    )
    assert verifier.verify(tokens["access_token"])["sub"] == cognito_user.sub
