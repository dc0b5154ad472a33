"""PyJWT with PyJWKClient, as "Retrieve RSA signing keys from a JWKS endpoint" of its manual."""

import sys
from pathlib import Path

import jwt

sys.path.insert(0, str(Path(__file__).parents[1]))
from cvap import check_cognito, serve


class Library:
    name = "PyJWT"
    homepage = "https://pyjwt.readthedocs.io"
    capabilities = ("jwks.http", "clock.cache", "reasons")
    limits = {"leeway_s": 0, "jwks_cooldown_s": 30, "jwks_ttl_s": 300}
    rejections = (jwt.PyJWTError,)
    reasons = {
        "ExpiredSignatureError": "expired",
        "ImmatureSignatureError": "not_yet_valid",
        "InvalidSignatureError": "signature",
        "InvalidIssuerError": "issuer",
        "InvalidAudienceError": "audience",
        "InvalidAlgorithmError": "algorithm",
        "PyJWKClientError": "key",
        "DecodeError": "malformed",
    }

    def configure(self, config):
        self.config = config
        self.keys = jwt.PyJWKClient(config["jwks_uri"])

    def verify(self, token):
        config = self.config
        key = self.keys.get_signing_key_from_jwt(token)
        # An access token of Cognito's has no aud; the manual's way to leave it alone.
        claims = jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            issuer=config["issuers"],
            audience=config["client_ids"] if config["token_use"] == "id" else None,
            leeway=config["leeway_s"],
            options={"require": ["exp", "iss"], "verify_aud": config["token_use"] == "id"},
        )
        check_cognito(claims, config)
        return claims


serve(Library())
