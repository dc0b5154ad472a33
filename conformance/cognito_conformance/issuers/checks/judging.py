"""Phrases that checks are made of."""

from collections.abc import Collection

from cognito_conformance.issuers.wire import Reply, Wrong

OK = 200
BAD_REQUEST = 400
UNAUTHORIZED = 401
NOT_FOUND = 404


def require(condition: object, otherwise: str) -> None:
    """Raise `Wrong` with what is the case instead, unless ``condition`` holds."""
    if not condition:
        raise Wrong(otherwise)


def refused(reply: Reply, *types: str) -> None:
    """Require an error of the API: HTTP 400 and one of the types."""
    require(reply.status != OK, f"not refused: {_holds(reply)}")
    require(
        reply.status == BAD_REQUEST and reply.type in types,
        f"{reply}, not HTTP 400 {' or '.join(types)}",
    )


def denied(reply: Reply, *errors: str, statuses: Collection[int] = (BAD_REQUEST,)) -> None:
    """Require an error of the OAuth endpoints."""
    require(reply.status != OK, f"not refused: {_holds(reply)}")
    require(
        reply.status in statuses and reply.error in errors,
        f"{reply}, not HTTP {' or '.join(map(str, statuses))} {' or '.join(errors)}",
    )


def same(found: object, wanted: object, what: str) -> None:
    """Require two values to be equal, and of one type."""
    require(
        type(found) is type(wanted) and found == wanted,
        f"{what} is {shown(found)}, not {shown(wanted)}",
    )


def shown(value: object) -> str:
    """Return a value for a text: its beginning."""
    text = "absent" if value is None else repr(value)
    return text if len(text) <= 90 else f"{text[:90]}…"  # noqa: PLR2004


def _holds(reply: Reply) -> str:
    members = sorted(reply.body) if isinstance(reply.body, dict) else []
    return f"HTTP 200 with {', '.join(members) or 'an empty body'}"
