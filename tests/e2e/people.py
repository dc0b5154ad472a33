"""What the tests of the pages share: a pool, a person in a browser, an app where they arrive."""

import json
import threading
import urllib.request
from base64 import b32decode
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

PASSWORD = "Passw0rd!x"
NEW_PASSWORD = "NewPassw0rd!"
TOKENS = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
EMAIL = {"EmailMfaConfiguration": {"Message": "Use {####}.", "Subject": "Sign-in"}}
SMS = {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "x"}


class Pool:
    """A pool of its own, made over the API, and what a person knows of it."""

    def __init__(self, mock_url, idp, callback):
        self.callback = callback
        self.mock_url = mock_url
        self.idp = idp
        pool = idp.create_user_pool(
            PoolName="Round Table",
            AutoVerifiedAttributes=["email"],
            EmailConfiguration={
                "EmailSendingAccount": "DEVELOPER",
                "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/example.com",
            },
            UsernameConfiguration={"CaseSensitive": False},
            Schema=[{"Name": "email", "AttributeDataType": "String", "Required": True}],
        )
        self.id = pool["UserPool"]["Id"]
        self.client_id = idp.create_user_pool_client(
            UserPoolId=self.id,
            ClientName="web",
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid", "email"],
            SupportedIdentityProviders=["COGNITO"],
            CallbackURLs=[callback],
        )["UserPoolClient"]["ClientId"]

    def require_factors(self, **factors):
        """Demand a second factor: one of these."""
        self.idp.set_user_pool_mfa_config(UserPoolId=self.id, MfaConfiguration="ON", **factors)

    def user(self, username="ada", password=PASSWORD, *, permanent=True, **attributes):
        given = attributes or {"email": f"{username}@example.com", "email_verified": "true"}
        who = {"UserPoolId": self.id, "Username": username}
        self.idp.admin_create_user(
            **who,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": k, "Value": v} for k, v in given.items()],
        )
        self.idp.admin_set_user_password(**who, Password=password, Permanent=permanent)
        return who

    def address(self, path="/oauth2/authorize"):
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.callback,
            "scope": "openid email",
            "state": "st",
        }
        return f"{self.mock_url}{path}?{urlencode(query)}"

    def message(self):
        """The newest message of the pool."""
        return self.control(f"messages?pool={self.id}")["messages"][-1]

    def control(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.mock_url}/_mock/api/{path}", data, headers)
        with urllib.request.urlopen(request, timeout=5) as response:
            return json.load(response)


class Person:
    """Fills in the form that can be seen: the sign-in page has a copy for each size."""

    def __init__(self, page):
        self.page = page

    def send(self, button, **fields):
        self.page.wait_for_load_state()  # the style sheet hides one of two copies (COG-PAG-012)
        for name, value in fields.items():
            self.page.locator(f"input[name='{name}']:visible").fill(value)
        self.page.get_by_role("button", name=button, exact=True).locator("visible=true").click()

    def sign_in(self, username="ada", password=PASSWORD):
        self.send("Sign in", username=username, password=password)

    def click(self, link):
        self.page.wait_for_load_state()
        self.page.get_by_role("link", name=link).locator("visible=true").click()

    @property
    def key(self):
        """The key of the authenticator app that the page shows."""
        return self.page.locator("#totp_secret").inner_text().replace(" ", "")


def totp(secret, at):
    """A code, computed independently of the mock."""
    key = b32decode(secret + "=" * (-len(secret) % 8))
    sha1 = SHA1()  # noqa: S303  (RFC 6238's own)
    return TOTP(key, 6, sha1, 30, enforce_key_length=False).generate(int(at)).decode()


class App(BaseHTTPRequestHandler):
    """Where the pages send people in the end."""

    def do_GET(self):
        """Say that they have arrived."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<h1>At the app</h1>")

    def log_message(self, *_):
        """Keep quiet."""


@contextmanager
def running_app():
    """Yield the callback address of a running app."""
    with ThreadingHTTPServer(("127.0.0.1", 0), App) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/cb"
        server.shutdown()
        thread.join()
