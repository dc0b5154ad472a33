# ruff: noqa: D102  (a method that is flawed is described by its class)
"""Flaws in finding a key by its id."""

import hmac
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cognito_conformance.model import Rejected
from cognito_conformance.saboteurs.algorithms import HMACS
from cognito_conformance.saboteurs.keys import Key, KeySet
from cognito_conformance.saboteurs.reference import Parsed, Reference


class FirstKeyFallback(Reference):
    """Uses the first key when it does not know the id."""

    class keys(KeySet):  # noqa: N801  (it overrides an attribute)
        """Falls back."""

        def find(self, kid: object, now: float) -> Key:
            self.refresh(kid, now)
            return super().find(kid if self.pick(kid) else next(iter(self.keys), None), now)


class TriesEveryKey(Reference):
    """Ignores the id and tries all keys."""

    def signature_fits(self, key: Key, parsed: Parsed) -> bool:
        candidates = (key, *self.key_set.keys.values())
        return any(super(TriesEveryKey, self).signature_fits(each, parsed) for each in candidates)


class OnlyKey(Reference):
    """Knows one key of the set."""

    class keys(KeySet):  # noqa: N801
        """Keeps the first."""

        def usable(self, document: Any) -> dict[str, Key]:
            return dict(list(super().usable(document).items())[:1])


class _ComparesKidsLoosely(KeySet):
    """Normalises key ids before it compares them."""

    def normal(self, kid: str) -> str:
        """Return the form that is compared."""
        raise NotImplementedError

    def pick(self, kid: object) -> Key | None:
        if not isinstance(kid, str):
            return None
        wanted = self.normal(kid)
        return next((key for each, key in self.keys.items() if self.normal(each) == wanted), None)


class IgnoresKidCase(Reference):
    """Compares key ids without their case."""

    class keys(_ComparesKidsLoosely):  # noqa: N801
        """Folds."""

        def normal(self, kid: str) -> str:
            return kid.casefold()


class NormalisesKid(Reference):
    """Compares key ids after NFKC."""

    class keys(_ComparesKidsLoosely):  # noqa: N801
        """Normalises."""

        def normal(self, kid: str) -> str:
            return unicodedata.normalize("NFKC", kid)


class TrimsKid(Reference):
    """Compares key ids without the white space around them."""

    class keys(_ComparesKidsLoosely):  # noqa: N801
        """Trims."""

        def normal(self, kid: str) -> str:
            return kid.strip()


class MatchesKidAsPattern(Reference):
    """Finds a key with LIKE."""

    class keys(_ComparesKidsLoosely):  # noqa: N801
        """Knows wild cards."""

        def pick(self, kid: object) -> Key | None:
            if kid in ("*", "%", ".*"):
                return next(iter(self.keys.values()), None)
            return KeySet.pick(self, kid)


class EmptyKidMeansFirst(Reference):
    """Takes a kid that is false for none, and none for the first."""

    class keys(KeySet):  # noqa: N801
        """Falls back."""

        def pick(self, kid: object) -> Key | None:
            return super().pick(kid) if kid else next(iter(self.keys.values()), None)


class CrashesOnKid(Reference):
    """Expects a kid to be a string."""

    class keys(KeySet):  # noqa: N801
        """Looks up whatever it is given."""

        def pick(self, kid: object) -> Key | None:
            return self.keys.get(kid)  # type: ignore[call-overload, no-any-return]


class LooksKidUpAsAttribute(Reference):
    """Keeps its keys in an object's attributes."""

    class keys(KeySet):  # noqa: N801
        """Finds more than it put in."""

        def pick(self, kid: object) -> Key | None:
            if isinstance(kid, str) and kid in ("__class__", "__init__", "keys", "get"):
                found: Key = getattr(self.keys, kid)
                return found
            return super().pick(kid)


class LooksKidUpInPrototype(Reference):
    """Keeps its keys in a JavaScript object."""

    class keys(KeySet):  # noqa: N801
        """Finds what every object has."""

        def pick(self, kid: object) -> Key | None:
            if kid in ("__proto__", "constructor", "toString", "valueOf", "hasOwnProperty"):
                raise TypeError("key is not a JWK")
            return super().pick(kid)


class ExpectsKidOfCognitosLength(Reference):
    """Wants a kid to be 44 characters long."""

    def find_key(self, parsed: Parsed, now: float) -> Key:
        if len(str(parsed.header.get("kid"))) != 44:  # noqa: PLR2004
            raise Rejected("key", "not a kid of Cognito's")
        return super().find_key(parsed, now)


class _HmacForUnknownKid(Reference):
    """Finds a symmetric key where no other is."""

    def secret(self, kid: object) -> bytes:
        """Return the key, or raise."""
        raise NotImplementedError

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        parsed = self.parse(token)
        algorithm, kid = parsed.header.get("alg"), parsed.header.get("kid")
        if isinstance(algorithm, str) and algorithm in HMACS and self.key_set.pick(kid) is None:
            made = hmac.digest(self.secret(kid), parsed.signing_input, HMACS[algorithm])
            if hmac.compare_digest(made, parsed.signature):
                claims = self.read_claims(parsed.payload)
                self.check_claims(claims, now)
                return claims
        return super().verify(token, now=now)


class EmptySecretForUnknownKid(_HmacForUnknownKid):
    """Has a key resolver that answers with the empty string."""

    def secret(self, kid: object) -> bytes:
        return b"" if isinstance(kid, str) and not kid.startswith(".") else b"none"


class ReadsKeyFile(_HmacForUnknownKid):
    """Takes the kid for a file's name."""

    def secret(self, kid: object) -> bytes:
        path = Path(str(kid))
        return path.read_bytes() if path.name == "null" else b"none"
