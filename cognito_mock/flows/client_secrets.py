"""A second secret for a client, so that one can be exchanged without downtime (COG-API-CLI-010)."""

from collections.abc import Sequence
from dataclasses import replace

from cognito_mock.core.clients import AppClient, ClientSecret
from cognito_mock.core.errors import (
    InvalidParameterException,
    LimitExceededException,
    ResourceNotFoundException,
)
from cognito_mock.core.ids import new_client_secret
from cognito_mock.core.secret_hash import secret_matches
from cognito_mock.flows.lookups import get_client, get_pool
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

_MOST = 2


def add_client_secret(
    services: Services, *, pool_id: str, client_id: str, value: str | None = None
) -> ClientSecret:
    """Add a secret of the caller's or a generated one; both secrets are good then.

    The service's texts are not known here and below.
    """
    now = services.clock.now()
    secret = value or new_client_secret(services.entropy)
    with services.store.transaction() as tx:
        client = _client(tx, pool_id, client_id)
        if not client.secrets:
            raise InvalidParameterException(f"User pool client {client_id} has no secret.")
        if len(client.secrets) >= _MOST:
            raise LimitExceededException(f"A client has at most {_MOST} secrets.")
        if secret_matches(client, secret):
            raise InvalidParameterException("The client has this secret already.")
        added = ClientSecret(id=_new_id(client, int(now)), value=secret, created_at=now)
        tx.put(replace(client, secrets=(*client.secrets, added), modified_at=now))
    return added


def list_client_secrets(
    services: Services, *, pool_id: str, client_id: str
) -> Sequence[ClientSecret]:
    """Return the secrets, the older first."""
    with services.store.read() as tx:
        return _client(tx, pool_id, client_id).secrets


def delete_client_secret(
    services: Services, *, pool_id: str, client_id: str, secret_id: str
) -> None:
    """Delete one of two secrets; the last one stays."""
    with services.store.transaction() as tx:
        client = _client(tx, pool_id, client_id)
        kept = tuple(secret for secret in client.secrets if secret.id != secret_id)
        if len(kept) == len(client.secrets):
            raise ResourceNotFoundException(f"Client secret {secret_id} does not exist.")
        if not kept:
            raise InvalidParameterException("The only secret of a client cannot be deleted.")
        tx.put(replace(client, secrets=kept, modified_at=services.clock.now()))


def _client(tx: Transaction, pool_id: str, client_id: str) -> AppClient:
    get_pool(tx, pool_id)
    return get_client(tx, client_id, pool_id)


def _new_id(client: AppClient, now: int) -> str:
    """COG-API-WIRE-034; a second in the same second has the next one's."""
    taken = {secret.id for secret in client.secrets}
    identifier = f"{client.id}--{now}"
    return f"{client.id}--{now + 1}" if identifier in taken else identifier
