"""Sign-up at the pages: who has just signed up here need not type the password again.

The browser holds a secret between the sign-up and the confirmation; with it the confirmation is a
sign-in as well (COG-PAG-041: after it the user continues to the redirect).
"""

from cognito_mock.core.clients import AppClient
from cognito_mock.core.errors import NotAuthorizedException
from cognito_mock.core.pools import UserPool
from cognito_mock.core.secret_hash import secret_hash
from cognito_mock.core.users import User
from cognito_mock.flows.challenges import live_session, open_session, use_up
from cognito_mock.flows.services import Services

_NAME = "HOSTED_SIGN_UP"


def remember_sign_up(services: Services, *, client: AppClient, user: User) -> str:
    """Return the secret that the browser is to keep until the user is confirmed."""
    return open_session(services, client=client, username=user.username, challenge=_NAME)


def user_who_signed_up(
    services: Services, *, pool: UserPool, client: AppClient, secret: str | None, user: User
) -> User | None:
    """Return ``user``, just confirmed, if this browser is the one that signed them up."""
    if not secret:
        return None
    try:
        with services.store.transaction() as tx:
            session = live_session(
                tx,
                services,
                pool=pool,
                client=client,
                challenge=_NAME,
                session=secret,
                username=user.username,
            )
            use_up(tx, session)
    except NotAuthorizedException:
        return None
    return user if user.enabled else None


def page_secret_hash(client: AppClient, username: str) -> str | None:
    """Return the hash that the pages, which know the client's secret, prove themselves with."""
    if not client.secrets:
        return None
    return secret_hash(client.secrets[0].value, username, client.id)
