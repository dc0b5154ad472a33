"""A furnished pool behind the JSON API, and what each of its answers must be like."""

import json
from dataclasses import dataclass, replace

from hypothesis import HealthCheck, settings

from cognito_mock.core.addresses import Addresses
from cognito_mock.core.branding import ManagedLoginBranding, Terms
from cognito_mock.core.clients import ClientSecret
from cognito_mock.core.clock import AdjustableClock
from cognito_mock.core.devices import NEVER, Device
from cognito_mock.core.grants import ChallengeSession, ConfirmationCode
from cognito_mock.core.ids import SystemEntropy, new_uuid
from cognito_mock.core.keys import new_signing_key
from cognito_mock.core.pools import PoolDomain
from cognito_mock.core.record_codec import record_kinds
from cognito_mock.core.resource_servers import ResourceServer, Scope
from cognito_mock.core.signing import RsaSigner
from cognito_mock.core.users import User
from cognito_mock.flows.challenges import add_session, proof_of
from cognito_mock.flows.clients import create_user_pool_client
from cognito_mock.flows.groups import create_group
from cognito_mock.flows.identity_providers import create_identity_provider
from cognito_mock.flows.issue import issue_tokens
from cognito_mock.flows.mfa_pool import set_user_pool_mfa_config
from cognito_mock.flows.services import Services
from cognito_mock.flows.sign_up import sign_up
from cognito_mock.flows.user_pools import create_user_pool
from cognito_mock.flows.users import admin_create_user, admin_set_user_password
from cognito_mock.idp_api.protocol import WireRequest, answer
from cognito_mock.stores.memory import MemoryStore

from .api_input import (
    ACCESS_TOKEN,
    CHALLENGES,
    CLIENT,
    CODE,
    DEVICE,
    DOMAIN,
    MODEL,
    NEW_DEVICE,
    NEWCOMER,
    PASSWORD,
    POOL,
    PROVIDER,
    REFRESH_TOKEN,
    SECRET_ID,
    SERVER,
    SESSIONS,
    STYLE,
    TERMS,
    USER,
)

