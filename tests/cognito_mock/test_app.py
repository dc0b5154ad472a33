"""The wiring: which parts the app is made of, and what it starts with."""

import asyncio
import contextlib
import threading

import httpx
import pytest

from cognito_mock.app import create_app
from cognito_mock.config import MockConfig
from cognito_mock.core.clock import AdjustableClock
from cognito_mock.core.pools import UserPool
from cognito_mock.flows.user_pools import create_user_pool
from cognito_mock.starter import POOL_ID
from cognito_mock.stores.memory import MemoryStore

BASE_URL = "http://127.0.0.1:9229"


@contextlib.asynccontextmanager
async def running(**parts):
    """The app between its start and its end, and a client that reaches it without a socket."""
    app = create_app(parts.pop("config", MockConfig()), base_url=BASE_URL, **parts)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
            yield app.state.services, client


def pools(services):
    with services.store.read() as tx:
        return [pool.id for pool in tx.scan(UserPool)]


def run(check):
    """Run an async test body with asyncio alone."""
    asyncio.run(check())


@pytest.mark.parametrize(
    "host",
    [
        "localhost:9229",
        "cognito-idp.us-east-1.amazonaws.com",
        "cognito-idp-fips.us-east-1.amazonaws.com",
        "cognito-idp.us-east-1.api.aws",
    ],
)
def test_the_apis_host_serves_discovery_too(host):
    """COG-API-WIRE-001: the target alone names the operation; documents are below the pool's id."""

    async def check():
        async with running() as (_, client):
            headers = {
                "Host": host,
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
            }
            body = {"ClientId": "nobody", "AuthFlow": "USER_SRP_AUTH"}
            for path in ("/", "/?Action=SignUp"):
                called = await client.post(path, headers=headers, json=body)
                assert called.json()["__type"] == "ResourceNotFoundException"
            for document in ("jwks.json", "openid-configuration"):
                path = f"/{POOL_ID}/.well-known/{document}"
                read = await client.get(path, headers={"Host": host})
                assert read.status_code == 200

    run(check)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("POST", "/"),
        ("OPTIONS", "/"),
        ("GET", "/_mock/health"),
        ("GET", f"/{POOL_ID}/.well-known/jwks.json"),
        ("GET", f"/{POOL_ID}/.well-known/openid-configuration"),
        ("GET", "/oauth2/authorize"),
        ("POST", "/oauth2/token"),
        ("GET", "/oauth2/userInfo"),
        ("POST", "/oauth2/revoke"),
        ("GET", "/login"),
        ("GET", "/logout"),
    ],
)
def test_every_floor_answers(method, path):
    """One app serves the API, the OAuth endpoints, the pages and the control API."""

    async def check():
        async with running() as (_, client):
            assert (await client.request(method, path)).status_code not in {404, 405, 500}

    run(check)


def test_an_address_that_nobody_has_is_404():
    """Nothing catches all."""

    async def check():
        async with running() as (_, client):
            assert (await client.get("/nothing/here")).status_code == 404

    run(check)


def test_an_empty_store_gets_the_starter_pool():
    """So that a newcomer signs in at once."""

    async def check():
        async with running() as (services, _):
            assert pools(services) == [POOL_ID]

    run(check)


def test_without_the_starter_pool_it_starts_empty():
    """Test suites bring their own."""

    async def check():
        async with running(config=MockConfig(starter_pool=False)) as (services, client):
            assert pools(services) == []
            assert "No user pool yet" in (await client.get("/")).text

    run(check)


class KeptStore(MemoryStore):
    """A store that outlives an app, as a database does."""

    def close(self):
        """Keep everything."""


def test_a_store_that_holds_a_pool_is_left_alone():
    """The starter pool is for the empty store only."""
    store = KeptStore()

    async def check():
        async with running(store=store, config=MockConfig(starter_pool=False)) as (services, _):
            create_user_pool(
                services, region="eu-west-1", pool_id="eu-west-1_Kept", request={"PoolName": "kept"}
            )
        async with running(store=store) as (services, _):
            assert pools(services) == ["eu-west-1_Kept"]

    run(check)


def test_the_clock_is_the_one_given():
    """What a test moves is what the pools go by."""
    clock = AdjustableClock()
    clock.set(2_000_000_000)

    async def check():
        async with running(clock=clock) as (services, client):
            assert services.clock is clock
            now = (await client.get("/_mock/api/clock")).json()["now"]
            assert now == pytest.approx(2_000_000_000, abs=5)

    run(check)


def test_no_thread_is_left_behind():
    """The keys' thread ends with the app."""
    before = {thread.name for thread in threading.enumerate()}

    async def check():
        async with running():
            pass

    run(check)

    assert "cognito-mock-keys" not in {t.name for t in threading.enumerate()} - before
