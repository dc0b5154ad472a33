"""What the start page shows, read from the store in one transaction. No HTML, no HTTP."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cognito_mock.core.clients import AppClient
from cognito_mock.core.pools import PoolDomain, UserPool
from cognito_mock.core.users import Membership, User
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

# Of pools, and of clients and users per pool; the page is a way in, not an inventory.
LIMIT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientView:
    """A row of the clients' table; ``sign_in`` is a link or None."""

    id: str
    name: str
    secret: str | None
    flows: tuple[str, ...]
    sign_in: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserView:
    """A row of the users' table; ``password`` only where it is public knowledge."""

    username: str
    sub: str
    email: str | None
    status: str
    groups: tuple[str, ...]
    password: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolView:
    """A pool's card."""

    id: str
    name: str
    issuer: str
    jwks: str
    discovery: str
    domains: tuple[str, ...]
    clients: tuple[ClientView, ...]
    users: tuple[UserView, ...]
    more: bool


def read_pools(
    services: Services,
    *,
    known_passwords: Mapping[tuple[str, str], str],
    sign_in_link: Callable[[AppClient], str | None],
) -> tuple[PoolView, ...]:
    """Return the first pools with their first clients and users."""
    with services.store.read() as tx:
        return tuple(
            _pool(services, tx, pool, known_passwords, sign_in_link)
            for pool in tx.scan(UserPool, limit=LIMIT)
        )


def _pool(
    services: Services,
    tx: Transaction,
    pool: UserPool,
    known_passwords: Mapping[tuple[str, str], str],
    sign_in_link: Callable[[AppClient], str | None],
) -> PoolView:
    addresses = services.addresses
    clients = sorted(tx.find(AppClient, "pool", pool.id), key=lambda c: (c.created_at, c.id))
    users = tx.scan(User, pool.id, limit=LIMIT + 1)
    own = f"{addresses.base_url}/{pool.id}/.well-known"  # reachable in every issuer mode
    return PoolView(
        id=pool.id,
        name=pool.name,
        issuer=addresses.issuer(pool.id, updated=pool.updated_issuer),
        jwks=f"{own}/jwks.json",
        discovery=f"{own}/openid-configuration",
        domains=tuple(
            addresses.domain_url(domain.domain, pool.region, custom=domain.custom)
            for domain in tx.find(PoolDomain, "pool", pool.id)
        ),
        clients=tuple(_client(client, sign_in_link(client)) for client in clients[:LIMIT]),
        users=tuple(
            _user(tx, user, known_passwords.get((pool.id, user.username))) for user in users[:LIMIT]
        ),
        more=len(clients) > LIMIT or len(users) > LIMIT,
    )


def _client(client: AppClient, sign_in: str | None) -> ClientView:
    return ClientView(
        id=client.id,
        name=client.name,
        secret=client.secrets[0].value if client.secrets else None,
        flows=tuple(sorted(client.oauth_flows)),
        sign_in=sign_in,
    )


def _user(tx: Transaction, user: User, password: str | None) -> UserView:
    return UserView(
        username=user.username,
        sub=user.sub,
        email=user.email,
        status=user.status,
        groups=tuple(m.group for m in tx.scan(Membership, user.pool_id, user.username)),
        password=password,
    )
