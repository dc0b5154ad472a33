"""Challenges and the sessions that bind their answers (COG-API-AUTH-006, -008, -009)."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace

from cognito_mock.core.base64url import base64url
from cognito_mock.core.clients import AppClient
from cognito_mock.core.errors import (
    InvalidParameterException,
    NotAuthorizedException,
    PasswordResetRequiredException,
)
from cognito_mock.core.grants import ChallengeSession
from cognito_mock.core.pools import UserPool
from cognito_mock.core.secret_hash import digest_of
from cognito_mock.core.users import User, UserStatus
from cognito_mock.flows.housekeeping import tidy
from cognito_mock.flows.lookups import find_user
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

# COG-API-WIRE-036: opaque text of about 1,000-1,600 characters with this beginning.
_PREFIX = "AYABe"
_RANDOM_BYTES = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What the service asks for next; ``parameters`` are texts, also where they hold JSON."""

    name: str
    session: str
    parameters: dict[str, str]


def session_bytes(services: Services) -> bytes:
    """Return the randomness of one session; `session_text` is what the client gets of it."""
    return services.entropy.token_bytes(_RANDOM_BYTES)


def session_text(random: bytes) -> str:
    """Return the session as clients see it."""
    return _PREFIX + base64url(random)


def secret_block(random: bytes) -> str:
    """Return the SECRET_BLOCK of an SRP challenge (COG-API-SRP-010).

    It is the session in another guise: old clients return the block but no session
    (COG-API-AUTH-006), and so an answer without its session is still never taken.
    """
    return b64encode(random).decode("ascii")


def secret_block_bytes(block: str) -> bytes:
    """Return the randomness in a SECRET_BLOCK, none if it is not one of ours."""
    try:
        return b64decode(block, validate=True)
    except ValueError:
        return b""


def open_session(
    services: Services,
    *,
    client: AppClient,
    username: str,
    challenge: str,
    random: bytes | None = None,
    state: Mapping[str, str] | None = None,
    real: bool = True,
) -> str:
    """Store a session and return its text. Its life is counted per challenge."""
    with services.store.transaction() as tx:
        session = add_session(
            tx,
            services,
            client=client,
            username=username,
            challenge=challenge,
            random=random,
            state=state,
            real=real,
        )
    tidy(services)
    return session


def add_session(
    tx: Transaction,
    services: Services,
    *,
    client: AppClient,
    username: str,
    challenge: str,
    random: bytes | None = None,
    state: Mapping[str, str] | None = None,
    real: bool = True,
) -> str:
    """Store a session in a transaction that does more."""
    session = session_text(random or session_bytes(services))
    record = ChallengeSession(
        digest=digest_of(session),
        pool_id=client.pool_id,
        client_id=client.id,
        username=username,
        challenge=challenge,
        state=state or {},
        real=real,
        expires_at=services.clock.now() + client.auth_session_seconds,
    )
    tx.put(record)
    return session


def live_session(
    tx: Transaction,
    services: Services,
    *,
    pool: UserPool,
    client: AppClient,
    challenge: str,
    session: str,
    username: str,
) -> ChallengeSession:
    """Return the unused session that ``session`` names, if all that it is bound to fits."""
    record = tx.get(ChallengeSession, digest_of(session))
    if (
        record is None
        or record.pool_id != pool.id
        or record.client_id != client.id
        or record.challenge != challenge
        or not _is_of(tx, pool, record, username)
    ):
        raise invalid_session()
    _check_alive(services, record)
    return record


def live_session_alone(
    tx: Transaction, services: Services, *, challenge: str, session: str
) -> ChallengeSession:
    """Return the unused session where nothing else tells whose it is (AssociateSoftwareToken)."""
    record = tx.get(ChallengeSession, digest_of(session))
    if record is None or record.challenge != challenge:
        raise invalid_session()
    _check_alive(services, record)
    return record


def proof_of(user: User) -> dict[str, str]:
    """Return what a session remembers of a user who has proven the first factor."""
    return {"sub": user.sub, "password": _fingerprint(user)}


def proven_user(tx: Transaction, session: ChallengeSession) -> User:
    """Return the session's user, if what was proven when it was opened is still so.

    Another user of the same name, or another password, has proven nothing.
    """
    user = tx.get(User, session.pool_id, session.username)
    if (
        user is None
        or session.state.get("sub") != user.sub
        or session.state.get("password") != _fingerprint(user)
    ):
        raise invalid_session()
    if not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    if user.status is UserStatus.RESET_REQUIRED:
        raise PasswordResetRequiredException("Password reset required for the user")
    return user


def invalid_session() -> NotAuthorizedException:
    """COG-API-AUTH-009: garbage, or another user's, client's or challenge's."""
    return NotAuthorizedException("Invalid session for the user.")


def use_up(tx: Transaction, session: ChallengeSession) -> None:
    """Mark a session as used, in the transaction that found it live: so it is used once."""
    tx.put(replace(session, used=True))


def required_parameter(parameters: Mapping[str, str], name: str) -> str:
    """Return a parameter, or refuse (COG-API-AUTH-011)."""
    value = parameters.get(name)
    if not value:
        raise InvalidParameterException(f"Missing required parameter {name}")
    return value


def _is_of(tx: Transaction, pool: UserPool, record: ChallengeSession, username: str) -> bool:
    """Tell whether ``username`` means the session's user: canonical, or the alias that was typed.

    (COG-API-AUTH-012.)
    """
    if username in (record.username, record.state.get("typed")):
        return True
    user = find_user(tx, pool, username)
    return user is not None and user.username == record.username


def _check_alive(services: Services, record: ChallengeSession) -> None:
    """COG-API-AUTH-008, -009."""
    if record.used:
        raise NotAuthorizedException("Invalid session for the user, session can only be used once.")
    if services.clock.now() >= record.expires_at:
        raise NotAuthorizedException("Invalid session for the user, session is expired.")


def _fingerprint(user: User) -> str:
    """Return what tells this password of the user from an earlier or later one."""
    return user.password.digest if user.password is not None else ""
