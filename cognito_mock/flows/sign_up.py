"""Signing oneself up, and confirming it (spec section 4.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cognito_mock.core.clients import AppClient
from cognito_mock.core.errors import (
    CognitoError,
    InvalidParameterException,
    NotAuthorizedException,
    UserNotFoundException,
)
from cognito_mock.core.grants import Message
from cognito_mock.core.ids import new_sub
from cognito_mock.core.passwords import store_password
from cognito_mock.core.pools import UserPool
from cognito_mock.core.schema import check_attributes, check_required, check_writable
from cognito_mock.core.users import User, UserStatus
from cognito_mock.flows.confirmation_codes import (
    CodeDelivery,
    check_code,
    expired_code,
    new_confirmation_code,
    simulated_delivery,
)
from cognito_mock.flows.lookups import (
    canonical_username,
    check_secret_hash,
    find_user,
    get_client,
    get_pool,
    get_user,
)
from cognito_mock.flows.messages import deliver
from cognito_mock.flows.naming import (
    check_username_form,
    check_username_free,
    claim_aliases,
    named_attributes,
)
from cognito_mock.flows.password_rules import check_policy
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

_PURPOSE = "sign_up"
_LIFE_SECONDS = 24 * 3600  # COG-API-SIGNUP-008


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpResult:
    """The new user, and where the code went, if one was sent."""

    user: User
    delivery: CodeDelivery | None


def sign_up(
    services: Services,
    *,
    client_id: str,
    username: str,
    password: str,
    attributes: Mapping[str, str],
    secret_hash: str | None = None,
) -> SignUpResult:
    """SignUp: an UNCONFIRMED user, and a code to an attribute that is verified automatically."""
    pool, client = _pool_and_client(services, client_id, username, secret_hash)
    if pool.admin_create_only:
        raise NotAuthorizedException("SignUp is not permitted for this user pool")
    check_username_form(pool, username)
    given = {k: v for k, v in named_attributes(pool, username, attributes).items() if v}
    check_writable(client, attributes)
    check_attributes(pool, given)
    check_required(pool, given)
    if "preferred_username" in given and "preferred_username" in pool.alias_attributes:
        # COG-API-NAME-007; the service's text is not known.
        raise InvalidParameterException(
            "preferred_username cannot be set before the user is confirmed"
        )
    check_policy(pool, password)
    sub = new_sub(services.entropy)
    name = sub if pool.username_attributes else canonical_username(pool, username)
    stored = store_password(
        password, pool_name=pool.short_name, user_id=name, entropy=services.entropy
    )
    now = services.clock.now()
    for contact in ("email", "phone_number"):
        if contact in given:
            given[f"{contact}_verified"] = "false"
    user = User(
        pool_id=pool.id,
        username=name,
        sub=sub,
        status=UserStatus.UNCONFIRMED,
        attributes=given,
        password=stored,
        created_at=now,
        modified_at=now,
    )
    with services.store.transaction() as tx:
        check_username_free(tx, pool, user, "User already exists")
        tx.put(user)
        sent = _send_code(tx, services, pool, client, user, trigger_source="CustomMessage_SignUp")
    deliver(services, [message for _, message in sent])
    return SignUpResult(user=user, delivery=sent[0][0] if sent else None)


def confirm_sign_up(
    services: Services,
    *,
    client_id: str,
    username: str,
    code: str,
    force_alias_creation: bool = False,
    secret_hash: str | None = None,
) -> User:
    """ConfirmSignUp: CONFIRMED, and the attribute that got the code is verified.

    (COG-API-SIGNUP-007, -008, COG-API-NAME-005.)
    """
    pool, client = _pool_and_client(services, client_id, username, secret_hash)
    refusal: CognitoError | None
    with services.store.transaction() as tx:
        user = find_user(tx, pool, username)
        if user is None:
            refusal = _unknown(client) or expired_code()
        elif user.status is not UserStatus.UNCONFIRMED:
            refusal = _not_confirmable(user)
        else:
            checked = check_code(tx, user, _PURPOSE, code, now=services.clock.now())
            refusal = checked.refusal
            if checked.attribute is not None:
                user = _confirmed(services, user, verified=checked.attribute)
                claim_aliases(tx, pool, user, force=force_alias_creation)
                tx.put(user)
    # Raised out here: a wrong code has been counted.
    if user is None or refusal is not None:
        raise refusal or expired_code()
    return user


def admin_confirm_sign_up(services: Services, *, pool_id: str, username: str) -> User:
    """AdminConfirmSignUp: CONFIRMED without a code; nothing is verified (COG-API-SIGNUP-010)."""
    with services.store.transaction() as tx:
        pool = get_pool(tx, pool_id)
        user = get_user(tx, pool, username)
        if user.status is not UserStatus.UNCONFIRMED:
            raise _not_confirmable(user)
        user = _confirmed(services, user, verified=None)
        tx.put(user)
    return user


def resend_confirmation_code(
    services: Services, *, client_id: str, username: str, secret_hash: str | None = None
) -> CodeDelivery:
    """ResendConfirmationCode: a new code, which replaces the former (COG-API-SIGNUP-009)."""
    pool, client = _pool_and_client(services, client_id, username, secret_hash)
    with services.store.transaction() as tx:
        user = find_user(tx, pool, username)
        if user is None:
            refusal = _unknown(client)
            if refusal is not None:
                raise refusal
            # COG-API-EXIST-004: what is said of nobody is as stable as what is said of somebody.
            return simulated_delivery(tx, pool, username)
        if user.status is not UserStatus.UNCONFIRMED:
            raise InvalidParameterException("User is already confirmed.")
        sent = _send_code(
            tx, services, pool, client, user, trigger_source="CustomMessage_ResendCode"
        )
        if not sent:
            raise NotAuthorizedException("Cannot resend codes. Auto verification not turned on.")
    deliver(services, [message for _, message in sent])
    return sent[0][0]


def _pool_and_client(
    services: Services, client_id: str, username: str, secret_hash: str | None
) -> tuple[UserPool, AppClient]:
    with services.store.read() as tx:
        client = get_client(tx, client_id)
        pool = get_pool(tx, client.pool_id)
    check_secret_hash(client, username, secret_hash)
    return pool, client


def _unknown(client: AppClient) -> CognitoError | None:
    """COG-API-SIGNUP-007: nothing is said when existence is to be kept back."""
    if client.prevents_user_existence_errors:
        return None
    return UserNotFoundException("Username/client id combination not found.")


def _not_confirmable(user: User) -> NotAuthorizedException:
    return NotAuthorizedException(f"User cannot be confirmed. Current status is {user.status}")


def _confirmed(services: Services, user: User, *, verified: str | None) -> User:
    attributes = dict(user.attributes)
    if verified is not None:
        attributes[f"{verified}_verified"] = "true"
    return replace(
        user,
        status=UserStatus.CONFIRMED,
        attributes=attributes,
        modified_at=services.clock.now(),
    )


def _send_code(
    tx: Transaction,
    services: Services,
    pool: UserPool,
    client: AppClient,
    user: User,
    *,
    trigger_source: str,
) -> list[tuple[CodeDelivery, Message]]:
    """Send a code to one attribute, phone first (COG-API-SIGNUP-002); to none if none fits."""
    for attribute in ("phone_number", "email"):
        if attribute in pool.auto_verified_attributes and user.attributes.get(attribute):
            return [
                new_confirmation_code(
                    tx,
                    services,
                    pool,
                    user,
                    purpose=_PURPOSE,
                    attribute=attribute,
                    life_seconds=_LIFE_SECONDS,
                    trigger_source=trigger_source,
                    link_for=client,
                )
            ]
    return []
