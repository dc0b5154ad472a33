"""What the console shows, read from the store. No HTML, no HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cognito_mock.control.parts import ControlParts
from cognito_mock.core.clients import AppClient
from cognito_mock.core.grants import BrowserSession, Message, RefreshGrant
from cognito_mock.core.pools import PoolKeys, UserPool
from cognito_mock.core.users import User
from cognito_mock.flows.inbox import list_messages
from cognito_mock.stores.base import Transaction

LIMIT = 50
# A request for each page that is looked at; nobody wants to read of it.
_STYLE_SHEET = " /_mock/static/"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyView:
    """One published key and what it signs."""

    kid: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """A user's sign-ins that are good now."""

    username: str
    browsers: int
    refresh_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsolePool:
    """A pool's card."""

    id: str
    name: str
    clients: tuple[AppClient, ...]
    users: int
    keys: tuple[KeyView, ...]
    sessions: tuple[SessionView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """The whole page."""

    now: str
    offset: int
    messages: tuple[Message, ...]
    pools: tuple[ConsolePool, ...]
    faults: tuple[str, ...]
    requests: tuple[str, ...]


def read_console(parts: ControlParts) -> Console:
    """Return what there is, the latest first and no more than `LIMIT` of each."""
    services = parts.services
    now = services.clock.now()
    with services.store.read() as tx:
        browsers = [s for s in tx.scan(BrowserSession) if s.expires_at > now]
        pools = tuple(_pool(tx, p, browsers, now) for p in tx.scan(UserPool, limit=LIMIT))
    return Console(
        now=datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
        offset=round(parts.clock.offset),
        messages=tuple(reversed(list_messages(services)))[:LIMIT],
        pools=pools,
        faults=tuple(
            f"{fault.target}: "
            + (f"status {fault.status}" if fault.status is not None else "late")
            + (f", {fault.delay_ms} ms" if fault.delay_ms else "")
            + (f", {fault.times} times" if fault.times is not None else "")
            for fault in parts.faults.current
        ),
        requests=tuple(r for r in reversed(parts.recent_requests) if _STYLE_SHEET not in r),
    )


def _pool(
    tx: Transaction, pool: UserPool, browsers: list[BrowserSession], now: float
) -> ConsolePool:
    keys = tx.get(PoolKeys, pool.id)
    clients = sorted(tx.find(AppClient, "pool", pool.id), key=lambda c: (c.created_at, c.id))
    users = tx.scan(User, pool.id)
    return ConsolePool(
        id=pool.id,
        name=pool.name,
        clients=tuple(clients[:LIMIT]),
        users=len(users),
        keys=() if keys is None else _keys(keys),
        sessions=_sessions(tx, pool, users[:LIMIT], browsers, now),
    )


def _keys(keys: PoolKeys) -> tuple[KeyView, ...]:
    return (
        KeyView(kid=keys.id_key.kid, role="signs id tokens"),
        KeyView(kid=keys.access_key.kid, role="signs access tokens"),
        *(KeyView(kid=key.kid, role="retired, still published") for key in keys.retired),
    )


def _sessions(
    tx: Transaction,
    pool: UserPool,
    users: Sequence[User],
    browsers: list[BrowserSession],
    now: float,
) -> tuple[SessionView, ...]:
    views = []
    for user in users:
        grants = tx.find(RefreshGrant, "user", pool.id, user.username)
        view = SessionView(
            username=user.username,
            browsers=sum(s.pool_id == pool.id and s.username == user.username for s in browsers),
            refresh_tokens=sum(not g.revoked and g.expires_at > now for g in grants),
        )
        if view.browsers or view.refresh_tokens:
            views.append(view)
    return tuple(views)
