"""What the browser is sent back to the client with: a code, or tokens (spec section 3.3)."""

from dataclasses import dataclass

from cognito_mock.core.errors import NotAuthorizedException, UserNotFoundException
from cognito_mock.core.grants import AuthorizationCode
from cognito_mock.core.ids import new_uuid
from cognito_mock.core.secret_hash import digest_of
from cognito_mock.core.users import User
from cognito_mock.flows.authorization import Authorization
from cognito_mock.flows.browser_sessions import find_session, start_session
from cognito_mock.flows.issue import AuthenticationResult, issue_tokens
from cognito_mock.flows.services import Services

CODE_SECONDS = 300  # COG-AUT-062


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """An answer for the client: parameters to append to its redirect URI."""

    redirect_uri: str
    parameters: tuple[tuple[str, str], ...]
    in_fragment: bool


def authorize(
    services: Services, *, authorization: Authorization, session_secret: str | None
) -> Grant | None:
    """Answer at once from the browser's session, or return None when the user must sign in."""
    found = None
    # The page refuses a provider that the client does not offer; prompt=login wants to be asked
    # (COG-AUT-025).
    if authorization.provider_available and "login" not in authorization.prompts:
        found = find_session(services, secret=session_secret, pool_id=authorization.pool.id)
    if found is None and "none" in authorization.prompts:
        raise authorization.refusal("login_required")  # COG-AUT-024
    if found is None:
        return None
    session, user = found
    return grant(services, authorization=authorization, user=user, auth_time=session.auth_time)


def complete_sign_in(
    services: Services, *, authorization: Authorization, user: User
) -> tuple[Grant, str]:
    """Give ``user``, who has just proved who they are, a session and the client its answer."""
    secret = start_session(services, user=user)
    granted = grant(
        services, authorization=authorization, user=user, auth_time=int(services.clock.now())
    )
    return granted, secret


def grant(services: Services, *, authorization: Authorization, user: User, auth_time: int) -> Grant:
    """Make the code (COG-AUT-060) or the tokens (COG-AUT-064) that the client asked for."""
    if authorization.response_type == "code":
        answer = [("code", _new_code(services, authorization, user, auth_time))]
    else:
        tokens = _issue(services, authorization, user, auth_time)
        # Order and case of the captured address (COG-AUT-065); never a refresh token (-066).
        answer = [] if tokens.id_token is None else [("id_token", tokens.id_token)]
        answer += [
            ("access_token", tokens.access_token),
            ("expires_in", str(tokens.expires_in)),
            ("token_type", tokens.token_type),
        ]
    if authorization.state is not None:
        answer.append(("state", authorization.state))
    return Grant(
        redirect_uri=authorization.redirect_uri,
        parameters=tuple(answer),
        in_fragment=authorization.in_fragment,
    )


def _issue(
    services: Services, authorization: Authorization, user: User, auth_time: int
) -> AuthenticationResult:
    try:
        return issue_tokens(
            services,
            client=authorization.client,
            user=user,
            scopes=authorization.scopes,
            auth_time=auth_time,
            nonce=authorization.nonce,
            hosted=True,
            resource=authorization.resource,
        )
    except (NotAuthorizedException, UserNotFoundException) as error:
        # The user was disabled or deleted a moment ago.
        raise authorization.refusal("server_error") from error  # COG-AUT-051


def _new_code(services: Services, authorization: Authorization, user: User, auth_time: int) -> str:
    code = new_uuid(services.entropy)  # COG-AUT-061
    record = AuthorizationCode(
        digest=digest_of(code),
        pool_id=authorization.pool.id,
        client_id=authorization.client.id,
        username=user.username,
        sub=user.sub,
        redirect_uri=authorization.redirect_uri,
        scopes=authorization.scopes,
        code_challenge=authorization.code_challenge,
        nonce=authorization.nonce,
        resource=authorization.resource,
        auth_time=auth_time,
        expires_at=services.clock.now() + CODE_SECONDS,
    )
    with services.store.transaction() as tx:
        tx.put(record)
    return code
