"""`Pool.sign_in_browser` with a real Chromium."""

import pytest

from cognito_mock import MockCognito

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def mock():
    """A mock of this module's own, since it is used from inside."""
    with MockCognito() as running:
        yield running


@pytest.mark.parametrize("domain", [None, "browser-shop"])
def test_a_signed_in_browser_gets_its_code_at_once(mock, page, domain):
    """No page of the pool is seen; signing out ends it."""
    pool = mock.create_pool(domain=domain)
    callback = f"{mock.url}/_mock/health"
    client = pool.create_client(callback_urls=[callback], settings={"LogoutURLs": [callback]})
    user = pool.create_user()
    authorize = f"{pool.domain_url}/oauth2/authorize?response_type=code&client_id={client.id}"

    pool.sign_in_browser(page.context, user)
    page.goto(authorize)
    assert page.url.startswith(f"{callback}?code=")

    page.goto(f"{pool.domain_url}/logout?client_id={client.id}&logout_uri={callback}")
    page.goto(authorize)
    assert page.url.startswith(f"{pool.domain_url}/login?")
