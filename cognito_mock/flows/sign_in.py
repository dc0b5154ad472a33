"""InitiateAuth and RespondToAuthChallenge, and the same steps for the pages (spec section 3)."""

from collections.abc import Mapping

from cognito_mock.core.clients import AppClient
from cognito_mock.core.errors import (
    CognitoError,
    InvalidParameterException,
    NotAuthorizedException,
    UnsupportedOperationException,
)
from cognito_mock.core.pools import UserPool
from cognito_mock.core.users import User, UserStatus
from cognito_mock.flows import new_password
from cognito_mock.flows.auth_flows import accepted_flow, check_enabled
from cognito_mock.flows.challenges import Challenge, required_parameter
from cognito_mock.flows.issue import AuthenticationResult, grant_owner, issue_tokens, refresh
from cognito_mock.flows.lookups import check_secret_hash, find_user, get_client, get_pool
from cognito_mock.flows.new_password import new_password_challenge, set_new_password
from cognito_mock.flows.password_check import judge, unknown_user
from cognito_mock.flows.services import Services
from cognito_mock.flows.sign_in_srp import NAME as PASSWORD_VERIFIER
from cognito_mock.flows.sign_in_srp import begin_srp, finish_srp

__all__ = [
    "AuthenticationResult",
    "Challenge",
    "PasswordChangeRequired",
    "initiate_auth",
    "password_sign_in",
    "respond_to_auth_challenge",
    "set_new_password",
]

_ATTRIBUTE_PREFIX = "userAttributes."


class PasswordChangeRequired(Exception):  # noqa: N818  (a step of signing in, not an error)
    """The password was right, but temporary; ``session`` is the challenge to answer."""

    def __init__(self, session: Challenge) -> None:
        super().__init__("a new password is required")
        self.session = session


def initiate_auth(
    services: Services,
    *,
    client_id: str,
    auth_flow: str,
    parameters: Mapping[str, str],
    client_metadata: Mapping[str, str] | None = None,  # noqa: ARG001  (for triggers)
    admin_pool_id: str | None = None,
) -> Challenge | AuthenticationResult:
    """Begin a sign-in. ``admin_pool_id`` makes it AdminInitiateAuth.

    Checks in the order of COG-API-WIRE-020: client, secret hash, flow, parameters, user, state,
    secret.
    """
    pool, client = _pool_and_client(services, client_id, admin_pool_id)
    flow = accepted_flow(auth_flow, admin=admin_pool_id is not None)
    if flow == "REFRESH_TOKEN_AUTH":
        return _refresh(services, client, parameters, admin=admin_pool_id is not None)
    username = parameters.get("USERNAME", "")
    check_secret_hash(client, username, parameters.get("SECRET_HASH"))
    check_enabled(client, flow, admin=admin_pool_id is not None)
    if flow == "CUSTOM_AUTH":
        # COG-API-CUSTOM-002
        raise InvalidParameterException(
            "Custom auth lambda trigger is not configured for the user pool."
        )
    if flow == "USER_AUTH":
        raise UnsupportedOperationException("USER_AUTH is not available in this mock")
    required_parameter(parameters, "USERNAME")
    if flow == "USER_SRP_AUTH":
        return begin_srp(
            services, pool=pool, client=client, username=username, parameters=parameters
        )
    password = required_parameter(parameters, "PASSWORD")
    user = _check_password(services, pool, client, username, password)
    return _after_password(services, pool, client, user)


