"""The ``cognito`` cookie: who is signed in to a pool's pages in this browser.

The browser holds 256 random bits, the store their digest. An hour, whatever is done with it
(COG-COO-002, -003); shared by all clients of the pool.
"""

from cognito_mock.core.base64url import base64url
from cognito_mock.core.grants import BrowserSession
from cognito_mock.core.secret_hash import digest_of
from cognito_mock.core.users import User
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

SESSION_SECONDS = 3600


def start_session(services: Services, *, user: User) -> str:
    """Remember a sign-in that happened just now; return what the browser keeps."""
    secret = base64url(services.entropy.token_bytes(32))
    now = services.clock.now()
    session = BrowserSession(
        digest=digest_of(secret),
        pool_id=user.pool_id,
        username=user.username,
        sub=user.sub,
        auth_time=int(now),
        expires_at=now + SESSION_SECONDS,
    )
    with services.store.transaction() as tx:
        tx.put(session)
    return secret


def find_session(
    services: Services, *, secret: str | None, pool_id: str
) -> tuple[BrowserSession, User] | None:
    """Return the pool's session and its user, if both are good now."""
    with services.store.read() as tx:
        session = _session(tx, secret, pool_id)
        user = None if session is None else tx.get(User, pool_id, session.username)
    if session is None or user is None or services.clock.now() >= session.expires_at:
        return None
    # Attributes may change (COG-COO-004); a disabled user, or another of the same name, stays out.
    return (session, user) if user.sub == session.sub and user.enabled else None


def end_session(services: Services, *, secret: str | None, pool_id: str) -> bool:
    """Forget the pool's session, if it is that (COG-COO-005); tokens stay (COG-LOG-007)."""
    with services.store.transaction() as tx:
        session = _session(tx, secret, pool_id)
        return session is not None and tx.delete(BrowserSession, session.digest)


def _session(tx: Transaction, secret: str | None, pool_id: str) -> BrowserSession | None:
    session = tx.get(BrowserSession, digest_of(secret)) if secret else None
    return session if session is not None and session.pool_id == pool_id else None
