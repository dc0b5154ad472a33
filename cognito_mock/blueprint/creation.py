"""From a blueprint to pools, through the flows that serve the API: what these refuse is refused.

All is made in a store of its own and then taken over in one transaction, so nothing is half there.
"""

from dataclasses import replace
from typing import Any

from cognito_mock.blueprint.reading import Blueprint
from cognito_mock.blueprint.yaml_file import Located, Where
from cognito_mock.core.errors import CognitoError
from cognito_mock.core.passwords import StoredPassword
from cognito_mock.core.pool_documents import ALL_CLIENTS
from cognito_mock.core.record_codec import record_kinds
from cognito_mock.core.resource_servers import Scope
from cognito_mock.core.users import User, UserStatus
from cognito_mock.flows.clients import create_user_pool_client
from cognito_mock.flows.domains_admin import create_user_pool_domain
from cognito_mock.flows.groups import add_user_to_group, create_group
from cognito_mock.flows.identity_providers import create_identity_provider
from cognito_mock.flows.mfa_pool import set_user_pool_mfa_config
from cognito_mock.flows.resource_servers import create_resource_server
from cognito_mock.flows.services import Services
from cognito_mock.flows.ui_customization import set_ui_customization
from cognito_mock.flows.user_pools import create_user_pool
from cognito_mock.flows.users import admin_create_user, admin_set_user_password
from cognito_mock.stores.memory import MemoryStore

_DEFAULT_REGION = "us-east-1"
# What a custom domain needs at AWS, and what nobody looks at here.
_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"


def create_pools(services: Services, blueprint: Blueprint) -> None:
    """Create all pools, or none: `BlueprintError` says what was refused, and where it is."""
    scratch = MemoryStore()
    builder = _Builder(replace(services, store=scratch), blueprint.located)
    for index, pool in enumerate(blueprint.pools):
        builder.pool(pool, ("pools", index))
    with scratch.read() as tx:
        records = [record for kind in record_kinds() for record in tx.scan(kind)]
    with services.store.transaction() as tx:
        for record in records:
            tx.put(record)


class _Builder:
    """Calls the flows, and gives their refusals a place."""

    def __init__(self, services: Services, located: Located) -> None:
        self._services = services
        self._located = located

    def pool(self, wanted: dict[str, Any], where: Where) -> None:
        pool = self._do(
            where,
            create_user_pool,
            region=wanted.get("region", _DEFAULT_REGION),
            pool_id=wanted.get("id"),
            request={**wanted.get("settings", {}), "PoolName": wanted["name"]},
        )
        if "mfa" in wanted:
            self._do(
                (*where, "mfa"),
                set_user_pool_mfa_config,
                pool_id=pool.id,
                request=wanted["mfa"],
            )
        for index, provider in enumerate(wanted.get("identity_providers", ())):
            self._provider(pool.id, provider, (*where, "identity_providers", index))
        for index, server in enumerate(wanted.get("resource_servers", ())):
            self._resource_server(pool.id, server, (*where, "resource_servers", index))
        for index, client in enumerate(wanted.get("clients", ())):
            self._client(pool.id, client, (*where, "clients", index))
        for index, group in enumerate(wanted.get("groups", ())):
            self._do((*where, "groups", index), create_group, pool_id=pool.id, **group)
        for index, user in enumerate(wanted.get("users", ())):
            self._user(pool.id, user, (*where, "users", index))
        self._domains(pool.id, wanted, where)
        for index, look in enumerate(wanted.get("ui_customizations", ())):
            self._do(
                (*where, "ui_customizations", index),
                set_ui_customization,
                pool_id=pool.id,
                client_id=look.get("client", ALL_CLIENTS),
                css=look.get("css"),
                image=look.get("image"),
            )

    def _domains(self, pool_id: str, wanted: dict[str, Any], where: Where) -> None:
        version = wanted.get("managed_login_version")
        request = {} if version is None else {"ManagedLoginVersion": version}
        custom = {"CustomDomainConfig": {"CertificateArn": _CERTIFICATE}}
        for member in ("domain", "custom_domain"):
            if member in wanted:
                self._do(
                    (*where, member),
                    create_user_pool_domain,
                    pool_id=pool_id,
                    domain=wanted[member],
                    request=request | (custom if member == "custom_domain" else {}),
                )

    def _provider(self, pool_id: str, wanted: dict[str, Any], where: Where) -> None:
        self._do(
            where,
            create_identity_provider,
            pool_id=pool_id,
            request={
                "ProviderName": wanted["name"],
                "ProviderType": wanted["type"],
                "ProviderDetails": wanted.get("details", {}),
                "AttributeMapping": wanted.get("attribute_mapping", {}),
                "IdpIdentifiers": wanted.get("identifiers", []),
            },
        )

    def _resource_server(self, pool_id: str, wanted: dict[str, Any], where: Where) -> None:
        self._do(
            where,
            create_resource_server,
            pool_id=pool_id,
            identifier=wanted["identifier"],
            name=wanted.get("name", wanted["identifier"]),
            scopes=[
                Scope(name=name, description=description)
                for name, description in wanted.get("scopes", {}).items()
            ],
        )

    def _client(self, pool_id: str, wanted: dict[str, Any], where: Where) -> None:
        self._do(
            where,
            create_user_pool_client,
            pool_id=pool_id,
            client_id=wanted.get("id"),
            client_secret=wanted.get("secret"),
            request={**wanted.get("settings", {}), "ClientName": wanted["name"]},
        )

    def _user(self, pool_id: str, wanted: dict[str, Any], where: Where) -> None:
        given = [n for n in ("password", "temporary_password", "stored_password") if n in wanted]
        if len(given) > 1:
            raise self._located.error((*where, given[1]), f"give {given[0]} or {given[1]}")
        user: User = self._do(
            where,
            admin_create_user,
            pool_id=pool_id,
            username=wanted["username"],
            attributes=wanted.get("attributes", {}),
            temporary_password=wanted.get("temporary_password"),
            message_action=None if "invite" in wanted else "SUPPRESS",
            desired_delivery_mediums=wanted.get("invite", ()),
            sub=wanted.get("sub"),
        )
        if "password" in wanted:
            user = self._do(
                (*where, "password"),
                admin_set_user_password,
                pool_id=pool_id,
                username=user.username,
                password=wanted["password"],
                permanent=True,
            )
        user = _as_described(user, wanted)
        with self._services.store.transaction() as tx:
            tx.put(user)
        for index, group in enumerate(wanted.get("groups", ())):
            self._do(
                (*where, "groups", index),
                add_user_to_group,
                pool_id=pool_id,
                username=user.username,
                group=group,
            )

    def _do(self, where: Where, flow: Any, **arguments: Any) -> Any:
        try:
            return flow(self._services, **arguments)
        except CognitoError as refusal:
            raise self._located.error(where, " ".join(refusal.message.split())) from refusal


def _as_described(user: User, wanted: dict[str, Any]) -> User:
    """Give the user what no flow sets: a state, and a password that is known by its digest."""
    if "stored_password" in wanted:
        user = replace(
            user,
            password=StoredPassword(**wanted["stored_password"]),
            status=UserStatus.CONFIRMED,
        )
    status = wanted.get("status", user.status)
    return replace(user, status=UserStatus(status), enabled=wanted.get("enabled", True))
