"""Terms documents of clients: create, describe, list, update, delete (COG-API-RES-008)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cognito_mock.core.branding import Terms
from cognito_mock.core.errors import (
    InvalidParameterException,
    LimitExceededException,
    ResourceNotFoundException,
    TermsExistsException,
)
from cognito_mock.core.ids import new_uuid
from cognito_mock.core.json_types import JsonObject
from cognito_mock.flows.lookups import get_client, get_pool
from cognito_mock.flows.members import optional_text, string_map, text
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

_MOST = 40
_DEFAULT = "cognito:default"


def create_terms(services: Services, *, pool_id: str, request: JsonObject) -> Terms:
    """Add a document; a client has one of each name."""
    client_id = text(request, "ClientId")
    links = string_map(request, "Links")
    _check_links(links)
    now = services.clock.now()
    terms = Terms(
        pool_id=pool_id,
        id=new_uuid(services.entropy),
        client_id=client_id,
        name=text(request, "TermsName"),
        source=text(request, "TermsSource"),
        enforcement=text(request, "Enforcement"),
        links=links,
        created_at=now,
        modified_at=now,
    )
    with services.store.transaction() as tx:
        get_pool(tx, pool_id)
        get_client(tx, client_id, pool_id)
        _check_free(tx, terms)
        if len(tx.scan(Terms, pool_id)) >= _MOST:
            # Here and below the service's texts are not known.
            raise LimitExceededException(f"A user pool has at most {_MOST} terms documents.")
        tx.put(terms)
    return terms


def describe_terms(services: Services, *, pool_id: str, terms_id: str) -> Terms:
    """Return the document."""
    with services.store.read() as tx:
        return _require(tx, pool_id, terms_id)


def terms_of(services: Services, *, pool_id: str, client_id: str, name: str) -> Terms:
    """Return the client's document of that name."""
    with services.store.read() as tx:
        get_pool(tx, pool_id)
        get_client(tx, client_id, pool_id)
        documents = tx.find(Terms, "client", pool_id, client_id)
    for terms in documents:
        if terms.name == name:
            return terms
    raise _unknown()


def list_terms(
    services: Services, *, pool_id: str, limit: int, after: str | None = None
) -> Sequence[Terms]:
    """Return at most ``limit`` documents whose ids follow ``after``."""
    with services.store.read() as tx:
        get_pool(tx, pool_id)
        return tx.scan(Terms, pool_id, after=(pool_id, after) if after else None, limit=limit)


def update_terms(services: Services, *, pool_id: str, terms_id: str, request: JsonObject) -> Terms:
    """Replace the members that are given."""
    with services.store.transaction() as tx:
        former = _require(tx, pool_id, terms_id)
        terms = replace(
            former,
            name=optional_text(request, "TermsName") or former.name,
            source=optional_text(request, "TermsSource") or former.source,
            enforcement=optional_text(request, "Enforcement") or former.enforcement,
            links=string_map(request, "Links") or former.links,
            modified_at=services.clock.now(),
        )
        _check_links(terms.links)
        _check_free(tx, terms)
        tx.put(terms)
    return terms


def delete_terms(services: Services, *, pool_id: str, terms_id: str) -> None:
    """Delete the document."""
    with services.store.transaction() as tx:
        _require(tx, pool_id, terms_id)
        tx.delete(Terms, pool_id, terms_id)


def _require(tx: Transaction, pool_id: str, terms_id: str) -> Terms:
    get_pool(tx, pool_id)
    terms = tx.get(Terms, pool_id, terms_id)
    if terms is None:
        raise _unknown()
    return terms


def _check_free(tx: Transaction, terms: Terms) -> None:
    for other in tx.find(Terms, "client", terms.pool_id, terms.client_id):
        if other.name == terms.name and other.id != terms.id:
            raise TermsExistsException(f"The client has {terms.name} already.")


def _check_links(links: Mapping[str, str]) -> None:
    if _DEFAULT not in links:
        raise InvalidParameterException(f"Links must have a link for {_DEFAULT}.")


def _unknown() -> ResourceNotFoundException:
    return ResourceNotFoundException("Terms do not exist.")
