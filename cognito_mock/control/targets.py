"""The names of the mock's parts, by which faults find requests.

The control API and the start page have none: they must work for the faults to be lifted.
"""

import re

from starlette.types import Scope

# `any` is every part; `pages` are what people see and no other name fits.
TARGETS = (
    "any",
    "api",
    "jwks",
    "discovery",
    "authorize",
    "token",
    "userinfo",
    "revoke",
    "logout",
    "pages",
)
_FIXED = {
    "/oauth2/authorize": "authorize",
    "/oauth2/token": "token",
    "/oauth2/userInfo": "userinfo",
    "/oauth2/revoke": "revoke",
    "/logout": "logout",
}
_OPERATION = re.compile(rb"[A-Za-z0-9]+\.([A-Za-z]{1,64})")


def targets_of(scope: Scope) -> tuple[str, ...]:
    """Return the names that this request goes by; none for the control API and the start page."""
    path: str = scope["path"]
    if path == "/_mock" or path.startswith("/_mock/"):
        return ()
    if path == "/":
        return _call_targets(scope) if scope["method"] == "POST" else ()
    if path.endswith("/.well-known/jwks.json"):
        return ("jwks", "any")
    if path.endswith("/.well-known/openid-configuration"):
        return ("discovery", "any")
    return (_FIXED.get(path, "pages"), "any")


def _call_targets(scope: Scope) -> tuple[str, ...]:
    for name, value in scope["headers"]:
        if name == b"x-amz-target":
            operation = _OPERATION.fullmatch(value)
            if operation is not None:
                return (f"api:{operation[1].decode()}", "api", "any")
    return ("api", "any")
