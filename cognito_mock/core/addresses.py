"""Where the mock's addresses point; token ``iss``, discovery and JWKS agree by construction.

Issuer modes: ``local`` (default) - reachable under the mock's own address; ``aws`` - AWS's real
host names, for setups with a TLS proxy in front; any other text is a fixed base URL (``--issuer``).
"""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """``base_url`` is ``http://HOST:PORT`` without a trailing slash."""

    base_url: str
    issuer_mode: str = "local"

    def issuer(self, pool_id: str, *, updated: bool = False) -> str:
        """The ``iss`` of the pool's tokens, without trailing slash (COG-TOK-008).

        ``updated``: the pool has opted into the issuer of many Regions (COG-TOK-009), which has
        another name at AWS only.
        """
        if self.issuer_mode == "local":
            return f"{self.base_url}/{pool_id}"
        if self.issuer_mode == "aws":
            region = pool_id.partition("_")[0]
            suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
            service = "issuer-cognito-idp" if updated else "cognito-idp"
            return f"https://{service}.{region}.{suffix}/{pool_id}"
        return f"{self.issuer_mode.rstrip('/')}/{pool_id}"

    def jwks_uri(self, pool_id: str, *, updated: bool = False) -> str:
        """COG-DIS-012."""
        return f"{self.issuer(pool_id, updated=updated)}/.well-known/jwks.json"

    def domain_url(self, domain: str, region: str, *, custom: bool = False) -> str:
        """Where a pool domain's pages and OAuth endpoints are (COG-HOST-001)."""
        if self.issuer_mode == "aws":
            return (
                f"https://{domain}"
                if custom
                else f"https://{domain}.auth.{region}.amazoncognito.com"
            )
        parts = urlsplit(self.base_url)
        port = f":{parts.port}" if parts.port else ""
        host = domain if custom else f"{domain}.auth.{region}.localhost"
        return f"{parts.scheme}://{host}{port}"
