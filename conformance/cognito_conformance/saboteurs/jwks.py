# ruff: noqa: D102  (a method that is flawed is described by its class)
"""Flaws in judging a published key."""

import hmac
from collections.abc import Mapping
from typing import Any

from cognito_conformance.model import Config, ConfigurationRefused
from cognito_conformance.saboteurs.encoding import decode_segment
from cognito_conformance.saboteurs.keys import Key, KeySet
from cognito_conformance.saboteurs.raw_rsa import OwnRsa
from cognito_conformance.saboteurs.reference import Reference


class UsesEncryptionKeys(Reference):
    """Does not look at use."""

    class keys(KeySet):  # noqa: N801
        """Takes any."""

        def use_fits(self, jwk: dict[str, Any]) -> bool:
            del jwk
            return True


class IgnoresKeyOperations(Reference):
    """Does not look at key_ops."""

    class keys(KeySet):  # noqa: N801
        """Takes any."""

        def operations_fit(self, jwk: dict[str, Any]) -> bool:
            del jwk
            return True


class IgnoresJwkAlg(Reference):
    """Does not look at a key's alg."""

    class keys(KeySet):  # noqa: N801
        """Takes any."""

        def algorithm_fits(self, jwk: dict[str, Any]) -> bool:
            del jwk
            return True


class RequiresJwkAlg(Reference):
    """Wants every key to have an alg."""

    class keys(KeySet):  # noqa: N801
        """Is strict."""

        def algorithm_fits(self, jwk: dict[str, Any]) -> bool:
            return jwk.get("alg") == "RS256"


class RequiresJwkUse(Reference):
    """Wants every key to have a use."""

    class keys(KeySet):  # noqa: N801
        """Is strict."""

        def use_fits(self, jwk: dict[str, Any]) -> bool:
            return jwk.get("use") == "sig"


class AcceptsSmallKeys(Reference):
    """Does not measure keys."""

    class keys(KeySet):  # noqa: N801
        """Takes any."""

        def long_enough(self, key: Key) -> bool:
            del key
            return True


class RejectsLargeKeys(Reference):
    """Knows keys of 2048 bits."""

    class keys(KeySet):  # noqa: N801
        """Takes one size."""

        def long_enough(self, key: Key) -> bool:
            return key.n.bit_length() == 2048  # noqa: PLR2004


class AcceptsExponentOne(OwnRsa):
    """Does not look at the exponent."""

    class keys(KeySet):  # noqa: N801
        """Takes any."""

        def exponent_fits(self, key: Key) -> bool:
            del key
            return True


class UsesSymmetricKeys(Reference):
    """Verifies HMAC with a symmetric key of the set."""

    class keys(KeySet):  # noqa: N801
        """Remembers symmetric keys, too."""

        def __init__(self, config: Config) -> None:
            super().__init__(config)
            entries = config.jwks.get("keys") if isinstance(config.jwks, dict) else None
            self.secrets = {
                jwk["kid"]: decode_segment(jwk["k"])
                for jwk in (entries if isinstance(entries, list) else ())
                if isinstance(jwk, dict) and "k" in jwk
            }

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        parsed = self.parse(token)
        secrets: dict[object, bytes] = getattr(self.key_set, "secrets", {})
        secret = secrets.get(str(parsed.header.get("kid")))
        if parsed.header.get("alg") == "HS256" and secret is not None:
            made = hmac.digest(secret, parsed.signing_input, "sha256")
            if hmac.compare_digest(made, parsed.signature):
                claims = self.read_claims(parsed.payload)
                self.check_claims(claims, now)
                return claims
        return super().verify(token, now=now)


class RefusesSetsWithUnknownTypes(Reference):
    """Wants to understand every key of the set."""

    class keys(KeySet):  # noqa: N801
        """Gives up on the first it does not know."""

        def usable_key(self, jwk: Any) -> Key | None:
            if isinstance(jwk, dict) and jwk.get("kty", "RSA") not in ("RSA", "oct"):
                raise ConfigurationRefused("unknown key type")
            return super().usable_key(jwk)


class CrashesOnMalformedKeys(Reference):
    """Expects every key of the set to be whole."""

    class keys(KeySet):  # noqa: N801
        """Reads without asking."""

        def usable_key(self, jwk: Any) -> Key | None:
            if not isinstance(jwk, dict) or not {"kty", "kid"} <= jwk.keys():
                raise ConfigurationRefused("a key is not whole")
            if jwk["kty"] == "RSA" and not {"n", "e"} <= jwk.keys():
                raise ConfigurationRefused("a key is not whole")
            return super().usable_key(jwk)


class RejectsExtraKeyMembers(Reference):
    """Knows a key's members by heart."""

    class keys(KeySet):  # noqa: N801
        """Is strict."""

        def use_fits(self, jwk: dict[str, Any]) -> bool:
            known = {"alg", "e", "kid", "kty", "n", "use", "key_ops", "d"}
            return super().use_fits(jwk) and jwk.keys() <= known
