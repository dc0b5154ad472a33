"""Which scheme and host the client used, so that addresses and cookies fit what it sees.

Forwarding headers count only from a peer on the loopback interface, where a TLS proxy would stand;
from anywhere else they are a stranger's claim.
"""

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache

from starlette.requests import HTTPConnection
from starlette.types import Scope

_READ = "cognito_mock.origin"
_HOST = re.compile(r"(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """``host`` is lower-case, with the port if the client wrote one; empty if it is no host."""

    scheme: str
    host: str

    @property
    def secure(self) -> bool:
        """Whether the client speaks TLS."""
        return self.scheme == "https"

    @property
    def hostname(self) -> str:
        """The host without its port; an IPv6 literal keeps its brackets."""
        name, colon, port = self.host.rpartition(":")
        return name if colon and port.isdecimal() else self.host

    @property
    def local(self) -> bool:
        """Whether the name can only mean this machine (RFC 6761 §6.3)."""
        name = self.hostname
        return name == "localhost" or name.endswith(".localhost") or _is_loopback(name.strip("[]"))


def origin_of(connection: HTTPConnection) -> Origin:
    """Read the origin of a request, once: a page asks several times."""
    scope = connection.scope
    known: Origin | None = scope.get(_READ)
    if known is None:
        known = scope[_READ] = _read(scope)
    return known


def _read(scope: Scope) -> Origin:
    # ASGI has the names in lower case; of a repeated field the first counts.
    fields: dict[bytes, bytes] = dict(reversed(scope["headers"]))

    def field(name: bytes) -> str:
        return fields.get(name, b"").decode("latin-1")

    scheme, host, client = scope.get("scheme", "http"), field(b"host"), scope.get("client")
    if client is not None and _is_loopback(client[0]):
        forwarded = _first(field(b"x-forwarded-proto"))
        scheme = forwarded if forwarded in {"http", "https"} else scheme
        host = _first(field(b"x-forwarded-host")) or host
    host = host.lower()
    return Origin(scheme=scheme, host=host if _HOST.fullmatch(host) else "")


def _first(header: str) -> str:
    return header.partition(",")[0].strip()


@lru_cache(maxsize=256)
def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
