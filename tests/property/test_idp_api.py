"""Whatever is sent to the JSON API, it answers in the service's terms."""

import json
from dataclasses import dataclass, replace

import pytest
from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, StructureShape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cognito_mock.core.addresses import Addresses
from cognito_mock.core.clock import AdjustableClock
from cognito_mock.core.devices import NEVER, Device
from cognito_mock.core.grants import ConfirmationCode
from cognito_mock.core.ids import SystemEntropy, new_uuid
from cognito_mock.core.keys import new_signing_key
from cognito_mock.core.record_codec import record_kinds
from cognito_mock.core.signing import RsaSigner
from cognito_mock.flows.clients import create_user_pool_client
from cognito_mock.flows.groups import create_group
from cognito_mock.flows.identity_providers import create_identity_provider
from cognito_mock.flows.issue import issue_tokens
from cognito_mock.flows.services import Services
from cognito_mock.flows.user_pools import create_user_pool
from cognito_mock.flows.users import admin_create_user, admin_set_user_password
from cognito_mock.idp_api.operations import OPERATIONS
from cognito_mock.idp_api.patterns import matcher
from cognito_mock.idp_api.protocol import WireRequest, answer
from cognito_mock.service_model import operation_names
from cognito_mock.stores.memory import MemoryStore

pytestmark = pytest.mark.property

# As botocore reads it, which the mock does not.
MODEL = ServiceModel(Loader().load_service_model("cognito-idp", "service-2"), "cognito-idp")
SETTINGS = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SIGNATURE = "AWS4-HMAC-SHA256 Credential=A/20261121/eu-west-1/cognito-idp/aws4_request"
POOL, CLIENT, USER, PASSWORD = "eu-west-1_Fixed", "fixedclient", "rosa", "Passw0rd!x"
# Errors of the protocol, which the model does not list with the operations.
OF_THE_PROTOCOL = {"SerializationException"}
# With these an attempt may have been counted or a challenge used; any other error is no change.
COUNTING = {"CodeMismatchException", "NotAuthorizedException"}
# Stand for what is known only once the pool is there.
ACCESS_TOKEN, REFRESH_TOKEN = "<access token>", "<refresh token>"
CODE = "123456"
PROVIDER, DEVICE = "Corporate", "eu-west-1_00000000-0000-4000-8000-000000000000"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
FAMILIAR = [
    POOL,
    CLIENT,
    USER,
    PASSWORD,
    "",
    "demo",
    "admins",
    "email",
    "email_verified",
    "custom:x",
    "rosa@example.org",
    "+4915112345678",
    "https://app.example/cb",
    "http://[::1",
    "openid",
    "orders/read",
    "COGNITO",
    "Your code is {####}",
    "You are {username} with {####}",
    "arn:aws:iam::123456789012:role/x",
    'email = "x"',
    "a.b.c",
    "12",
    "x" * 30,
]
# What a member of this name nearly always has to be for a call to get anywhere.
NAMED = {
    "UserPoolId": POOL,
    "ClientId": CLIENT,
    "Username": USER,
    "GroupName": "admins",
    "AccessToken": ACCESS_TOKEN,
    "RefreshToken": REFRESH_TOKEN,
    "Token": REFRESH_TOKEN,
    "ResourceArn": f"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/{POOL}",
    "AttributeName": "email",
    "Code": CODE,
    "ConfirmationCode": CODE,
    "ProviderName": PROVIDER,
    "DeviceKey": DEVICE,
}
PARAMETERS = {
    "USERNAME": st.sampled_from([USER, "nobody", ""]),
    "PASSWORD": st.sampled_from([PASSWORD, "wrong", ""]),
    "SRP_A": st.sampled_from(["0", "ab", "zz", "f" * 768]),
    "REFRESH_TOKEN": st.sampled_from([REFRESH_TOKEN, "a.b.c", ""]),
    "NEW_PASSWORD": st.just(PASSWORD),
    "SECRET_HASH": st.text(max_size=4),
}


