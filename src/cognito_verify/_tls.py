"""Lend TLS contexts to fetches: to load the certificate authorities takes longer than all the rest.

A context is lent to one fetch at a time, for httpx sets it up again for each connection, and in
another thread a connection may be copying just that. They hold no connection, so a process that is
forked may keep using them.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl

#: Each takes about 1 MiB; more are only ever needed while as many pools are asked at once.
MAX_IDLE = 4

# With what each trusts. The list's own methods are atomic: no lock that a fork could leave locked.
_idle: "list[tuple[object, ssl.SSLContext]]" = []


@contextmanager
def tls_context(*, trust_env: bool) -> Iterator["ssl.SSLContext"]:
    """Lend a context as httpx makes it, with the authorities named by ``SSL_CERT_FILE`` or not.

    Raises:
        OSError: The authorities cannot be read.

    """
    import httpx  # noqa: PLC0415  (not before the first fetch)

    authorities = _authorities() if trust_env else None
    context = _take(authorities)
    if context is None:
        context = httpx.create_ssl_context(trust_env=trust_env)
    try:
        yield context
    finally:
        _idle.append((authorities, context))
        del _idle[:-MAX_IDLE]


def _authorities() -> object:
    """Return what changes when other authorities are to be trusted.

    The environment may name another file or directory, or that may have been changed or replaced.
    """
    paths = [os.environ.get(name) for name in ("SSL_CERT_FILE", "SSL_CERT_DIR")]
    return [(path, _state_of(path)) for path in paths]


def _state_of(path: str | None) -> object:
    try:
        found = os.stat(path) if path else None  # noqa: PTH116  (pathlib is slow to import)
    except OSError:
        return None  # httpx decides what that means
    return found and (found.st_ino, found.st_mtime_ns)


def _take(authorities: object) -> "ssl.SSLContext | None":
    for kept in _idle.copy():
        if kept[0] == authorities:
            try:
                _idle.remove(kept)
            except ValueError:
                continue  # another thread was faster
            return kept[1]
    return None
