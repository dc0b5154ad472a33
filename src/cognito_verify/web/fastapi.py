"""Tokens as a FastAPI dependency.

::

    auth = CognitoBearer(verifier, hosted_ui="https://shop.auth.eu-west-1.amazoncognito.com")

    @app.get("/me")
    async def me(claims: Annotated[Claims, Depends(auth)]): ...

    @app.delete("/orders", dependencies=[Depends(auth.requires(groups=["admins"]))])
    async def delete(): ...

``Security(auth, scopes=[...])`` works as FastAPI defines it: those scopes are all needed, and with
``auth.optional`` too, of those who bring a token. Endpoints that return a ``Response`` of their own
set ``Vary`` themselves if caches may keep it.
"""

from collections.abc import Collection, Mapping
from copy import copy

from cognito_verify.claims import Claims
from cognito_verify.pool import check_url
from cognito_verify.web._bearer import (
    BearerGuard,
    Refusal,
    Requirement,
    TokenVerifier,
    requirement,
)
from cognito_verify.web._credentials import CognitoCookies
from cognito_verify.web._extra import needs_extra

with needs_extra("fastapi", "fastapi"):
    from fastapi.openapi import models
    from fastapi.security import SecurityScopes
    from fastapi.security.base import SecurityBase
    from starlette.requests import HTTPConnection
    from starlette.responses import Response

    from cognito_verify.web.starlette import bearer_request, http_exception, vary

__all__ = ["CognitoBearer", "CognitoCookies"]

_UNAUTHORIZED = 401


class CognitoBearer(SecurityBase):
    """A dependency that returns the claims of the request's token, or answers the request.

    Args:
        verifier: Says which tokens are good.
        groups: The user must be in one of these.
        scopes: One of these must have been granted.
        realm: The name of the protected space, for ``WWW-Authenticate``.
        cookies: Take the token from cookies, too.
        hosted_ui: The pool's domain, ``https://...``; then the API's documentation can sign in.
        offered_scopes: The scopes to choose from there, with a description each.
        scheme_name: The name of the security scheme in the OpenAPI document.

    """

    def __init__(
        self,
        verifier: TokenVerifier,
        *,
        groups: str | Collection[str] | None = None,
        scopes: str | Collection[str] | None = None,
        realm: str = "api",
        cookies: CognitoCookies | None = None,
        hosted_ui: str | None = None,
        offered_scopes: Mapping[str, str] | None = None,
        scheme_name: str = "Cognito",
    ) -> None:
        self._guard = BearerGuard(verifier, realm=realm, cookies=cookies)
        self._requirements: tuple[Requirement, ...] = (requirement(groups, scopes),)
        self.scheme_name = scheme_name
        self.model = (
            models.HTTPBearer(bearerFormat="JWT")
            if hosted_ui is None
            else _authorization_code(hosted_ui, offered_scopes or {})
        )

    def requires(
        self,
        *,
        groups: str | Collection[str] | None = None,
        scopes: str | Collection[str] | None = None,
    ) -> "CognitoBearer":
        """Return a dependency that also wants one of the groups, and one of the scopes."""
        stricter = copy(self)
        stricter._requirements = (*self._requirements, requirement(groups, scopes))  # noqa: SLF001
        return stricter

    async def __call__(
        self, connection: HTTPConnection, security_scopes: SecurityScopes, response: Response
    ) -> Claims:
        """Return the claims. Raises Starlette's ``HTTPException``."""
        outcome = await self._check(connection, security_scopes, response)
        if isinstance(outcome, Refusal):
            raise http_exception(outcome)
        return outcome

    async def optional(
        self, connection: HTTPConnection, security_scopes: SecurityScopes, response: Response
    ) -> Claims | None:
        """Return the claims, or None for a request without a token: ``Depends(auth.optional)``.

        A token that is there must be good: it is refused as usual if it is not.
        """
        outcome = await self._check(connection, security_scopes, response)
        if not isinstance(outcome, Refusal):
            return outcome
        if outcome.status == _UNAUTHORIZED and outcome.error is None:  # RFC 6750 §3.1
            return None
        raise http_exception(outcome)

    async def _check(
        self, connection: HTTPConnection, security_scopes: SecurityScopes, response: Response
    ) -> Claims | Refusal:
        vary(response.headers, self._guard)
        each = [requirement(scopes=scope) for scope in security_scopes.scopes]
        return await self._guard.check_async(bearer_request(connection), *self._requirements, *each)


def _authorization_code(hosted_ui: str, scopes: Mapping[str, str]) -> models.OAuth2:
    """Describe the pool's domain, which has had these paths since it had a name (§3, §5)."""
    base = check_url(hosted_ui, "hosted_ui").rstrip("/")
    return models.OAuth2(
        flows=models.OAuthFlows(
            authorizationCode=models.OAuthFlowAuthorizationCode(
                authorizationUrl=f"{base}/oauth2/authorize",
                tokenUrl=f"{base}/oauth2/token",
                scopes=dict(scopes),
            )
        )
    )
