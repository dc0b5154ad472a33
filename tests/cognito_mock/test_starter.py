"""What an empty mock holds."""

import urllib.request
from urllib.parse import urlencode

import pytest

from cognito_mock import MockCognito, starter
from cognito_mock.core.clients import AppClient
from cognito_mock.core.pools import PoolDomain, PoolKeys
from cognito_mock.flows.lookups import get_client
from cognito_mock.testing import Client, User


@pytest.fixture(scope="module")
def mock():
    with MockCognito(starter_pool=True) as running:
        yield running


def test_the_ids_have_the_services_shapes():
    """COG-QUO-032: 26 and 52 lower-case letters and digits (COG-API-WIRE-033)."""
    clients = (
        starter.PUBLIC_CLIENT_ID,
        starter.CONFIDENTIAL_CLIENT_ID,
        starter.MACHINE_CLIENT_ID,
    )
    secrets = (starter.CONFIDENTIAL_CLIENT_SECRET, starter.MACHINE_CLIENT_SECRET)

    assert {len(client) for client in clients} == {26}
    assert {len(secret) for secret in secrets} == {52}
    assert all(text.isalnum() and text.islower() for text in (*clients, *secrets))


def test_public_confidential_and_machine_client(mock):
    """Only the public one has no secret; the machine has no users."""
    with mock.services.store.read() as tx:
        clients = {c.name: c for c in tx.find(AppClient, "pool", starter.POOL_ID)}

    assert clients["public"].id == starter.PUBLIC_CLIENT_ID
    assert clients["public"].secrets == ()
    assert clients["confidential"].secrets[0].value == starter.CONFIDENTIAL_CLIENT_SECRET
    assert clients["machine"].oauth_flows == {"client_credentials"}


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_common_callbacks_and_the_own_page_are_registered(mock, name):
    """Development servers, and the mock's decoded-token page under both names of this machine."""
    port = mock.url.rpartition(":")[2]
    with mock.services.store.read() as tx:
        client = get_client(tx, starter.PUBLIC_CLIENT_ID)

    assert f"http://{name}:3000/callback" in client.callback_urls
    assert f"http://{name}:3000/token" in client.callback_urls  # where aws-cognito-next waits
    assert f"http://{name}:{port}/_mock/callback" in client.callback_urls
    assert {f"http://{name}:3000", f"http://{name}:3000/"} <= set(client.logout_urls)
    assert len(client.callback_urls) <= 100  # the API's limit
    assert len(client.logout_urls) <= 100  # likewise


@pytest.mark.parametrize("user", starter.USERS, ids=lambda user: user.username)
@pytest.mark.parametrize(
    ("client", "secret"),
    [
        (starter.PUBLIC_CLIENT_ID, None),
        (starter.CONFIDENTIAL_CLIENT_ID, starter.CONFIDENTIAL_CLIENT_SECRET),
    ],
    ids=["public", "confidential"],
)
def test_every_user_signs_in_with_every_client_of_users(mock, user, client, secret):
    """With the password that the start page shows."""
    known = User(username=user.username, sub=user.sub, email=None, password=user.password)

    tokens = mock.pool(starter.POOL_ID).sign_in(known, client=Client(id=client, secret=secret))

    assert tokens.id_token


def test_the_sign_up_page_asks_for_the_address_that_the_code_goes_to(mock):
    """Required, so that who signs up at the page can be sent a code (COG-PAG-021)."""
    query = {
        "response_type": "code",
        "client_id": starter.PUBLIC_CLIENT_ID,
        "redirect_uri": "http://localhost:3000/callback",
    }
    with urllib.request.urlopen(f"{mock.url}/signup?{urlencode(query)}", timeout=5) as response:
        page = response.read().decode()

    assert 'type="email" name="requiredAttributes[email]"' in page


def test_there_is_no_domain(mock):
    """So discovery names the bare host, which every client can resolve."""
    with mock.services.store.read() as tx:
        assert tx.find(PoolDomain, "pool", starter.POOL_ID) == []
    path = f"/{starter.POOL_ID}/.well-known/openid-configuration"
    with urllib.request.urlopen(mock.url + path, timeout=5) as response:
        assert f'"authorization_endpoint":"{mock.url}/oauth2/authorize"' in response.read().decode()


def test_the_signing_keys_are_not_fixed(mock):
    """Two mocks do not sign with the same keys: nobody knows them beforehand."""

    def kids(running):
        with running.services.store.read() as tx:
            return {key.kid for key in tx.get(PoolKeys, starter.POOL_ID).published}

    with MockCognito(starter_pool=True) as other:
        assert kids(mock).isdisjoint(kids(other))
