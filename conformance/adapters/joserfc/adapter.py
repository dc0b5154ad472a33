"""joserfc, as its guide to JWT has it: a key set, one algorithm, a registry of claims."""

import sys
from pathlib import Path

from joserfc import errors, jwt
from joserfc.jwk import KeySet

sys.path.insert(0, str(Path(__file__).parents[1]))
from cvap import check_cognito, serve


class Library:
    name = "joserfc"
    homepage = "https://jose.authlib.org"
    capabilities = ("jwks.static", "reasons")
    limits = {"leeway_s": 0}
    rejections = (errors.JoseError, ValueError)  # its guide: "ValueError" for a key that is missing
    reasons = {
        "ExpiredTokenError": "expired",
        "BadSignatureError": "signature",
        "UnsupportedAlgorithmError": "algorithm",
        "DecodeError": "malformed",
        "InvalidKeyIdError": "key",
        "ValueError": "malformed",
    }

    def configure(self, config):
        self.config = config
        self.keys = KeySet.import_key_set(config["jwks"])
        self.registry = jwt.JWTClaimsRegistry(
            leeway=config["leeway_s"],
            iss={"essential": True, "values": config["issuers"]},
            exp={"essential": True},
        )

    def verify(self, token):
        decoded = jwt.decode(token, self.keys, algorithms=["RS256"])
        self.registry.validate(decoded.claims)
        check_cognito(decoded.claims, self.config)
        return decoded.claims


serve(Library())
