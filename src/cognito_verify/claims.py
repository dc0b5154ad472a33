"""The claims of a verified token, as a mapping and as typed attributes.

Only `cognito_verify.policy.check_claims` makes these: to hold one is to hold verified claims. The
header is no part of them. # conformance: state/header-not-trusted, state/claims-faithful

They never change, for a verifier that remembers tokens hands the same object to everybody who
sends the same token: a list or an object in them is given out as a copy.
# conformance: state/no-cross-talk
"""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal, cast

from cognito_verify._rsa import Signed
from cognito_verify._strict_json import JsonObject, JsonValue, copy_of

TokenUse = Literal["id", "access"]


class Claims(Mapping[str, JsonValue]):
    """What both kinds of token say. COG-TOK-023.

    The mapping holds every signed claim as it is; the attributes are for those that have a meaning
    of their own. An optional claim that is absent or of another type reads as None or empty. A
    claim that is a list or an object is copied each time that it is read: change it as you like.
    """

    __slots__ = ("_members",)
    _members: JsonObject

    #: Which claim names the app client.
    client_claim: ClassVar[str]

    def __init__(self, signed: Signed) -> None:
        self._members = signed.claims

    def __getitem__(self, name: str) -> JsonValue:
        value = self._members[name]
        return copy_of(value) if isinstance(value, list | dict) else value

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __repr__(self) -> str:
        """Name the user; the other claims may be personal."""
        return f"<{type(self).__name__} sub={self.sub!r}>"

    @property
    def sub(self) -> str:
        """The pool-unique, immutable id of the user, or of the client (COG-TOK-010, 080)."""
        return str(self._members["sub"])

    @property
    def issuer(self) -> str:
        """The pool (claim ``iss``)."""
        return str(self._members["iss"])

    @property
    @abstractmethod
    def token_use(self) -> TokenUse:
        """Either ``id`` or ``access``."""

    @property
    def client_id(self) -> str:
        """The app client that the token was issued to: claim ``client_id``, or ``aud``."""
        return str(self._members[self.client_claim])

    @property
    @abstractmethod
    def username(self) -> str | None:
        """The username; a machine has none (COG-TOK-082)."""

    @property
    def groups(self) -> tuple[str, ...]:
        """The user's groups, in the token's order (COG-TOK-020); missing means none."""
        return names(self._members.get("cognito:groups"))

    @property
    def scopes(self) -> tuple[str, ...]:
        """The granted scopes; an id token has none (COG-TOK-063)."""
        return ()

    @property
    def issued_at(self) -> float | None:
        """Seconds since the epoch (claim ``iat``)."""
        return _number(self._members.get("iat"))

    @property
    def expires_at(self) -> float:
        """Seconds since the epoch (claim ``exp``)."""
        return cast("float", self._members["exp"])  # `check_claims` has looked at it

    @property
    def auth_time(self) -> float | None:
        """When the user last signed in interactively (COG-TOK-014)."""
        return _number(self._members.get("auth_time"))

    @property
    def jti(self) -> str | None:
        """The token's own id (COG-TOK-015)."""
        return self._text("jti")

    @property
    def origin_jti(self) -> str | None:
        """The id of the session: all tokens of one refresh token share it (COG-TOK-016)."""
        return self._text("origin_jti")

    def _text(self, name: str) -> str | None:
        value = self._members.get(name)
        return value if isinstance(value, str) else None


class IdClaims(Claims):
    """Who the user is: for the application that signed them in (COG-TOK-030 to 050)."""

    __slots__ = ()
    client_claim = "aud"

    @property
    def token_use(self) -> Literal["id"]:
        """Always ``id``."""
        return "id"

    @property
    def username(self) -> str | None:
        """The username in the pool (claim ``cognito:username``)."""
        return self._text("cognito:username")

    @property
    def email(self) -> str | None:
        """The e-mail address, verified or not."""
        return self._text("email")

    @property
    def email_verified(self) -> bool:
        """True only for a JSON true (COG-TOK-032)."""
        return self._members.get("email_verified") is True


class AccessClaims(Claims):
    """What the bearer may do: for an API (COG-TOK-060 to 086)."""

    __slots__ = ()
    client_claim = "client_id"

    @property
    def token_use(self) -> Literal["access"]:
        """Always ``access``."""
        return "access"

    @property
    def username(self) -> str | None:
        """The username; None for a machine (COG-TOK-062, COG-TOK-082)."""
        return self._text("username")

    @property
    def scopes(self) -> tuple[str, ...]:
        """The granted scopes, in the token's order. RFC 6749 §3.3."""
        return split_scopes(self._members.get("scope"))


def names(value: JsonValue) -> tuple[str, ...]:
    """Return a list of strings; a string is not one. # conformance: authz/group/string-value."""
    if not isinstance(value, list):
        return ()
    texts = tuple(name for name in value if isinstance(name, str))
    return texts if len(texts) == len(value) else ()


def split_scopes(value: JsonValue) -> tuple[str, ...]:
    """Return the scopes of a ``scope`` claim: one string, separated by spaces."""
    return tuple(value.split(" ")) if isinstance(value, str) and value else ()


def _number(value: JsonValue) -> float | None:
    """Return a number as it is; a boolean is not one."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
