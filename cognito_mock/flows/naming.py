"""What may be a username, and who holds an alias (COG-API-NAME-*)."""

from collections.abc import Mapping
from dataclasses import replace

from cognito_mock.core.errors import (
    AliasExistsException,
    InvalidParameterException,
    UsernameExistsException,
)
from cognito_mock.core.pools import UserPool
from cognito_mock.core.schema import is_email, is_phone_number
from cognito_mock.core.users import User
from cognito_mock.flows.lookups import holders
from cognito_mock.stores.base import Transaction

# COG-API-NAME-003.
_WRONG_FORM = {
    ("email",): "Username should be an email.",
    ("phone_number",): "Username should be a phone number.",
    ("email", "phone_number"): "Username should be either an email or a phone number.",
}


def check_username_form(pool: UserPool, username: str) -> None:
    """Refuse a username that the pool cannot have (COG-API-NAME-003, -006)."""
    if pool.username_attributes:
        if _attribute_named_by(pool, username) is None:
            raise InvalidParameterException(_WRONG_FORM[tuple(sorted(pool.username_attributes))])
        return
    if "email" in pool.alias_attributes and is_email(username):
        raise InvalidParameterException(
            "Username cannot be of email format, since user pool is configured for email alias."
        )
    if "phone_number" in pool.alias_attributes and is_phone_number(username):
        raise InvalidParameterException(
            "Username cannot be of phone number format, since user pool is configured for phone"
            " number alias."
        )


def named_attributes(
    pool: UserPool, username: str, attributes: Mapping[str, str]
) -> dict[str, str]:
    """Return the attributes of a new user; an e-mail or phone username is one of them.

    (COG-API-NAME-002, -004.)
    """
    name = _attribute_named_by(pool, username)
    if name is None:
        return dict(attributes)
    if attributes.get(name, username) != username:
        raise InvalidParameterException(f"Username and {name} attribute do not match.")
    return {**attributes, name: username}


def check_username_free(tx: Transaction, pool: UserPool, user: User, taken: str) -> None:
    """Refuse a new user whose name is taken (COG-API-NAME-008); ``taken`` is the plain text."""
    if tx.get(User, pool.id, user.username) is not None:
        raise UsernameExistsException(taken)
    for name in pool.username_attributes:
        value = user.attributes.get(name)
        if value is not None and holders(tx, pool, name, value):
            raise UsernameExistsException(f"An account with the given {name} already exists.")


def claim_aliases(tx: Transaction, pool: UserPool, user: User, *, force: bool) -> None:
    """Make sure that nobody else holds what ``user`` is found by.

    With ``force`` (ForceAliasCreation) a verified alias moves, and its former owner's attribute
    becomes unverified (COG-API-NAME-005).
    """
    for name in pool.username_attributes or pool.alias_attributes:
        value = user.attributes.get(name)
        if value is None or not _is_active(pool, name, user):
            continue
        for owner in holders(tx, pool, name, value):
            if owner.username == user.username:
                continue
            if not force or name not in ("email", "phone_number") or pool.username_attributes:
                raise AliasExistsException(f"An account with the {name} already exists.")
            tx.put(replace(owner, attributes={**owner.attributes, f"{name}_verified": "false"}))


def _is_active(pool: UserPool, name: str, user: User) -> bool:
    return (
        bool(pool.username_attributes)
        or name == "preferred_username"
        or user.attributes.get(f"{name}_verified") == "true"
    )


def _attribute_named_by(pool: UserPool, username: str) -> str | None:
    """Return which of the pool's username attributes ``username`` has the form of."""
    if "email" in pool.username_attributes and is_email(username):
        return "email"
    if "phone_number" in pool.username_attributes and is_phone_number(username):
        return "phone_number"
    return None
