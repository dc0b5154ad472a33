"""Forgotten, changed and reset passwords (spec section 4.4)."""

from collections.abc import Mapping
from dataclasses import replace

from cognito_mock.core.attributes import ADMIN_SCOPE
from cognito_mock.core.clients import AppClient
from cognito_mock.core.errors import (
    CodeMismatchException,
    CognitoError,
    InvalidParameterException,
    NotAuthorizedException,
    UserNotFoundException,
)
from cognito_mock.core.grants import Message
from cognito_mock.core.passwords import StoredPassword, store_password
from cognito_mock.core.pools import UserPool
from cognito_mock.core.users import User, UserStatus
from cognito_mock.flows.confirmation_codes import (
    CodeDelivery,
    check_code,
    new_confirmation_code,
    simulated_delivery,
)
from cognito_mock.flows.issue import open_access_token
from cognito_mock.flows.lookups import (
    check_secret_hash,
    find_user,
    get_client,
    get_pool,
    get_user,
)
from cognito_mock.flows.messages import deliver
from cognito_mock.flows.mfa_factors import active_contacts
from cognito_mock.flows.password_check import disabled, judge
from cognito_mock.flows.password_rules import check_history, check_policy, next_history
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

_PURPOSE = "forgot_password"
_LIFE_SECONDS = 3600  # COG-API-RESET-001
_CONTACTS = {"verified_email": "email", "verified_phone_number": "phone_number"}


def forgot_password(
    services: Services, *, client_id: str, username: str, secret_hash: str | None = None
) -> CodeDelivery:
    """ForgotPassword: a code to a verified contact (COG-API-RESET-001, -002)."""
    pool, client = _pool_and_client(services, client_id, username, secret_hash)
    with services.store.transaction() as tx:
        user = find_user(tx, pool, username)
        if user is None:
            if not client.prevents_user_existence_errors:
                raise _unknown()
            contacts = _recovery_contacts(pool)
            return simulated_delivery(tx, pool, username, contacts[0] if contacts else None)
        if not user.enabled:
            raise disabled()
        # COG-API-STATUS-004
        if user.status in (UserStatus.FORCE_CHANGE_PASSWORD, UserStatus.EXTERNAL_PROVIDER):
            raise _not_resettable()
        delivery, message = _send_code(tx, services, pool, user)
    deliver(services, [message])
    return delivery


def confirm_forgot_password(
    services: Services,
    *,
    client_id: str,
    username: str,
    code: str,
    password: str,
    secret_hash: str | None = None,
) -> User:
    """ConfirmForgotPassword: CONFIRMED with the new password (COG-API-RESET-003)."""
    pool, client = _pool_and_client(services, client_id, username, secret_hash)
    with services.store.read() as tx:
        found = find_user(tx, pool, username)
    keep_back = client.prevents_user_existence_errors
    if keep_back:
        # Before anything that depends on the user, or a weak password would tell who exists
        # (COG-API-EXIST-001).
        check_policy(pool, password)
    if found is None:
        raise _mismatch() if keep_back else _unknown()
    if not found.enabled:
        raise _mismatch() if keep_back else disabled()
    stored = _checked_password(services, pool, found, password)
    with services.store.transaction() as tx:
        user = get_user(tx, pool, found.username)
        refusal = check_code(tx, user, _PURPOSE, code, now=services.clock.now()).refusal
        if refusal is None:
            # Raised in here: the code is as good as before.
            check_history(pool, user, password)
            user = _with_password(services, pool, user, stored)
            tx.put(user)
    # Raised out here: a wrong code has been counted.
    if refusal is not None:
        raise refusal
    return user


