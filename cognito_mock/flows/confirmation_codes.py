"""Codes that prove that a message arrived: sent, checked once, counted when wrong."""

import hashlib
import hmac
from dataclasses import dataclass, replace

from cognito_mock.core.clients import AppClient
from cognito_mock.core.errors import (
    CodeMismatchException,
    CognitoError,
    ExpiredCodeException,
    LimitExceededException,
)
from cognito_mock.core.grants import ConfirmationCode, Message
from cognito_mock.core.ids import new_code
from cognito_mock.core.pools import PoolKeys, UserPool
from cognito_mock.core.secret_hash import same_text, utf8
from cognito_mock.core.users import User
from cognito_mock.flows.domains import confirmation_link
from cognito_mock.flows.lookups import canonical_username
from cognito_mock.flows.messages import mask, medium_of, post_code, sends_links
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

# Six digits must not be guessed by trying; a new code may be asked for (COG-API-RESET-004).
_MOST_FAILURES = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeDelivery:
    """CodeDeliveryDetails (COG-API-JSON-009)."""

    attribute: str
    medium: str
    destination: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedCode:
    """Either the attribute that a right code was sent to, or why the code is refused."""

    attribute: str | None = None
    refusal: CognitoError | None = None


def new_confirmation_code(
    tx: Transaction,
    services: Services,
    pool: UserPool,
    user: User,
    *,
    purpose: str,
    attribute: str,
    life_seconds: float,
    trigger_source: str,
    link_for: AppClient | None = None,
) -> tuple[CodeDelivery, Message]:
    """Make a code and post it; the caller delivers the message after the transaction.

    ``link_for`` is the client whose page may take the code from a link, where the pool sends links.
    """
    code = new_code(services.entropy)
    link = None
    if link_for is not None and attribute == "email" and sends_links(pool):
        link = confirmation_link(tx, services, pool, client=link_for, user=user, code=code)
    tx.put(
        ConfirmationCode(
            pool_id=pool.id,
            username=user.username,
            purpose=purpose,
            code=code,
            attribute=attribute,
            expires_at=services.clock.now() + life_seconds,
        )
    )
    message = post_code(
        tx,
        services,
        pool,
        user,
        attribute=attribute,
        code=code,
        trigger_source=trigger_source,
        link=link,
    )
    return delivery_to(attribute, user.attributes[attribute]), message


def check_code(tx: Transaction, user: User, purpose: str, given: str, *, now: float) -> CheckedCode:
    """Use up a right code; count a wrong one. Returned, not raised: the count is to be kept."""
    key = (user.pool_id, user.username, purpose)
    record = tx.get(ConfirmationCode, *key)
    if record is None or now >= record.expires_at:
        return CheckedCode(refusal=expired_code())
    if record.failures >= _MOST_FAILURES:
        return CheckedCode(
            refusal=LimitExceededException("Attempt limit exceeded, please try after some time.")
        )
    if not same_text(record.code, given):
        tx.put(replace(record, failures=record.failures + 1))
        return CheckedCode(
            refusal=CodeMismatchException("Invalid verification code provided, please try again.")
        )
    tx.delete(ConfirmationCode, *key)
    return CheckedCode(attribute=record.attribute)


def expired_code() -> ExpiredCodeException:
    """COG-API-SIGNUP-007: expired, or none was ever sent."""
    return ExpiredCodeException("Invalid code provided, please request a code again.")


def delivery_to(attribute: str, value: str) -> CodeDelivery:
    """Return what is shown of a delivery: the destination masked."""
    return CodeDelivery(
        attribute=attribute, medium=medium_of(attribute), destination=mask(attribute, value)
    )


def simulated_delivery(
    tx: Transaction, pool: UserPool, username: str, attribute: str | None = None
) -> CodeDelivery:
    """Return details for a user who does not exist, stable per name (COG-API-EXIST-004).

    ``attribute`` is where a real user's code would go; by default as at sign-up.
    """
    if attribute is None:
        automatic = pool.auto_verified_attributes
        attribute = "phone_number" if "phone_number" in automatic else "email"
    keys = tx.get(PoolKeys, pool.id)
    secret = utf8(keys.id_key.pem) if keys is not None else b""
    name = utf8(canonical_username(pool, username))
    digest = hmac.digest(secret, name, hashlib.sha256)
    if attribute == "phone_number":
        number = int.from_bytes(digest[:4], "big") % 10_000
        return delivery_to(attribute, f"+1555555{number:04}")
    letters = "abcdefghijklmnopqrstuvwxyz"
    return delivery_to(attribute, f"{letters[digest[0] % 26]}@{letters[digest[1] % 26]}")
