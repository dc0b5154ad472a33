"""fastapi-cognito's auth_required in front of a route, as its README has it."""

import json
import sys
from pathlib import Path

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from fastapi_cognito import CognitoAuth, CognitoSettings
from pydantic import BaseModel

sys.path.insert(0, str(Path(__file__).parents[1]))
from cvap import Rejected, options_must_be_plain, serve


class Claims(BaseModel, extra="allow"):
    """All of them: the README's way to have more than the default model keeps."""


class Library:
    name = "fastapi-cognito"
    homepage = "https://github.com/markomirosavljev/fastapi-cognito"
    capabilities = ("jwks.http",)
    limits = {"leeway_s": 0}
    rejections = ()
    reasons = {}

    def configure(self, config):
        options_must_be_plain(config, "client_ids", "token_use")
        pool = {
            "region": config["region"],
            "userpool_id": config["user_pool_id"],
            "app_client_id": config["client_ids"],
            "jwks_url": config["jwks_uri"],
        }
        settings = CognitoSettings(
            check_expiration=True,
            jwt_header_name="Authorization",
            jwt_header_prefix="Bearer",
            userpools={"eu": pool},
        )
        auth = CognitoAuth(settings=settings, custom_model=Claims)
        app = FastAPI()
        # As text: FastAPI's own encoder refuses some of what the library has accepted.
        app.get("/")(lambda claims=Depends(auth.auth_required): json.dumps(claims.model_dump()))
        self.client = TestClient(app)

    def verify(self, token):
        header = f"Bearer {token}".encode("utf-8", "surrogatepass")
        response = self.client.get("/", headers={b"Authorization": header})
        if response.status_code == 401:
            raise Rejected("other", response.text)
        response.raise_for_status()
        return json.loads(response.json())


serve(Library())
