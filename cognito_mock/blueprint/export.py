"""From what is stored to a blueprint's document that makes it again (without keys and sessions)."""

from collections.abc import Sequence
from typing import Any, TypeVar

from cognito_mock.core.clients import AppClient
from cognito_mock.core.identity_providers import IdentityProvider
from cognito_mock.core.pool_documents import ALL_CLIENTS, DocumentKind, PoolDocument
from cognito_mock.core.pools import PoolDomain, UserPool
from cognito_mock.core.record_codec import to_document
from cognito_mock.core.records import Record
from cognito_mock.core.resource_servers import ResourceServer
from cognito_mock.core.users import Group, Membership, User, UserStatus
from cognito_mock.flows.mfa_factors import mfa_mode, sms_is_on
from cognito_mock.flows.mfa_pool import GIVEN_SETTINGS, KEPT_SETTINGS
from cognito_mock.flows.pool_schema import IDENTITIES, schema_attributes

R = TypeVar("R")


def blueprint_of(records: Sequence[Record]) -> dict[str, Any]:
    """Return the document; what is default or absent is left out."""
    return {"version": 1, "pools": [_pool(pool, records) for pool in _all(records, UserPool)]}


def _all(records: Sequence[Record], kind: type[R], pool_id: str | None = None) -> list[R]:
    return [
        record
        for record in records
        if isinstance(record, kind)
        and (pool_id is None or getattr(record, "pool_id", None) == pool_id)
    ]


def _pool(pool: UserPool, records: Sequence[Record]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "id": pool.id,
        "name": pool.name,
        "settings": _request_settings(pool),
    }
    factors = _factors(pool)
    if factors:
        described["settings"].pop("MfaConfiguration", None)
        described["mfa"] = factors
    for domain in _all(records, PoolDomain, pool.id):
        described["custom_domain" if domain.custom else "domain"] = domain.domain
        if domain.managed_login_version != 1:
            described["managed_login_version"] = domain.managed_login_version
    parts = {
        "identity_providers": [_provider(p) for p in _all(records, IdentityProvider, pool.id)],
        "resource_servers": [_server(s) for s in _all(records, ResourceServer, pool.id)],
        "clients": [_client(client) for client in _all(records, AppClient, pool.id)],
        "groups": [_group(group) for group in _all(records, Group, pool.id)],
        "users": [
            _user(user, [m.group for m in _all(records, Membership, pool.id) if _is_of(m, user)])
            for user in _all(records, User, pool.id)
        ],
        "ui_customizations": [
            _look(document)
            for document in _all(records, PoolDocument, pool.id)
            if document.kind is DocumentKind.UI_CUSTOMIZATION
        ],
    }
    return described | {name: part for name, part in parts.items() if part}


def _is_of(membership: Membership, user: User) -> bool:
    return membership.username == user.username


def _request_settings(pool: UserPool) -> dict[str, Any]:
    """Return the members of the request that made the pool, as far as they can be told."""
    settings: dict[str, Any] = {
        name: value
        for name, value in pool.settings.items()
        if name not in {"SchemaAttributes", *KEPT_SETTINGS} and value not in (None, {}, [])
    }
    default = schema_attributes({})
    schema = [
        _schema_entry(dict(entry))
        for entry in pool.schema_attributes
        # The one that comes and goes with identity providers (COG-API-ATTR-002).
        if entry not in default and entry != IDENTITIES
    ]
    return settings | ({"Schema": schema} if schema else {})


def _factors(pool: UserPool) -> dict[str, Any]:
    """Return a SetUserPoolMfaConfig request; empty where CreateUserPool says it all."""
    kept = {name: pool.settings[name] for name in KEPT_SETTINGS if name in pool.settings}
    if not kept:
        return {}
    factors: dict[str, Any] = {name: v for name, v in kept.items() if name in GIVEN_SETTINGS}
    if mfa_mode(pool) != "OFF" and sms_is_on(pool):
        sms = ("SmsAuthenticationMessage", "SmsConfiguration")
        factors["SmsMfaConfiguration"] = {n: pool.settings[n] for n in sms if n in pool.settings}
    return {**factors, "MfaConfiguration": mfa_mode(pool)}


def _provider(provider: IdentityProvider) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": provider.name,
        "type": provider.type,
        "details": dict(provider.details),
        "attribute_mapping": dict(provider.attribute_mapping),
    }
    return described | ({"identifiers": list(i)} if (i := provider.identifiers) else {})


def _look(document: PoolDocument) -> dict[str, Any]:
    names = {"css": "CSS", "image": "ImageFile"}
    look = {ours: document.content[n] for ours, n in names.items() if n in document.content}
    return look if document.client_id == ALL_CLIENTS else {"client": document.client_id, **look}


def _schema_entry(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the attribute as a request names it, without the prefix that the pool added."""
    name = str(entry["Name"])
    return entry | {"Name": name.removeprefix("dev:").removeprefix("custom:")}


def _server(server: ResourceServer) -> dict[str, Any]:
    scopes = {scope.name: scope.description for scope in server.scopes}
    return {"identifier": server.identifier, "name": server.name, "scopes": scopes}


def _client(client: AppClient) -> dict[str, Any]:
    described: dict[str, Any] = {"id": client.id, "name": client.name}
    if client.secrets:
        described["secret"] = client.secrets[0].value
    settings = {n: v for n, v in client.settings.items() if v not in (None, {}, [])}
    return described | {"settings": settings}


def _group(group: Group) -> dict[str, Any]:
    members = {
        "name": group.name,
        "description": group.description,
        "precedence": group.precedence,
        "role_arn": group.role_arn,
    }
    return {name: value for name, value in members.items() if value is not None}


def _user(user: User, groups: list[str]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "username": user.username,
        "sub": user.sub,
        "attributes": dict(user.attributes),
        "status": user.status.value,
    }
    if user.password is not None and user.status is not UserStatus.FORCE_CHANGE_PASSWORD:
        stored = to_document(user.password)
        described["stored_password"] = {
            name: stored[name] for name in ("salt", "digest", "srp_salt", "srp_verifier")
        }
    if not user.enabled:
        described["enabled"] = False
    return described | ({"groups": groups} if groups else {})
