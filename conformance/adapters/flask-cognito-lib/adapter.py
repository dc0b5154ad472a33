"""flask-cognito-lib's CognitoAuth, whose key endpoint is the suite's."""

import sys
from pathlib import Path

from flask import Flask
from flask_cognito_lib import CognitoAuth
from flask_cognito_lib.exceptions import CognitoError, TokenVerifyError

sys.path.insert(0, str(Path(__file__).parents[1]))
from cvap import options_must_be_plain, serve


class Library:
    name = "flask-cognito-lib"
    homepage = "https://github.com/mblackgeo/flask-cognito-lib"
    capabilities = ("jwks.http",)
    limits = {"leeway_s": 0}
    rejections = (TokenVerifyError, CognitoError)
    reasons = {}

    def configure(self, config):
        options_must_be_plain(config)
        self.use = config["token_use"]
        self.app = Flask(__name__)
        self.app.config.update(
            SECRET_KEY="s",
            AWS_REGION=config["region"],
            AWS_COGNITO_USER_POOL_ID=config["user_pool_id"],
            AWS_COGNITO_DOMAIN="https://example.invalid",
            AWS_COGNITO_USER_POOL_CLIENT_ID=config["client_ids"][0],
            AWS_COGNITO_REDIRECT_URL="https://example.invalid",
            AWS_COGNITO_LOGOUT_URL="https://example.invalid",
        )
        self.auth = CognitoAuth(self.app)
        self.uri = config["jwks_uri"]

    def verify(self, token):
        with self.app.test_request_context():
            # Derived from the pool, and made anew for each request.
            self.auth.token_service.jwk.uri = self.uri
            if self.use == "id":
                return self.auth.verify_id_token(token, leeway=0)
            return self.auth.verify_access_token(token, leeway=0)


serve(Library())
