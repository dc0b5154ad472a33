"""A pool's domains: create, describe, update, delete. Which pool a host means is domains.py."""

import re
from dataclasses import dataclass, replace

from cognito_mock.core.errors import FeatureUnavailableInTierException, InvalidParameterException
from cognito_mock.core.grants import BrowserSession
from cognito_mock.core.json_types import JsonObject
from cognito_mock.core.pools import PoolDomain, UserPool
from cognito_mock.flows.lookups import get_pool
from cognito_mock.flows.members import optional_integer, optional_text, section
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_CERTIFICATE = re.compile(r"arn:[a-z-]+:(acm:us-east-1|iam:):[0-9]*:(server-)?certificate/.+")
_RESERVED = ("aws", "amazon", "cognito")
_MANAGED_LOGIN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainDescription:
    """A domain and its pool."""

    domain: PoolDomain
    pool: UserPool


def create_user_pool_domain(
    services: Services, *, pool_id: str, domain: str, request: JsonObject | None = None
) -> PoolDomain:
    """Give the pool a prefix domain or, with ``CustomDomainConfig``, a custom one."""
    asked: JsonObject = request or {}
    custom = bool(section(asked, "CustomDomainConfig"))
    _check_name(domain, custom=custom)
    _check_certificate(asked)
    with services.store.transaction() as tx:
        pool = get_pool(tx, pool_id)
        version = _managed_login_version(pool, asked, default=1)
        if tx.get(PoolDomain, domain) is not None:
            # COG-API-RES-002
            raise InvalidParameterException("Domain already associated with another user pool.")
        if any(other.custom is custom for other in tx.find(PoolDomain, "pool", pool_id)):
            # COG-API-RES-001: one of each kind.
            raise InvalidParameterException("User pool already has a domain configured.")
        created = PoolDomain(
            domain=domain,
            pool_id=pool_id,
            custom=custom,
            managed_login_version=version,
            settings=_settings(asked),
        )
        tx.put(created)
    return created


def describe_user_pool_domain(services: Services, *, domain: str) -> DomainDescription | None:
    """Return the domain, None when there is no such (COG-API-JSON-012)."""
    with services.store.read() as tx:
        found = tx.get(PoolDomain, domain)
        if found is None:
            return None
        return DomainDescription(domain=found, pool=get_pool(tx, found.pool_id))


def update_user_pool_domain(
    services: Services, *, pool_id: str, domain: str, request: JsonObject
) -> PoolDomain:
    """Change certificate, routing or branding version."""
    _check_certificate(request)
    with services.store.transaction() as tx:
        former = _require_domain(tx, pool_id, domain)
        pool = get_pool(tx, pool_id)
        changed = replace(
            former,
            managed_login_version=_managed_login_version(
                pool, request, default=former.managed_login_version
            ),
            settings={**former.settings, **_settings(request)},
        )
        tx.put(changed)
        if changed.managed_login_version != former.managed_login_version:
            # COG-HOST-007: who is signed in to one kind of pages is not to the other.
            for session in tx.scan(BrowserSession):
                if session.pool_id == pool_id:
                    tx.delete(BrowserSession, session.digest)
    return changed


def delete_user_pool_domain(services: Services, *, pool_id: str, domain: str) -> None:
    """Take the domain from the pool."""
    with services.store.transaction() as tx:
        _require_domain(tx, pool_id, domain)
        tx.delete(PoolDomain, domain)


def _require_domain(tx: Transaction, pool_id: str, domain: str) -> PoolDomain:
    found = tx.get(PoolDomain, domain)
    if found is None or found.pool_id != pool_id:
        # COG-API-RES-002
        raise InvalidParameterException("No such domain or user pool exists.")
    return found


def _settings(request: JsonObject) -> JsonObject:
    return {n: request[n] for n in ("CustomDomainConfig", "Routing") if n in request}


def _managed_login_version(pool: UserPool, request: JsonObject, *, default: int) -> int:
    asked = optional_integer(request, "ManagedLoginVersion")
    version = default if asked is None else asked
    if version not in (1, _MANAGED_LOGIN):
        # COG-API-RES-001; the service's wording is not known.
        raise InvalidParameterException("ManagedLoginVersion must be 1 or 2.")
    if asked == _MANAGED_LOGIN and pool.settings.get("UserPoolTier") == "LITE":
        # COG-API-MSG-003
        raise FeatureUnavailableInTierException(
            "The following feature is not available for the LITE pricing tier configured:"
            " Managed Login Version 2"
        )
    return version


def _check_certificate(request: JsonObject) -> None:
    """COG-API-MSG-017: the certificate is where the content network looks for it."""
    arn = optional_text(section(request, "CustomDomainConfig"), "CertificateArn")
    if arn is not None and _CERTIFICATE.fullmatch(arn) is None:
        raise InvalidParameterException(
            "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid,"
            " or doesn't include a valid certificate chain."
        )


def _check_name(domain: str, *, custom: bool) -> None:
    """COG-API-MSG-017."""
    labels = domain.split(".") if custom else [domain]
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise InvalidParameterException(
            "The domain name contains an invalid character."
            " Domain names can only contain lower-case letters, numbers, and hyphens."
        )
    if custom and len(labels) == 1:
        raise InvalidParameterException("Custom domain is not a valid subdomain")
    if not custom:
        for word in _RESERVED:
            if word in domain.split("-"):
                raise InvalidParameterException(f"Domain cannot contain reserved word: {word}")
