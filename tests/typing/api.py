"""The published types as a user sees them. Checked by mypy and pyright, never run."""

from collections.abc import Callable
from pathlib import Path
from typing import assert_type

from cognito_verify import (
    ANY_CLIENT,
    ANY_TOKEN_USE,
    AccessClaims,
    CacheTimes,
    Claims,
    ClientMismatch,
    CognitoVerifier,
    HttpFetcher,
    IdClaims,
    JwksFetcher,
    TokenExpired,
    UnknownKey,
    VerificationError,
)
from cognito_verify.alb import AlbClaims, AlbVerifier
from cognito_verify.cookies import (
    CookieUser,
    SessionCookies,
    check_cookies,
    read_cookies,
    verify_cookies,
    write_cookies,
)

verifier = CognitoVerifier(user_pool_id="us-east-1_Ab1", client_id="cid", token_use="access")
claims = verifier.verify("token")
assert_type(claims, Claims)
assert_type(claims.sub, str)
assert_type(claims.issuer, str)
assert_type(claims.client_id, str)
assert_type(claims.username, str | None)
assert_type(claims.groups, tuple[str, ...])
assert_type(claims.scopes, tuple[str, ...])
assert_type(claims.expires_at, float)
assert_type(claims.issued_at, float | None)
assert_type(claims.jti, str | None)
if isinstance(claims, IdClaims):
    assert_type(claims.email, str | None)
    assert_type(claims.email_verified, bool)
else:
    assert isinstance(claims, AccessClaims)


class MemoryFetcher:
    """Whatever has these two methods is a fetcher."""

    def fetch(self, uri: str) -> bytes:
        """Return the document."""
        return uri.encode()

    async def fetch_async(self, uri: str) -> bytes:
        """Return the document."""
        return uri.encode()


def fine(claims: Claims) -> bool:
    """Judge synchronously."""
    return "admins" in claims.groups


async def fine_later(claims: Claims) -> bool:
    """Judge asynchronously."""
    return claims.email_verified if isinstance(claims, IdClaims) else False


fetcher: JwksFetcher = MemoryFetcher()
all_options = CognitoVerifier(
    user_pool_id="us-east-1_Ab1",
    client_id=["one", "another"],
    token_use=ANY_TOKEN_USE,
    issuer="updated",
    jwks_uri="https://keys.example/jwks.json",
    groups={"admins"},
    scopes=("orders/read",),
    resources="https://api.example",
    leeway=5,
    custom_check=fine,
    cache=1000,
    times=CacheTimes(ttl=600.0, cooldown=5.0),
    fetcher=fetcher,
    clock=lambda: 0.0,
)
CognitoVerifier(
    user_pool_id="us-east-1_Ab1",
    client_id=ANY_CLIENT,
    token_use="id",
    jwks={"keys": [{"kty": "RSA"}]},
    custom_check=fine_later,
    fetcher=HttpFetcher(total_timeout=2.0),
)
CognitoVerifier(issuer="http://127.0.0.1:9229/p", client_id="c", token_use="id", jwks=Path("x"))
together = CognitoVerifier.for_pools([verifier, all_options])
assert_type(together, CognitoVerifier)
together.verify("token", now=5, groups="admins", scopes=["orders/read"])
together.hydrate()

# What must not type-check; an ignore that is not needed is an error itself.
CognitoVerifier(user_pool_id="us-east-1_Ab1", token_use="id")  # type: ignore[call-arg]
CognitoVerifier(user_pool_id="us-east-1_Ab1", client_id="c")  # type: ignore[call-arg]
CognitoVerifier(client_id="c", token_use="refresh")  # type: ignore[arg-type]
CognitoVerifier(client_id=None, token_use="id")  # type: ignore[arg-type]
CognitoVerifier("us-east-1_Ab1", client_id="c", token_use="id")  # type: ignore[call-arg]
claims["sub"] = "somebody else"  # type: ignore[index]


async def later() -> str:
    """Verify without blocking the loop."""
    await verifier.hydrate_async()
    return (await verifier.verify_async("token")).sub


def code_of(error: VerificationError) -> str:
    """Every failure has a stable code, and some have evidence."""
    if isinstance(error, TokenExpired):
        assert_type(error.expired_at, float)
    if isinstance(error, ClientMismatch):
        assert_type(error.claim, str)
    if isinstance(error, UnknownKey):
        assert_type(error.kid, object)
    return error.code


session = read_cookies(["a=b", "c=d"], client_id="cid")
assert_type(session, SessionCookies)
assert_type(session.access_token, str | None)
assert_type(write_cookies(client_id="cid", session=session), dict[str, str])
assert_type(verify_cookies(verifier, b"a=b", client_id="cid"), CookieUser | None)
user = check_cookies(verifier, b"a=b", client_id="cid", tokens="both")
assert_type(user, CookieUser)
assert_type(user.id, IdClaims | None)
assert_type(user.sub, str)

alb = AlbVerifier(load_balancer_arn="arn:...", client_id="cid")
assert_type(alb.verify("data"), AlbClaims)
check: Callable[[Claims], bool] = fine
