"""How the reference makes tokens: COG-TOK-*."""

import hashlib
import json
import secrets
import time
import uuid

from cognito_conformance.forge.encoding import b64url
from cognito_conformance.issuers.reference import keys
from cognito_conformance.issuers.reference.state import Login, Members, Pool

LIFETIME_S = 3600


class Minting:
    """Tokens and the keys that sign them."""

    base: str = "http://issuer.test"

    def __init__(self) -> None:
        self.pools: dict[str, Pool] = {}
        #: Every access token that was issued, and every other token that names its user.
        self.issued: dict[str, Login] = {}
        self.refresh_tokens: dict[str, Login] = {}

    def now(self) -> int:
        """Return the time."""
        return int(time.time())

    def iss(self, pool: Pool) -> str:
        """Return the issuer."""
        return f"{self.base}/{pool.id}"

    def key_numbers(self, pool: Pool) -> tuple[int, int]:
        """Return the keys for id and for access tokens."""
        return 2 * pool.number, 2 * pool.number + 1

    def kid(self, number: int) -> str:
        """Return what a key is called."""
        return keys.kid(number)

    def header(self, kid: str) -> Members:
        """Return a token's header."""
        return {"kid": kid, "alg": "RS256"}

    def shared_claims(self, login: Login, use: str) -> Members:
        """Return what both tokens have."""
        now = self.now()
        return {
            "sub": login.account.sub,
            "iss": self.iss(login.pool),
            "origin_jti": login.origin_jti,
            **({} if login.hosted else {"event_id": login.event_id}),
            "token_use": use,
            "auth_time": login.auth_time,
            "exp": now + LIFETIME_S,
            "iat": now,
            "jti": str(uuid.uuid4()),
        }

    def access_claims(self, login: Login) -> Members:
        """Return the access token's claims."""
        return {
            **self.shared_claims(login, "access"),
            "client_id": login.client.id,
            "scope": login.scope,
            "username": login.account.username,
            **({"version": 2} if login.hosted else {}),
        }

    def id_claims(self, login: Login, access_token: str) -> Members:
        """Return the id token's claims."""
        return {
            **(self.hosted_claims(login, access_token) if login.hosted else {}),
            **self.shared_claims(login, "id"),
            "aud": login.client.id,
            "cognito:username": login.account.username,
            "email": login.account.email,
            "email_verified": True,
        }

    def hosted_claims(self, login: Login, access_token: str) -> Members:
        """Return what only the pages' id tokens have."""
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        nonce = {} if login.nonce is None else {"nonce": login.nonce}
        return {"at_hash": b64url(half), **nonce}

    def segment(self, members: Members) -> str:
        """Return one part of a token."""
        return b64url(json.dumps(members).encode())

    def sign(self, number: int, signing_input: str) -> bytes:
        """Sign with one of the pool's keys."""
        return keys.sign(number, signing_input)

    def token(self, number: int, claims: Members) -> str:
        """Return a signed token."""
        signing_input = f"{self.segment(self.header(self.kid(number)))}.{self.segment(claims)}"
        return f"{signing_input}.{b64url(self.sign(number, signing_input))}"

    def refresh_text(self, login: Login) -> str:
        """Return a new refresh token (COG-TOK-090)."""
        del login
        header = b64url(b'{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}')
        return ".".join(
            (header, *(b64url(secrets.token_bytes(size)) for size in (256, 12, 99, 16)))
        )

    def tokens(self, login: Login, *, renewed: bool) -> tuple[str, str, str]:
        """Return access, id and refresh token; the refresh token stays what it was."""
        id_number, access_number = self.key_numbers(login.pool)
        access = self.token(access_number, self.access_claims(login))
        identity = self.token(id_number, self.id_claims(login, access))
        self.issued[access] = login
        if not renewed:
            login.refresh_token = self.refresh_text(login)
            self.refresh_tokens[login.refresh_token] = login
        return access, identity, login.refresh_token
