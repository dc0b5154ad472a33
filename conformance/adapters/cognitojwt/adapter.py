"""cognitojwt's decode, as its README has it; the keys come from a file, by its own variable."""

import json
import os
import sys
import tempfile
from pathlib import Path

import cognitojwt
from cognitojwt.jwt_sync import get_keys
from jose.exceptions import JOSEError

sys.path.insert(0, str(Path(__file__).parents[1]))
from cvap import options_must_be_plain, serve


class Library:
    name = "cognitojwt"
    homepage = "https://github.com/borisrozumnuk/cognitojwt"
    capabilities = ("jwks.static",)
    limits = {"leeway_s": 0}
    rejections = (cognitojwt.CognitoJWTException, JOSEError)
    reasons = {}
    folder = tempfile.TemporaryDirectory()

    def configure(self, config):
        options_must_be_plain(config, "client_ids", "token_use")
        self.config = config
        path = Path(self.folder.name, "jwks.json")
        path.write_text(json.dumps(config["jwks"]))
        os.environ["AWS_COGNITO_JWKS_PATH"] = str(path)
        get_keys.cache_clear()

    def verify(self, token):
        config = self.config
        return cognitojwt.decode(
            token, config["region"], config["user_pool_id"], app_client_id=config["client_ids"]
        )


serve(Library())
