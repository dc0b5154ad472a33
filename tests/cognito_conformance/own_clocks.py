"""Subjects whose cache of keys follows the clock on the wall: real fetches, real seconds."""

import time
from dataclasses import replace
from typing import ClassVar

from cognito_conformance.model import Implementation
from cognito_conformance.saboteurs import Reference
from cognito_conformance.saboteurs.keys import Key, KeySet


class RestsForTwoSeconds(Reference):
    """Fetches at most once in two seconds, by a clock that nobody can set."""

    class keys(KeySet):  # noqa: N801  (as the reference has it)
        """Does not look at the time it is given."""

        cooldown_s: ClassVar[float] = 2.0

        def find(self, kid: object, now: float) -> Key:
            del now
            return super().find(kid, time.monotonic())

    @property
    def info(self) -> Implementation:
        """Return what it declares: no cache that ages by the given time."""
        info = super().info
        return replace(info, capabilities=info.capabilities - {"clock.cache"})


class NeverAgain(RestsForTwoSeconds):
    """Fetches once."""

    class keys(RestsForTwoSeconds.keys):  # noqa: N801
        """Rests for ever."""

        cooldown_s = float("inf")


class RefusesEverybody(RestsForTwoSeconds):
    """Refuses the first key's token as well."""

    class keys(RestsForTwoSeconds.keys):  # noqa: N801
        """Finds nothing."""

        def pick(self, kid: object) -> None:
            del kid


class DiesOfANewKey(RestsForTwoSeconds):
    """Ends its process when it meets a key that it does not know."""

    class keys(RestsForTwoSeconds.keys):  # noqa: N801
        """Does not come back."""

        def find(self, kid: object, now: float) -> Key:
            if self.keys and kid not in self.keys:
                raise SystemExit(3)
            return super().find(kid, now)