class RenamedKeys:
    """Gives one RSA key under ever new kids."""

    def __init__(self, key):
        self._key = key

    def new_key(self):
        return replace(self._key, kid=new_uuid(SystemEntropy()))


class NoDelivery:
    """Carries nothing outside."""

    def deliver(self, message):
        pass


@pytest.fixture(scope="module")
def rsa_key():
    return new_signing_key(SystemEntropy())


@pytest.fixture(scope="module")
def shared(rsa_key):
    """For input that changes nothing, and to be copied."""
    return furnished(rsa_key)


@dataclass(frozen=True)
class World:
    """A pool with a client, a group and a signed-in user, to whom two codes were sent."""

    services: Services
    tokens: dict[str, str]

    def copy(self):
        """The same records in a store of their own: passwords are hashed once only."""
        copied = replace(self.services, store=MemoryStore())
        with copied.store.transaction() as tx:
            for record in records(self.services):
                tx.put(record)
        return replace(self, services=copied)

    def body(self, document):
        """The document as JSON, with the tokens in it."""
        text = json.dumps(document)
        for placeholder, token in self.tokens.items():
            text = text.replace(placeholder, token)
        return text.encode()


def furnished(rsa_key):
    services = Services(
        store=MemoryStore(),
        clock=AdjustableClock(),
        entropy=SystemEntropy(),
        keys=RenamedKeys(rsa_key),
        signer=RsaSigner(),
        delivery=NoDelivery(),
        addresses=Addresses(base_url="http://127.0.0.1:9229"),
    )
    request = {
        "PoolName": "demo",
        "AutoVerifiedAttributes": ["email"],
        "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": False},
    }
    create_user_pool(services, region="eu-west-1", request=request, pool_id=POOL)
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    client = create_user_pool_client(
        services,
        pool_id=POOL,
        request={"ClientName": "web", "ExplicitAuthFlows": flows},
        client_id=CLIENT,
    )
    create_group(services, pool_id=POOL, name="admins")
    verified = {"email": "rosa@example.org", "email_verified": "true"}
    admin_create_user(
        services, pool_id=POOL, username=USER, attributes=verified, message_action="SUPPRESS"
    )
    user = admin_set_user_password(
        services, pool_id=POOL, username=USER, password=PASSWORD, permanent=True
    )
    provider = {"ProviderName": PROVIDER, "ProviderType": "SAML"}
    details = {"ProviderDetails": {"MetadataFile": "<x/>"}}
    create_identity_provider(services, pool_id=POOL, request={**provider, **details})
    issued = issue_tokens(services, client=client, user=user)
    with services.store.transaction() as tx:
        for purpose in ("attribute:email", "forgot_password"):
            tx.put(
                ConfirmationCode(
                    pool_id=POOL,
                    username=USER,
                    purpose=purpose,
                    code=CODE,
                    attribute="email",
                    expires_at=services.clock.now() + 3600,
                )
            )
        now = services.clock.now()
        tx.put(
            Device(
                pool_id=POOL,
                username=USER,
                key=DEVICE,
                group_key="-x",
                confirmed=True,
                last_ip="192.0.2.1",
                created_at=now,
                modified_at=now,
                authenticated_at=now,
                expires_at=NEVER,
            )
        )
    tokens = {ACCESS_TOKEN: issued.access_token, REFRESH_TOKEN: issued.refresh_token}
    return World(services=services, tokens=tokens)


def fitting(shape, name=""):
    """Values that mostly have the types, and often the content, that ``shape`` asks for."""
    if isinstance(shape, StructureShape):
        return structure(shape)
    if isinstance(shape, ListShape):
        return st.lists(fitting(shape.member), min_size=1, max_size=3)
    if isinstance(shape, MapShape):
        entries = st.dictionaries(fitting(shape.key), fitting(shape.value), max_size=3)
        return st.fixed_dictionaries({}, optional=PARAMETERS) | entries
    if shape.type_name == "boolean":
        return st.booleans()
    if shape.type_name in ("integer", "long", "timestamp"):
        lowest = shape.metadata.get("min", 0)
        return st.integers(lowest, min(lowest + 99, shape.metadata.get("max", 99)))
    if "enum" in shape.metadata:
        return st.sampled_from(shape.metadata["enum"])
    if name in NAMED:
        return st.sampled_from([NAMED[name]] * 9 + ["other"])
    valid = [value for value in FAMILIAR if is_valid(shape, value)]
    return st.sampled_from(valid * 3 + FAMILIAR) | st.text(max_size=40)


