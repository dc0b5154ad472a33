"""The reference as a server: requests in, responses out."""

import json
import re
import uuid
from collections.abc import Callable
from urllib.parse import parse_qsl

import httpx

from cognito_conformance.issuers.reference.oauth import NO_STORE, OAuth
from cognito_conformance.issuers.reference.state import Denial, Instead, Members, Refusal

_OPERATIONS = frozenset(
    {
        "CreateUserPool",
        "DeleteUserPool",
        "CreateUserPoolClient",
        "AdminCreateUser",
        "AdminSetUserPassword",
        "AdminDisableUser",
        "SignUp",
        "InitiateAuth",
        "RespondToAuthChallenge",
        "GetUser",
        "RevokeToken",
        "GlobalSignOut",
    }
)
_WELL_KNOWN = re.compile(r"/([^/]+)/\.well-known/(jwks\.json|openid-configuration)")


class ReferenceIssuer(OAuth):
    """The correct issuer."""

    def client_factory(self) -> Callable[[], httpx.Client]:
        """Return what connects to it, without a socket."""
        transport = httpx.MockTransport(self.handle)
        return lambda: httpx.Client(transport=transport, trust_env=False)

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        path = request.url.path
        if path == "/":
            if request.method == "OPTIONS":
                return self.preflight(request)
            return self.api(request)
        if found := _WELL_KNOWN.fullmatch(path):
            return self.well_known(*found.groups())
        try:
            return self.web(request, path)
        except Instead as instead:
            return instead.response
        except Denial as denial:
            return httpx.Response(denial.status, json={"error": denial.error}, headers=NO_STORE)

    def web(self, request: httpx.Request, path: str) -> httpx.Response:
        """Answer a browser, or the OAuth endpoints."""
        query = dict(request.url.params)
        form = dict(parse_qsl(request.content.decode()))
        authorization = request.headers.get("authorization", "")
        cookie = request.headers.get("cookie", "").partition("cognito=")[2].partition(";")[0]
        match request.method, path:
            case "GET", "/oauth2/authorize":
                return self.authorize(query, cookie)
            case "GET", "/login":
                return self.page(query)
            case "POST", "/login":
                return self.sign_in(query, form)
            case "POST", "/oauth2/token":
                return self.token_endpoint(form, authorization)
            case "GET", "/oauth2/userInfo":
                return self.user_info(authorization)
            case "POST", "/oauth2/revoke":
                return self.revoke(form, authorization)
            case "GET", "/logout":
                return self.logout(query, cookie)
            case _:
                return httpx.Response(404)

    def api(self, request: httpx.Request) -> httpx.Response:
        """Answer the API."""
        operation = request.headers["x-amz-target"].rpartition(".")[2]
        if operation not in _OPERATIONS:
            return self.unknown_operation()
        try:
            members = json.loads(request.content)
        except ValueError:
            return self.malformed()
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()
        call: Callable[[Members], Members] = getattr(self, name)
        try:
            return self.success(call(members))
        except Refusal as refusal:
            return self.error(refusal)

    def success(self, members: Members) -> httpx.Response:
        """Return an operation's output."""
        return httpx.Response(200, content=json.dumps(members), headers=self.api_headers())

    def error(self, refusal: Refusal) -> httpx.Response:
        """Return an error (COG-API-WIRE-013)."""
        return httpx.Response(
            400,
            content=json.dumps({"__type": refusal.type, "message": refusal.message}),
            headers={**self.api_headers(), **self.error_headers(refusal)},
        )

    def api_headers(self) -> dict[str, str]:
        """Return the headers of every answer of the API."""
        return {
            "content-type": self.api_content_type(),
            "x-amzn-requestid": str(uuid.uuid4()),
            **self.cors_headers(),
        }

    def api_content_type(self) -> str:
        """Return the content type (COG-API-WIRE-003)."""
        return "application/x-amz-json-1.1"

    def cors_headers(self) -> dict[str, str]:
        """Let every origin read (COG-API-WIRE-025)."""
        return {"access-control-allow-origin": "*"}

    def error_headers(self, refusal: Refusal) -> dict[str, str]:
        """Return an error's headers."""
        return {"x-amzn-errortype": f"{refusal.type}:"}

    def unknown_operation(self) -> httpx.Response:
        """Refuse (COG-API-WIRE-009)."""
        return self.error(Refusal("UnknownOperationException"))

    def malformed(self) -> httpx.Response:
        """Refuse (COG-API-WIRE-008)."""
        return self.error(Refusal("SerializationException"))

    def preflight(self, request: httpx.Request) -> httpx.Response:
        """Allow what a browser asks for (COG-API-WIRE-024)."""
        wanted = request.headers.get("access-control-request-headers", "")
        return httpx.Response(
            200,
            headers={
                "access-control-allow-origin": "*",
                "access-control-allow-headers": wanted,
                "access-control-allow-methods": "POST",
            },
        )