SETTINGS = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
KINDS = record_kinds()
SIGNATURE = "AWS4-HMAC-SHA256 Credential=A/20261121/eu-west-1/cognito-idp/aws4_request"
# Errors of the protocol, which the model does not list with the operations.
OF_THE_PROTOCOL = {"SerializationException"}
# With these an attempt may have been counted, or the session of a password proof used up; with any
# other error nothing at all has changed.
COUNTING = {"CodeMismatchException", "NotAuthorizedException"}
COUNTS = {
    User: {
        "failed_sign_ins": 0,
        "last_failure_at": 0,
        "failed_codes": 0,
        "last_code_failure_at": 0,
    },
    ConfirmationCode: {"failures": 0},
    ChallengeSession: {"used": False},
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


@dataclass(frozen=True, repr=False)
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


def furnished():
    """A pool with one of each that can be in a pool, and a signed-in user in mid-sign-in too."""
    services = Services(
        store=MemoryStore(),
        clock=AdjustableClock(),
        entropy=SystemEntropy(),
        keys=RenamedKeys(new_signing_key(SystemEntropy())),
        signer=RsaSigner(),
        delivery=NoDelivery(),
        addresses=Addresses(base_url="http://127.0.0.1:9229"),
    )
    request = {
        "PoolName": "demo",
        "UserPoolTier": "PLUS",
        "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"},
        "AutoVerifiedAttributes": ["email"],
        "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/x"},
        "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": False},
    }
    create_user_pool(services, region="eu-west-1", request=request, pool_id=POOL)
    flows = ["USER_PASSWORD", "USER_SRP", "REFRESH_TOKEN", "ADMIN_USER_PASSWORD"]
    flows = [f"ALLOW_{flow}_AUTH" for flow in flows]
    client = create_user_pool_client(
        services,
        pool_id=POOL,
        request={"ClientName": "web", "ExplicitAuthFlows": flows},
        client_id=CLIENT,
    )
    set_user_pool_mfa_config(
        services,
        pool_id=POOL,
        request={
            "MfaConfiguration": "OPTIONAL",
            "SoftwareTokenMfaConfiguration": {"Enabled": True},
            "SmsMfaConfiguration": {"SmsConfiguration": request["SmsConfiguration"]},
        },
    )
    create_group(services, pool_id=POOL, name="admins")
    verified = {
        "email": "rosa@example.org",
        "email_verified": "true",
        "phone_number": "+4915112345678",
    }
    admin_create_user(
        services, pool_id=POOL, username=USER, attributes=verified, message_action="SUPPRESS"
    )
    user = admin_set_user_password(
        services, pool_id=POOL, username=USER, password=PASSWORD, permanent=True
    )
    newcomer = {"email": "uma@example.org"}
    sign_up(services, client_id=CLIENT, username=NEWCOMER, password=PASSWORD, attributes=newcomer)
    provider = {"ProviderName": PROVIDER, "ProviderType": "SAML"}
    details = {
        "ProviderDetails": {"MetadataFile": "<x/>"},
        "IdpIdentifiers": ["example.org"],
    }
    create_identity_provider(services, pool_id=POOL, request={**provider, **details})
    issued = issue_tokens(services, client=client, user=user)
    tokens = {ACCESS_TOKEN: issued.access_token, REFRESH_TOKEN: issued.refresh_token}
    secret = ClientSecret(id=SECRET_ID, value="s" * 24, created_at=0)
    dates = {"created_at": 0, "modified_at": 0}
    of_client = {"pool_id": POOL, "client_id": CLIENT, **dates}
    links = {"cognito:default": "https://example.org"}
    kind = {"name": "terms-of-use", "source": "LINK", "enforcement": "NONE", "links": links}
    scope = Scope(name="read", description="Read")
    with services.store.transaction() as tx:
        tx.put(replace(client, id="server", secrets=(secret,)))
        tx.put(replace(client, id="confidential", secrets=(secret, replace(secret, id="other"))))
        tx.put(PoolDomain(domain=DOMAIN, pool_id=POOL, settings={}))
        tx.put(ResourceServer(pool_id=POOL, identifier=SERVER, name="Orders", scopes=(scope,)))
        tx.put(ManagedLoginBranding(id=STYLE, settings=None, assets=(), **of_client))
        tx.put(Terms(id=TERMS, **kind, **of_client))
        for placeholder, name in zip(SESSIONS, CHALLENGES, strict=True):
            state = {**proof_of(user), "code": CODE, "contact": "+4915112345678"}
            how = {"client": client, "username": USER, "challenge": name, "state": state}
            tokens[placeholder] = add_session(tx, services, **how)
        sent = (
            (USER, "attribute:email"),
            (USER, "forgot_password"),
            (NEWCOMER, "sign_up"),
        )
        for username, purpose in sent:
            tx.put(
                ConfirmationCode(
                    pool_id=POOL,
                    username=username,
                    purpose=purpose,
                    code=CODE,
                    attribute="email",
                    expires_at=services.clock.now() + 3600,
                )
            )
        now = services.clock.now()
        device = Device(
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
        tx.put(device)
        tx.put(replace(device, key=NEW_DEVICE, confirmed=False))
    return World(services=services, tokens=tokens)


def records(services):
    with services.store.read() as tx:
        return [record for kind in KINDS for record in tx.scan(kind)]


def without_counts(found):
    """The records as they were before anything was counted."""
    return [replace(record, **COUNTS.get(type(record), {})) for record in found]


def perform(world, operation, body):
    """Send the call; check that the answer is the service's, and that a refusal changes nothing."""
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
    if response.status == 400:
        after = records(services)
        if document["__type"] in COUNTING:
            before, after = without_counts(before), without_counts(after)
        assert after == before
    for value in response.headers.values():
        assert value.isascii()
        assert value.isprintable()
    return response.status, document
