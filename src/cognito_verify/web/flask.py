"""Tokens for Flask.

::

    cognito = CognitoAuth(verifier)

    @app.get("/me")
    @cognito.requires()
    def me():
        return {"sub": current_claims().sub}

    blueprint.before_request(cognito.check)  # everything in it needs a token

``requires`` stands below the route, or else it guards nothing that Flask calls. Refusals are raised
as Werkzeug's exceptions, so an ``errorhandler(401)`` sees them. Answers to ``OPTIONS`` that Flask
makes by itself need no token, so that an extension can make them answers to CORS preflights.
"""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, TypeVar, cast

from cognito_verify.claims import Claims
from cognito_verify.errors import ConfigurationError
from cognito_verify.web._bearer import (
    BearerGuard,
    Refusal,
    Requirement,
    TokenVerifier,
    requirement,
)
from cognito_verify.web._credentials import BearerRequest, CognitoCookies
from cognito_verify.web._extra import needs_extra

with needs_extra("flask", "flask"):
    from flask import Response, abort, after_this_request, current_app, jsonify, request

__all__ = ["CognitoAuth", "CognitoCookies", "current_claims"]

# In the request's own environment: `g` may outlive a request.
_CLAIMS = "cognito_verify.claims"

View = TypeVar("View", bound=Callable[..., Any])


class CognitoAuth:
    """Answers requests without a good token.

    Args:
        verifier: Says which tokens are good.
        realm: The name of the protected space, for ``WWW-Authenticate``.
        cookies: Take the token from cookies, too.

    """

    def __init__(
        self, verifier: TokenVerifier, *, realm: str = "api", cookies: CognitoCookies | None = None
    ) -> None:
        self._guard = BearerGuard(verifier, realm=realm, cookies=cookies)

    def check(self) -> None:
        """Verify the current request's token; for ``before_request``."""
        rule = request.url_rule
        if request.method == "OPTIONS" and getattr(rule, "provide_automatic_options", False):
            return  # Flask will answer by itself, without any view
        self._check(Requirement())

    def requires(
        self,
        *,
        groups: str | Collection[str] | None = None,
        scopes: str | Collection[str] | None = None,
    ) -> Callable[[View], View]:
        """Let only those into a view who are in one of the groups and have one of the scopes."""
        wanted = requirement(groups, scopes)

        def decorate(view: View) -> View:
            @wraps(view)
            def guarded(*args: Any, **kwargs: Any) -> Any:
                self._check(wanted)
                return current_app.ensure_sync(view)(*args, **kwargs)

            return cast("View", guarded)

        return decorate

    def _check(self, wanted: Requirement) -> None:
        outcome = self._guard.check(
            BearerRequest(
                method=request.method,
                authorization=request.headers.getlist("Authorization"),
                cookie=request.headers.getlist("Cookie"),
                sec_fetch_site=request.headers.get("Sec-Fetch-Site", ""),
            ),
            wanted,
        )
        if isinstance(outcome, Refusal):
            response = jsonify(outcome.body())
            response.status_code = outcome.status
            response.headers.update(outcome.headers)
            abort(outcome.status, response=response)
        request.environ[_CLAIMS] = outcome
        after_this_request(self._vary)

    def _vary(self, response: Response) -> Response:
        """Say that the answer depends on the token."""
        response.vary.update(self._guard.vary)
        return response


def current_claims() -> Claims:
    """Return the verified claims of the current request."""
    claims = request.environ.get(_CLAIMS)
    if claims is None:
        raise ConfigurationError("no CognitoAuth has checked this request")
    return cast("Claims", claims)
