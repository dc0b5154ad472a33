"""ListUsers: all users by name, or those that one condition selects (COG-API-LIST-001 ... -003)."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cognito_mock.core.errors import InvalidParameterException
from cognito_mock.core.pools import UserPool
from cognito_mock.core.users import User
from cognito_mock.flows.lookups import canonical_username, get_pool
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

_CONDITION = re.compile(r'\s*"?([\w:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*')
_ATTRIBUTES = frozenset(
    {"email", "phone_number", "name", "given_name", "family_name", "preferred_username"}
)
_SEARCHABLE = _ATTRIBUTES | {"username", "cognito:user_status", "status", "sub"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some users, and what ``after`` must be for the next page; None after the last."""

    users: tuple[User, ...]
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Condition:
    name: str
    prefix: bool
    value: str

    def holds(self, pool: UserPool, user: User) -> bool:
        found = _value(user, self.name)
        if found is None:
            return False
        wanted, found = (
            _comparable(pool, self.name, self.value),
            _comparable(pool, self.name, found),
        )
        return found.startswith(wanted) if self.prefix else found == wanted


def list_users(
    services: Services,
    *,
    pool_id: str,
    filter_text: str | None = None,
    limit: int = 60,
    after: str | None = None,
) -> Page:
    """Return a page of users, ascending by the attribute in the filter, else by username."""
    condition = _parse(filter_text)
    with services.store.read() as tx:
        pool = get_pool(tx, pool_id)
        if condition is None:
            key = None if after is None else (pool_id, after)
            users = list(tx.scan(User, pool_id, after=key, limit=limit + 1))
            return _page(users, limit, after=lambda user: user.username)
        found = [user for user in _candidates(tx, pool, condition) if condition.holds(pool, user)]
    position = {user.username: _position(pool, condition, user) for user in found}
    found.sort(key=lambda user: position[user.username])
    rest = [user for user in found if after is None or position[user.username] > after]
    return _page(rest, limit, after=lambda user: position[user.username])


def _page(users: Sequence[User], limit: int, *, after: Callable[[User], str]) -> Page:
    more = len(users) > limit
    shown = tuple(users[:limit])
    return Page(users=shown, after=after(shown[-1]) if more and shown else None)


def _parse(text: str | None) -> _Condition | None:
    """COG-API-LIST-001, -003."""
    if text is None or not text.strip():
        return None
    match = _CONDITION.fullmatch(text)
    if match is None:
        raise InvalidParameterException("Error while parsing filter")
    name, operator, value = match.groups()
    if name.startswith(("custom:", "dev:")):
        raise InvalidParameterException("Input fails to satisfy the constraints.")
    if name not in _SEARCHABLE:
        raise InvalidParameterException(f"Invalid search attribute: {name}")
    return _Condition(name=name, prefix=operator == "^=", value=re.sub(r"\\(.)", r"\1", value))


def _candidates(tx: Transaction, pool: UserPool, condition: _Condition) -> Sequence[User]:
    """Return at least the users who fit, by an index where there is one."""
    value = condition.value
    if not condition.prefix:
        if condition.name in {"email", "phone_number", "preferred_username"}:
            return tx.find(User, condition.name, pool.id, value.lower())
        if condition.name == "username":
            user = tx.get(User, pool.id, canonical_username(pool, value))
            return [user] if user is not None else []
        if condition.name == "sub":
            return tx.find(User, "sub", pool.id, value.lower())
    return tx.scan(User, pool.id)


def _position(pool: UserPool, condition: _Condition, user: User) -> str:
    value = _comparable(pool, condition.name, _value(user, condition.name) or "")
    return f"{value}\0{user.username}"


def _value(user: User, name: str) -> str | None:
    match name:
        case "username":
            return user.username
        case "sub":
            return user.sub
        case "cognito:user_status":
            return user.status.value
        case "status":
            return "Enabled" if user.enabled else "Disabled"
        case _:
            return user.attributes.get(name)


def _comparable(pool: UserPool, name: str, value: str) -> str:
    """COG-API-LIST-002: what is case-sensitive."""
    if name == "status" or (name == "username" and pool.case_sensitive):
        return value
    return value.lower()