def respond_to_auth_challenge(
    services: Services,
    *,
    client_id: str,
    challenge_name: str,
    session: str | None,
    responses: Mapping[str, str] | None,
    client_metadata: Mapping[str, str] | None = None,  # noqa: ARG001  (for triggers)
    admin_pool_id: str | None = None,
) -> Challenge | AuthenticationResult:
    """Take the answer to a challenge. ``admin_pool_id`` makes it AdminRespondToAuthChallenge.

    Either continues what either began (COG-API-REFRESH-008).
    """
    pool, client = _pool_and_client(services, client_id, admin_pool_id)
    # COG-API-AUTH-010. The answer to PASSWORD_VERIFIER carries its session in the secret block.
    if not responses:
        raise InvalidParameterException("Missing required parameter challenge responses")
    if not session and challenge_name != PASSWORD_VERIFIER:
        raise InvalidParameterException("Missing required parameter Session")
    check_secret_hash(client, responses.get("USERNAME", ""), responses.get("SECRET_HASH"))
    username = required_parameter(responses, "USERNAME")
    if challenge_name == PASSWORD_VERIFIER:
        user = finish_srp(
            services, client=client, session=session, username=username, responses=responses
        )
        return _after_password(services, pool, client, user)
    if challenge_name == new_password.NAME and session:
        user = set_new_password(
            services,
            client=client,
            session=session,
            username=username,
            new_password=required_parameter(responses, "NEW_PASSWORD"),
            attributes={
                name.removeprefix(_ATTRIBUTE_PREFIX): value
                for name, value in responses.items()
                if name.startswith(_ATTRIBUTE_PREFIX)
            },
        )
        return issue_tokens(services, client=client, user=user)
    # No session was ever given out for any other challenge.
    raise NotAuthorizedException("Invalid session for the user.")


def password_sign_in(
    services: Services, *, client: AppClient, username: str, password: str
) -> User:
    """Sign in with a password at the pages; raise `PasswordChangeRequired` for a temporary one."""
    with services.store.read() as tx:
        pool = get_pool(tx, client.pool_id)
    user = _check_password(services, pool, client, username, password)
    _check_mfa(pool)
    if user.status is UserStatus.FORCE_CHANGE_PASSWORD:
        raise PasswordChangeRequired(
            new_password_challenge(services, pool=pool, client=client, user=user)
        )
    return user


def _pool_and_client(
    services: Services, client_id: str, admin_pool_id: str | None
) -> tuple[UserPool, AppClient]:
    with services.store.read() as tx:
        if admin_pool_id is not None:
            get_pool(tx, admin_pool_id)
        client = get_client(tx, client_id, admin_pool_id)
        return get_pool(tx, client.pool_id), client


def _check_password(
    services: Services, pool: UserPool, client: AppClient, username: str, password: str
) -> User:
    refusal: CognitoError | None
    with services.store.transaction() as tx:
        user = find_user(tx, pool, username)
        if user is None:
            refusal = unknown_user(keep_back=client.prevents_user_existence_errors)
        else:
            right = user.password is not None and user.password.matches(password)
            refusal = judge(tx, user, right=right, now=services.clock.now())
    # Raised out here: inside, the count of the failure would be rolled back.
    if user is None or refusal is not None:
        raise refusal or unknown_user(keep_back=True)
    return user


def _after_password(
    services: Services, pool: UserPool, client: AppClient, user: User
) -> Challenge | AuthenticationResult:
    """COG-API-FSM-001: new password, MFA, tokens."""
    _check_mfa(pool)
    if user.status is UserStatus.FORCE_CHANGE_PASSWORD:
        return new_password_challenge(services, pool=pool, client=client, user=user)
    return issue_tokens(services, client=client, user=user)


def _check_mfa(pool: UserPool) -> None:
    # No user has a second factor here, and tokens without one must not come from a pool that
    # demands it.
    if pool.settings.get("MfaConfiguration") == "ON":
        raise UnsupportedOperationException(
            "MfaConfiguration ON is not available in this mock; sign-in needs a second factor"
        )


def _refresh(
    services: Services, client: AppClient, parameters: Mapping[str, str], *, admin: bool
) -> AuthenticationResult:
    """REFRESH_TOKEN_AUTH (COG-API-REFRESH-001, -002)."""
    token = parameters.get("REFRESH_TOKEN", "")
    given_hash = parameters.get("SECRET_HASH")
    with services.store.read() as tx:
        owner = grant_owner(tx, client, token)
    # The hash is made with the canonical username, which only the token knows
    # (COG-API-SECRET-002); with a token of nobody there is nothing to compare.
    if owner is not None or not given_hash:
        check_secret_hash(client, owner or "", given_hash)
    check_enabled(client, "REFRESH_TOKEN_AUTH", admin=admin)
    required_parameter(parameters, "REFRESH_TOKEN")
    if client.refresh_token_rotation:
        raise InvalidParameterException(
            "REFRESH_TOKEN_AUTH is not available with refresh token rotation"
        )
    return refresh(services, client=client, refresh_token=token, hosted=False)
