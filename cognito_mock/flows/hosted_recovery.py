"""A forgotten password at the pages: what one page knows for the next.

The browser holds a secret between asking for a code and typing it, so the second page is reached
only from the first (COG-PAG-003), and says where the code went without trusting an address bar.
"""

from dataclasses import dataclass

from cognito_mock.core.base64url import base64url
from cognito_mock.core.clients import AppClient
from cognito_mock.core.grants import ChallengeSession, ConfirmationCode
from cognito_mock.core.secret_hash import digest_of
from cognito_mock.core.users import User
from cognito_mock.flows.confirmation_codes import CodeDelivery, delivery_to
from cognito_mock.flows.hosted_sign_up import page_secret_hash
from cognito_mock.flows.lookups import find_user, get_pool
from cognito_mock.flows.password_recovery import confirm_forgot_password, forgot_password
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

_NAME = "HOSTED_PASSWORD_RESET"
_PURPOSE = "forgot_password"
# The code is good for an hour (COG-API-RESET-001). One that comes later is told to be late, on the
# page that is still there for it.
RESET_SECONDS = 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingReset:
    """A code that was asked for, by the name that was typed."""

    username: str
    medium: str
    destination: str


def begin_reset(services: Services, *, client: AppClient, username: str) -> str:
    """Send a code, or pretend to (COG-PAG-043); return what the browser keeps."""
    sent = forgot_password(
        services,
        client_id=client.id,
        username=username,
        secret_hash=page_secret_hash(client, username),
    )
    return _remember(services, client, username, sent)


def continue_reset(services: Services, *, client: AppClient, username: str) -> str:
    """Go on with a reset that an administrator began: only without a good code is one sent.

    Imported users have none (COG-API-IMP-002); the others got theirs (COG-API-RESET-006).
    """
    with services.store.read() as tx:
        sent = _sent_before(tx, services, client, username)
    if sent is None:
        return begin_reset(services, client=client, username=username)
    return _remember(services, client, username, sent)


def pending_reset(
    services: Services, *, client: AppClient, secret: str | None
) -> PendingReset | None:
    """Return what this browser asked this client's pages for, if that is still good."""
    if not secret:
        return None
    with services.store.read() as tx:
        record = tx.get(ChallengeSession, digest_of(secret))
    if (
        record is None
        or record.challenge != _NAME
        or record.client_id != client.id
        or services.clock.now() >= record.expires_at
    ):
        return None
    return PendingReset(
        username=record.username,
        medium=record.state["medium"],
        destination=record.state["destination"],
    )


def finish_reset(
    services: Services, *, client: AppClient, reset: PendingReset, code: str, password: str
) -> User:
    """Set the password that the code allows (COG-API-RESET-003)."""
    return confirm_forgot_password(
        services,
        client_id=client.id,
        username=reset.username,
        code=code,
        password=password,
        secret_hash=page_secret_hash(client, reset.username),
    )


def _sent_before(
    tx: Transaction, services: Services, client: AppClient, username: str
) -> CodeDelivery | None:
    user = find_user(tx, get_pool(tx, client.pool_id), username)
    if user is None:
        return None
    code = tx.get(ConfirmationCode, user.pool_id, user.username, _PURPOSE)
    if code is None or services.clock.now() >= code.expires_at:
        return None
    address = user.attributes.get(code.attribute)
    return delivery_to(code.attribute, address) if address else None


def _remember(services: Services, client: AppClient, username: str, sent: CodeDelivery) -> str:
    secret = base64url(services.entropy.token_bytes(32))
    record = ChallengeSession(
        digest=digest_of(secret),
        pool_id=client.pool_id,
        client_id=client.id,
        username=username,
        challenge=_NAME,
        state={"medium": sent.medium, "destination": sent.destination},
        expires_at=services.clock.now() + RESET_SECONDS,
    )
    with services.store.transaction() as tx:
        tx.put(record)
    return secret
