"""The reference's cookie reading: RFC 6265 §5.2 for the header, Amplify's names for the tokens."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import unquote_to_bytes

KINDS: Final = ("access", "id", "refresh")


class CookieReader:
    """Finds one client's tokens in Cookie header lines."""

    def read(self, headers: Sequence[str], *, layout: str, client_id: str) -> Mapping[str, Any]:
        """Return the last user's name and tokens. Both layouts use the same names."""
        del layout
        pairs = self.pairs(headers)
        prefix = f"CognitoIdentityServiceProvider.{client_id}."
        username = self.username(pairs, prefix)
        tokens = {kind: self.token(pairs, prefix, username, kind) for kind in KINDS}
        return {"username": username, "tokens": tokens}

    def pairs(self, headers: Sequence[str]) -> dict[str, str]:
        """Return the cookies by decoded name; of one name the first counts (RFC 6265 §5.4)."""
        found: dict[str, str] = {}
        for part in self.split(self.join(headers)):
            name, equals, value = self.pair(part)
            if equals:
                found.setdefault(self.decode_name(name), value)
        return found

    def join(self, headers: Sequence[str]) -> str:
        """Return one line for all (RFC 9113 §8.2.3)."""
        return "; ".join(headers)

    def split(self, line: str) -> list[str]:
        """Return what stands between the semicolons."""
        return line.split(";")

    def pair(self, part: str) -> tuple[str, str, str]:
        """Return name, "=" and value of one pair; the value may contain more of them."""
        name, equals, value = part.partition("=")
        return name.strip(" \t"), equals, value.strip(" \t")

    def decode_name(self, name: str) -> str:
        """Undo js-cookie's percent encoding, once."""
        return self.decode(name)

    def decode(self, text: str) -> str:
        """Undo percent encoding; what is not UTF-8 then stays as it was."""
        try:
            return unquote_to_bytes(text).decode("utf-8")
        except UnicodeDecodeError:
            return text

    def username(self, pairs: Mapping[str, str], prefix: str) -> str | None:
        """Return who signed in last."""
        value = pairs.get(f"{prefix}LastAuthUser")
        return None if value is None else self.decode(value)

    def token(
        self, pairs: Mapping[str, str], prefix: str, username: str | None, kind: str
    ) -> str | None:
        """Return one token of the last user."""
        return None if username is None else pairs.get(f"{prefix}{username}.{kind}Token")
