"""The control plane's flows, as the starter pool and blueprints use them."""

from dataclasses import replace

import pytest

from cognito_mock.core.addresses import Addresses
from cognito_mock.core.clients import AppClient
from cognito_mock.core.clock import AdjustableClock
from cognito_mock.core.errors import InvalidParameterException, ResourceNotFoundException
from cognito_mock.core.ids import SystemEntropy
from cognito_mock.core.pools import PoolKeys, SigningKey, UserPool
from cognito_mock.core.signing import RsaSigner
from cognito_mock.flows import pools
from cognito_mock.flows.services import Services
from cognito_mock.stores.memory import MemoryStore

POOL = "us-east-1_LocalPool"
SECRET = "1t5n0v8q2w4e6r7y9u1i3o5p7a9s1d3f5g7h9j1k3l5z7x9c1v3b"


class NumberedKeys:
    """Keys that sign nothing, numbered."""

    def __init__(self):
        self.made = 0

    def new_key(self):
        self.made += 1
        return SigningKey(kid=f"key {self.made}", pem="")


class NoDelivery:
    """Carries nothing outside."""

    def deliver(self, message):
        pass


@pytest.fixture
def services():
    return Services(
        store=MemoryStore(),
        clock=AdjustableClock(),
        entropy=SystemEntropy(),
        keys=NumberedKeys(),
        signer=RsaSigner(),
        delivery=NoDelivery(),
        addresses=Addresses(base_url="http://127.0.0.1:9229"),
    )


def stored(services, kind, *key):
    with services.store.read() as tx:
        return tx.get(kind, *key)


def new_pool(services, **options):
    return pools.create_user_pool(
        services, region="us-east-1", request={"PoolName": "demo"}, **options
    )


def test_pool_has_a_key_for_each_kind_of_token(services):
    """COG-TOK-005: two keys, stored with the pool."""
    pool = new_pool(services)

    keys = stored(services, PoolKeys, pool.id)
    assert stored(services, UserPool, pool.id) == pool
    assert [key.kid for key in keys.published] == ["key 1", "key 2"]
    assert keys.id_key != keys.access_key


def test_pinned_pool_id(services):
    """A pinned id is used as it is, and only once; the first pool and its keys stay."""
    pool = new_pool(services, pool_id=POOL)
    keys = stored(services, PoolKeys, POOL)

    with pytest.raises(InvalidParameterException):
        new_pool(services, pool_id=POOL)

    assert (pool.id, pool.region) == (POOL, "us-east-1")
    assert stored(services, PoolKeys, POOL) == keys


def test_refused_pool_makes_no_keys(services):
    """The rules come before the slow part."""
    request = {"PoolName": "demo", "MfaConfiguration": "ON"}

    with pytest.raises(InvalidParameterException):
        pools.create_user_pool(services, region="us-east-1", request=request)

    assert services.keys.made == 0


def test_pinned_client(services):
    """Id and secret can be pinned; the secret's id names the client (COG-API-WIRE-034)."""
    new_pool(services, pool_id=POOL)

    client = pools.create_user_pool_client(
        services,
        pool_id=POOL,
        request={"ClientName": "web"},
        client_id="localwebclient",
        client_secret=SECRET,
    )

    assert client.id == "localwebclient"
    assert [secret.value for secret in client.secrets] == [SECRET]
    assert client.secrets[0].id == f"localwebclient--{int(client.created_at)}"
    with pytest.raises(InvalidParameterException):
        pools.create_user_pool_client(
            services, pool_id=POOL, request={"ClientName": "x"}, client_id="localwebclient"
        )
    assert stored(services, AppClient, "localwebclient") == client


def test_client_of_an_unknown_pool(services):
    """COG-API-POOL-001; nothing is stored."""
    with pytest.raises(ResourceNotFoundException):
        pools.create_user_pool_client(
            services, pool_id=POOL, request={"ClientName": "web"}, client_id="orphan"
        )

    assert stored(services, AppClient, "orphan") is None


def test_generated_ids_come_from_the_entropy(services):
    """Equal bytes give equal ids: nothing else decides."""

    class Constant:
        def token_bytes(self, count):
            return bytes(range(count))

    predictable = replace(services, entropy=Constant())

    pool = new_pool(predictable)
    client = pools.create_user_pool_client(
        predictable, pool_id=pool.id, request={"ClientName": "web", "GenerateSecret": True}
    )

    assert pool.id == "us-east-1_ABCDEFGHI"
    assert client.id == "abcdefghijklmnopqrstuvwxyz"
    assert len(client.secrets[0].value) == 52
