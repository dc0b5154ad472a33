"""The start page at ``/`` and the page that a sign-in from it ends on."""

import base64
import hmac
import json
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cognito_mock.control.parts import ControlParts
from cognito_mock.control.rendering import keep, page, refusal
from cognito_mock.control.sign_in_links import (
    CALLBACK_PATH,
    COOKIE,
    authorize_link,
    browser_secret,
    open_state,
    sign_out_link,
)
from cognito_mock.control.start_view import LIMIT, read_pools
from cognito_mock.core.clients import AppClient
from cognito_mock.core.errors import CognitoError
from cognito_mock.flows.issue import AuthenticationResult
from cognito_mock.flows.oauth_errors import ProtocolError
from cognito_mock.flows.token_grants import redeem_code
from cognito_mock.web.workers import run_in_worker

_STYLE = Path(__file__).parent / "static" / "mock.css"


class Pages:
    """Renders the pages; made once per app."""

    def __init__(self, parts: ControlParts) -> None:
        self._parts = parts
        self._style = _STYLE.read_bytes()

    async def start(self, request: Request) -> Response:
        """``GET /``."""
        return await run_in_worker(self._start, request)

    async def callback(self, request: Request) -> Response:
        """``GET /_mock/callback``: redeem the code, show the tokens."""
        return await run_in_worker(self._callback, request)

    async def style(self, _request: Request) -> Response:
        """``GET /_mock/static/mock.css``."""
        return Response(self._style, media_type="text/css")

    def _start(self, request: Request) -> Response:
        services = self._parts.services
        secret = browser_secret(request.cookies.get(COOKIE), services.entropy)

        def sign_in_link(client: AppClient) -> str | None:
            callback = _own_callback(request, client, services.addresses.base_url)
            if callback is None or "code" not in client.oauth_flows:
                return None
            return authorize_link(
                secret,
                services.entropy,
                base=callback.removesuffix(CALLBACK_PATH),
                client_id=client.id,
                redirect_uri=callback,
                scopes=client.oauth_scopes,
            )

        pools = read_pools(
            services,
            known_passwords=self._parts.known_passwords,
            sign_in_link=sign_in_link,
        )
        response = page(
            "start.html", pools=pools, base_url=services.addresses.base_url, limit=LIMIT
        )
        keep(response, secret)
        return response

    def _callback(self, request: Request) -> Response:
        services = self._parts.services
        secret = browser_secret(request.cookies.get(COOKIE), services.entropy)
        query = request.query_params
        expected = open_state(secret, query.get("state", ""))
        if expected is None:
            return self._refusal("This answer does not belong to a sign-in from this browser.")
        if "code" not in query:
            return self._refusal(f"The sign-in failed: {query.get('error', 'no code')}.")
        with services.store.read() as tx:
            client = tx.get(AppClient, expected.client_id)
        if client is None:
            return self._refusal("The app client has gone.")
        callback = _own_callback(request, client, services.addresses.base_url)
        if callback is None:
            return self._refusal("The app client no longer has this page as a callback.")
        try:
            result = redeem_code(
                services,
                client=client,
                code=query["code"],
                redirect_uri=callback,
                code_verifier=None,
            )
        except (ProtocolError, CognitoError) as error:
            return self._refusal(f"The code was refused: {error}.")
        return self._signed_in(client, callback, expected.nonce, result)

    def _signed_in(
        self, client: AppClient, callback: str, nonce: str, result: AuthenticationResult
    ) -> Response:
        tokens = [_decoded("access", "Access token", result.access_token)]
        if result.id_token is not None:
            tokens.insert(0, _decoded("id", "ID token", result.id_token))
            given = str(json.loads(tokens[0]["claims"]).get("nonce", ""))
            if not hmac.compare_digest(given.encode(), nonce.encode()):
                return self._refusal("The nonce is another sign-in's.")
        home = callback.removesuffix(CALLBACK_PATH) + "/"
        return page(
            "callback.html",
            username=json.loads(tokens[-1]["claims"])["username"],
            nonce_checked=result.id_token is not None,
            tokens=tokens,
            sign_out=sign_out_link(client.id, home) if home in client.logout_urls else None,
        )

    def _refusal(self, message: str) -> Response:
        return refusal("Not signed in", message, status=400)


def page_routes(parts: ControlParts) -> tuple[list[Route], list[Route]]:
    """Return the route at the root, and those below ``/_mock``."""
    pages = Pages(parts)
    return (
        [Route("/", pages.start, methods=["GET"])],
        [
            Route("/callback", pages.callback, methods=["GET"]),
            Route("/static/mock.css", pages.style, methods=["GET"]),
        ],
    )


def _own_callback(request: Request, client: AppClient, base_url: str) -> str | None:
    """Return our callback page as registered, by the name the browser uses (COG-AUT-009)."""
    for base in (f"{request.url.scheme}://{request.headers.get('host', '')}", base_url):
        if base + CALLBACK_PATH in client.callback_urls:
            return base + CALLBACK_PATH
    return None


def _decoded(use: str, title: str, compact: str) -> dict[str, str]:
    header, claims = (_pretty(part) for part in compact.split(".")[:2])
    return {"use": use, "title": title, "header": header, "claims": claims, "compact": compact}


def _pretty(part: str) -> str:
    document = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return json.dumps(document, indent=2, ensure_ascii=False)
