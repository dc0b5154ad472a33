"""The console at ``/_mock/``: inbox, clients, keys, clock, sessions, faults, tokens, requests.

Its buttons are forms without scripts. Each carries a seal that only this browser's cookie gives,
and the guard in front refuses foreign origins: another site cannot press them.
"""

import hmac
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from cognito_mock.control.client_snippets import snippets
from cognito_mock.control.console_view import LIMIT, read_console
from cognito_mock.control.http import Call, ControlError, error_response
from cognito_mock.control.parts import ControlParts
from cognito_mock.control.pool_keys import rotate
from cognito_mock.control.rendering import keep, page, refusal
from cognito_mock.control.sign_in_links import COOKIE, BrowserSecret, browser_secret
from cognito_mock.control.token_inspection import Inspection, inspect
from cognito_mock.core.clients import AppClient
from cognito_mock.core.errors import ResourceNotFoundException
from cognito_mock.core.pools import UserPool
from cognito_mock.flows.inbox import clear_messages
from cognito_mock.web.bodies import BodyTooLargeError, MalformedFormError, read_form
from cognito_mock.web.workers import run_in_worker

_PURPOSE = "console"
_STEPS = {"hour": 3600.0, "day": 86400.0, "month": 30 * 86400.0}
Form = dict[str, str]


class Console:
    """Renders the pages and presses the buttons; made once per app."""

    def __init__(self, parts: ControlParts) -> None:
        self._parts = parts

    async def show(self, request: Request) -> Response:
        """``GET /_mock/``."""
        return await run_in_worker(self._show, request)

    async def client(self, request: Request) -> Response:
        """``GET /_mock/clients/{id}``."""
        return await run_in_worker(self._client, request)

    async def token(self, request: Request) -> Response:
        """``POST /_mock/token``: in a body, since addresses are logged and remembered."""
        secret = self._secret(request)
        form = await _form(request, secret)
        if form is None:
            return _refusal()
        found = await run_in_worker(inspect, self._parts.services, form.get("token", ""))
        return self._token_page(secret, found)

    def button(
        self, press: Callable[[ControlParts, Form], None], section: str
    ) -> Callable[[Request], Awaitable[Response]]:
        """Return the endpoint of one button; the browser comes back to its section."""

        async def endpoint(request: Request) -> Response:
            form = await _form(request, self._secret(request))
            if form is None:
                return _refusal()
            try:
                await run_in_worker(press, self._parts, form)
            except (ControlError, ResourceNotFoundException) as error:
                return error_response(ControlError(400, "invalid_request", str(error)))
            return RedirectResponse(f"/_mock/#{section}", 303)

        return endpoint

    def _show(self, request: Request) -> Response:
        secret = self._secret(request)
        response = page(
            "console.html",
            forms=True,
            console=read_console(self._parts),
            seal=_seal(secret),
            limit=LIMIT,
        )
        keep(response, secret)
        return response

    def _client(self, request: Request) -> Response:
        services = self._parts.services
        with services.store.read() as tx:
            client = tx.get(AppClient, request.path_params["client_id"])
            pool = None if client is None else tx.get(UserPool, client.pool_id)
        if client is None or pool is None:
            return refusal("Not found", "There is no such app client.", status=404)
        settings = snippets(
            pool,
            client,
            base_url=services.addresses.base_url,
            issuer=services.addresses.issuer(pool.id, updated=pool.updated_issuer),
        )
        return page("console_client.html", pool=pool, client=client, snippets=settings)

    def _token_page(self, secret: BrowserSecret, found: Inspection) -> Response:
        response = page("console_token.html", forms=True, found=found, seal=_seal(secret))
        keep(response, secret)
        return response

    def _secret(self, request: Request) -> BrowserSecret:
        return browser_secret(request.cookies.get(COOKIE), self._parts.services.entropy)


def routes(parts: ControlParts) -> list[Route]:
    """Return the routes below ``/_mock``."""
    console = Console(parts)
    buttons = {
        "inbox/clear": (_clear_inbox, "inbox"),
        "clock/move": (_move_clock, "clock"),
        "keys/rotate": (_rotate, "pools"),
        "faults/lift": (_lift_faults, "faults"),
    }
    return [
        Route("/", console.show, methods=["GET"]),
        Route("/clients/{client_id}", console.client, methods=["GET"]),
        Route("/token", console.token, methods=["POST"]),
        *[
            Route(f"/console/{path}", console.button(press, section), methods=["POST"])
            for path, (press, section) in buttons.items()
        ],
    ]


def _clear_inbox(parts: ControlParts, _form: Form) -> None:
    clear_messages(parts.services)


def _lift_faults(parts: ControlParts, _form: Form) -> None:
    parts.faults.replace(())


def _move_clock(parts: ControlParts, form: Form) -> None:
    step = _STEPS.get(form.get("by", ""))
    if step is None:
        parts.clock.reset()
    else:
        parts.clock.advance(step)


def _rotate(parts: ControlParts, form: Form) -> None:
    retire = "now" if form.get("retire") == "now" else "keep"
    rotate(
        parts,
        Call(path={"pool_id": form.get("pool", "")}, query={}, body={"retire": retire}),
    )


def _seal(secret: BrowserSecret) -> str:
    return secret.seal(_PURPOSE, "")


async def _form(request: Request, secret: BrowserSecret) -> Form | None:
    """Return the form if it came from a page of ours in this browser."""
    try:
        form = await read_form(request)
    except (BodyTooLargeError, MalformedFormError):
        return None
    given = form.get("seal", "").encode()
    return form if hmac.compare_digest(given, _seal(secret).encode()) else None


def _refusal() -> Response:
    message = "This form does not belong to a page of this browser. Open the console and try again."
    return refusal("Not done", message, status=403)
