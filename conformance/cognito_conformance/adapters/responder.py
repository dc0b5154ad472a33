"""Answer protocol requests with an in-process adapter.

The one place where a Python adapter meets the protocol: an adapter judged in this process and the
same adapter behind ``python -m cognito_conformance.serve`` go through these lines alike.
"""

import json
import traceback
from typing import Any, Final

from cognito_conformance.model import Adapter, ConfigurationRefused, Reason, Rejected
from cognito_conformance.protocol.messages import (
    PROTOCOL_VERSION,
    config_from_wire,
    implementation_to_wire,
)

_TEXT_LIMIT: Final = 2000
_REASONS: Final = frozenset(reason.value for reason in Reason)


class Responder:
    """Turns one request line into one response line."""

    def __init__(self, adapter: Adapter) -> None:
        self._adapter = adapter

    def respond(self, line: bytes) -> bytes:
        """Answer one request. A request that breaks the protocol raises `ValueError`."""
        request = json.loads(line)
        try:
            answer = json.dumps(self._answer(request), allow_nan=False)
        except (ValueError, TypeError, RecursionError) as error:
            answer = json.dumps(_error(error, "the adapter returned claims that JSON cannot hold"))
        return f'{{"id": {int(request["id"])}, {answer[1:]}\n'.encode()

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        match request["cmd"]:
            case "hello":
                hello = implementation_to_wire(self._adapter.info)
                return {"protocol": PROTOCOL_VERSION, "adapter": {"version": "1"}, **hello}
            case "configure":
                return self._configure(request)
            case "verify":
                return self._verify(request)
            case "cookies":
                return self._cookies(request)
            case "reset":
                self._adapter.reset()
                return {"ok": True}
            case other:
                raise ValueError(f"unknown command {other!r}")

    def _configure(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            self._adapter.configure(config_from_wire(request["config"]))
        except ConfigurationRefused as refusal:
            answer = {"ok": False, "message": str(refusal)[:_TEXT_LIMIT]}
            if refusal.unsupported:
                return {**answer, "unsupported": list(refusal.unsupported)}
            return answer
        except Exception as error:  # noqa: BLE001  (whatever a library raises is its answer)
            return {"ok": False, "message": _summary(error)}
        return {"ok": True}

    def _verify(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            claims = self._adapter.verify(request["token"], now=float(request["now"]))
        except Rejected as rejection:
            reason = rejection.reason if rejection.reason in _REASONS else Reason.OTHER.value
            message = rejection.message[:_TEXT_LIMIT]
            return {"verdict": "reject", "reason": str(reason), "message": message}
        except Exception as error:  # noqa: BLE001  (whatever a library raises is its answer)
            return _error(error)
        return {"verdict": "accept", "claims": dict(claims)}

    def _cookies(self, request: dict[str, Any]) -> dict[str, Any]:
        read = getattr(self._adapter, "cookies", None)
        if read is None:
            return {"verdict": "error", "message": "the adapter has no cookies method"}
        try:
            found = read(
                tuple(request["headers"]),
                layout=request["layout"],
                client_id=request["client_id"],
            )
        except Exception as error:  # noqa: BLE001  (whatever a library raises is its answer)
            return _error(error)
        return {"username": found["username"], "tokens": dict(found["tokens"])}


def _error(error: BaseException, what: str = "") -> dict[str, Any]:
    summary = f"{what}: {_summary(error)}" if what else _summary(error)
    # The innermost frames say where; a recursion's thousand others do not.
    frames = "".join(traceback.format_exception(error, limit=-5))
    return {"verdict": "error", "message": summary, "traceback": frames[-_TEXT_LIMIT:]}


def _summary(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:_TEXT_LIMIT]
