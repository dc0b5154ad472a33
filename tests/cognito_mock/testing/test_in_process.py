"""A mock without a socket, and what both kinds of mock have in common."""

import subprocess
import sys
import threading
import time

import anyio
import boto3
import httpx
import pytest

from cognito_mock import MockCognito


@pytest.fixture(scope="module")
def mock():
    """One mock, in process, with everything of the starter pool."""
    with MockCognito(socket=False, starter_pool=True) as running:
        yield running


def test_a_client_with_its_transport_reaches_it(mock):
    """Synchronous and asynchronous, under asyncio as under trio's rules."""
    with httpx.Client(transport=mock.transport, base_url=mock.url) as client:
        assert client.get("/_mock/health").json() == {"status": "ok", "pools": 1}

    async def ask():
        async with httpx.AsyncClient(transport=mock.transport, base_url=mock.url) as client:
            return (await client.get("/_mock/health")).json()

    assert anyio.run(ask) == {"status": "ok", "pools": 1}


def test_the_transport_of_a_server_does_the_same():
    """What a test is written with does not depend on whether there is a socket."""
    with (
        MockCognito() as mock,
        httpx.Client(transport=mock.transport, base_url="http://shop.example") as client,
    ):
        assert client.get(f"{mock.url}/_mock/health").json()["status"] == "ok"


def test_inside_the_block_its_own_addresses_work(mock):
    """Those of the issuer and of a pool's domain."""
    pool = mock.create_pool(domain="ours")
    client = boto3.client(
        "cognito-idp",
        endpoint_url=mock.url,
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
    )

    with mock.redirected():
        assert httpx.get(pool.jwks_uri).json()["keys"]
        refusal = httpx.get(f"{pool.domain_url}/login").headers["location"]
        assert refusal.startswith(f"{pool.domain_url}/error?")
        assert client.describe_user_pool(UserPoolId=pool.id)["UserPool"]["Id"] == pool.id

    assert pool.domain_url == "http://ours.auth.us-east-1.localhost"


def test_tokens_and_control_calls_need_no_socket(mock):
    """The handles work as with a server."""
    pool = mock.create_pool()
    user = pool.create_user(groups=["admins"])

    assert pool.sign_in(user).access_token
    assert pool.mint(user, tamper="expired")
    assert pool.rotate_keys(retire="now").retired == ()
    with pytest.raises(RuntimeError, match="does not exist"):
        mock.control("POST", "/_mock/api/pools/us-east-1_Nowhere/keys/rotate")


@pytest.mark.parametrize("socket", [True, False])
def test_a_mock_that_is_not_running_says_so(socket):
    """Before its block and after it."""
    mock = MockCognito(socket=socket)
    with mock:
        transport = mock.transport

    for use in (lambda: mock.url, lambda: mock.services, lambda: mock.transport, mock.redirected):
        with pytest.raises(RuntimeError, match="not running"):
            use()
    with httpx.Client(transport=transport) as client, pytest.raises(httpx.ConnectError):
        client.get("http://x.example/")


def test_a_request_under_way_ends_with_the_mock():
    """Its client gets an error, and the block does not wait for it."""
    failures = []
    with MockCognito(socket=False) as mock:
        mock.control("PUT", "/_mock/api/faults", {"faults": [{"target": "any", "delay_ms": 60000}]})
        client = httpx.Client(transport=mock.transport, timeout=30)

        def ask():
            try:
                failures.append(client.get(f"{mock.url}/login").status_code)
            except httpx.ConnectError as failure:
                failures.append(failure)

        waiting = threading.Thread(target=ask)
        waiting.start()
        time.sleep(0.2)
        started = time.monotonic()
    waiting.join(5)

    assert time.monotonic() - started < 10
    assert len(failures) == 1


FROZEN = """
import threading, time
from cognito_mock import MockCognito
real = time.monotonic
with MockCognito(socket={socket}) as mock:
    time.monotonic = lambda: 1_893_456_000.0
    assert mock.control("GET", "/_mock/health")["status"] == "ok"
    threading.Event().wait(0.3)
    time.monotonic = real
print("stopped")
"""


@pytest.mark.parametrize("socket", [True, False])
def test_a_frozen_clock_does_not_keep_it_from_stopping(socket):
    """Timers that were set while a test had replaced `time.monotonic` are due all the same.

    In a process of its own: no other server's timers survive this.
    """
    code = FROZEN.format(socket=socket)

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=30
    )

    assert (done.stdout, done.stderr) == ("stopped\n", "")
