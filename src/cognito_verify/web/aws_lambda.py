"""Tokens in AWS Lambda: handlers behind a URL, and authorizers for API Gateway.

::

    @requires(verifier, groups=["admins"])  # Function URL, HTTP API, REST API proxy
    def handler(event, context, claims): ...

    authorizer = rest_authorizer(verifier)  # Lambda authorizer of a REST API, TOKEN or REQUEST
    authorizer = http_authorizer(verifier)  # of an HTTP API: payload 2.0, simple responses

Build them when the module is loaded, so that warm starts find the keys.

API Gateway lets an authorizer answer with less: 401, 403 and 500, all without ``WWW-Authenticate``.
It keeps an answer for some time (300 seconds by default), for all methods that share the
authorizer, and for a token that expires in the meantime; so the policy is for the whole stage, and
the time, `authorizerResultTtlInSeconds`, is to be chosen in the API. It finds the answer again by
the identity sources alone. So these must be all that decides, or the next one who sends the same
gets somebody else's answer:

* ``Authorization``; nothing else will do.
* With ``cookies``, which an authorizer reads instead of the header: ``Cookie``, ``Sec-Fetch-Site``
  and ``$context.httpMethod`` (a REST API: ``context.httpMethod``), or else a time of 0.

Where an event lists the sources, as an HTTP API's does, anything else is a `ConfigurationError`.

Fetching keys may take 5 seconds (`HttpFetcher.total_timeout`); give the function more than that,
for 3 is the default. A REST API renames ``WWW-Authenticate`` to
``x-amzn-Remapped-WWW-Authenticate``. CORS preflights are the API's or the Function URL's to answer.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import wraps
from typing import Any, TypeAlias

from cognito_verify.claims import Claims
from cognito_verify.errors import ConfigurationError
from cognito_verify.web._bearer import BearerGuard, Refusal, TokenVerifier, requirement
from cognito_verify.web._credentials import (
    SAFE_METHODS,
    BearerRequest,
    CognitoCookies,
    find_token,
)

__all__ = ["CognitoCookies", "Unavailable", "http_authorizer", "requires", "rest_authorizer"]

#: JSON from API Gateway, and for it.
Event: TypeAlias = Mapping[str, Any]
Answer: TypeAlias = dict[str, Any]

_WEBSOCKET = "WEBSOCKET"
_FORBIDDEN = 403
_UNAVAILABLE = 503


class Unavailable(Exception):  # noqa: N818  (named after what was found)
    """The pool's keys could not be fetched. API Gateway answers 500 to any error."""


def requires(
    verifier: TokenVerifier,
    *,
    groups: str | Collection[str] | None = None,
    scopes: str | Collection[str] | None = None,
    realm: str = "api",
    cookies: CognitoCookies | None = None,
) -> Callable[[Callable[[Any, Any, Claims], Any]], Callable[[Any, Any], Any]]:
    """Give a handler the claims as its third argument, or answer for it.

    The user must be in one of the groups, and one of the scopes must have been granted.
    """
    guard = BearerGuard(verifier, realm=realm, cookies=cookies)
    wanted = requirement(groups, scopes)

    def decorate(handler: Callable[[Any, Any, Claims], Any]) -> Callable[[Any, Any], Any]:
        @wraps(handler)
        def guarded(event: Event, context: object) -> Any:
            outcome = guard.check(_bearer_request(event), wanted)
            if isinstance(outcome, Refusal):
                return _response(outcome)
            return handler(event, context, outcome)

        return guarded

    return decorate


def rest_authorizer(
    verifier: TokenVerifier,
    *,
    groups: str | Collection[str] | None = None,
    scopes: str | Collection[str] | None = None,
    cookies: CognitoCookies | None = None,
) -> Callable[[Event, object], Answer]:
    """Return a Lambda authorizer for a REST API, of type TOKEN or REQUEST.

    No good token: ``Exception("Unauthorized")``, which API Gateway turns into 401. No such group or
    scope: a policy that denies, 403. Keys unreachable: another exception, 500.

    A policy for a cookie allows GET, HEAD and OPTIONS, or the one method of a request that no other
    site can make.

    Later stages see ``sub``, ``username``, ``client_id``, ``token_use``, ``scope`` (separated by
    spaces) and ``groups`` (a JSON array as text) in ``requestContext.authorizer``.
    """
    guard = BearerGuard(verifier, cookies=cookies)
    wanted = requirement(groups, scopes)

    def authorizer(event: Event, context: object) -> Answer:  # noqa: ARG001  (Lambda gives it)
        request = _authorizer_request(event, cookies)
        outcome = guard.check(request, wanted)
        if not isinstance(outcome, Refusal):
            _check_identity_sources(event, request, cookies)
            policy = _policy("Allow", outcome.sub, event, _methods(request, cookies))
            return policy | {"context": _context(outcome)}
        if outcome.status == _FORBIDDEN:
            return _policy("Deny", "refused", event, ["*"])
        if outcome.status == _UNAVAILABLE:
            raise Unavailable(outcome.description)
        # The one text that means 401.
        raise Exception("Unauthorized")  # noqa: TRY002

    return authorizer


