"""Putting faults in force and lifting them: ``/_mock/api/faults``."""

import json
import re

from cognito_mock.control.faults import Fault
from cognito_mock.control.http import Call, bad_request
from cognito_mock.control.parts import ControlParts
from cognito_mock.control.targets import TARGETS
from cognito_mock.core.json_types import JsonObject, JsonValue

_MOST_FAULTS = 100
_MOST_TIMES = 1_000_000
_LONGEST_DELAY_MS = 60_000
_LONGEST_BODY = 100_000
# RFC 9110 §15: 1xx are interim; an answer is final.
_FIRST_STATUS, _LAST_STATUS = 200, 599
_OPERATION_TARGET = re.compile(r"api:[A-Za-z]{1,64}")


def show(parts: ControlParts, _call: Call) -> JsonObject:
    """``GET``: the faults in force."""
    return {
        "faults": [
            {
                "target": fault.target,
                "status": fault.status,
                "delay_ms": fault.delay_ms,
                "body": fault.body,
                "times": fault.times,
            }
            for fault in parts.faults.current
        ]
    }


def put(parts: ControlParts, call: Call) -> JsonObject:
    """``PUT {"faults": [...]}``: replace all faults; a mistake in one changes none."""
    call.only("faults")
    wanted = call.body.get("faults")
    if not isinstance(wanted, list) or len(wanted) > _MOST_FAULTS:
        raise bad_request(f'"faults" must be a list of at most {_MOST_FAULTS}')
    parts.faults.replace([_read(f"faults[{i}]", fault) for i, fault in enumerate(wanted)])
    return show(parts, call)


def lift(parts: ControlParts, call: Call) -> JsonObject:
    """``DELETE``: behave again."""
    call.only()
    parts.faults.replace(())
    return show(parts, call)


def _read(where: str, document: JsonValue) -> Fault:
    if not isinstance(document, dict):
        raise bad_request(f"{where} must be an object")
    unknown = sorted(set(document) - {"target", "status", "delay_ms", "body", "times"})
    if unknown:
        raise bad_request(f"{where} has an unknown member {json.dumps(unknown[0])}")
    fault = Fault(
        target=_target(where, document.get("target")),
        status=_number(where, document, "status", _FIRST_STATUS, _LAST_STATUS),
        delay_ms=_number(where, document, "delay_ms", 0, _LONGEST_DELAY_MS) or 0,
        body=_body(where, document.get("body")),
        times=_number(where, document, "times", 1, _MOST_TIMES),
    )
    if fault.status is None and fault.body is not None:
        raise bad_request(f'{where} has a "body", which needs a "status"')
    if fault.status is None and not fault.delay_ms:
        raise bad_request(f'{where} does nothing: give a "status", a "delay_ms" or both')
    return fault


def _target(where: str, value: JsonValue) -> str:
    if isinstance(value, str) and (value in TARGETS or _OPERATION_TARGET.fullmatch(value)):
        return value
    raise bad_request(f'"target" of {where} must be one of {", ".join(TARGETS)} or api:Operation')


def _number(where: str, document: JsonObject, name: str, least: int, most: int) -> int | None:
    value = document.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise bad_request(f'"{name}" of {where} must be a whole number from {least} to {most}')
    return value


def _body(where: str, value: JsonValue) -> JsonValue:
    if len(value if isinstance(value, str) else json.dumps(value)) > _LONGEST_BODY:
        raise bad_request(f'"body" of {where} is longer than {_LONGEST_BODY} characters')
    return value
