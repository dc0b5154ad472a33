"""The authorize request and what is checked of it, in which order (spec section 3.2).

``AuthorizationRequest`` is what the browser said; only `check_request` makes an ``Authorization``
of it, and only for one of those `authorization_answers` gives a code or a token.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from cognito_mock.core.clients import AppClient
from cognito_mock.core.pools import UserPool
from cognito_mock.core.resource_servers import RESERVED_SCOPES
from cognito_mock.flows.domains import Site, client_at
from cognito_mock.flows.oauth_errors import (
    PageError,
    RedirectError,
    missing_parameter,
    redirect_mismatch,
    unknown_client,
)
from cognito_mock.flows.services import Services

_FLOW_OF = {"code": "code", "token": "implicit"}  # COG-AUT-003
_PROMPTS = frozenset({"none", "login", "select_account", "consent"})  # COG-AUT-023
_NEED_OPENID = frozenset({"email", "phone", "profile"})  # COG-SCO-003
# What the service says is known, its wording is not.
_OF_ANOTHER_RESOURCE = (
    "Custom scopes requested for resource-binding must be assigned to the resource being requested"
)


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
        known = cls.__dataclass_fields__
        return cls(**{name: value for name, value in parameters.items() if value and name in known})


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

    def refusal(self, error: str) -> RedirectError:
        """Return an error for the client that is found only after these checks."""
        return RedirectError(
            error,
            redirect_uri=self.redirect_uri,
            state=self.state,
            in_fragment=self.in_fragment,
        )


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

    def refusal(error: str, description: str | None = None) -> RedirectError:
        return RedirectError(
            error,
            redirect_uri=redirect_uri,
            description=description,
            state=request.state,
            in_fragment=request.response_type == "token",
        )

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
    if request.resource is not None and not _scopes_fit(request.scope, request.resource):
        raise refusal("invalid_request", _OF_ANOTHER_RESOURCE)  # COG-AUT-031
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


def _scopes_fit(given: str | None, resource: str) -> bool:
    """Whether the custom scopes that were asked for are those of ``resource``."""
    custom = set((given or "").split()) - RESERVED_SCOPES
    return all(scope.rpartition("/")[0] == resource for scope in custom)


def _provider_available(client: AppClient, request: AuthorizationRequest) -> bool:
    """Whether the wanted identity provider can sign users in; only the pool itself does so far."""
    wanted = request.identity_provider or request.idp_identifier or "COGNITO"
    return wanted == "COGNITO" and "COGNITO" in client.identity_providers
