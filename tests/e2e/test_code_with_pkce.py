"""A tiny web application, standard library alone, signs a person in with code + PKCE."""

import base64
import hashlib
import json
import secrets
import threading
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
import pytest

from cognito_mock.starter import ADA
from cognito_mock.starter import POOL_ID as POOL

pytestmark = pytest.mark.e2e


class PkceApp:
    """``/login`` starts the flow; ``/callback`` redeems the code twice and shows both answers."""

    def __init__(self):
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.callback = f"{self.url}/callback"
        self.nonce = secrets.token_urlsafe(16)
        self._state = secrets.token_urlsafe(16)
        self._verifier = secrets.token_urlsafe(48)
        self._endpoints = {}
        self._client_id = ""

    def configure(self, *, discovery, client_id):
        """Read the endpoints from the pool's discovery document."""
        with urllib.request.urlopen(discovery, timeout=5) as response:
            self._endpoints = json.load(response)
        self._client_id = client_id

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def _authorize_url(self):
        digest = hashlib.sha256(self._verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self.callback,
            "scope": "openid email",
            "state": self._state,
            "nonce": self.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{self._endpoints['authorization_endpoint']}?{urllib.parse.urlencode(query)}"

    def _redeem(self, code):
        form = {
            "grant_type": "authorization_code",
            "client_id": self._client_id,
            "code": code,
            "redirect_uri": self.callback,
            "code_verifier": self._verifier,
        }
        data = urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(self._endpoints["token_endpoint"], data)
        try:
            with urllib.request.urlopen(request, timeout=5) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                return json.load(error)

    def _handler(app):  # noqa: N805  (the handler's self is another)
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                parts = urllib.parse.urlsplit(self.path)
                query = dict(urllib.parse.parse_qsl(parts.query))
                if parts.path == "/login":
                    self.send_response(302)
                    self.send_header("Location", app._authorize_url())
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                if parts.path != "/callback":
                    self.send_error(404)
                    return
                assert query["state"] == app._state
                answers = [app._redeem(query["code"]), app._redeem(query["code"])]
                body = json.dumps(answers).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler


def test_code_with_pkce(mock_url, page, sign_in, idp):
    """The id token carries the nonce; the code works once."""
    with PkceApp() as app:
        client = idp.create_user_pool_client(
            UserPoolId=POOL,
            ClientName="pkce",
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid", "email"],
            SupportedIdentityProviders=["COGNITO"],
            CallbackURLs=[app.callback],
        )["UserPoolClient"]["ClientId"]
        discovery = f"{mock_url}/{POOL}/.well-known/openid-configuration"
        app.configure(discovery=discovery, client_id=client)

        page.goto(f"{app.url}/login")
        sign_in(ADA.username, ADA.password)
        page.wait_for_url(f"{app.callback}?*")

        first, second = json.loads(page.locator("body").inner_text())
    claims = jwt.decode(first["id_token"], options={"verify_signature": False})
    assert (claims["nonce"], claims["aud"], claims["sub"]) == (app.nonce, client, ADA.sub)
    assert second == {"error": "invalid_grant"}
