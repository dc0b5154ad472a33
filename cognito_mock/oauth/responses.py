"""The one place that knows how the OAuth endpoints for programs look on the wire."""

import json
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from cognito_mock.core.ids import Entropy
from cognito_mock.core.json_types import JsonObject
from cognito_mock.flows.oauth_errors import ProtocolError
from cognito_mock.web.cookies import set_xsrf, xsrf_token
from cognito_mock.web.endpoints import Unreadable
from cognito_mock.web.headers import ANY_ORIGIN, PREFLIGHT, add_domain_headers
from cognito_mock.web.origin import origin_of

_JSON = "application/json;charset=UTF-8"  # COG-TKE-070


def json_answer(
    request: Request,
    entropy: Entropy,
    document: JsonObject,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer of token, userInfo or revoke: compact JSON, readable from any origin."""
    body = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    return _api_answer(request, entropy, body, status, {"Content-Type": _JSON, **(headers or {})})


def empty_answer(request: Request, entropy: Entropy) -> Response:
    """COG-REV-003."""
    return _api_answer(request, entropy, "", 200, {})


def refusal_answer(
    request: Request,
    entropy: Entropy,
    refusal: ProtocolError,
    *,
    status: int = 400,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """COG-TKE-070, COG-UI-016."""
    document = {"error": refusal.error}
    if refusal.description is not None:
        document["error_description"] = refusal.description
    return json_answer(request, entropy, document, status=status, headers=headers)


def unreadable_answer(entropy: Entropy) -> Unreadable:
    """Render a body that is no form, or too large, for the JSON endpoints."""

    def answer(request: Request, status: int) -> Response:
        return refusal_answer(request, entropy, ProtocolError("invalid_request"), status=status)

    return answer


def preflight(request: Request) -> Response:
    """Answer a browser's question before a cross-origin request."""
    del request
    return Response(status_code=204, headers=PREFLIGHT)


def _api_answer(
    request: Request, entropy: Entropy, body: str, status: int, headers: Mapping[str, str]
) -> Response:
    origin = origin_of(request)
    response = Response(body, status, headers={**ANY_ORIGIN, **headers})
    add_domain_headers(response, origin, entropy)
    set_xsrf(response, xsrf_token(request, entropy), origin)
    return response
