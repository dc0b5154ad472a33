# ruff: noqa: D102  (a method that is flawed is described by its class)
"""Flaws in fetching a key set and in keeping it."""

import http.client
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from cognito_conformance.model import Config, Rejected
from cognito_conformance.saboteurs.encoding import parse_json
from cognito_conformance.saboteurs.keys import FetchError, KeySet, fetch
from cognito_conformance.saboteurs.reference import Reference


class OpensAnyUri(Reference):
    """Opens whatever address it is given."""

    class keys(KeySet):  # noqa: N801
        """Does not look at the scheme."""

        def schemes(self) -> tuple[str, ...]:
            return ("http", "https", "file", "ftp", "data")

        def load(self, now: float) -> None:
            if not str(self.address).startswith("http"):
                raise OSError("this file holds no keys")
            super().load(now)


class CrashesOnBadKeySet(Reference):
    """Expects an address to answer with keys."""

    class keys(KeySet):  # noqa: N801
        """Reads without asking."""

        def load(self, now: float) -> None:
            del now
            body = _get(self.address, limit=None)
            self.keys = {
                jwk["kid"]: key
                for jwk in json.loads(body)["keys"]
                if (key := self.usable_key(jwk)) is not None
            }


class FollowsRedirects(Reference):
    """Goes where it is sent."""

    class keys(KeySet):  # noqa: N801
        """Follows."""

        def __init__(self, config: Config) -> None:
            super().__init__(config)
            self.fetch = _fetch_following


class ReadsAnySize(Reference):
    """Reads to the end."""

    class keys(KeySet):  # noqa: N801
        """Has no limit."""

        def __init__(self, config: Config) -> None:
            super().__init__(config)
            self.fetch = lambda address: parse_json(_get(address, limit=None))

        def load(self, now: float) -> None:
            try:
                super().load(now)
            except Rejected:
                return


class CachesForever(Reference):
    """Fetches once."""

    class keys(KeySet):  # noqa: N801
        """Never again."""

        def may_fetch(self, now: float) -> bool:
            del now
            return self.last_try is None


class NeverForgets(Reference):
    """Adds new keys and keeps all the old ones."""

    class keys(KeySet):  # noqa: N801
        """Collects."""

        def load(self, now: float) -> None:
            old = self.keys
            super().load(now)
            self.keys = {**self.keys, **old}


class DropsCacheOnFailure(Reference):
    """Has no keys while it has no answer."""

    class keys(KeySet):  # noqa: N801
        """Clears first."""

        def load(self, now: float) -> None:
            self.keys = {}
            super().load(now)


class NeverCaches(Reference):
    """Fetches for every token."""

    class keys(KeySet):  # noqa: N801
        """Has no patience."""

        ttl_s = 0.0
        cooldown_s = 0.0

        def load(self, now: float) -> None:
            self.keys = {}
            super().load(now)


class FetchesForEveryUnknownKid(Reference):
    """Has no cooldown."""

    class keys(KeySet):  # noqa: N801
        """Has no patience."""

        cooldown_s = 0.0


class UnknownKidsProlongTheCooldown(Reference):
    """Starts the cooldown again with every unknown kid."""

    class keys(KeySet):  # noqa: N801
        """Can be starved."""

        def may_fetch(self, now: float) -> bool:
            allowed = super().may_fetch(now)
            if not allowed or self.last_try is not None:
                allowed = allowed and now - (self.last_try or 0) >= 20  # noqa: PLR2004
                self.last_try = now
            return allowed


class RestsForTwoMinutes(Reference):
    """Asks for keys once in two minutes, whoever is waiting."""

    class keys(KeySet):  # noqa: N801
        """Takes its time."""

        cooldown_s = 120.0


class PutsOffWhoeverAsksAgain(Reference):
    """Remembers an unknown kid for as long as somebody goes on asking for it."""

    class keys(KeySet):  # noqa: N801
        """Counts from the last time."""

        def __init__(self, config: Config) -> None:
            super().__init__(config)
            self.cooldown_s = 45.0
            self.asked_at: dict[str, float] = {}

        def refresh(self, kid: object, now: float) -> None:
            name = str(kid)
            before = self.asked_at.get(name, float("-inf"))
            if self.pick(kid) is None:
                self.asked_at[name] = now
            if now - before >= self.cooldown_s:
                super().refresh(kid, now)


class StrangersKeepNewKeysOut(Reference):
    """Rests after a kid that stayed unknown, and again with each that comes meanwhile."""

    class keys(KeySet):  # noqa: N801
        """Fetches at once for everybody else."""

        cooldown_s = 0.0

        def __init__(self, config: Config) -> None:
            super().__init__(config)
            self.missed_at = float("-inf")

        def refresh(self, kid: object, now: float) -> None:
            rested = now - self.missed_at >= 15  # noqa: PLR2004
            if rested or not self.keys:
                super().refresh(kid, now)
            if self.pick(kid) is None:
                self.missed_at = now


class FetchesBeforeLooking(Reference):
    """Fetches the keys before it looks at the token."""

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        self.key_set.refresh(None, now)
        return super().verify(token, now=now)


class DiesInOutage(Reference):
    """Does not recover from a first failure."""

    class keys(KeySet):  # noqa: N801
        """Remembers the failure."""

        def load(self, now: float) -> None:
            super().load(now)
            if not self.keys:
                self.cooldown_s = float("inf")


def _get(address: str, *, limit: int | None) -> bytes:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=5)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().read(limit)
    except (OSError, http.client.HTTPException) as error:
        raise FetchError("no answer") from error
    finally:
        connection.close()


def _fetch_following(address: str) -> Any:
    try:
        return fetch(address)
    except FetchError:
        return fetch(_location(address))


def _location(address: str) -> str:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=5)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().getheader("Location") or address
    except (OSError, http.client.HTTPException) as error:
        raise FetchError("no answer") from error
    finally:
        connection.close()
