"""The machine's clock, for those who are not given another."""

import time


def system_time() -> float:
    """Return seconds since the epoch.

    ``time.time`` is looked up at each call, and not kept as a default argument, so that a test
    which freezes time (freezegun replaces the name) freezes it here, too.
    """
    return time.time()
