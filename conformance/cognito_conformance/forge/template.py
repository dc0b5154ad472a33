"""How a recipe's text becomes values: `@issuer`, `now+60`, `!null`, `@{client|upper}`.

A whole string may be a directive and become any JSON value; inside longer text only `@{...}` is
replaced. Anything unknown is an error, so a misspelt recipe cannot become a different attack.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote

from cognito_conformance.forge.errors import RecipeError

ABSENT: Final = object()
_INSTANT = re.compile(r"now(?P<offset>[+-]\d+(?:\.\d+)?)?")
_WHOLE = re.compile(r"@(?P<name>[a-z][a-z0-9_:-]*)")
_INLINE = re.compile(r"@\{(?P<expression>[^{}]*)\}")

FILTERS: Final[Mapping[str, Callable[[str], str]]] = {
    "upper": str.upper,
    "lower": str.lower,
    "swapcase": str.swapcase,
    "chop": lambda text: text[:-1],
    "behead": lambda text: text[1:],
    "half": lambda text: text[: len(text) // 2],
    "quote": lambda text: quote(text, safe=""),
    "full-width": lambda text: "".join(chr(ord(letter) + 0xFEE0) for letter in text),
    "zero-width": lambda text: text[:1] + "\u200b" + text[1:],
    "leading-space": lambda text: " " + text,
    "trailing-space": lambda text: text + " ",
    "trailing-newline": lambda text: text + "\n",
    "escape-solidus": lambda text: text.replace("/", "\\/"),
    "nul": lambda text: text + "\0",
}


class Scope:
    """The names a recipe may use, looked up when they are used; ``now`` is the case's own."""

    def __init__(self, names: Mapping[str, Callable[[str], Any]], *, now: int) -> None:
        self._names = names
        self._now = now

    def with_name(self, name: str, value: Any) -> "Scope":
        """Return a scope that knows ``name`` as well."""
        return Scope({**self._names, name: lambda _: value}, now=self._now)

    def value(self, value: Any) -> Any:
        """Return ``value`` with every directive in it replaced; members may come back `ABSENT`."""
        if isinstance(value, str):
            return self._string(value)
        if isinstance(value, Mapping):
            members = {self.text(name): self.value(member) for name, member in value.items()}
            return {name: member for name, member in members.items() if member is not ABSENT}
        if isinstance(value, Iterable):
            return [self.value(item) for item in value]
        return value

    def text(self, text: str) -> str:
        """Return ``text`` with its `@{...}` parts replaced."""
        return _INLINE.sub(lambda match: str(self._lookup(match["expression"])), text)

    def instant(self, text: str) -> int | float:
        """Return the time that `now`, `now+60` or `now-0.5` names."""
        match = _INSTANT.fullmatch(text)
        if match is None:
            raise RecipeError(f"{text!r} is not a time: write now, now+60 or now-0.5")
        offset = match["offset"] or "0"
        return self._now + (float(offset) if "." in offset else int(offset))

    def _string(self, text: str) -> Any:
        if text == "!absent":
            return ABSENT
        if text == "!null":
            return None
        if text.startswith("!"):
            raise RecipeError(f"unknown directive {text!r}; known: !absent, !null")
        if _INSTANT.fullmatch(text):
            return self.instant(text)
        whole = _WHOLE.fullmatch(text)
        return self._lookup(whole["name"]) if whole else self.text(text)

    def _lookup(self, expression: str) -> Any:
        name, *filters = expression.split("|")
        if _INSTANT.fullmatch(name):
            value: Any = self.instant(name)
        else:
            head, _, argument = name.partition(":")
            if head not in self._names:
                raise RecipeError(f"unknown name @{name}; known: {', '.join(sorted(self._names))}")
            value = self._names[head](argument)
        for each in filters:
            if each not in FILTERS:
                raise RecipeError(f"unknown filter {each!r}; known: {', '.join(sorted(FILTERS))}")
            value = FILTERS[each](str(value))
        return value
