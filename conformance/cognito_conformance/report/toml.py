"""Write a recipe as TOML, on one line a member; the standard library only reads it."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def toml_table(members: Mapping[str, Any]) -> str:
    """Return ``members`` as ``name = value`` lines."""
    return "".join(f"{_key(name)} = {toml_value(value)}\n" for name, value in members.items())


def toml_value(value: Any) -> str:
    """Return ``value`` inline."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(name)} = {toml_value(each)}" for name, each in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, Sequence):
        return f"[{', '.join(toml_value(each) for each in value)}]"
    if value is None:
        # TOML has no null; the recipes' own directive stands for it.
        return '"!null"'
    raise TypeError(f"TOML has no {type(value).__name__}")


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _string(name)


def _string(text: str) -> str:
    # JSON's escapes are TOML's but for U+007F, which TOML wants escaped and JSON leaves alone, and
    # for lone surrogates, which no TOML string can hold: the recipes spell them @{char:d800}.
    spelled = _SURROGATE.sub(lambda match: f"@{{char:{ord(match[0]):x}}}", text)
    return json.dumps(spelled, ensure_ascii=False).replace("\x7f", "\\u007f")
