"""USER_SRP_AUTH: PASSWORD_VERIFIER asked and answered (spec 3.4)."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cognito_mock.core import srp
from cognito_mock.core.clients import AppClient
from cognito_mock.core.errors import CognitoError, InvalidParameterException
from cognito_mock.core.grants import ChallengeSession
from cognito_mock.core.ids import sub_from_hex
from cognito_mock.core.pools import PoolKeys, UserPool
from cognito_mock.core.secret_hash import same_text, utf8
from cognito_mock.core.users import User
from cognito_mock.flows.challenges import (
    Challenge,
    live_session,
    open_session,
    required_parameter,
    secret_block,
    secret_block_bytes,
    session_bytes,
    session_text,
    use_up,
)
from cognito_mock.flows.lookups import canonical_username, find_user, get_pool
from cognito_mock.flows.password_check import disabled, incorrect, judge, unknown_user
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

NAME = "PASSWORD_VERIFIER"

# COG-API-SRP-009; the day is not padded, but a padded one is taken too.
_TIMESTAMP = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r" [0-9]{1,2} [0-9]{2}:[0-9]{2}:[0-9]{2} UTC [0-9]{4}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Party:
    """Whom the exchange is with: a user's salt and verifier, or made-up ones."""

    user_id: str
    salt: str
    verifier: str
    real: bool


def begin_srp(
    services: Services,
    *,
    pool: UserPool,
    client: AppClient,
    username: str,
    parameters: Mapping[str, str],
) -> Challenge:
    """Answer SRP_A with PASSWORD_VERIFIER; for unknown users too, if they are to be kept back.

    (COG-API-SRP-010, -011.)
    """
    public = required_parameter(parameters, "SRP_A")
    if srp.parse_public_value(public) is None:
        raise InvalidParameterException("Invalid SRP_A")  # COG-API-SRP-004; no text is known
    with services.store.read() as tx:
        user = find_user(tx, pool, username)
        if user is None and not client.prevents_user_existence_errors:
            raise unknown_user(keep_back=False)
        if user is not None and not user.enabled:
            raise disabled()
        party = _party(tx, pool, user, username)
    # 256 bits: RFC 5054 §2.5.3 asks for no less, and more would only cost time.
    exchange = srp.begin_exchange(party.verifier, services.entropy.token_bytes(32))
    random = session_bytes(services)
    open_session(
        services,
        client=client,
        username=party.user_id,
        challenge=NAME,
        random=random,
        state={"A": public, "b": f"{exchange.b:x}", "B": f"{exchange.B:x}", "typed": username},
        real=party.real,
    )
    return Challenge(
        name=NAME,
        session=session_text(random),
        parameters={
            "SALT": party.salt,
            "SECRET_BLOCK": secret_block(random),
            "SRP_B": f"{exchange.B:x}",
            "USERNAME": party.user_id,
            "USER_ID_FOR_SRP": party.user_id,
        },
    )


def finish_srp(
    services: Services,
    *,
    client: AppClient,
    session: str | None,
    username: str,
    responses: Mapping[str, str],
) -> User:
    """Check the signature and return the user. Whatever it is, the session is used up."""
    signature = required_parameter(responses, "PASSWORD_CLAIM_SIGNATURE")
    block = secret_block_bytes(required_parameter(responses, "PASSWORD_CLAIM_SECRET_BLOCK"))
    timestamp = required_parameter(responses, "TIMESTAMP")
    if _TIMESTAMP.fullmatch(timestamp) is None:
        raise InvalidParameterException(
            "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english."
        )
    session_in_block = session_text(block)
    with services.store.transaction() as tx:
        pool = get_pool(tx, client.pool_id)
        record = live_session(
            tx,
            services,
            pool=pool,
            client=client,
            challenge=NAME,
            session=session or session_in_block,
            username=username,
        )
        use_up(tx, record)
        user = tx.get(User, pool.id, record.username) if record.real else None
        party = _party(tx, pool, user, record.state["typed"])
    expected = _expected_signature(pool, party, record, block, timestamp)
    right = (
        same_text(expected, signature)
        and same_text(session_in_block, session or session_in_block)
        and party.real
    )
    refusal: CognitoError | None = incorrect()
    with services.store.transaction() as tx:
        current = tx.get(User, pool.id, record.username) if record.real else None
        if current is not None and user is not None and current.sub == user.sub:
            refusal = judge(
                tx,
                current,
                right=right,
                now=services.clock.now(),
                keep_back=client.prevents_user_existence_errors,
            )
    if current is None or refusal is not None:
        raise refusal or incorrect()
    return current


def _party(tx: Transaction, pool: UserPool, user: User | None, typed: str) -> _Party:
    """Return the user's SRP values, or such that stay the same for the same name and pool.

    (COG-API-SRP-011.) The latter hang on a secret of the pool, so that nobody can compute them.
    """
    if user is not None and user.password is not None:
        password = user.password
        return _Party(
            user_id=user.username,
            salt=password.srp_salt,
            verifier=password.srp_verifier,
            real=True,
        )
    keys = tx.get(PoolKeys, pool.id)
    secret = utf8(keys.id_key.pem) if keys is not None else b""
    name = utf8(canonical_username(pool, typed))
    seed = hashlib.shake_256(hmac.digest(secret, name, hashlib.sha256)).digest(64)
    text = seed[:16].hex()
    return _Party(
        user_id=user.username if user is not None else sub_from_hex(text),
        # The first bit set, as in a real one: its hex text has 32 digits.
        salt=f"{int.from_bytes(seed[16:32], 'big') | 1 << 127:x}",
        verifier=srp.simulated_verifier(seed[32:]),
        real=False,
    )


def _expected_signature(
    pool: UserPool, party: _Party, record: ChallengeSession, block: bytes, timestamp: str
) -> str:
    state = record.state
    exchange = srp.Exchange(b=int(state["b"], 16), B=int(state["B"], 16))
    key = srp.session_key(exchange, int(state["A"], 16), party.verifier)
    return srp.claim_signature(
        key,
        pool_name=pool.short_name,
        user_id=party.user_id,
        secret_block=block,
        timestamp=timestamp,
    )
