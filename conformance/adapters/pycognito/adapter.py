"""pycognito's Cognito.verify_token, its key set given as its README permits."""

import os
import sys
from pathlib import Path

os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
from pycognito import Cognito
from pycognito.exceptions import TokenVerificationException

sys.path.insert(0, str(Path(__file__).parents[1]))
from cvap import options_must_be_plain, serve


class Library:
    name = "pycognito"
    homepage = "https://github.com/NabuCasa/pycognito"
    capabilities = ("jwks.static",)
    limits = {"leeway_s": 0}
    rejections = (TokenVerificationException,)
    reasons = {}

    def configure(self, config):
        options_must_be_plain(config)
        self.use = config["token_use"]
        self.cognito = Cognito(
            config["user_pool_id"],
            config["client_ids"][0],
            user_pool_region=config["region"],
            access_key="x",
            secret_key="x",
        )
        self.cognito.pool_jwk = config["jwks"]

    def verify(self, token):
        return self.cognito.verify_token(token, f"{self.use}_token", self.use)


serve(Library())
