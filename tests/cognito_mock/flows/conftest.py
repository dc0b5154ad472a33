"""A pool engine of real parts: memory store, RSA keys made once, a clock that tests move."""

from collections import deque

import pytest

from cognito_mock.core.addresses import Addresses
from cognito_mock.core.clients import AppClient, ClientSecret
from cognito_mock.core.clock import AdjustableClock
from cognito_mock.core.ids import SystemEntropy
from cognito_mock.core.keys import new_signing_key
from cognito_mock.core.pools import PoolKeys, UserPool
from cognito_mock.core.signing import RsaSigner
from cognito_mock.core.users import User
from cognito_mock.flows.pool_schema import schema_attributes
from cognito_mock.flows.services import Services
from cognito_mock.flows.sign_in import Challenge, after_password, check_password
from cognito_mock.flows.users import admin_create_user, admin_set_user_password
from cognito_mock.stores.memory import MemoryStore

NOW = 1_760_000_000
POOL_ID = "eu-west-1_AbCdEfGhI"
SECRET = "1t5n0v8q2w4e6r7y9u1i3o5p7a9s1d3f5g7h9j1k3l5z7x9c1v3b"
FLOWS = [
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
]


class Frozen:
    """A clock that stands still until it is moved."""

    def now(self) -> float:
        return float(NOW)


class Sent:
    """A delivery that remembers."""

    def __init__(self) -> None:
        self.messages: deque = deque()

    def deliver(self, message) -> None:
        self.messages.append(message)


class World:
    """One pool and its engine; methods put things into it."""

    def __init__(self, keys, signer) -> None:
        self.clock = AdjustableClock(Frozen())
        self.delivery = Sent()
        self.services = Services(
            store=MemoryStore(),
            clock=self.clock,
            entropy=SystemEntropy(),
            keys=None,  # the pool's keys are given
            signer=signer,
            delivery=self.delivery,
            addresses=Addresses(base_url="http://localhost:9229", issuer_mode="aws"),
        )
        self.keys = keys
        self.pool()

    def put(self, *records) -> None:
        with self.services.store.transaction() as tx:
            for record in records:
                tx.put(record)

    def get(self, kind, *key):
        with self.services.store.read() as tx:
            return tx.get(kind, *key)

    def pool(self, pool_id: str = POOL_ID, **settings) -> UserPool:
        schema = schema_attributes({"Schema": settings.pop("Schema", [])})
        pool = UserPool(
            id=pool_id,
            name="demo",
            settings={"SchemaAttributes": schema, **settings},
            created_at=NOW,
            modified_at=NOW,
        )
        self.put(pool, PoolKeys(pool_id=pool_id, id_key=self.keys[0], access_key=self.keys[1]))
        return pool

    def client(self, client_id: str = "1h57kf5cpq17m0eml12example", **settings) -> AppClient:
        secrets = settings.pop("secrets", ())
        client = AppClient(
            id=client_id,
            pool_id=settings.pop("pool_id", POOL_ID),
            name="web",
            secrets=tuple(
                ClientSecret(id=f"{client_id}--{n}", value=value, created_at=NOW)
                for n, value in enumerate(secrets)
            ),
            settings={"ExplicitAuthFlows": FLOWS, **settings},
            created_at=NOW,
            modified_at=NOW,
        )
        self.put(client)
        return client

    def user(self, username: str = "ada", password: str | None = "Passw0rd!x", **attributes):
        """A user with a permanent password, or FORCE_CHANGE_PASSWORD without one."""
        pool_id = attributes.pop("pool_id", POOL_ID)
        user = admin_create_user(
            self.services,
            pool_id=pool_id,
            username=username,
            attributes=attributes,
            message_action="SUPPRESS",
        )
        if password is None:
            return user
        return admin_set_user_password(
            self.services,
            pool_id=pool_id,
            username=user.username,
            password=password,
            permanent=True,
        )

    def enter(self, client: AppClient, username: str, password: str) -> User | Challenge:
        """Sign in with a password as the pages do."""
        place = {"pool": self.get(UserPool, POOL_ID), "client": client}
        user = check_password(self.services, **place, username=username, password=password)
        return after_password(self.services, **place, user=user)

    def set_password(self, username: str, password: str) -> None:
        """Give the user another permanent password."""
        admin_set_user_password(
            self.services, pool_id=POOL_ID, username=username, password=password, permanent=True
        )

    def temporary_password(self, username: str, password: str = "Tempor4ry!", **attributes):
        """A user with this temporary password; the password is returned."""
        admin_create_user(
            self.services,
            pool_id=POOL_ID,
            username=username,
            attributes=attributes,
            temporary_password=password,
            message_action="SUPPRESS",
        )
        return password


@pytest.fixture(scope="session")
def signing_keys():
    """Two keys, made once: making one costs more than everything else in a test."""
    return new_signing_key(SystemEntropy()), new_signing_key(SystemEntropy())


@pytest.fixture(scope="session")
def signer():
    """Loading a key costs more than a hundred signatures, so it is done once as well."""
    return RsaSigner()


@pytest.fixture
def world(signing_keys, signer) -> World:
    return World(signing_keys, signer)
