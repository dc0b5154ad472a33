"""Users as administrators make and see them, and as they see themselves."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from cognito_mock.core.attributes import ADMIN_SCOPE, readable_attributes
from cognito_mock.core.devices import Device
from cognito_mock.core.errors import UnsupportedUserStateException
from cognito_mock.core.grants import ConfirmationCode, Message, RefreshGrant
from cognito_mock.core.identity_providers import LinkedIdentity
from cognito_mock.core.ids import new_sub
from cognito_mock.core.passwords import StoredPassword, generate_password, store_password
from cognito_mock.core.pools import UserPool
from cognito_mock.core.records import key_of
from cognito_mock.core.schema import check_attributes
from cognito_mock.core.users import Membership, User, UserStatus
from cognito_mock.flows.issue import open_access_token
from cognito_mock.flows.lookups import canonical_username, get_pool
from cognito_mock.flows.lookups import get_user as user_named
from cognito_mock.flows.messages import deliver, post_invitation
from cognito_mock.flows.naming import (
    check_username_form,
    check_username_free,
    claim_aliases,
    named_attributes,
)
from cognito_mock.flows.password_rules import check_history, check_policy, next_history
from cognito_mock.flows.services import Services
from cognito_mock.flows.user_search import Page, list_users
from cognito_mock.stores.base import Transaction

__all__ = [
    "Page",
    "admin_create_user",
    "admin_delete_user",
    "admin_disable_user",
    "admin_enable_user",
    "admin_get_user",
    "admin_set_user_password",
    "admin_user_global_sign_out",
    "delete_user",
    "get_user",
    "global_sign_out",
    "list_users",
]

_DAY_SECONDS = 86400


def admin_create_user(
    services: Services,
    *,
    pool_id: str,
    username: str,
    attributes: Mapping[str, str],
    temporary_password: str | None = None,
    message_action: str | None = None,
    desired_delivery_mediums: Collection[str] = (),
    force_alias_creation: bool = False,
    sub: str | None = None,
) -> User:
    """AdminCreateUser: FORCE_CHANGE_PASSWORD and an invitation, unless suppressed.

    ``sub`` pins the subject, for pools described in a file.
    """
    with services.store.read() as tx:
        pool = get_pool(tx, pool_id)
    check_username_form(pool, username)
    given = named_attributes(pool, username, attributes)
    check_attributes(pool, given, admin=True)
    password = temporary_password
    if password is None:
        password = generate_password(pool.password_policy, services.entropy)
    else:
        check_policy(pool, password, "Password did not conform with password policy")
    if message_action == "RESEND":
        return _resend_invitation(services, pool, username, password, desired_delivery_mediums)
    subject = sub or new_sub(services.entropy)
    name = subject if pool.username_attributes else canonical_username(pool, username)
    stored = _stored(services, pool, name, password, temporary=True)
    now = services.clock.now()
    user = User(
        pool_id=pool.id,
        username=name,
        sub=subject,
        status=UserStatus.FORCE_CHANGE_PASSWORD,
        attributes={key: value for key, value in given.items() if value},
        password=stored,
        created_at=now,
        modified_at=now,
    )
    messages: list[Message] = []
    with services.store.transaction() as tx:
        check_username_free(tx, pool, user, "User account already exists")  # COG-API-STATUS-006
        claim_aliases(tx, pool, user, force=force_alias_creation)
        tx.put(user)
        if message_action != "SUPPRESS":
            messages = post_invitation(
                tx, services, pool, user, password=password, mediums=desired_delivery_mediums
            )
    deliver(services, messages)
    return user


def admin_set_user_password(
    services: Services, *, pool_id: str, username: str, password: str, permanent: bool = False
) -> User:
    """AdminSetUserPassword: CONFIRMED with a permanent one, else FORCE_CHANGE_PASSWORD.

    (COG-API-STATUS-002, -003, COG-API-RESET-007.)
    """
    with services.store.read() as tx:
        pool = get_pool(tx, pool_id)
        found = user_named(tx, pool, username)
    check_policy(pool, password)
    stored = _stored(services, pool, found.username, password, temporary=not permanent)
    with services.store.transaction() as tx:
        user = user_named(tx, pool, found.username)
        check_history(pool, user, password)
        user = replace(
            user,
            password=stored,
            former_passwords=next_history(pool, user),
            status=UserStatus.CONFIRMED if permanent else UserStatus.FORCE_CHANGE_PASSWORD,
            modified_at=services.clock.now(),
        )
        tx.put(user)
    return user


def admin_get_user(services: Services, *, pool_id: str, username: str) -> User:
    """AdminGetUser: everything (COG-API-ATTR-008)."""
    with services.store.read() as tx:
        return user_named(tx, get_pool(tx, pool_id), username)


def get_user(services: Services, *, access_token: str) -> User:
    """GetUser: the token's user with the attributes that its client may read."""
    grant = open_access_token(services, access_token, required_scope=ADMIN_SCOPE)
    return replace(grant.user, attributes=readable_attributes(grant.client, grant.user))


