"""The table of control calls, and the ones that are a line or two (CONTRACT, control API)."""

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cognito_mock.control import clock, fault_calls, minting, pool_keys, snapshot
from cognito_mock.control.http import Call, endpoint, not_found
from cognito_mock.control.parts import ControlParts
from cognito_mock.core.grants import Message
from cognito_mock.core.json_types import JsonObject
from cognito_mock.core.pools import UserPool
from cognito_mock.flows.inbox import clear_messages, list_messages

_Handler = Callable[[ControlParts, Call], JsonObject]


def routes(parts: ControlParts) -> list[Route]:
    """Return the calls below ``/_mock/api``."""
    table: list[tuple[str, str, _Handler]] = [
        ("GET", "/messages", _messages),
        ("DELETE", "/messages", _clear_messages),
        ("GET", "/clock", clock.show),
        ("POST", "/clock", clock.move),
        ("POST", "/pools/{pool_id}/keys/rotate", pool_keys.rotate),
        ("POST", "/tokens", minting.mint),
        ("POST", "/reset", _reset),
        ("GET", "/coverage", _coverage),
        ("GET", "/faults", fault_calls.show),
        ("PUT", "/faults", fault_calls.put),
        ("DELETE", "/faults", fault_calls.lift),
        ("GET", "/snapshot", snapshot.show),
    ]
    return [
        *[
            Route(path, endpoint(partial(handler, parts)), methods=[method])
            for method, path, handler in table
        ],
        Route(
            "/snapshot",
            endpoint(partial(snapshot.restore, parts), max_bytes=snapshot.MAX_BYTES),
            methods=["PUT"],
        ),
    ]


def health(parts: ControlParts) -> Callable[[Request], Awaitable[Response]]:
    """``GET /_mock/health``: the app answers and its store can be read."""

    def show(_call: Call) -> JsonObject:
        with parts.services.store.read() as tx:
            pools = len(tx.scan(UserPool))
        return {"status": "ok", "pools": pools}

    return endpoint(show)


def _messages(parts: ControlParts, call: Call) -> JsonObject:
    pool_id = call.query.get("pool") or None
    if pool_id is not None:
        with parts.services.store.read() as tx:
            if tx.get(UserPool, pool_id) is None:
                raise not_found("there is no such user pool")
    found = list_messages(
        parts.services,
        pool_id=pool_id,
        recipient=call.query.get("recipient") or None,
    )
    return {"messages": [_message(message) for message in found]}


def _message(message: Message) -> JsonObject:
    return {
        "id": message.id,
        "pool": message.pool_id,
        "username": message.username,
        "medium": message.medium,
        "recipient": message.recipient,
        "trigger_source": message.trigger_source,
        "subject": message.subject,
        "body": message.body,
        "code": message.code,
        "link": message.link,
        "sent_at": message.sent_at,
    }


def _clear_messages(parts: ControlParts, _call: Call) -> JsonObject:
    clear_messages(parts.services)
    return {}


def _reset(parts: ControlParts, call: Call) -> JsonObject:
    call.only()
    parts.faults.replace(())
    parts.reset()
    return {}


def _coverage(parts: ControlParts, _call: Call) -> JsonObject:
    return {"operations": list(parts.coverage())}
