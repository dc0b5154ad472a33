"""How a control call becomes a function call, and its result an answer (CONTRACT, control API).

Bad input is HTTP 400 with ``{"error", "message"}``. Nothing here knows what the calls do.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from cognito_mock.core.errors import CognitoError, ResourceNotFoundException
from cognito_mock.core.json_types import JsonObject
from cognito_mock.web.workers import run_in_worker

MAX_BODY_BYTES = 1_000_000


class ControlError(Exception):
    """An answer other than 200; ``error`` is for programs, ``message`` for people."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = error
        self.message = message


def bad_request(message: str) -> ControlError:
    """The input is wrong."""
    return ControlError(400, "invalid_request", message)


def not_found(message: str) -> ControlError:
    """What the call names does not exist."""
    return ControlError(404, "not_found", message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One control call. ``body`` is empty when none was sent."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    body: JsonObject

    def only(self, *names: str) -> None:
        """Refuse members that the call does not have, so that a typo is not silently ignored."""
        unknown = sorted(set(self.body) - set(names))
        if unknown:
            raise bad_request(f"unknown member {json.dumps(unknown[0])}")

    def text(self, name: str) -> str | None:
        """Return a text member, or None when it is absent or null."""
        value = self.body.get(name)
        if value is not None and not isinstance(value, str):
            raise bad_request(f'"{name}" must be a string')
        return value

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        """Return a text member that has one of ``choices``."""
        value = self.text(name)
        if value is None:
            return default
        if value not in choices:
            raise bad_request(f'"{name}" must be one of {", ".join(choices)}')
        return value


def endpoint(
    handler: Callable[[Call], JsonObject], *, max_bytes: int = MAX_BODY_BYTES
) -> Callable[[Request], Awaitable[Response]]:
    """Wrap a plain function: JSON in, a worker thread, JSON out."""

    async def answer(request: Request) -> Response:
        try:
            call = Call(
                path={name: str(value) for name, value in request.path_params.items()},
                query=dict(request.query_params),
                body=_parse(await _read(request, max_bytes)),
            )
            return _render(await run_in_worker(handler, call))
        except ControlError as error:
            return error_response(error)
        except ResourceNotFoundException as error:
            return error_response(not_found(error.message))
        except CognitoError as error:
            return error_response(bad_request(error.message))

    return answer


def error_response(error: ControlError) -> Response:
    """Render a refusal."""
    return _render({"error": error.error, "message": error.message}, error.status)


def _render(document: JsonObject, status: int = 200) -> Response:
    # Escaped to ASCII, since JSON strings can hold lone surrogates and UTF-8 cannot.
    text = json.dumps(document, separators=(",", ":"))
    return Response(text, status, media_type="application/json")


async def _read(request: Request, max_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            raise ControlError(413, "too_large", f"the body exceeds {max_bytes} bytes")
    return bytes(body)


def _parse(body: bytes) -> JsonObject:
    if not body.strip():
        return {}
    try:
        document = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise bad_request("the body is not JSON") from error
    if not isinstance(document, dict):
        raise bad_request("the body must be a JSON object")
    return document


def _refuse_constant(name: str) -> None:
    # RFC 8259 §6: NaN and Infinity are not JSON.
    raise ValueError(name)