def admin_delete_user(services: Services, *, pool_id: str, username: str) -> None:
    """AdminDeleteUser: the user and all that hangs on them (COG-API-STATUS-007)."""
    with services.store.transaction() as tx:
        delete_user_records(tx, user_named(tx, get_pool(tx, pool_id), username))


def delete_user(services: Services, *, access_token: str) -> None:
    """DeleteUser: the token's user deletes themselves."""
    grant = open_access_token(services, access_token, required_scope=ADMIN_SCOPE)
    with services.store.transaction() as tx:
        delete_user_records(tx, user_named(tx, grant.pool, grant.user.username))


def admin_disable_user(services: Services, *, pool_id: str, username: str) -> None:
    """AdminDisableUser: revokes the tokens too, for good (COG-API-STATUS-007)."""
    with services.store.transaction() as tx:
        user = user_named(tx, get_pool(tx, pool_id), username)
        tx.put(replace(user, enabled=False, modified_at=services.clock.now()))
        revoke_sessions(tx, user)


def admin_enable_user(services: Services, *, pool_id: str, username: str) -> None:
    """AdminEnableUser."""
    with services.store.transaction() as tx:
        user = user_named(tx, get_pool(tx, pool_id), username)
        tx.put(replace(user, enabled=True, modified_at=services.clock.now()))


def admin_user_global_sign_out(services: Services, *, pool_id: str, username: str) -> None:
    """AdminUserGlobalSignOut, repeatable (COG-API-REV-002)."""
    with services.store.transaction() as tx:
        revoke_sessions(tx, user_named(tx, get_pool(tx, pool_id), username))


def global_sign_out(services: Services, *, access_token: str) -> None:
    """GlobalSignOut; a second time with the same token fails (COG-API-REV-002)."""
    grant = open_access_token(services, access_token, required_scope=ADMIN_SCOPE)
    with services.store.transaction() as tx:
        revoke_sessions(tx, grant.user)


def revoke_sessions(tx: Transaction, user: User) -> None:
    """Revoke every refresh token of the user, and so their access tokens (COG-API-REV-001)."""
    for grant in tx.find(RefreshGrant, "user", user.pool_id, user.username):
        if not grant.revoked:
            tx.put(replace(grant, revoked=True))


def delete_user_records(tx: Transaction, user: User) -> None:
    """Delete the user with memberships, codes, devices, links and refresh tokens."""
    key = (user.pool_id, user.username)
    for membership in tx.scan(Membership, *key):
        tx.delete(Membership, *key, membership.group)
    for code in tx.scan(ConfirmationCode, *key):
        tx.delete(ConfirmationCode, *key, code.purpose)
    for device in tx.scan(Device, *key):
        tx.delete(Device, *key, device.key)
    for link in tx.find(LinkedIdentity, "user", *key):
        tx.delete(LinkedIdentity, *key_of(link))
    for grant in tx.find(RefreshGrant, "user", *key):
        tx.put(replace(grant, revoked=True))
    tx.delete(User, *key)


def _resend_invitation(
    services: Services,
    pool: UserPool,
    username: str,
    password: str,
    mediums: Collection[str],
) -> User:
    """MessageAction RESEND: a new temporary password and time (COG-API-STATUS-005)."""
    with services.store.read() as tx:
        user = user_named(tx, pool, username)
    stored = _stored(services, pool, user.username, password, temporary=True)
    with services.store.transaction() as tx:
        user = user_named(tx, pool, user.username)
        if user.status is not UserStatus.FORCE_CHANGE_PASSWORD:
            raise UnsupportedUserStateException(
                f"Resend not possible. {user.username} status is not FORCE_CHANGE_PASSWORD"
            )
        user = replace(user, password=stored, modified_at=services.clock.now())
        tx.put(user)
        messages = post_invitation(tx, services, pool, user, password=password, mediums=mediums)
    deliver(services, messages)
    return user


def _stored(
    services: Services, pool: UserPool, username: str, password: str, *, temporary: bool
) -> StoredPassword:
    days = pool.password_policy.temporary_validity_days
    return store_password(
        password,
        pool_name=pool.short_name,
        user_id=username,
        entropy=services.entropy,
        temporary_until=services.clock.now() + days * _DAY_SECONDS if temporary else None,
    )