def http_authorizer(
    verifier: TokenVerifier,
    *,
    groups: str | Collection[str] | None = None,
    scopes: str | Collection[str] | None = None,
    cookies: CognitoCookies | None = None,
) -> Callable[[Event, object], Answer]:
    """Return a Lambda authorizer for an HTTP API: payload format 2.0, simple responses.

    A refusal is a 403: these responses have no other. (A request without the identity source, say
    ``$request.header.Authorization``, is a 401 before it comes here.) Keys unreachable: an
    exception, 500.

    Later stages see the same names as with `rest_authorizer`, in
    ``requestContext.authorizer.lambda``.
    """
    guard = BearerGuard(verifier, cookies=cookies)
    wanted = requirement(groups, scopes)

    def authorizer(event: Event, context: object) -> Answer:  # noqa: ARG001  (Lambda gives it)
        request = _authorizer_request(event, cookies)
        outcome = guard.check(request, wanted)
        if not isinstance(outcome, Refusal):
            _check_identity_sources(event, request, cookies)
            return {"isAuthorized": True, "context": _context(outcome)}
        if outcome.status == _UNAVAILABLE:
            raise Unavailable(outcome.description)
        return {"isAuthorized": False}

    return authorizer


def _bearer_request(event: Event) -> BearerRequest:
    """Read an event of any of the shapes, written by AWS from what a stranger has sent."""
    if event.get("type") == "TOKEN":  # there is nothing else in it
        return BearerRequest("", [event.get("authorizationToken") or ""])
    headers = _headers(event)
    context = event.get("requestContext") or {}
    method = (context.get("http") or {}).get("method") or event.get("httpMethod")
    if method is None or "connectionId" in context:  # a WebSocket API
        method = _WEBSOCKET
    return BearerRequest(
        method=method,
        authorization=headers.get("authorization", []),
        cookie=event.get("cookies") or headers.get("cookie", []),  # payload 2.0, or before
        sec_fetch_site=",".join(headers.get("sec-fetch-site", [])),
    )


def _headers(event: Event) -> dict[str, list[str]]:
    """Return all header lines by lower-case name. Payload 2.0 has joined those of one name."""
    found: dict[str, list[str]] = {}
    many = event.get("multiValueHeaders")
    lines = many or {name: [value] for name, value in (event.get("headers") or {}).items()}
    for name, values in lines.items():
        found.setdefault(name.lower(), []).extend(v for v in values or () if v is not None)
    return found


def _response(refusal: Refusal) -> Answer:
    return {
        "statusCode": refusal.status,
        "headers": dict(refusal.headers) | {"Content-Type": "application/json"},
        "body": json.dumps(refusal.body()),
    }


def _authorizer_request(event: Event, cookies: CognitoCookies | None) -> BearerRequest:
    """Read one place only: API Gateway keeps what was found there under what it found there."""
    request = _bearer_request(event)
    return request if cookies is None else request._replace(authorization=())


def _check_identity_sources(
    event: Event, request: BearerRequest, cookies: CognitoCookies | None
) -> None:
    """Raise `ConfigurationError` if API Gateway may give this answer to another request.

    HTTP APIs list the values of their identity sources. Without any they keep nothing.
    """
    sources = event.get("identitySource") or ()
    if isinstance(sources, str):  # payload 1.0
        sources = sources.split(",")
    token = find_token(request, cookies).text
    others = set()
    if cookies is not None:
        others = {request.method} if request.is_safe else {request.method, request.sec_fetch_site}
    if sources and not (any(token in source for source in sources) and others <= {*sources}):
        raise ConfigurationError("the identity sources are not all that the answer depends on")


def _methods(request: BearerRequest, cookies: CognitoCookies | None) -> Sequence[str]:
    """Return the methods to allow: not those for which another site's cookie does not count."""
    if cookies is None or request.method == _WEBSOCKET:
        return ["*"]
    return SAFE_METHODS if request.is_safe else [request.method]


def _policy(effect: str, principal: str, event: Event, methods: Sequence[str]) -> Answer:
    # Payload 2.0 has another name for it.
    arn = event.get("methodArn") or event["routeArn"]
    api, stage = str(arn).split("/")[:2]
    # Not the one path: the answer will be used for the next one, too.
    resources = [f"{api}/{stage}/{method}" + "/*" * (method != "*") for method in methods]
    return {
        "principalId": principal,
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": effect,
                    "Resource": resources[0] if len(resources) == 1 else resources,
                }
            ],
        },
    }


def _context(claims: Claims) -> dict[str, str]:
    """Return what later stages may know: flat, as a REST API wants it."""
    return {
        "sub": claims.sub,
        "username": claims.username or "",
        "client_id": claims.client_id,
        "token_use": claims.token_use,
        "scope": " ".join(claims.scopes),
        # A trigger may put spaces and commas into a group's name.
        "groups": json.dumps(claims.groups),
    }