def change_password(
    services: Services, *, access_token: str, previous_password: str | None, proposed_password: str
) -> User:
    """ChangePassword; tokens stay valid (COG-API-RESET-005)."""
    grant = open_access_token(services, access_token, required_scope=ADMIN_SCOPE)
    stored = _checked_password(services, grant.pool, grant.user, proposed_password)
    refusal: CognitoError | None = None
    with services.store.transaction() as tx:
        user = get_user(tx, grant.pool, grant.user.username)
        # A user without a password has no previous one to give.
        if user.password is not None:
            right = user.password.matches(previous_password or "")
            refusal = judge(tx, user, right=right, now=services.clock.now())
        if refusal is None:
            check_history(grant.pool, user, proposed_password)
            user = replace(
                _with_password(services, grant.pool, user, stored),
                status=user.status,
                failed_sign_ins=0,
                last_failure_at=0.0,
            )
            tx.put(user)
    if refusal is not None:
        raise refusal
    return user


def admin_reset_user_password(services: Services, *, pool_id: str, username: str) -> CodeDelivery:
    """AdminResetUserPassword: RESET_REQUIRED, and a code (COG-API-RESET-006)."""
    with services.store.transaction() as tx:
        pool = get_pool(tx, pool_id)
        user = get_user(tx, pool, username)
        if not user.enabled:
            raise disabled()
        if user.status not in (UserStatus.CONFIRMED, UserStatus.RESET_REQUIRED):
            raise _not_resettable()
        delivery, message = _send_code(tx, services, pool, user)
        tx.put(replace(user, status=UserStatus.RESET_REQUIRED, modified_at=services.clock.now()))
    deliver(services, [message])
    return delivery


def _pool_and_client(
    services: Services, client_id: str, username: str, secret_hash: str | None
) -> tuple[UserPool, AppClient]:
    with services.store.read() as tx:
        client = get_client(tx, client_id)
        pool = get_pool(tx, client.pool_id)
    check_secret_hash(client, username, secret_hash)
    return pool, client


def _send_code(
    tx: Transaction, services: Services, pool: UserPool, user: User
) -> tuple[CodeDelivery, Message]:
    contacts = _recovery_contacts(pool)
    if not contacts:
        raise NotAuthorizedException("Contact administrator to reset password.")
    # COG-API-RESET-001: who reads one mailbox is not to have both password and second factor.
    second_factors = active_contacts(pool, user)
    for attribute in contacts:
        verified = user.attributes.get(f"{attribute}_verified") == "true"
        if user.attributes.get(attribute) and verified and attribute not in second_factors:
            return new_confirmation_code(
                tx,
                services,
                pool,
                user,
                purpose=_PURPOSE,
                attribute=attribute,
                life_seconds=_LIFE_SECONDS,
                trigger_source="CustomMessage_ForgotPassword",
            )
    raise InvalidParameterException(
        "Cannot reset password for the user as there is no registered/verified email or"
        " phone_number"
    )


def _recovery_contacts(pool: UserPool) -> list[str]:
    """Return where a code may go, best first; nowhere if administrators only may recover.

    (COG-API-RESET-001.)
    """
    setting = pool.settings.get("AccountRecoverySetting")
    mechanisms = setting.get("RecoveryMechanisms") if isinstance(setting, Mapping) else None
    if not isinstance(mechanisms, list) or not mechanisms:
        return ["phone_number", "email"]
    listed = [entry for entry in mechanisms if isinstance(entry, Mapping)]
    listed.sort(key=lambda entry: str(entry.get("Priority")))
    return [_CONTACTS[name] for entry in listed if (name := str(entry.get("Name"))) in _CONTACTS]


def _checked_password(
    services: Services, pool: UserPool, user: User, password: str
) -> StoredPassword:
    check_policy(pool, password)
    return store_password(
        password, pool_name=pool.short_name, user_id=user.username, entropy=services.entropy
    )


def _with_password(services: Services, pool: UserPool, user: User, stored: StoredPassword) -> User:
    return replace(
        user,
        status=UserStatus.CONFIRMED,
        password=stored,
        former_passwords=next_history(pool, user),
        modified_at=services.clock.now(),
    )


def _unknown() -> UserNotFoundException:
    return UserNotFoundException("Username/client id combination not found.")


def _mismatch() -> CodeMismatchException:
    return CodeMismatchException("Invalid verification code provided, please try again.")


def _not_resettable() -> NotAuthorizedException:
    return NotAuthorizedException("User password cannot be reset in the current state.")
