"""jwcrypto's JWT with a key set and check_claims, as its manual has it."""

import json
import sys
from pathlib import Path

from jwcrypto.common import JWException
from jwcrypto.jwk import JWKSet
from jwcrypto.jwt import JWT

sys.path.insert(0, str(Path(__file__).parents[1]))
from cvap import check_cognito, serve


class Library:
    name = "jwcrypto"
    homepage = "https://jwcrypto.readthedocs.io"
    capabilities = ("jwks.static", "reasons")
    limits = {"leeway_s": 60}
    rejections = (JWException, ValueError)  # its manual names both
    reasons = {
        "JWTExpired": "expired",
        "JWTNotYetValid": "not_yet_valid",
        "InvalidJWSSignature": "signature",
        "InvalidJWAAlgorithm": "algorithm",
        "JWTMissingKey": "key",
        "ValueError": "malformed",
    }

    def configure(self, config):
        self.config = config
        self.keys = JWKSet.from_json(json.dumps(config["jwks"]))

    def verify(self, token):
        checked = {"iss": self.config["issuers"][0], "exp": None}
        jwt = JWT(check_claims=checked, algs=["RS256"], expected_type="JWS")
        jwt.leeway = self.config["leeway_s"]
        jwt.deserialize(token, self.keys)
        claims = json.loads(jwt.claims)
        check_cognito(claims, self.config)
        return claims


serve(Library())
