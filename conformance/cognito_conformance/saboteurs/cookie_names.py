# ruff: noqa: D102  (a method that is flawed is described by its class)
"""Flaws in reading cookies and in finding a user's tokens among them."""

import re
from collections.abc import Mapping, Sequence
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import unquote

from cognito_conformance.saboteurs.cookies import CookieReader
from cognito_conformance.saboteurs.reference import Reference


class UsesSimpleCookie(Reference):
    """Reads with the standard library."""

    class cookie_reader(CookieReader):  # noqa: N801  (it overrides an attribute)
        """Loses everything after a cookie it does not understand."""

        def pairs(self, headers: Sequence[str]) -> dict[str, str]:
            jar: SimpleCookie = SimpleCookie()
            try:
                jar.load(self.join(headers))
            except CookieError:
                return {}
            return {self.decode_name(name): morsel.value for name, morsel in jar.items()}


class CrashesOnBareCookies(Reference):
    """Splits every cookie at its equals sign."""

    class cookie_reader(CookieReader):  # noqa: N801
        """Expects one."""

        def pair(self, part: str) -> tuple[str, str, str]:
            if not part.strip():
                return "", "", ""
            name, value = part.split("=", 1)
            return name.strip(), "=", value.strip()


class SplitsCookieOnEquals(Reference):
    """Takes what stands between two equals signs for the value."""

    class cookie_reader(CookieReader):  # noqa: N801
        """Splits at all of them."""

        def pair(self, part: str) -> tuple[str, str, str]:
            name, equals, value = super().pair(part)
            return name, equals, value.split("=")[0]


class SplitsOnSemicolonBlank(Reference):
    """Expects one blank after each semicolon."""

    class cookie_reader(CookieReader):  # noqa: N801
        """Splits at both."""

        def split(self, line: str) -> list[str]:
            return line.split("; ")


class SplitsOnCommas(Reference):
    """Takes a comma for a semicolon."""

    class cookie_reader(CookieReader):  # noqa: N801
        """Splits at both, and expects pairs."""

        def split(self, line: str) -> list[str]:
            parts = re.split("[;,]", line)
            if any(part.count('"') % 2 for part in parts):
                return []
            return parts


class FirstHeaderOnly(Reference):
    """Reads the first Cookie header line."""

    class cookie_reader(CookieReader):  # noqa: N801
        """Reads one."""

        def join(self, headers: Sequence[str]) -> str:
            return headers[0] if headers else ""


class CrashesWithoutCookies(Reference):
    """Expects a Cookie header line."""

    class cookie_reader(CookieReader):  # noqa: N801
        """Reads the first."""

        def join(self, headers: Sequence[str]) -> str:
            return "; ".join([headers[0], *headers[1:]])


class StopsAtAttributes(Reference):
    """Takes Path for the end of the cookies."""

    class cookie_reader(CookieReader):  # noqa: N801
        """Reads a Set-Cookie."""

        def split(self, line: str) -> list[str]:
            return re.split(r"; *(?:Path|HttpOnly|Secure)\b", line)[0].split(";")


class ExpiresCookies(Reference):
    """Obeys an Expires that the browser sent back."""

    class cookie_reader(CookieReader):  # noqa: N801
        """Reads a Set-Cookie."""

        def split(self, line: str) -> list[str]:
            return [] if "Expires=Thu, 01 Jan 1970" in line else super().split(line)


class FewCookiesOnly(Reference):
    """Gives up on long headers."""

    class cookie_reader(CookieReader):  # noqa: N801
        """Has a limit."""

        def split(self, line: str) -> list[str]:
            return super().split(line) if len(line) < 16_384 else []  # noqa: PLR2004


class DecodesStrictly(Reference):
    """Expects every percent sign to be an escape of UTF-8."""

    class cookie_reader(CookieReader):  # noqa: N801
        """Raises."""

        def pairs(self, headers: Sequence[str]) -> dict[str, str]:
            found = super().pairs(headers)
            for name, value in found.items():
                unquote(name, errors="strict")
                unquote(value, errors="strict")
                if re.search("%(?![0-9A-Fa-f]{2})", name + value):
                    raise ValueError("URI malformed")
            return found


class NamesNotDecoded(Reference):
    """Does not know that js-cookie encodes names."""

    class cookie_reader(CookieReader):  # noqa: N801
        """Takes names as they are."""

        def decode_name(self, name: str) -> str:
            return name


class DecodesTwice(Reference):
    """Decodes until nothing is left to decode."""

    class cookie_reader(CookieReader):  # noqa: N801
        """Goes too far."""

        def decode(self, text: str) -> str:
            return super().decode(super().decode(text))


class AsciiOnly(Reference):
    """Expects cookies to be ASCII."""

    class cookie_reader(CookieReader):  # noqa: N801
        """Raises."""

        def join(self, headers: Sequence[str]) -> str:
            return super().join(headers).encode("ascii").decode()


