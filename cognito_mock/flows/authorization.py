"""The authorize request: what is checked in which order, and what the browser is sent back with.

``AuthorizationRequest`` is what the browser said; only `check_request` makes an ``Authorization``
of it, and only with one of those a code or token is given.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from cognito_mock.core.clients import AppClient
from cognito_mock.core.grants import AuthorizationCode
from cognito_mock.core.ids import new_uuid
from cognito_mock.core.pools import UserPool
from cognito_mock.core.secret_hash import digest_of
from cognito_mock.core.users import User
from cognito_mock.flows.browser_sessions import find_session, start_session
from cognito_mock.flows.domains import Site, client_at
from cognito_mock.flows.issue import issue_tokens
from cognito_mock.flows.oauth_errors import (
    PageError,
    RedirectError,
    missing_parameter,
    redirect_mismatch,
    unknown_client,
)
from cognito_mock.flows.services import Services

CODE_SECONDS = 300  # COG-AUT-062
_FLOW_OF = {"code": "code", "token": "implicit"}  # COG-AUT-003
_PROMPTS = frozenset({"none", "login", "select_account", "consent"})  # COG-AUT-023
_NEED_OPENID = frozenset({"email", "phone", "profile"})  # COG-SCO-003


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """Parameters of authorize and of the pages; an empty one counts as absent (RFC 6749 §3.1)."""

    client_id: str | None = None
    redirect_uri: str | None = None
    response_type: str | None = None
    scope: str | None = None
    state: str | None = None
    nonce: str | None = None
    code_challenge: str | None = None
    code_challenge_method: str | None = None
    resource: str | None = None
    prompt: str | None = None
    identity_provider: str | None = None
    idp_identifier: str | None = None

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> Self:
        """Take the known parameters; others are ignored (COG-AUT-032)."""
        return cls(**{name: parameters.get(name) or None for name in cls.__dataclass_fields__})


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """A request that passed every check which needs no user."""

    pool: UserPool
    client: AppClient
    redirect_uri: str
    response_type: str
    scopes: tuple[str, ...]
    state: str | None
    nonce: str | None
    code_challenge: str | None
    resource: str | None
    prompts: frozenset[str]
    provider_available: bool

    @property
    def in_fragment(self) -> bool:
        """Whether answers go into the fragment: the implicit flow (COG-AUT-048, -064)."""
        return self.response_type == "token"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """An answer for the client: parameters to append to its redirect URI."""

    redirect_uri: str
    parameters: tuple[tuple[str, str], ...]
    in_fragment: bool


def check_request(
    services: Services, *, site: Site, request: AuthorizationRequest
) -> Authorization:
    """Check everything but the user, in the order of COG-AUT-040."""
    if request.client_id is None:
        raise missing_parameter("client_id")
    with services.store.read() as tx:
        client = client_at(tx, site, request.client_id)
        pool = tx.get(UserPool, client.pool_id) if client is not None else None
    if client is None or pool is None:
        raise unknown_client()
    redirect_uri = _redirect_uri(client, request.redirect_uri)
    refusal = _Refusals(redirect_uri, request.state, in_fragment=request.response_type == "token")

    flow = _FLOW_OF.get(request.response_type or "")
    if request.response_type is None or flow is None:
        raise refusal("invalid_request")  # COG-AUT-045, -052
    if flow not in client.oauth_flows:
        raise refusal("unauthorized_client")  # COG-AUT-046
    if (request.code_challenge is None) != (request.code_challenge_method is None):
        raise refusal("invalid_request")  # COG-AUT-017
    if request.code_challenge_method not in {None, "S256"}:
        raise refusal("invalid_request")  # COG-AUT-016
    scopes = _scopes(client, request.scope)
    if scopes is None:
        raise refusal("invalid_request", "invalid_scope")  # COG-AUT-047
    if request.resource is not None and not _is_resource(request.resource):
        raise refusal("invalid_request")  # COG-AUT-028
    prompts = frozenset((request.prompt or "").split())
    if not prompts <= _PROMPTS or ("none" in prompts and len(prompts) > 1):
        raise refusal("invalid_request")  # OpenID Connect Core §3.1.2.1
    return Authorization(
        pool=pool,
        client=client,
        redirect_uri=redirect_uri,
        response_type=request.response_type,
        scopes=scopes,
        state=request.state,
        nonce=request.nonce,
        code_challenge=request.code_challenge,
        resource=request.resource,
        prompts=prompts,
        provider_available=_provider_available(client, request),
    )


def authorize(
    services: Services, *, authorization: Authorization, session_secret: str | None
) -> Grant | None:
    """Answer at once from the browser's session, or return None when the user must sign in."""
    found = None
    if "login" not in authorization.prompts:  # COG-AUT-025
        found = find_session(services, secret=session_secret, pool_id=authorization.pool.id)
    if found is None and "none" in authorization.prompts:
        raise _Refusals(
            authorization.redirect_uri, authorization.state, in_fragment=authorization.in_fragment
        )("login_required")  # COG-AUT-024
    # A provider that this client does not offer is refused by the sign-in page.
    if found is None or not authorization.provider_available:
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
        tokens = issue_tokens(
            services,
            client=authorization.client,
            user=user,
            scopes=authorization.scopes,
            auth_time=auth_time,
            nonce=authorization.nonce,
            hosted=True,
            resource=authorization.resource,
        )
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


@dataclass(frozen=True, slots=True)
class _Refusals:
    """Makes refusals for a redirect URI that is known to be the client's."""

    redirect_uri: str
    state: str | None
    in_fragment: bool

    def __call__(self, error: str, description: str | None = None) -> RedirectError:
        return RedirectError(
            error,
            redirect_uri=self.redirect_uri,
            description=description,
            state=self.state,
            in_fragment=self.in_fragment,
        )


def _redirect_uri(client: AppClient, given: str | None) -> str:
    if not client.settings.get("AllowedOAuthFlowsUserPoolClient"):
        # The callback URLs have no effect then (COG-SCO-018), so the client cannot be told.
        raise PageError("Client is not enabled for OAuth2.0 flows.", client_id=client.id)
    if given is not None:
        if given not in client.callback_urls:  # exact strings, COG-AUT-009
            raise redirect_mismatch(client.id)
        return given
    # COG-AUT-006
    if len(client.identity_providers) == 1:
        if client.default_redirect_uri in client.callback_urls:
            return client.default_redirect_uri
        if len(client.callback_urls) == 1:
            return client.callback_urls[0]
    raise missing_parameter("redirect_uri")


def _scopes(client: AppClient, given: str | None) -> tuple[str, ...] | None:
    """Return the scopes to grant, or None if the request is not the client's to make."""
    if given is None or not given.split():
        return client.oauth_scopes  # COG-SCO-005
    asked = tuple(dict.fromkeys(given.split()))
    if not set(asked) <= set(client.oauth_scopes):
        return None
    if "openid" not in asked and _NEED_OPENID & set(asked):
        return None
    return asked


def _is_resource(value: str) -> bool:
    scheme, separator, rest = value.partition("://")
    if not separator or not scheme or not rest:
        return False
    return scheme != "http" or rest.partition("/")[0].partition(":")[0] == "localhost"


def _provider_available(client: AppClient, request: AuthorizationRequest) -> bool:
    """Whether the wanted identity provider can sign users in; only the pool itself does so far."""
    wanted = request.identity_provider or request.idp_identifier or "COGNITO"
    return wanted == "COGNITO" and "COGNITO" in client.identity_providers


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
