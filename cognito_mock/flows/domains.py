"""From a request's host to the pools it may speak for.

On a pool's domain only that pool's clients exist. Every other host (the mock's own address) speaks
for all pools; the client, or the token, then tells which.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from cognito_mock.core.clients import AppClient
from cognito_mock.core.pools import PoolDomain, UserPool
from cognito_mock.core.users import User
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

# COG-HOST-001; below .localhost the same names, which every resolver sends to this machine.
_PREFIX_HOST = re.compile(
    r"(?P<prefix>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\.auth(?:-fips)?\.(?P<region>[a-z0-9-]+)"
    r"\.(?:localhost|amazoncognito\.com)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """An authorization server. ``pool_id`` None: not bound to a pool.

    ``vacant``: the host is shaped like a pool's domain, but nobody holds it.
    """

    pool_id: str | None = None
    vacant: bool = False

    def serves(self, pool_id: str) -> bool:
        """Whether requests for the pool belong here."""
        return not self.vacant and self.pool_id in {None, pool_id}


def site_of(services: Services, hostname: str) -> Site:
    """Return the site behind ``hostname`` (lower-case, without port)."""
    name = hostname.rstrip(".")
    match = _PREFIX_HOST.fullmatch(name)
    with services.store.read() as tx:
        if match is None:
            custom = tx.get(PoolDomain, name)
            return Site(pool_id=custom.pool_id if custom and custom.custom else None)
        domain = tx.get(PoolDomain, match["prefix"])
        if domain is None or domain.custom:
            return Site(vacant=True)
        pool = tx.get(UserPool, domain.pool_id)
        if pool is None or pool.region != match["region"]:
            return Site(vacant=True)
        return Site(pool_id=pool.id)


def domain_of_pool(tx: Transaction, pool_id: str) -> PoolDomain | None:
    """Return the domain that discovery names: the custom one if there are two (COG-HOST-003)."""
    domains = tx.find(PoolDomain, "pool", pool_id)
    return next((d for d in domains if d.custom), domains[0] if domains else None)


def pages_url(tx: Transaction, services: Services, pool: UserPool) -> str:
    """Return where the pool's pages are: at its domain, or at the mock's own address.

    AWS sends no links from a pool without a domain (COG-API-SIGNUP-011); here its pages exist.
    """
    domain = domain_of_pool(tx, pool.id)
    if domain is None:
        return services.addresses.base_url
    return services.addresses.domain_url(domain.domain, pool.region, custom=domain.custom)


def confirmation_link(
    tx: Transaction,
    services: Services,
    pool: UserPool,
    *,
    client: AppClient,
    user: User,
    code: str,
) -> str:
    """Return the address that confirms ``user`` when it is opened (COG-PAG-050)."""
    query = {"client_id": client.id, "user_name": user.username, "confirmation_code": code}
    return f"{pages_url(tx, services, pool)}/confirmUser?{urlencode(query)}"


def find_client(services: Services, site: Site, client_id: str) -> AppClient | None:
    """Return the client if it exists for this site."""
    with services.store.read() as tx:
        return client_at(tx, site, client_id)


def client_at(tx: Transaction, site: Site, client_id: str) -> AppClient | None:
    """Return the client if it exists for this site; another pool's client does not."""
    client = tx.get(AppClient, client_id)
    return client if client is not None and site.serves(client.pool_id) else None
