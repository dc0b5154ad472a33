"""What a user pool's id says: its region, its issuers and where its keys are (COG-JWK-001)."""

import re
from typing import Final, Literal, NamedTuple

from cognito_verify.errors import ConfigurationError

ORIGINAL: Final = "original"
UPDATED: Final = "updated"
IssuerForm = Literal["original", "updated"]

# us-gov-west-1, mx-central-1 and eusc-de-east-1 are regions too. # conformance: iss/pool-id-grammar
_POOL_ID = re.compile(r"(?P<region>[a-z]{2,5}(?:-[a-z]+)+-[0-9]{1,2})_[0-9a-zA-Z]{1,64}", re.ASCII)
_LOCAL_POOL_ID = re.compile(r"[a-zA-Z0-9_-]{1,55}_[0-9a-zA-Z]{1,64}", re.ASCII)
_PARTITIONS = {"cn": "amazonaws.com.cn", "eusc": "amazonaws.eu"}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class UserPool(NamedTuple):
    """A user pool somewhere in AWS. Made by `parse_user_pool_id` alone."""

    id: str
    region: str

    def issuer(self, form: IssuerForm = ORIGINAL) -> str:
        """Return the pool's issuer: COG-TOK-008, or COG-TOK-009 for pools that have opted in.

        # conformance: iss/original, iss/updated
        """
        suffix = _PARTITIONS.get(self.region.partition("-")[0], "amazonaws.com")
        service = "issuer-cognito-idp" if form == UPDATED else "cognito-idp"
        return f"https://{service}.{self.region}.{suffix}/{self.id}"


def parse_user_pool_id(user_pool_id: object) -> UserPool:
    """Read a pool id such as ``eu-west-1_AbCdEfGhI``. Raises `ConfigurationError`."""
    match = _POOL_ID.fullmatch(user_pool_id) if isinstance(user_pool_id, str) else None
    if match is None:
        raise ConfigurationError(f"not a user pool id: {user_pool_id!r:.80}")
    return UserPool(match[0], match["region"])


def check_local_pool_id(user_pool_id: str) -> str:
    """Return the id of a pool outside of AWS, which may name no region."""
    if _LOCAL_POOL_ID.fullmatch(user_pool_id) is None:
        raise ConfigurationError(f"not a user pool id: {user_pool_id!r:.80}")
    return user_pool_id


def jwks_uri_of(issuer: str) -> str:
    """Return where an issuer publishes its keys (COG-DIS-012, COG-JWK-011)."""
    return f"{issuer}/.well-known/jwks.json"


def is_loopback(url: str) -> bool:
    """Tell whether the URL's host is this very machine."""
    from urllib.parse import urlsplit  # noqa: PLC0415  (slow to import, and seldom needed)

    host = urlsplit(url).hostname or ""
    return host in _LOOPBACK or host.endswith(".localhost")  # RFC 6761 §6.3


def check_url(url: object, what: str) -> str:
    """Return ``url`` if it may be trusted with key material.

    # conformance: jwks/uri-scheme

    Raises:
        ConfigurationError: It is not https (http is for loopback hosts), or has parts that an
            issuer never has.

    """
    from urllib.parse import urlsplit  # noqa: PLC0415  (slow to import, and seldom needed)

    if not isinstance(url, str) or not url.isascii() or not url.isprintable() or " " in url:
        raise ConfigurationError(f"{what} is not a URL: {url!r:.200}")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ConfigurationError(f"{what} is not a URL: {url!r:.200}") from error
    if not parts.hostname or parts.scheme not in {"https", "http"}:
        raise ConfigurationError(f"{what} must be an https URL: {url!r:.200}")
    if parts.scheme == "http" and not is_loopback(url):
        raise ConfigurationError(f"{what} must be https outside of this machine: {url!r:.200}")
    if "@" in parts.netloc or "#" in url:
        raise ConfigurationError(f"{what} must have no credentials and no fragment")
    return url


def check_issuer(url: object) -> str:
    """Return ``url`` if a token's ``iss`` can be compared with it. Raises `ConfigurationError`.

    OIDC Discovery §3: no query. A trailing slash would never match (COG-TOK-008).
    """
    issuer = check_url(url, "the issuer")
    if "?" in issuer or issuer.endswith("/"):
        raise ConfigurationError(f"an issuer has no query and no final slash: {issuer!r:.200}")
    return issuer
