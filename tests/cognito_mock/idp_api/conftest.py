"""The API over HTTP, in process: routes, a memory store, an adjustable clock."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

import anyio
import httpx
import pytest
from starlette.applications import Starlette

from cognito_mock.core.addresses import Addresses
from cognito_mock.core.clock import AdjustableClock
from cognito_mock.core.grants import Message
from cognito_mock.core.ids import SystemEntropy, new_uuid
from cognito_mock.core.keys import new_signing_key
from cognito_mock.core.pools import SigningKey
from cognito_mock.core.record_codec import record_kinds
from cognito_mock.core.signing import RsaSigner
from cognito_mock.flows.inbox import list_messages
from cognito_mock.flows.services import Services
from cognito_mock.idp_api import create_routes
from cognito_mock.stores.memory import MemoryStore

from .live import Live, sdk_client

SIGNATURE = (
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/{region}/cognito-idp/aws4_request, "
    "SignedHeaders=host;x-amz-date;x-amz-target, Signature=00"
)


class RenamedKeys:
    """Gives one RSA key under ever new kids: making RSA keys is slow."""

    def __init__(self, key: SigningKey) -> None:
        self._key = key

    def new_key(self) -> SigningKey:
        return replace(self._key, kid=new_uuid(SystemEntropy()))


class NoDelivery:
    """Carries nothing outside."""

    def deliver(self, message: Message) -> None:
        pass


@dataclass(frozen=True)
class Api:
    """Calls operations the way an SDK does."""

    app: Starlette
    services: Services

    def request(self, method, **options):
        """Send one HTTP request to the application."""

        async def send():
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://mock") as http:
                return await http.request(method, "/", **options)

        return anyio.run(send)

    def send(self, operation, document, *, region="eu-west-1", signed=True, headers=None):
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        sent = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}",
        }
        if signed:
            sent["Authorization"] = SIGNATURE.format(region=region)
        return self.request("POST", content=body, headers={**sent, **(headers or {})})

    def call(self, operation, **members):
        """Return the output of a call that must succeed."""
        response = self.send(operation, members)
        assert response.status_code == 200, response.text
        return response.json() if response.content else None

    def fail(self, operation, **members):
        """Return (type, message) of a call that must fail with a client error."""
        response = self.send(operation, members)
        assert response.status_code == 400, response.text
        return response.json()["__type"], response.json().get("message")

    def messages(self):
        """Return what was sent, newest last."""
        return list_messages(self.services)

    def records(self):
        """Return every stored record."""
        with self.services.store.read() as tx:
            return [record for kind in record_kinds() for record in tx.scan(kind)]


@pytest.fixture(scope="session")
def rsa_key() -> SigningKey:
    return new_signing_key(SystemEntropy())


def new_services(rsa_key) -> Services:
    return Services(
        store=MemoryStore(),
        clock=AdjustableClock(),
        entropy=SystemEntropy(),
        keys=RenamedKeys(rsa_key),
        signer=RsaSigner(),
        delivery=NoDelivery(),
        addresses=Addresses(base_url="http://127.0.0.1:9229"),
    )


def new_api(services) -> Api:
    return Api(app=Starlette(routes=create_routes(services)), services=services)


@pytest.fixture
def services(rsa_key) -> Iterator[Services]:
    made = new_services(rsa_key)
    yield made
    made.store.close()


@pytest.fixture
def api(services) -> Api:
    return new_api(services)


@pytest.fixture
def pool_id(api) -> str:
    return api.call("CreateUserPool", PoolName="demo")["UserPool"]["Id"]


@pytest.fixture(scope="session")
def shared_services(rsa_key) -> Services:
    """What is behind ``idp``: tests keep apart by having a pool each."""
    return new_services(rsa_key)


@pytest.fixture(scope="session")
def idp(shared_services):
    """boto3 over real HTTP, one server for all tests."""
    with sdk_client(new_api(shared_services).app) as client:
        yield client


@pytest.fixture
def new_live(idp, shared_services):
    """Makes a pool with a client; both as the test wants them."""

    def make(client=None, **pool) -> Live:
        made = idp.create_user_pool(**{"PoolName": "demo", **pool})["UserPool"]
        flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        settings = {"ClientName": "web", "ExplicitAuthFlows": flows, **(client or {})}
        client_id = idp.create_user_pool_client(UserPoolId=made["Id"], **settings)[
            "UserPoolClient"
        ]["ClientId"]
        return Live(idp=idp, services=shared_services, pool_id=made["Id"], client_id=client_id)

    return make


@pytest.fixture
def live(new_live) -> Live:
    return new_live(AutoVerifiedAttributes=["email"])
