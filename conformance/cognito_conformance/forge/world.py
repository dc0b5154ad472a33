"""The pools, clients and users every recipe speaks about, and the claims Cognito gives them."""

import base64
from collections.abc import Callable
from typing import Any, Final

from cognito_conformance.forge.encoding import b64url
from cognito_conformance.forge.errors import RecipeError
from cognito_conformance.forge.keys import Keyring

REGION: Final = "us-east-1"
OTHER_REGION: Final = "eu-west-1"
LIFETIME: Final = 3600
COGNITO: Final = "https://cognito-idp.{region}.amazonaws.com"


class World:
    """Names and base claims of one session, made from the keyring's seed."""

    def __init__(self, keys: Keyring, *, issuer_base: str | None = None) -> None:
        rng = keys.rng("world")
        letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"
        self.pool = f"{REGION}_" + _word(rng.choices(letters, k=9))
        self.other_pool = f"{REGION}_" + _word(rng.choices(letters, k=9))
        base = issuer_base or COGNITO.format(region=REGION)
        self.issuer = f"{base}/{self.pool}"
        self._other_pool_issuer = f"{base}/{self.other_pool}"
        self.client = _word(rng.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=25)) + "x"
        self.second_client = _word(rng.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=26))
        self.other_client = _word(rng.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=26))
        self.sub = _uuid(rng.randbytes(16))
        self.other_sub = _uuid(rng.randbytes(16))
        self.jti = _uuid(rng.randbytes(16))
        self.refresh_token = _refresh_token(rng.randbytes(256 + 12 + 1000 + 16))
        self._keys = keys

    def names(self) -> dict[str, Callable[[str], Any]]:
        """Return what `@name` and `@name:argument` mean."""
        keys = self._keys
        pool_id = self.pool.partition("_")[2]
        plain = {
            "region": REGION,
            "other_region": OTHER_REGION,
            "pool": self.pool,
            "pool_suffix": pool_id,
            "other_pool": self.other_pool,
            "issuer": self.issuer,
            "updated_issuer": updated_issuer(REGION, self.pool),
            "other_pool_issuer": self._other_pool_issuer,
            "other_region_issuer": issuer(OTHER_REGION, f"{OTHER_REGION}_{pool_id}"),
            "client": self.client,
            "second_client": self.second_client,
            "other_client": self.other_client,
            "sub": self.sub,
            "other_sub": self.other_sub,
            "jti": self.jti,
            "refresh_token": self.refresh_token,
            "amplify": cookie_prefix(self.client),
        }
        return {
            **{name: _constant(name, value) for name, value in plain.items()},
            "kid": keys.kid,
            "jwk": keys.jwk,
            "certificate": lambda name: base64.b64encode(keys.certificate(name)).decode("ascii"),
            "n": lambda name: keys.jwk(name)["n"],
            "d": lambda name: keys.private_members(name)["d"],
            "jar": lambda user: cookie_jar(self.client, user),
            "jar_of_longer_client": lambda user: cookie_jar(self.client + "2", user),
            "jar_of_shorter_client": lambda user: cookie_jar(self.client[:-1], user),
            "repeat": repeat,
            "nested_objects": lambda depth: '{"a":' * int(depth) + "1" + "}" * int(depth),
            "groups": lambda count: [f"group-{number}" for number in range(int(count))],
            "char": lambda code: chr(int(code, 16)),
        }

    def base_claims(self, base: str, now: int) -> dict[str, Any]:
        """Return the claims of a token issued a minute before ``now``, in Cognito's own order."""
        issued = now - 60
        times = {"exp": issued + LIFETIME, "iat": issued}
        iss = self.issuer
        match base:
            case "access":  # COG-TOK-071
                return {
                    "sub": self.sub,
                    "iss": iss,
                    "version": 2,
                    "client_id": self.client,
                    "origin_jti": self.other_sub,
                    "token_use": "access",
                    "scope": "openid email",
                    "auth_time": issued,
                    **times,
                    "jti": self.jti,
                    "username": "ana",
                }
            case "id":  # COG-TOK-048
                return {
                    "sub": self.sub,
                    "email_verified": True,
                    "iss": iss,
                    "cognito:username": "ana",
                    "origin_jti": self.other_sub,
                    "aud": self.client,
                    "token_use": "id",
                    "auth_time": issued,
                    **times,
                    "jti": self.jti,
                    "email": "ana@example.com",
                }
            case "m2m":  # COG-TOK-080 to 084
                return {
                    "sub": self.client,
                    "token_use": "access",
                    "scope": "api/read",
                    "auth_time": issued,
                    "iss": iss,
                    **times,
                    "version": 2,
                    "jti": self.jti,
                    "client_id": self.client,
                }
            case _:
                raise RecipeError(f"unknown base {base!r}; known: access, id, m2m")


BASES: Final = frozenset({"access", "id", "m2m"})


def issuer(region: str, pool: str) -> str:
    """Return the classic issuer (COG-TOK-008)."""
    return f"{COGNITO.format(region=region)}/{pool}"


def updated_issuer(region: str, pool: str) -> str:
    """Return the issuer of a pool whose IssuerConfiguration is UPDATED (COG-TOK-009)."""
    return f"https://issuer-cognito-idp.{region}.amazonaws.com/{pool}"


def cookie_prefix(client: str) -> str:
    """Return how the names of a client's cookies begin, in Amplify and in cognito-at-edge."""
    return f"CognitoIdentityServiceProvider.{client}"


def cookie_jar(client: str, user: str) -> str:
    """Return the Cookie header line of a signed-in user whose name needs no encoding."""
    prefix = cookie_prefix(client)
    pairs = {"LastAuthUser": user} | {
        f"{user}.{kind}Token": f"{kind}.of.{user}" for kind in ("access", "id", "refresh")
    }
    return "; ".join(f"{prefix}.{name}={value}" for name, value in pairs.items())


def repeat(argument: str) -> str:
    """Return ``text`` ``count`` times, given ``text:count``."""
    text, _, count = argument.rpartition(":")
    return text * int(count)


def _constant(name: str, value: Any) -> Callable[[str], Any]:
    def look_up(argument: str) -> Any:
        if argument:
            raise RecipeError(f"@{name} takes no argument")
        return value

    return look_up


def _word(letters: list[str]) -> str:
    return "".join(letters)


def _uuid(octets: bytes) -> str:
    text = octets.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _refresh_token(octets: bytes) -> str:
    # COG-TOK-090 and 092: a compact JWE; only its shape matters here.
    header = b64url(b'{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}')
    parts = (octets[:256], octets[256:268], octets[268:-16], octets[-16:])
    return ".".join((header, *(b64url(part) for part in parts)))
