"""Changing, deleting and verifying the attributes of a user (spec section 4.8)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from cognito_mock.core.attributes import ADMIN_SCOPE
from cognito_mock.core.errors import InvalidParameterException, UserNotFoundException
from cognito_mock.core.grants import ConfirmationCode, Message
from cognito_mock.core.pools import UserPool
from cognito_mock.core.schema import (
    check_attributes,
    check_mutable,
    check_writable,
    missing_attributes,
)
from cognito_mock.core.users import User
from cognito_mock.flows.access_tokens import AccessGrant, open_access_token
from cognito_mock.flows.confirmation_codes import CodeDelivery, check_code, new_confirmation_code
from cognito_mock.flows.lookups import get_pool, get_user
from cognito_mock.flows.members import section, strings
from cognito_mock.flows.messages import deliver
from cognito_mock.flows.naming import claim_aliases
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

_CONTACTS = ("email", "phone_number")
_LIFE_SECONDS = 24 * 3600  # COG-API-SIGNUP-008


def update_user_attributes(
    services: Services, *, access_token: str, attributes: Mapping[str, str]
) -> list[CodeDelivery]:
    """UpdateUserAttributes: a code for each changed contact (COG-API-ATTRV-001)."""
    grant = open_access_token(services, access_token, required_scope=ADMIN_SCOPE)
    check_writable(grant.client, attributes)
    check_attributes(grant.pool, attributes)
    check_mutable(grant.pool, attributes)
    with services.store.transaction() as tx:
        sent = _change(tx, services, grant.pool, _owner(tx, grant), attributes)
    deliver(services, [message for _, message in sent])
    return [delivery for delivery, _ in sent]


def admin_update_user_attributes(
    services: Services, *, pool_id: str, username: str, attributes: Mapping[str, str]
) -> list[CodeDelivery]:
    """AdminUpdateUserAttributes; a contact with its flag needs no code (COG-API-ATTRV-004)."""
    with services.store.transaction() as tx:
        pool = get_pool(tx, pool_id)
        user = get_user(tx, pool, username)
        check_attributes(pool, attributes, admin=True, prefix="Invalid user attributes: ")
        check_mutable(pool, attributes)
        sent = _change(tx, services, pool, user, attributes)
    deliver(services, [message for _, message in sent])
    return [delivery for delivery, _ in sent]


def delete_user_attributes(services: Services, *, access_token: str, names: Iterable[str]) -> None:
    """DeleteUserAttributes, those that the client may write (COG-API-ATTRV-005)."""
    update_user_attributes(services, access_token=access_token, attributes=dict.fromkeys(names, ""))


def admin_delete_user_attributes(
    services: Services, *, pool_id: str, username: str, names: Iterable[str]
) -> None:
    """AdminDeleteUserAttributes (COG-API-ATTRV-005)."""
    admin_update_user_attributes(
        services, pool_id=pool_id, username=username, attributes=dict.fromkeys(names, "")
    )


def get_user_attribute_verification_code(
    services: Services, *, access_token: str, attribute: str
) -> CodeDelivery:
    """GetUserAttributeVerificationCode: to the value, or to the one that waits to replace it."""
    grant = open_access_token(services, access_token, required_scope=ADMIN_SCOPE)
    _check_contact(attribute)
    with services.store.transaction() as tx:
        user = _owner(tx, grant)
        waiting = _waiting_value(tx, user, attribute, services.clock.now())
        if waiting is None and attribute not in user.attributes:
            # The service's text is not known.
            raise InvalidParameterException(f"User has no {attribute} to verify.")
        delivery, message = _send_code(
            tx,
            services,
            grant.pool,
            user,
            attribute=attribute,
            new_value=waiting,
            trigger_source="CustomMessage_VerifyUserAttribute",
        )
    deliver(services, [message])
    return delivery


def verify_user_attribute(
    services: Services, *, access_token: str, attribute: str, code: str
) -> None:
    """VerifyUserAttribute; a value that waited takes effect now (COG-API-ATTRV-002, -003).

    Who has the code reads the mail: an alias moves to them from whoever had it (COG-API-NAME-005).
    """
    grant = open_access_token(services, access_token, required_scope=ADMIN_SCOPE)
    _check_contact(attribute)
    now = services.clock.now()
    with services.store.transaction() as tx:
        user = _owner(tx, grant)
        waiting = _waiting_value(tx, user, attribute, now)
        refusal = check_code(tx, user, _purpose(attribute), code, now=now).refusal
        if refusal is None:
            if waiting is not None:
                _void_codes(tx, user, attribute)
            value = waiting or user.attributes[attribute]
            changes = {attribute: value, f"{attribute}_verified": "true"}
            changed = _with_attributes(user, changes, now)
            claim_aliases(tx, grant.pool, changed, force=True)
            tx.put(changed)
    # Raised out here: a wrong code has been counted.
    if refusal is not None:
        raise refusal


def _change(
    tx: Transaction, services: Services, pool: UserPool, user: User, changes: Mapping[str, str]
) -> list[tuple[CodeDelivery, Message]]:
    """Store the changes and send codes to the contacts that are to be verified."""
    now = services.clock.now()
    after = _with_attributes(user, changes, now)
    _check_kept(pool, after, changes)
    claim_aliases(tx, pool, after, force=False)
    to_verify = [
        name
        for name in _CONTACTS
        if changes.get(name, user.attributes.get(name)) != user.attributes.get(name)
        and changes[name]
        and name in pool.auto_verified_attributes
        and f"{name}_verified" not in changes
    ]
    # COG-API-ATTRV-002
    kept = [name for name in to_verify if name in _verified_before_update(pool)]
    changed = _with_attributes(
        user, {name: value for name, value in changes.items() if name not in kept}, now
    )
    for name in _CONTACTS:
        waiting = _waiting_value(tx, user, name, now)
        # A code that went to another value proves nothing about this one, and of two values that
        # were asked for the later one counts.
        if changed.attributes.get(name) != user.attributes.get(name) or (
            waiting is not None and changes.get(name, waiting) != waiting
        ):
            _void_codes(tx, user, name)
    tx.put(changed)
    return [
        _send_code(
            tx,
            services,
            pool,
            changed,
            attribute=name,
            new_value=changes[name] if name in kept else None,
            trigger_source="CustomMessage_UpdateUserAttribute",
        )
        for name in to_verify
    ]


def _send_code(
    tx: Transaction,
    services: Services,
    pool: UserPool,
    user: User,
    *,
    attribute: str,
    new_value: str | None,
    trigger_source: str,
) -> tuple[CodeDelivery, Message]:
    """Send a code to the attribute, or to the value that it is to have."""
    purpose = _purpose(attribute)
    addressee = user
    if new_value is not None:
        addressee = replace(user, attributes={**user.attributes, attribute: new_value})
    sent = new_confirmation_code(
        tx,
        services,
        pool,
        addressee,
        purpose=purpose,
        attribute=attribute,
        life_seconds=_LIFE_SECONDS,
        trigger_source=trigger_source,
    )
    code = tx.get(ConfirmationCode, user.pool_id, user.username, purpose)
    if code is not None and new_value is not None:
        tx.put(replace(code, new_value=new_value))
    return sent


def _waiting_value(tx: Transaction, user: User, attribute: str, now: float) -> str | None:
    """Return the value that the attribute gets with its verification, if one waits."""
    code = tx.get(ConfirmationCode, user.pool_id, user.username, _purpose(attribute))
    return code.new_value if code is not None and now < code.expires_at else None


def _void_codes(tx: Transaction, user: User, attribute: str) -> None:
    """Delete what was sent to the attribute, for any purpose."""
    for code in tx.scan(ConfirmationCode, user.pool_id, user.username):
        if code.attribute == attribute:
            tx.delete(ConfirmationCode, user.pool_id, user.username, code.purpose)


def _with_attributes(user: User, changes: Mapping[str, str], now: float) -> User:
    """Return the user with changed attributes; a changed contact is no longer verified."""
    attributes = dict(user.attributes)
    for name in _CONTACTS:
        if name in changes and changes[name] != attributes.get(name):
            attributes[f"{name}_verified"] = "false"
            if not changes[name]:
                del attributes[f"{name}_verified"]
    for name, value in changes.items():
        if value:
            attributes[name] = value
        else:
            attributes.pop(name, None)
    return replace(user, attributes=attributes, modified_at=now)


def _check_kept(pool: UserPool, after: User, changes: Mapping[str, str]) -> None:
    """Refuse to take away required attributes and usernames (COG-API-ATTRV-004, -005)."""
    needed = {*missing_attributes(pool, after.attributes), *pool.username_attributes}
    lost = [name for name in changes if name in needed and not after.attributes.get(name)]
    if lost:
        raise InvalidParameterException(
            "Attributes did not conform to the schema: "
            + "".join(f"{name}: The attribute is required\n" for name in lost)
        )


def _check_contact(attribute: str) -> None:
    if attribute not in _CONTACTS:
        # COG-API-ATTRV-003; the service's text is not known.
        raise InvalidParameterException(f"{attribute} cannot be verified.")


def _verified_before_update(pool: UserPool) -> list[str]:
    setting = section(pool.settings, "UserAttributeUpdateSettings")
    return strings(setting, "AttributesRequireVerificationBeforeUpdate")


def _owner(tx: Transaction, grant: AccessGrant) -> User:
    """Return the token's user as they are now."""
    user = tx.get(User, grant.pool.id, grant.user.username)
    if user is None or user.sub != grant.user.sub:
        raise UserNotFoundException("User does not exist.")
    return user


def _purpose(attribute: str) -> str:
    return f"attribute:{attribute}"
