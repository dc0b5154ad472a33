"""A small, correct verifier: what every saboteur is but for one method.

Made of many small methods on purpose, one for each thing that can be got wrong. It shares no code
with any subject of the suite.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from cognito_conformance.model import Config, ConfigurationRefused, Implementation, Rejected
from cognito_conformance.saboteurs.cookies import CookieReader
from cognito_conformance.saboteurs.encoding import decode_segment, is_number, parse_json
from cognito_conformance.saboteurs.keys import COOLDOWN_S, TTL_S, Key, KeySet, public_key
from cognito_conformance.version import SUITE_VERSION

#: The last second of the year 9999: no sane exp is beyond it.
END_OF_TIME: Final = 253_402_300_799
CAPABILITIES: Final = frozenset(
    {"verify", "jwks.static", "jwks.http", "clock.token", "clock.cache", "reasons", "cookies"}
)
Json = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A token taken apart; nothing in it is verified."""

    header: Mapping[str, Any]
    payload: bytes
    signature: bytes
    signing_input: bytes


class Reference:
    """The correct verifier."""

    keys: type[KeySet] = KeySet
    cookie_reader: type[CookieReader] = CookieReader

    def __init__(self) -> None:
        self._config: Config | None = None
        self._key_set: KeySet | None = None
        self.forget()

    @property
    def info(self) -> Implementation:
        """Name, version and declared capabilities: all of them."""
        return Implementation(
            name=type(self).__name__,
            version=SUITE_VERSION,
            language="python",
            capabilities=CAPABILITIES,
            limits={"jwks_cooldown_s": COOLDOWN_S, "jwks_ttl_s": TTL_S, "leeway_s": 0},
        )

    @property
    def config(self) -> Config:
        """The current configuration."""
        if self._config is None:
            raise ConfigurationRefused("not configured")
        return self._config

    @property
    def key_set(self) -> KeySet:
        """The current keys; after a reset they are made when they are asked for."""
        if self._key_set is None:
            self._key_set = self.keys(self.config)
        return self._key_set

    def configure(self, config: Config) -> None:
        """Use ``config`` from now on."""
        self.check_config(config)
        # What is refused leaves the configuration before it in place.
        keys = self.keys(config)
        self.forget()
        self._config, self._key_set = config, keys

    def check_config(self, config: Config) -> None:
        """Refuse a configuration that binds tokens to no client."""
        if not config.client_ids:
            raise ConfigurationRefused("no client id")

    def reset(self) -> None:
        """Forget every cache."""
        self.forget()
        self._key_set = None

    def forget(self) -> None:
        """Drop what was remembered between tokens: nothing here, keys apart."""

    def cookies(self, headers: Sequence[str], *, layout: str, client_id: str) -> Mapping[str, Any]:
        """Return the tokens in Cookie header lines."""
        return self.cookie_reader().read(headers, layout=layout, client_id=client_id)

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        """Return the claims of a good token. Raises `Rejected`."""
        parsed = self.parse(token)
        self.check_header(parsed.header)
        self.check_algorithm(parsed.header.get("alg"))
        key = self.find_key(parsed, now)
        self.check_signature(key, parsed)
        claims = self.read_claims(parsed.payload)
        self.check_claims(claims, now)
        return claims

    # The token's shape.

    def parse(self, token: str) -> Parsed:
        """Take the compact serialization apart (RFC 7515 §5.2 steps 1 to 4)."""
        header, payload, signature = self.split(token)
        parsed = self.read_header(self.decode(header))
        if not signature:
            raise Rejected("malformed", "no signature")
        return Parsed(
            header=parsed,
            payload=self.decode(payload),
            signature=self.decode_signature(signature),
            signing_input=f"{header}.{payload}".encode("ascii"),
        )

    def split(self, token: str) -> tuple[str, str, str]:
        """Return the three segments."""
        if token.count(".") != 2:  # noqa: PLR2004  (three segments)
            raise Rejected("malformed", "not three segments")
        header, payload, signature = token.split(".")
        return header, payload, signature

    def decode(self, segment: str) -> bytes:
        """Decode a segment."""
        return decode_segment(segment)

    def decode_signature(self, segment: str) -> bytes:
        """Decode the signature's segment."""
        return self.decode(segment)

    def read_header(self, octets: bytes) -> Mapping[str, Any]:
        """Return the header, an object."""
        return self.json_object(octets)

    def read_claims(self, octets: bytes) -> Mapping[str, Any]:
        """Return the claims, an object."""
        return self.json_object(octets)

    def json_object(self, octets: bytes) -> Mapping[str, Any]:
        """Parse JSON that must be an object."""
        value = self.parse_json(octets)
        if not isinstance(value, dict):
            raise Rejected("malformed", "not a JSON object")
        return value

    def parse_json(self, octets: bytes) -> Json:
        """Parse JSON."""
        return parse_json(octets)

    # The header, the key and the signature.

    def check_header(self, header: Mapping[str, Any]) -> None:
        """Reject every crit: no extension is implemented here (RFC 7515 §4.1.11)."""
        if "crit" in header:
            raise Rejected("header", "critical extensions are not supported")

    def check_algorithm(self, algorithm: object) -> None:
        """Allow RS256 alone (RFC 8725 §3.1)."""
        if algorithm != "RS256":
            raise Rejected("algorithm", "not RS256")

    def find_key(self, parsed: Parsed, now: float) -> Key:
        """Return the published key that the header names."""
        return self.key_set.find(parsed.header.get("kid"), now)

    def check_signature(self, key: Key, parsed: Parsed) -> None:
        """Verify RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2.2)."""
        if not self.signature_fits(key, parsed):
            raise Rejected("signature", "the signature does not fit")

    def signature_fits(self, key: Key, parsed: Parsed) -> bool:
        """Tell whether the signature is the key's."""
        return _verifies(key.n, key.e, parsed.signature, parsed.signing_input)

    # The claims. Expiry comes last: "expired" must mean "otherwise perfectly good".

    def check_claims(self, claims: Mapping[str, Any], now: float) -> None:
        """Check every claim that a verdict depends on."""
        self.check_issuer(claims.get("iss"))
        use = self.check_token_use(claims.get("token_use"))
        self.check_client(use, claims)
        self.check_scopes(claims.get("scope"))
        self.check_groups(claims.get("cognito:groups"))
        self.check_issued_at(claims)
        self.check_not_before(claims, now)
        self.check_expiry(claims, now)

    def check_issuer(self, issuer: Json) -> None:
        """Compare the issuer as it is."""
        if not isinstance(issuer, str) or issuer not in self.config.issuers:
            raise Rejected("issuer", "another issuer")

    def check_token_use(self, use: Json) -> str:
        """Return the use, one of the two that are allowed here."""
        allowed = ("access", "id") if self.config.token_use is None else (self.config.token_use,)
        if not isinstance(use, str) or use not in allowed:
            raise Rejected("token_use", "another use")
        return use

    def check_client(self, use: str, claims: Mapping[str, Any]) -> None:
        """Hold an id token to aud and an access token to client_id."""
        if not self.names_client(claims.get("aud" if use == "id" else "client_id")):
            raise Rejected("audience", "another client")

    def names_client(self, client: Json) -> bool:
        """Tell whether a claim is one of the configured clients."""
        return isinstance(client, str) and client in self.config.client_ids

    def check_scopes(self, scope: Json) -> None:
        """Require every configured scope, word by word (RFC 6749 §3.3)."""
        granted = scope.split(" ") if isinstance(scope, str) else []
        if not set(self.config.required_scopes) <= set(granted):
            raise Rejected("scope", "a scope is missing")

    def check_groups(self, groups: Json) -> None:
        """Require one of the configured groups."""
        member = groups if isinstance(groups, list) else []
        required = self.config.required_groups
        if required and not any(group in member for group in required):
            raise Rejected("group", "not in the group")

    def check_issued_at(self, claims: Mapping[str, Any]) -> None:
        """An iat that is there is a number; its value decides nothing."""
        if "iat" in claims and not is_number(claims["iat"]):
            raise Rejected("malformed", "iat is not a number")

    def check_not_before(self, claims: Mapping[str, Any], now: float) -> None:
        """Reject before nbf (RFC 7519 §4.1.5)."""
        if "nbf" not in claims:
            return
        if not is_number(claims["nbf"]):
            raise Rejected("malformed", "nbf is not a number")
        if now + self.config.leeway_s < claims["nbf"]:
            raise Rejected("not_yet_valid", "not valid yet")

    def check_expiry(self, claims: Mapping[str, Any], now: float) -> None:
        """Reject on and after exp (RFC 7519 §4.1.4), and without one."""
        expiry: Json = claims.get("exp")
        if not is_number(expiry) or expiry > END_OF_TIME:
            raise Rejected("malformed", "no usable exp")
        if self.is_expired(expiry, now):
            raise Rejected("expired", "expired")

    def is_expired(self, expiry: Json, now: float) -> bool:
        """Tell whether ``expiry`` has come."""
        return bool(now >= expiry + self.config.leeway_s)


# Each of two hundred flawed verifiers is asked about the same tokens.
@lru_cache(maxsize=4096)
def _verifies(n: int, e: int, signature: bytes, message: bytes) -> bool:
    try:
        public_key(n, e).verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True
