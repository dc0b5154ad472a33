r"""The service model's regular expressions, which are Java's, matched in linear time.

Java classes by Unicode category (``\p{L}``) do not exist in ``re``. Before matching, every
character outside ASCII is replaced by one that stands for its category, so that a class stays
short and no table of code points is built. ``re.ASCII`` gives ``\w`` and ``\s`` the extent they
have in Java.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache

_STAND_INS = {c: chr(0xE000 + i) for i, c in enumerate("LMSNPZC")}
_ASCII_BY_CATEGORY = {
    category: "".join(
        re.escape(chr(code))
        for code in range(128)
        if unicodedata.category(chr(code))[0] == category
    )
    for category in _STAND_INS
}
_CATEGORY = re.compile(r"\\p\{([LMSNPZC])\}")

# The same languages, written so that a failed match does not try every way to divide the value.
_TEXT = r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*"
_LETTERS = r"[\p{L}\p{M}\p{S}\p{N}\p{P}]"
_LINEAR = {
    # "{", "#" and "}" belong to the class around them: the whole is of the class and has the mark.
    rf"{_TEXT}\{{####\}}{_TEXT}": rf"(?={_TEXT}+\Z)(?>(?s:.*?)\{{####\}})(?s:.*)",
    rf"{_TEXT}\{{##{_TEXT}##\}}{_TEXT}": rf"(?={_TEXT}+\Z)(?>(?s:.*?)\{{##)(?s:.*)##\}}(?s:.*)",
    r".*\{####\}.*": r"(?>.*?\{####\}).*",
    # Likewise "@", which may not be the first or the last character.
    rf"{_LETTERS}+@{_LETTERS}+": rf"(?={_LETTERS}++\Z)(?s:.)(?>(?s:.*?)@)(?s:.+)",
    # Two characters that are no spaces at the ends, anything but a line break between.
    r"^[\S]+.*[\S]+$": r"\S.*\S",
}


class _Projection(dict[int, str]):
    """Maps a code point to itself or to the stand-in of its category, remembering nothing."""

    def __missing__(self, code: int) -> str:
        return chr(code) if code < 128 else _STAND_INS[unicodedata.category(chr(code))[0]]  # noqa: PLR2004


_PROJECTION = _Projection()


@cache
def matcher(pattern: str) -> Callable[[str], bool]:
    """Return a predicate that tells whether a whole value matches the Java ``pattern``."""

    def stand_in(found: re.Match[str]) -> str:
        category = found.group(1)
        return _ASCII_BY_CATEGORY[category] + _STAND_INS[category]

    source = _CATEGORY.sub(stand_in, _LINEAR.get(pattern, pattern))
    compiled = re.compile(source, re.ASCII)

    def matches(value: str) -> bool:
        projected = value if value.isascii() else value.translate(_PROJECTION)
        return compiled.fullmatch(projected) is not None

    return matches
