"""Dropping what has expired, so that memory stays flat however long the mock runs."""

from cognito_mock.flows.services import Services

# An expired session, code or token is kept a little longer, to be told from one that never was.
_REMEMBERED_SECONDS = 600
_ONE_IN = 64


def tidy(services: Services) -> None:
    """Drop expired records, once in a while: callers call it at every step that leaves one."""
    if services.entropy.token_bytes(1)[0] % _ONE_IN == 0:
        services.store.drop_expired(services.clock.now() - _REMEMBERED_SECONDS)
