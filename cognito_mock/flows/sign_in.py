"""InitiateAuth and RespondToAuthChallenge, and the same steps for the pages (spec section 3)."""

from collections.abc import Mapping

from cognito_mock.core.clients import AppClient
from cognito_mock.core.errors import (
    CognitoError,
    InvalidParameterException,
    UnsupportedOperationException,
)
from cognito_mock.core.pools import UserPool
from cognito_mock.core.users import User, UserStatus
from cognito_mock.flows import new_password
from cognito_mock.flows.auth_flows import accepted_flow, check_enabled
from cognito_mock.flows.challenges import Challenge, invalid_session, required_parameter
from cognito_mock.flows.issue import AuthenticationResult, grant_owner, issue_tokens, refresh
from cognito_mock.flows.lookups import check_secret_hash, find_user, get_client, get_pool
from cognito_mock.flows.mfa_answers import CODE_PARAMETERS, answer_choice, answer_code
from cognito_mock.flows.mfa_challenges import MFA_SETUP, SELECT_MFA_TYPE, second_factor
from cognito_mock.flows.mfa_factors import mfa_mode
from cognito_mock.flows.mfa_setup import answer_setup
from cognito_mock.flows.new_password import new_password_challenge, set_new_password
from cognito_mock.flows.password_check import judge, unknown_user
from cognito_mock.flows.services import Services
from cognito_mock.flows.sign_in_srp import NAME as PASSWORD_VERIFIER
from cognito_mock.flows.sign_in_srp import begin_srp, finish_srp

__all__ = [
    "AuthenticationResult",
    "Challenge",
    "after_password",
    "answer_challenge",
    "check_password",
    "initiate_auth",
    "password_is_enough",
    "respond_to_auth_challenge",
    "set_new_password",
]

_ATTRIBUTE_PREFIX = "userAttributes."


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
    user = check_password(services, pool=pool, client=client, username=username, password=password)
    outcome = after_password(services, pool=pool, client=client, user=user)
    return _finished(services, client, outcome, parameters.get("DEVICE_KEY"))


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
    _, client = _pool_and_client(services, client_id, admin_pool_id)
    # COG-API-AUTH-010. The answer to PASSWORD_VERIFIER carries its session in the secret block.
    if not responses:
        raise InvalidParameterException("Missing required parameter challenge responses")
    if not session and challenge_name != PASSWORD_VERIFIER:
        raise InvalidParameterException("Missing required parameter Session")
    check_secret_hash(client, responses.get("USERNAME", ""), responses.get("SECRET_HASH"))
    username = required_parameter(responses, "USERNAME")
    outcome = answer_challenge(
        services,
        client=client,
        challenge_name=challenge_name,
        session=session,
        username=username,
        responses=responses,
    )
    return _finished(services, client, outcome, responses.get("DEVICE_KEY"))


def check_password(
    services: Services, *, pool: UserPool, client: AppClient, username: str, password: str
) -> User:
    """Return the user whose password it is, or raise the API's error and count the failure."""
    refusal: CognitoError | None
    with services.store.transaction() as tx:
        user = find_user(tx, pool, username)
        if user is None:
            refusal = unknown_user(keep_back=client.prevents_user_existence_errors)
        else:
            right = user.password is not None and user.password.matches(password)
            refusal = judge(
                tx,
                user,
                right=right,
                now=services.clock.now(),
                keep_back=client.prevents_user_existence_errors,
            )
    # Raised out here: inside, the count of the failure would be rolled back.
    if user is None or refusal is not None:
        raise refusal or unknown_user(keep_back=True)
    return user


def password_is_enough(pool: UserPool, user: User) -> bool:
    """Whether it is certain that `after_password` asks for nothing."""
    return user.status is not UserStatus.FORCE_CHANGE_PASSWORD and mfa_mode(pool) == "OFF"