class IgnoresCookieCase(Reference):
    """Compares names without case."""

    class cookie_reader(CookieReader):  # noqa: N801
        """Folds."""

        def token(
            self, pairs: Mapping[str, str], prefix: str, username: str | None, kind: str
        ) -> str | None:
            folded = {name.lower(): value for name, value in pairs.items()}
            return folded.get(f"{prefix}{username}.{kind}Token".lower()) if username else None

        def username(self, pairs: Mapping[str, str], prefix: str) -> str | None:
            folded = {name.lower(): value for name, value in pairs.items()}
            value = folded.get(f"{prefix}LastAuthUser".lower())
            return None if value is None else self.decode(value)


class SplitsNameByDot(Reference):
    """Takes the third part of a name for the username."""

    class cookie_reader(CookieReader):  # noqa: N801
        """Counts dots."""

        def token(
            self, pairs: Mapping[str, str], prefix: str, username: str | None, kind: str
        ) -> str | None:
            if username is None or "." in username:
                return None
            return super().token(pairs, prefix, username, kind)


class ClientPrefixLoose(Reference):
    """Takes every cookie whose name begins with the client."""

    class cookie_reader(CookieReader):  # noqa: N801
        """Leaves the dot out."""

        def read(self, headers: Sequence[str], *, layout: str, client_id: str) -> Mapping[str, Any]:
            del layout
            pairs = self.pairs(headers)
            start = f"CognitoIdentityServiceProvider.{client_id}"
            names = [name for name in pairs if name.startswith(start)]
            user = next((name for name in names if name.endswith(".LastAuthUser")), None)
            prefix = user.removesuffix("LastAuthUser") if user else f"{start}."
            username = self.username(pairs, prefix)
            return {
                "username": username,
                "tokens": {
                    kind: self.token(pairs, prefix, username, kind)
                    for kind in ("access", "id", "refresh")
                },
            }


class AnyUsersTokens(Reference):
    """Takes the first token it finds for the client."""

    class cookie_reader(CookieReader):  # noqa: N801
        """Looks at the end of the name."""

        def token(
            self, pairs: Mapping[str, str], prefix: str, username: str | None, kind: str
        ) -> str | None:
            del username
            return next(
                (
                    value
                    for name, value in pairs.items()
                    if name.startswith(prefix) and name.endswith(f".{kind}Token")
                ),
                None,
            )


class FallsBackToUsername(Reference):
    """Calls a user without a name "username"."""

    class cookie_reader(CookieReader):  # noqa: N801
        """Falls back."""

        def username(self, pairs: Mapping[str, str], prefix: str) -> str | None:
            return super().username(pairs, prefix) or "username"


class UsernameAsPattern(Reference):
    """Puts the username into a pattern."""

    class cookie_reader(CookieReader):  # noqa: N801
        """Does not escape."""

        def token(
            self, pairs: Mapping[str, str], prefix: str, username: str | None, kind: str
        ) -> str | None:
            if username is None:
                return None
            pattern = f"{re.escape(prefix)}{username}.{kind}Token"
            return next(
                (value for name, value in pairs.items() if re.fullmatch(pattern, name)), None
            )


class StripsLastAuthUser(Reference):
    """Removes LastAuthUser from names before it looks at them."""

    class cookie_reader(CookieReader):  # noqa: N801
        """Removes too much."""

        def pairs(self, headers: Sequence[str]) -> dict[str, str]:
            return {
                name: value
                for name, value in super().pairs(headers).items()
                if "LastAuthUser." not in name
            }


class WantsRefreshToken(Reference):
    """Takes a session without a refresh token for none."""

    class cookie_reader(CookieReader):  # noqa: N801
        """Wants all three."""

        def token(
            self, pairs: Mapping[str, str], prefix: str, username: str | None, kind: str
        ) -> str | None:
            if super().token(pairs, prefix, username, "refresh") is None:
                return None
            return super().token(pairs, prefix, username, kind)


class AmplifyLayoutOnly(Reference):
    """Knows one layout."""

    class cookie_reader(CookieReader):  # noqa: N801
        """Finds nothing in the other."""

        def read(self, headers: Sequence[str], *, layout: str, client_id: str) -> Mapping[str, Any]:
            known = headers if layout == "amplify" else ()
            return super().read(known, layout=layout, client_id=client_id)


class ReadsLoadBalancerCookies(Reference):
    """Takes a load balancer's cookie for the access token."""

    class cookie_reader(CookieReader):  # noqa: N801
        """Looks there, too."""

        def token(
            self, pairs: Mapping[str, str], prefix: str, username: str | None, kind: str
        ) -> str | None:
            if kind == "access" and "AWSELBAuthSessionCookie-0" in pairs:
                return pairs["AWSELBAuthSessionCookie-0"]
            return super().token(pairs, prefix, username, kind)


class TrustsCookies(Reference):
    """Takes a token that came in a cookie as verified already."""

    def forget(self) -> None:
        self._from_cookies: set[str] = set()

    def cookies(self, headers: Sequence[str], *, layout: str, client_id: str) -> Mapping[str, Any]:
        found = super().cookies(headers, layout=layout, client_id=client_id)
        self._from_cookies.update(token for token in found["tokens"].values() if token)
        return found

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        if token in self._from_cookies:
            return self.parse_any(token)
        return super().verify(token, now=now)

    def parse_any(self, token: str) -> Mapping[str, Any]:
        """Read the claims without a look at the rest."""
        return self.read_claims(self.decode(token.split(".")[1]))
