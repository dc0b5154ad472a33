"""Authlib's JsonWebToken, as its guide to JWT has it, the claims that matter made essential."""

import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")  # authlib.jose is deprecated in favour of joserfc, and in wide use
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.jose.errors import JoseError

sys.path.insert(0, str(Path(__file__).parents[1]))
from cvap import check_cognito, serve


class Library:
    name = "Authlib"
    homepage = "https://docs.authlib.org"
    capabilities = ("jwks.static", "reasons")
    limits = {"leeway_s": 0}
    rejections = (JoseError, ValueError)
    reasons = {
        "ExpiredTokenError": "expired",
        "BadSignatureError": "signature",
        "UnsupportedAlgorithmError": "algorithm",
        "DecodeError": "malformed",
        "ValueError": "malformed",
    }

    def configure(self, config):
        self.config = config
        self.keys = JsonWebKey.import_key_set(config["jwks"])
        self.jwt = JsonWebToken(["RS256"])
        self.options = {
            "iss": {"essential": True, "values": config["issuers"]},
            "exp": {"essential": True},
        }

    def verify(self, token):
        claims = self.jwt.decode(token, self.keys, claims_options=self.options)
        claims.validate(leeway=self.config["leeway_s"])
        check_cognito(claims, self.config)
        return dict(claims)


serve(Library())