def after_password(
    services: Services, *, pool: UserPool, client: AppClient, user: User
) -> User | Challenge:
    """Go on after `check_password` (COG-API-FSM-001): the user, or what they are asked for next.

    A `User` is signed in. A `Challenge` is a page to show; its form carries ``challenge.name``,
    ``challenge.session`` and the username to `answer_challenge`:

    * ``NEW_PASSWORD_REQUIRED``: ``requiredAttributes`` and ``userAttributes`` are JSON texts
    * ``SMS_MFA``, ``EMAIL_OTP``: ``CODE_DELIVERY_DESTINATION`` is the masked address
    * ``SOFTWARE_TOKEN_MFA``: ``FRIENDLY_DEVICE_NAME``, if the device has one
    * ``SELECT_MFA_TYPE``: ``MFAS_CAN_CHOOSE`` is a JSON list of the names above
    * ``MFA_SETUP``: ``MFAS_CAN_SETUP`` is a JSON list. For ``SOFTWARE_TOKEN_MFA`` call
      `mfa_setup.associate_software_token` and `mfa_setup.verify_software_token` with the session;
      each uses it up and gives the next one, the last of which answers the challenge. For
      ``EMAIL_OTP`` the answer is the address.
    """
    if password_is_enough(pool, user):
        return user
    if user.status is UserStatus.FORCE_CHANGE_PASSWORD:
        return new_password_challenge(services, pool=pool, client=client, user=user)
    return second_factor(services, pool=pool, client=client, user=user) or user


def answer_challenge(
    services: Services,
    *,
    client: AppClient,
    challenge_name: str,
    session: str | None,
    username: str,
    responses: Mapping[str, str],
) -> User | Challenge:
    """Take the answer to any challenge, for the API and for the pages; no tokens are issued.

    ``responses`` are named as in the API (COG-API-AUTH-007): ``NEW_PASSWORD`` (with
    ``userAttributes.<name>``), ``SMS_MFA_CODE``, ``EMAIL_OTP_CODE``, ``SOFTWARE_TOKEN_MFA_CODE``,
    ``ANSWER`` (the chosen factor), ``EMAIL`` (MFA_SETUP). A refused answer raises the API's error
    and leaves the session alive, except with PASSWORD_VERIFIER.
    """
    if challenge_name == PASSWORD_VERIFIER:
        user = finish_srp(
            services, client=client, session=session, username=username, responses=responses
        )
        return after_password(services, pool=_pool_of(services, client), client=client, user=user)
    if not session:
        raise InvalidParameterException("Missing required parameter Session")
    if challenge_name == new_password.NAME:
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
        return after_password(services, pool=_pool_of(services, client), client=client, user=user)
    if challenge_name in CODE_PARAMETERS:
        return answer_code(
            services,
            client=client,
            factor=challenge_name,
            session=session,
            username=username,
            code=required_parameter(responses, CODE_PARAMETERS[challenge_name]),
        )
    if challenge_name == SELECT_MFA_TYPE:
        return answer_choice(
            services,
            client=client,
            session=session,
            username=username,
            answer=required_parameter(responses, "ANSWER"),
        )
    if challenge_name == MFA_SETUP:
        return answer_setup(
            services, client=client, session=session, username=username, responses=responses
        )
    # No session was ever given out for any other challenge.
    raise invalid_session()


def _pool_and_client(
    services: Services, client_id: str, admin_pool_id: str | None
) -> tuple[UserPool, AppClient]:
    with services.store.read() as tx:
        if admin_pool_id is not None:
            get_pool(tx, admin_pool_id)
        client = get_client(tx, client_id, admin_pool_id)
        return get_pool(tx, client.pool_id), client


def _finished(
    services: Services, client: AppClient, outcome: User | Challenge, device_key: str | None
) -> Challenge | AuthenticationResult:
    if isinstance(outcome, Challenge):
        return outcome
    return issue_tokens(services, client=client, user=outcome, device_key=device_key)


def _pool_of(services: Services, client: AppClient) -> UserPool:
    with services.store.read() as tx:
        return get_pool(tx, client.pool_id)


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
    return refresh(
        services,
        client=client,
        refresh_token=token,
        hosted=False,
        device_key=parameters.get("DEVICE_KEY"),
    )
