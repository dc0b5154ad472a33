"""Cookies of the pool's domain (spec section 3.4).

``Secure`` is set only when the client speaks TLS: over the plain HTTP that the mock speaks on
loopback most clients would drop such a cookie. ``Domain`` is never set: a host-only cookie cannot
be tossed from, or leak to, a neighbouring name below .localhost.
"""

import hmac
import re

from starlette.requests import Request
from starlette.responses import Response

from cognito_mock.core.ids import Entropy, new_uuid
from cognito_mock.web.origin import Origin

SESSION_COOKIE = "cognito"
XSRF_COOKIE = "XSRF-TOKEN"
_PAGE_DATA_COOKIE = "page-data"  # COG-COO-001
_SESSION_SECONDS = 3600  # COG-COO-009
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def session_secret(request: Request) -> str | None:
    """Return what the browser holds of its session."""
    return request.cookies.get(SESSION_COOKIE)


def xsrf_token(request: Request, entropy: Entropy) -> str:
    """Return this browser's token, or a new one; only our own form of it is believed."""
    token = request.cookies.get(XSRF_COOKIE, "")
    return token if _UUID.fullmatch(token) else new_uuid(entropy)


def xsrf_matches(request: Request, field: str) -> bool:
    """Whether the form came from a page of ours in this browser (double submit, COG-PAG-011)."""
    token = request.cookies.get(XSRF_COOKIE, "")
    return bool(_UUID.fullmatch(token)) and hmac.compare_digest(token.encode(), field.encode())


def set_xsrf(response: Response, token: str, origin: Origin) -> None:
    """COG-COO-006. ``token`` is one of ours: nothing in it needs quoting (RFC 6265 §4.1.1)."""
    secure = "; Secure" if origin.secure else ""
    _append(response, f"{XSRF_COOKIE}={token}; HttpOnly; Path=/; SameSite=lax{secure}")


def set_session(response: Response, secret: str, origin: Origin) -> None:
    """COG-COO-009: one hour. ``secret`` is one of ours, likewise."""
    secure = "; Secure" if origin.secure else ""
    _append(
        response,
        f"{SESSION_COOKIE}={secret}; HttpOnly; Max-Age={_SESSION_SECONDS}; Path=/; SameSite=lax"
        f"{secure}",
    )


def clear_session(response: Response, origin: Origin) -> None:
    """Take the session away from the browser (COG-COO-005)."""
    response.delete_cookie(
        SESSION_COOKIE, path="/", secure=origin.secure, httponly=True, samesite="lax"
    )


def page_data(request: Request) -> str | None:
    """Return what one page left for the next."""
    return request.cookies.get(_PAGE_DATA_COOKIE)


def set_page_data(response: Response, value: str, origin: Origin, seconds: int) -> None:
    """Leave something for the next page."""
    response.set_cookie(
        _PAGE_DATA_COOKIE,
        value,
        max_age=seconds,
        path="/",
        secure=origin.secure,
        httponly=True,
        samesite="lax",
    )


def clear_page_data(response: Response, origin: Origin) -> None:
    """Take it away."""
    response.delete_cookie(
        _PAGE_DATA_COOKIE, path="/", secure=origin.secure, httponly=True, samesite="lax"
    )


def _append(response: Response, cookie: str) -> None:
    response.raw_headers.append((b"set-cookie", cookie.encode("latin-1")))