@st.composite
def structure(draw, shape):
    """All required members, and up to three of the others."""
    optional = sorted(shape.members.keys() - shape.required_members)
    chosen = draw(st.sets(st.sampled_from(optional), max_size=3)) if optional else set()
    names = [name for name in shape.members if name in chosen or name in shape.required_members]
    return {name: draw(fitting(shape.members[name], name)) for name in names}


def is_valid(shape, value):
    limits = shape.metadata
    return limits.get("min", 0) <= len(value) <= limits.get("max", 999) and (
        "pattern" not in limits or matcher(limits["pattern"])(value)
    )


def records(services):
    with services.store.read() as tx:
        return [record for kind in record_kinds() for record in tx.scan(kind)]


def perform(world, operation, body):
    """Send the call and check that the answer is the service's, and that a refusal is no change."""
    services = world.services
    before = records(services)
    response = answer(
        services,
        WireRequest(
            target=f"AWSCognitoIdentityProviderService.{operation}",
            host="localhost",
            authorization=SIGNATURE,
            body=body,
        ),
    )
    document = json.loads(response.body) if response.body else {}
    assert response.status in {200, 400}, document
    modelled = {shape.name for shape in MODEL.operation_model(operation).error_shapes}
    allowed = modelled | OF_THE_PROTOCOL
    assert response.status == 200 or document["__type"] in allowed, document
    refused = response.status == 400 and document["__type"] not in COUNTING
    assert not refused or records(services) == before
    for value in response.headers.values():
        assert value.isascii()
        assert value.isprintable()


class TestEveryAnswerIsTheServices:
    """Modelled errors are HTTP 400 (COG-API-WIRE-013, -015); nothing that is sent gives a 500."""

    @SETTINGS
    @given(operation=st.sampled_from(sorted(OPERATIONS)), document=JSON)
    def test_arbitrary_json(self, shared, operation, document):
        """Any JSON at all is answered with an error that the model lists for the operation."""
        perform(shared, operation, json.dumps(document).encode())

    @SETTINGS
    @given(operation=st.sampled_from(sorted(OPERATIONS)), body=st.binary(max_size=200))
    def test_arbitrary_bytes(self, shared, operation, body):
        """So is anything that is no JSON."""
        perform(shared, operation, body)

    @SETTINGS
    @given(data=st.data())
    def test_fitting_input(self, shared, data):
        """So is a series of calls with input of the right types, of which some succeed."""
        world = shared.copy()
        operations = st.lists(st.sampled_from(sorted(OPERATIONS)), min_size=1, max_size=4)
        for operation in data.draw(operations):
            shape = MODEL.operation_model(operation).input_shape
            perform(world, operation, world.body(data.draw(fitting(shape))))

    @pytest.mark.parametrize("operation", sorted(OPERATIONS))
    @settings(SETTINGS, max_examples=40)
    @given(data=st.data())
    def test_each_operation(self, shared, operation, data):
        """Each operation by itself: what it refuses has changed nothing."""
        shape = MODEL.operation_model(operation).input_shape
        document = data.draw(fitting(shape))
        world = shared.copy()
        perform(world, operation, world.body(document))

    def test_operations_without_behaviour(self, shared):
        """A stub answers the same whatever it is sent."""
        for operation in sorted(operation_names() - OPERATIONS.keys()):
            response = answer(
                shared.services,
                WireRequest(
                    target=f"AWSCognitoIdentityProviderService.{operation}",
                    host="localhost",
                    authorization=SIGNATURE,
                    body=b"\xff",
                ),
            )
            assert json.loads(response.body) == {
                "__type": "UnsupportedOperationException",
                "message": f"{operation} is not implemented by cognito-mock",
            }
