"""Compare returned claims with signed claims, as JSON values."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

_EXACT: Final = 2**53


def difference(signed: Any, returned: Any, where: str = "claims") -> str | None:
    """Return the first place where the two differ, or None."""
    if isinstance(signed, Mapping):
        if not isinstance(returned, Mapping):
            return f"{where}: signed an object, returned {_kind(returned)}"
        if missing := sorted(signed.keys() - returned.keys()):
            return f"{where}: {missing[0]!r} was signed and is missing"
        if added := sorted(returned.keys() - signed.keys()):
            return f"{where}: {added[0]!r} was not signed"
        pairs = ((signed[name], returned[name], f"{where}.{name}") for name in signed)
    elif isinstance(signed, Sequence) and not isinstance(signed, str):
        if not isinstance(returned, Sequence) or isinstance(returned, str):
            return f"{where}: signed an array, returned {_kind(returned)}"
        if len(signed) != len(returned):
            return f"{where}: signed {len(signed)} elements, returned {len(returned)}"
        pairs = (
            (one, other, f"{where}[{index}]")
            for index, (one, other) in enumerate(zip(signed, returned, strict=True))
        )
    else:
        return None if _same_scalar(signed, returned) else f"{where}: returned another value"
    return next((found for pair in pairs if (found := difference(*pair))), None)


def _same_scalar(signed: Any, returned: Any) -> bool:
    if isinstance(signed, bool) or isinstance(returned, bool):
        return signed is returned
    if isinstance(signed, int | float) and isinstance(returned, int | float):
        if signed == returned:
            return True
        # RFC 8259 §6: agreement on integers is only to be expected up to 2**53 - 1.
        try:
            return abs(signed) >= _EXACT and float(signed) == float(returned)
        except OverflowError:
            return False
    return type(signed) is type(returned) and bool(signed == returned)


def _kind(value: Any) -> str:
    return "nothing" if value is None else f"a {type(value).__name__}"
