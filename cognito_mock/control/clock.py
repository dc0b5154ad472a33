"""Time travel: ``/_mock/api/clock``."""

import math

from cognito_mock.control.http import Call, bad_request
from cognito_mock.control.parts import ControlParts
from cognito_mock.core.json_types import JsonObject

# 9999-12-31T23:59:59Z: what a four-digit year can say.
_LAST_SECOND = 253_402_300_799.0


def show(parts: ControlParts, _call: Call) -> JsonObject:
    """``GET``: the time that the pools go by."""
    return {"now": parts.clock.now()}


def move(parts: ControlParts, call: Call) -> JsonObject:
    """``POST`` one of ``{"advance": seconds}``, ``{"now": epoch}``, ``{"reset": true}``."""
    call.only("advance", "now", "reset")
    if len(call.body) != 1:
        raise bad_request('give exactly one of "advance", "now" and "reset"')
    if "reset" in call.body:
        if call.body["reset"] is not True:
            raise bad_request('"reset" must be true')
        parts.clock.reset()
    elif "advance" in call.body:
        seconds = _number(call, "advance")
        _check_range(parts.clock.now() + seconds)
        parts.clock.advance(seconds)
    else:
        epoch = _number(call, "now")
        _check_range(epoch)
        parts.clock.set(epoch)
    return show(parts, call)


def _number(call: Call, name: str) -> float:
    value = call.body[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad_request(f'"{name}" must be a number of seconds')
    try:
        return float(value)
    except OverflowError as error:
        raise bad_request(f'"{name}" is out of range') from error


def _check_range(epoch: float) -> None:
    if not math.isfinite(epoch) or not 0 <= epoch <= _LAST_SECOND:
        raise bad_request("the clock would leave the years 1970 to 9999")
