"""python-jose with the whole key set, as its manual has it."""

import sys
from pathlib import Path

from jose import exceptions, jwt

sys.path.insert(0, str(Path(__file__).parents[1]))
from cvap import Unsupported, check_cognito, serve


class Library:
    name = "python-jose"
    homepage = "https://python-jose.readthedocs.io"
    capabilities = ("jwks.static", "reasons")
    limits = {"leeway_s": 0}
    rejections = (exceptions.JOSEError,)
    reasons = {
        "ExpiredSignatureError": "expired",
        "JWTClaimsError": "other",
        "JWKError": "key",
        "JWTError": "malformed",
    }

    def configure(self, config):
        if len(config["client_ids"]) != 1:  # its audience is one string
            raise Unsupported("client_ids")
        self.config = config

    def verify(self, token):
        config = self.config
        claims = jwt.decode(
            token,
            config["jwks"],
            algorithms=["RS256"],
            issuer=config["issuers"],
            audience=config["client_ids"][0] if config["token_use"] == "id" else None,
            options={"leeway": config["leeway_s"], "verify_at_hash": False, "require_exp": True},
        )
        check_cognito(claims, config)
        return claims


serve(Library())
