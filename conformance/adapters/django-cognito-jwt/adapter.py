"""django-cognito-jwt's TokenValidator, its key set fetched from the suite."""

import sys
from pathlib import Path

import requests
from django.conf import settings
from django_cognito_jwt.validator import TokenError, TokenValidator

sys.path.insert(0, str(Path(__file__).parents[1]))
from cvap import Unsupported, options_must_be_plain, serve

settings.configure()
fetch = requests.get


class Library:
    name = "django-cognito-jwt"
    homepage = "https://github.com/labd/django-cognito-jwt"
    capabilities = ("jwks.http",)
    limits = {"leeway_s": 0}
    rejections = (TokenError,)
    reasons = {}

    def configure(self, config):
        options_must_be_plain(config, "client_ids")
        if config["token_use"] != "id":  # its README: "Be sure you are passing the ID Token"
            raise Unsupported("token_use")
        self.config = config

    def verify(self, token):
        config = self.config
        # The library derives the address from the pool; this answers it with what the suite serves.
        requests.get = lambda _: fetch(config["jwks_uri"])
        # As its authentication backend does: one validator a request.
        clients = config["client_ids"]
        return TokenValidator(config["region"], config["user_pool_id"], clients).validate(token)


serve(Library())
