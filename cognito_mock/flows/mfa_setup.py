"""Registering a software token, and MFA_SETUP (COG-API-MFA-007, -009, -011).

With an access token a signed-in user registers one; switching it on is another call. With the
session of MFA_SETUP it is part of signing in: only while the pool demands a factor and the user has
none, so that the password alone never replaces a factor.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cognito_mock.core.attributes import ADMIN_SCOPE
from cognito_mock.core.clients import AppClient
from cognito_mock.core.errors import (
    EnableSoftwareTokenMFAException,
    InvalidParameterException,
    SoftwareTokenMFANotFoundException,
)
from cognito_mock.core.grants import ChallengeSession
from cognito_mock.core.pools import UserPool
from cognito_mock.core.schema import check_attributes, check_writable
from cognito_mock.core.secret_hash import same_text
from cognito_mock.core.totp import matching_steps, new_totp_secret, unused_step
from cognito_mock.core.users import User
from cognito_mock.flows.access_tokens import open_access_token
from cognito_mock.flows.challenges import (
    Challenge,
    add_session,
    invalid_session,
    live_session,
    live_session_alone,
    proof_of,
    proven_user,
    use_up,
)
from cognito_mock.flows.housekeeping import tidy
from cognito_mock.flows.lookups import get_client, get_pool, get_user
from cognito_mock.flows.messages import deliver
from cognito_mock.flows.mfa_challenges import MFA_SETUP, ask_for_factor
from cognito_mock.flows.mfa_factors import (
    EMAIL_OTP,
    SOFTWARE_TOKEN_MFA,
    factors_to_set_up,
    must_set_up,
    pool_factors,
    switched_on,
)
from cognito_mock.flows.naming import claim_aliases
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A secret for the authenticator app; ``session`` is the next one, of a sign-in."""

    secret: str
    session: str | None = None


def associate_software_token(
    services: Services, *, access_token: str | None = None, session: str | None = None
) -> NewToken:
    """AssociateSoftwareToken: a secret, pending until a code proves it; the former is forgotten."""
    _check_one(access_token, session)
    secret = new_totp_secret(services.entropy)
    if session:
        return NewToken(secret=secret, session=_associate_in_session(services, session, secret))
    grant = open_access_token(services, access_token or "", required_scope=ADMIN_SCOPE)
    with services.store.transaction() as tx:
        pool = get_pool(tx, grant.pool.id)
        _check_tokens_are_on(pool)
        user = get_user(tx, pool, grant.user.username)
        tx.put(replace(user, totp_pending=secret))
    return NewToken(secret=secret)


def verify_software_token(
    services: Services,
    *,
    code: str,
    access_token: str | None = None,
    session: str | None = None,
    name: str | None = None,
) -> str | None:
    """VerifySoftwareToken: the pending secret becomes the user's. Return the next session, if any.

    ``name`` is what the user calls the device.
    """
    _check_one(access_token, session)
    if session:
        return _verify_in_session(services, session, code, name)
    grant = open_access_token(services, access_token or "", required_scope=ADMIN_SCOPE)
    with services.store.transaction() as tx:
        pool = get_pool(tx, grant.pool.id)
        _check_tokens_are_on(pool)
        user = get_user(tx, pool, grant.user.username)
        if user.totp_pending is None:
            raise SoftwareTokenMFANotFoundException(
                "Software Token MFA does not exist for the user."
            )
        tx.put(_with_token(services, user, user.totp_pending, code, name))
    return None


