"""The reference's keys and discovery document: COG-JWK-*, COG-DIS-*."""

import json

import httpx

from cognito_conformance.issuers.reference import keys
from cognito_conformance.issuers.reference.minting import Minting
from cognito_conformance.issuers.reference.state import Members, Pool


class WellKnown(Minting):
    """What everybody may read."""

    def well_known(self, pool_id: str, name: str) -> httpx.Response:
        """Answer below ``/{pool}/.well-known/``."""
        pool = self.pools.get(pool_id)
        if pool is None:
            return self.unknown_pool(pool_id, name)
        if name == "jwks.json":
            return self.document(self.jwks(pool))
        return self.document(self.discovery(pool))

    def unknown_pool(self, pool_id: str, name: str) -> httpx.Response:
        """Answer for a pool that does not exist."""
        del name
        return httpx.Response(400, json={"message": f"User pool {pool_id} does not exist."})

    def document(self, members: Members) -> httpx.Response:
        """Return a public document."""
        return httpx.Response(200, content=json.dumps(members), headers=self.document_headers())

    def document_headers(self) -> dict[str, str]:
        """Return a public document's headers."""
        return {"content-type": "application/json", "access-control-allow-origin": "*"}

    def jwks(self, pool: Pool) -> Members:
        """Return the key set."""
        return {"keys": [self.jwk(number) for number in self.key_numbers(pool)]}

    def jwk(self, number: int) -> Members:
        """Return one key."""
        return {**keys.jwk(number), "kid": self.kid(number)}

    def discovery(self, pool: Pool) -> Members:
        """Return the discovery document."""
        issuer = f"{self.base}/{pool.id}"
        return {
            "authorization_endpoint": f"{self.base}/oauth2/authorize",
            "end_session_endpoint": f"{self.base}/logout",
            "id_token_signing_alg_values_supported": ["RS256"],
            "issuer": issuer,
            "jwks_uri": f"{issuer}/.well-known/jwks.json",
            "response_types_supported": ["code", "token"],
            "revocation_endpoint": f"{self.base}/oauth2/revoke",
            "scopes_supported": ["openid", "email", "phone", "profile"],
            "subject_types_supported": ["public"],
            "token_endpoint": f"{self.base}/oauth2/token",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "userinfo_endpoint": f"{self.base}/oauth2/userInfo",
        }
