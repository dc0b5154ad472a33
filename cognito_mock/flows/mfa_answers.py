"""Answers to SMS_MFA, EMAIL_OTP, SOFTWARE_TOKEN_MFA and SELECT_MFA_TYPE (COG-API-MFA-005...008).

An answer needs the session that was given out with the question. The session is used up by a right
answer only; wrong codes are counted with the user, whatever the session (COG-API-LOCK-001).
"""

from dataclasses import replace

from cognito_mock.core.clients import AppClient
from cognito_mock.core.errors import (
    CodeMismatchException,
    CognitoError,
    ExpiredCodeException,
    MFAMethodNotFoundException,
    SoftwareTokenMFANotFoundException,
)
from cognito_mock.core.grants import ChallengeSession
from cognito_mock.core.pools import UserPool
from cognito_mock.core.secret_hash import same_text
from cognito_mock.core.totp import matching_steps, unused_step
from cognito_mock.core.users import User
from cognito_mock.flows.challenges import (
    Challenge,
    invalid_session,
    live_session,
    proven_user,
    use_up,
)
from cognito_mock.flows.housekeeping import tidy
from cognito_mock.flows.lookups import get_pool, holders
from cognito_mock.flows.messages import deliver
from cognito_mock.flows.mfa_challenges import SELECT_MFA_TYPE, ask_for_factor
from cognito_mock.flows.mfa_factors import (
    CONTACTS,
    EMAIL_OTP,
    SMS_MFA,
    SOFTWARE_TOKEN_MFA,
    asked_factors,
    must_set_up,
    switched_on,
)
from cognito_mock.flows.naming import claim_aliases
from cognito_mock.flows.password_check import attempts_exceeded, failures_with, lock_ends
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

# COG-API-AUTH-007: where the code is in an answer.
CODE_PARAMETERS = {
    SMS_MFA: "SMS_MFA_CODE",
    EMAIL_OTP: "EMAIL_OTP_CODE",
    SOFTWARE_TOKEN_MFA: "SOFTWARE_TOKEN_MFA_CODE",
}


def answer_code(
    services: Services, *, client: AppClient, factor: str, session: str, username: str, code: str
) -> User:
    """Take the code of a factor and return the user, whose sign-in is complete with it."""
    now = services.clock.now()
    with services.store.transaction() as tx:
        pool = get_pool(tx, client.pool_id)
        record = live_session(
            tx,
            services,
            pool=pool,
            client=client,
            challenge=factor,
            session=session,
            username=username,
        )
        user = proven_user(tx, record)
        outcome = _checked(pool, user, record, code, now)
        if isinstance(outcome, CodeMismatchException):
            failures = failures_with(user.failed_codes, user.last_code_failure_at, now)
            tx.put(replace(user, failed_codes=failures, last_code_failure_at=now))
        elif isinstance(outcome, User):
            outcome = _with_proven_contact(tx, pool, outcome, record, now)
            tx.put(outcome)
            use_up(tx, record)
    # Raised out here: inside, the count of the failure would be rolled back.
    if isinstance(outcome, CognitoError):
        raise outcome
    return outcome


def answer_choice(
    services: Services, *, client: AppClient, session: str, username: str, answer: str
) -> Challenge:
    """Take the answer to SELECT_MFA_TYPE and ask for that factor."""
    with services.store.transaction() as tx:
        pool = get_pool(tx, client.pool_id)
        record = live_session(
            tx,
            services,
            pool=pool,
            client=client,
            challenge=SELECT_MFA_TYPE,
            session=session,
            username=username,
        )
        user = proven_user(tx, record)
        if answer not in asked_factors(pool, user):
            # The service's text is not known.
            raise MFAMethodNotFoundException("The user does not have this MFA method.")
        use_up(tx, record)
        challenge, messages = ask_for_factor(
            tx, services, pool=pool, client=client, user=user, factor=answer, chosen=True
        )
    deliver(services, messages)
    tidy(services)
    return challenge


def _checked(
    pool: UserPool, user: User, record: ChallengeSession, code: str, now: float
) -> User | CognitoError:
    """Return the user as a right code leaves them, or why the code is refused."""
    if now < lock_ends(user.failed_codes, user.last_code_failure_at):
        return attempts_exceeded()
    changed = replace(user, failed_codes=0, last_code_failure_at=0.0)
    if record.challenge == SOFTWARE_TOKEN_MFA:
        return _with_used_token(changed, code, now)
    attribute = CONTACTS[record.challenge]
    if "set_up" in record.state:
        # Another contact or factor may have come meanwhile; the password alone replaces none.
        if user.attributes.get(attribute) or not must_set_up(pool, user):
            return invalid_session()
    elif user.attributes.get(attribute) != record.state["contact"]:
        return invalid_session()  # The code went to somebody who is not the user any more.
    if not same_text(record.state["code"], code):
        return CodeMismatchException("Invalid code or auth state for the user.")
    return changed


def _with_used_token(user: User, code: str, now: float) -> User | CognitoError:
    if user.totp_secret is None:
        return SoftwareTokenMFANotFoundException("Software Token MFA does not exist for the user.")
    steps = matching_steps(user.totp_secret, code, now=now)
    if not steps:
        return CodeMismatchException("Invalid code received for user")
    step = unused_step(steps, last_used=user.totp_last_step, now=now)
    if step is None:
        return ExpiredCodeException("Your software token has already been used once.")
    return replace(user, totp_last_step=step)


def _with_proven_contact(
    tx: Transaction, pool: UserPool, user: User, record: ChallengeSession, now: float
) -> User:
    """A contact that got the code is verified (COG-API-MFA-003); a new one becomes the factor."""
    attribute = CONTACTS.get(record.challenge)
    if attribute is None:
        return user
    contact, flag = record.state["contact"], f"{attribute}_verified"
    proven = replace(
        user,
        attributes={**user.attributes, attribute: contact, flag: "true"},
        modified_at=now,
    )
    if "set_up" in record.state:
        claim_aliases(tx, pool, proven, force=False)
        return replace(switched_on(proven, record.challenge), mfa_preference=record.challenge)
    if user.attributes.get(flag) == "true":
        return user
    # An alias stays with who holds it (COG-API-NAME-005); the sign-in is good all the same.
    taken = attribute in pool.alias_attributes and holders(tx, pool, attribute, contact)
    return user if taken else proven