def answer_setup(
    services: Services,
    *,
    client: AppClient,
    session: str,
    username: str,
    responses: Mapping[str, str],
) -> User | Challenge:
    """Take the answer to MFA_SETUP: the session of a verified token, or an e-mail address."""
    email = responses.get("EMAIL") or responses.get("email")
    with services.store.transaction() as tx:
        pool = get_pool(tx, client.pool_id)
        record = live_session(
            tx,
            services,
            pool=pool,
            client=client,
            challenge=MFA_SETUP,
            session=session,
            username=username,
        )
        user = proven_user(tx, record)
        verified = record.state.get("verified")
        if verified is not None:
            # A token that was taken away meanwhile lets nobody in.
            if user.totp_secret is None or not same_text(user.totp_secret, verified):
                raise invalid_session()
            use_up(tx, record)
            return user
        _check_must_set_up(pool, user)
        if not email:
            # The service's text is not known.
            raise InvalidParameterException("User has not verified software token mfa")
        _check_new_email(tx, pool, client, user, email)
        use_up(tx, record)
        challenge, messages = ask_for_factor(
            tx,
            services,
            pool=pool,
            client=client,
            user=user,
            factor=EMAIL_OTP,
            new_contact=email,
        )
    deliver(services, messages)
    tidy(services)
    return challenge


def _associate_in_session(services: Services, session: str, secret: str) -> str:
    with services.store.transaction() as tx:
        record, user = _setup_session(tx, services, session)
        use_up(tx, record)
        following = _next_session(tx, services, record, user, {"pending": secret})
    tidy(services)
    return following


def _verify_in_session(services: Services, session: str, code: str, name: str | None) -> str:
    with services.store.transaction() as tx:
        record, user = _setup_session(tx, services, session)
        pending = record.state.get("pending")
        if pending is None:
            raise invalid_session()
        changed = _with_token(services, user, pending, code, name)
        # COG-API-MFA-011: here verifying is switching on.
        changed = replace(
            switched_on(changed, SOFTWARE_TOKEN_MFA), mfa_preference=SOFTWARE_TOKEN_MFA
        )
        tx.put(changed)
        use_up(tx, record)
        following = _next_session(tx, services, record, changed, {"verified": pending})
    tidy(services)
    return following


def _setup_session(
    tx: Transaction, services: Services, session: str
) -> tuple[ChallengeSession, User]:
    record = live_session_alone(tx, services, challenge=MFA_SETUP, session=session)
    pool = get_pool(tx, record.pool_id)
    user = proven_user(tx, record)
    _check_must_set_up(pool, user)
    _check_tokens_are_on(pool)
    return record, user


def _next_session(
    tx: Transaction,
    services: Services,
    record: ChallengeSession,
    user: User,
    state: Mapping[str, str],
) -> str:
    return add_session(
        tx,
        services,
        client=get_client(tx, record.client_id, record.pool_id),
        username=user.username,
        challenge=MFA_SETUP,
        state={**proof_of(user), **state},
    )


def _with_token(services: Services, user: User, secret: str, code: str, name: str | None) -> User:
    """COG-API-MFA-008. The code is used with it: it does not also sign in."""
    now = services.clock.now()
    step = unused_step(matching_steps(secret, code, now=now), last_used=-1, now=now)
    if step is None:
        raise EnableSoftwareTokenMFAException("Code mismatch")
    return replace(
        user, totp_secret=secret, totp_pending=None, totp_name=name or "", totp_last_step=step
    )


def _check_new_email(
    tx: Transaction, pool: UserPool, client: AppClient, user: User, email: str
) -> None:
    if EMAIL_OTP not in factors_to_set_up(pool, user):
        raise InvalidParameterException("EMAIL_OTP cannot be set up for the user")
    check_writable(client, ["email"])
    check_attributes(pool, {"email": email})
    proven = {**user.attributes, "email": email, "email_verified": "true"}
    claim_aliases(tx, pool, replace(user, attributes=proven), force=False)


def _check_must_set_up(pool: UserPool, user: User) -> None:
    if not must_set_up(pool, user):
        raise invalid_session()


def _check_tokens_are_on(pool: UserPool) -> None:
    """COG-API-MFA-009."""
    if SOFTWARE_TOKEN_MFA not in pool_factors(pool):
        raise SoftwareTokenMFANotFoundException(
            "Software Token MFA has not been enabled by the userPool"
        )


def _check_one(access_token: str | None, session: str | None) -> None:
    """COG-API-GAP-003: the service's text is not known."""
    if bool(access_token) == bool(session):
        raise InvalidParameterException("Either AccessToken or Session is required, but not both.")
