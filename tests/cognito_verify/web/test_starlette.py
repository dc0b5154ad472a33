"""What only Starlette has: WebSockets, sync endpoints, endpoints that are classes."""

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route, WebSocketRoute

from cognito_verify import ConfigurationError
from cognito_verify.web.starlette import CognitoCookies, CognitoMiddleware, claims_of, requires

from ..conftest import CLIENT  # noqa: TID252  (not a package that is installed)
from .live import amplify_cookies, asgi_server, handshake, send

DENIAL = "websocket.http.response"


def application(verifier, *routes, **options):
    guard = Middleware(CognitoMiddleware, verifier=verifier, **options)
    return Starlette(routes=list(routes), middleware=[guard])


async def live(websocket):
    await websocket.accept()
    await websocket.close(reason=claims_of(websocket).username)


@requires(groups="owners")
async def owners_live(websocket):
    await live(websocket)


def authorization(token):
    return ("Authorization", f"Bearer {token}")


def test_a_websocket_opens_with_a_token(make_verifier, make_token):
    """The handshake is a request like any other."""
    app = application(make_verifier(), WebSocketRoute("/live", live))

    sent = handshake(app, [authorization(make_token())])

    assert [m["type"] for m in sent] == ["websocket.accept", "websocket.close"]
    assert sent[1]["reason"] == "ada"


def test_a_websocket_is_refused_before_it_opens(make_verifier):
    """A server that can only close answers 403 by itself."""
    app = application(make_verifier(), WebSocketRoute("/live", live))

    assert handshake(app) == [{"type": "websocket.close", "code": 1008, "reason": ""}]


def test_a_websocket_is_refused_in_words_where_the_server_can(make_verifier):
    """The ASGI extension for it carries the same answer as HTTP."""
    app = application(make_verifier(), WebSocketRoute("/live", live))

    start = handshake(app, extensions=[DENIAL])[0]

    assert (start["type"], start["status"]) == ("websocket.http.response.start", 401)
    assert (b"www-authenticate", b'Bearer realm="api"') in start["headers"]


def test_a_websocket_may_need_a_group(make_verifier, make_token):
    """`requires` is for WebSockets, too."""
    app = application(make_verifier(), WebSocketRoute("/live", owners_live))

    start = handshake(app, [authorization(make_token())], extensions=[DENIAL])[0]

    assert start["status"] == 403


@pytest.mark.parametrize(
    ("site", "opened"), [("same-origin", True), ("cross-site", False), ("", False)]
)
def test_another_site_cannot_open_a_websocket_with_the_cookie(
    make_verifier, make_token, site, opened
):
    """Browsers apply no same-origin policy to WebSockets."""
    cookies = CognitoCookies(CLIENT)
    app = application(make_verifier(), WebSocketRoute("/live", live), cookies=cookies)
    lines = [("Cookie", amplify_cookies(make_token())), ("Sec-Fetch-Site", site)]

    sent = handshake(app, lines)

    assert (sent[0]["type"] == "websocket.accept") is opened


def test_sync_functions_and_methods_can_be_guarded(make_verifier, make_token):
    """Starlette runs these in threads; a method has the request as its second argument."""

    @requires(groups="owners")
    def owners(_request):
        raise AssertionError

    class Things(HTTPEndpoint):
        @requires(scopes="openid")
        async def get(self, request):
            return JSONResponse({"user": claims_of(request).username})

        @requires(scopes="email")
        async def post(self, request):
            raise AssertionError

    app = application(make_verifier(), Route("/owners", owners), Route("/things", Things))
    line = authorization(make_token())
    with asgi_server(app) as port:
        answers = [
            send(port, *target, [line])
            for target in (("GET", "/owners"), ("GET", "/things"), ("POST", "/things"))
        ]

    assert [answer.status for answer in answers] == [403, 200, 403]
    assert answers[1].json == {"user": "ada"}


def test_the_middleware_itself_may_require_something(make_verifier, make_token):
    """For a part of an application that is for some only."""
    app = application(
        make_verifier(), Route("/", lambda _: PlainTextResponse("hello")), groups="owners"
    )
    with asgi_server(app) as port:
        refused = send(port, "GET", "/", [authorization(make_token())])
        let_in = send(
            port, "GET", "/", [authorization(make_token(_claims={"cognito:groups": ["owners"]}))]
        )

    assert (refused.status, let_in.status) == (403, 200)


def test_unknown_paths_are_not_told_to_strangers(make_verifier, make_token):
    """Behind the middleware, 401 goes before 404."""
    with asgi_server(application(make_verifier())) as port:
        stranger = send(port, "GET", "/nothing")
        friend = send(port, "GET", "/nothing", [authorization(make_token())])

    assert (stranger.status, friend.status) == (401, 404)


def test_an_endpoint_without_the_middleware_lets_nobody_in(make_token):
    """The mistake is told to the developer, in the log, and not taken for an open door."""
    app = Starlette(routes=[WebSocketRoute("/live", owners_live)])

    with pytest.raises(ConfigurationError, match="no CognitoMiddleware"):
        handshake(app, [authorization(make_token())])


def test_the_lifespan_goes_through(make_verifier):
    """The start of the server is no request."""
    seen = []

    async def app(scope, _receive, _send):
        seen.append(scope["type"])

    coroutine = CognitoMiddleware(app, verifier=make_verifier())({"type": "lifespan"}, None, None)
    with pytest.raises(StopIteration):
        coroutine.send(None)

    assert seen == ["lifespan"]


def scope(path="/", token=None, **more):
    """A request as a server hands it to an application."""
    lines = [] if token is None else [(b"authorization", f"Bearer {token}".encode())]
    return {
        "type": "http",
        "method": "GET",
        "path": path,
        "root_path": "",
        "query_string": b"",
        "headers": lines,
        **more,
    }


def test_a_state_that_requests_share_carries_nobody(make_verifier, make_token):
    """A server that gives one state to all requests of a connection mixes nobody up."""
    names = []

    @requires(groups="admins")
    async def me(request):
        await everybody_is_here.wait()
        names.append(claims_of(request).username)
        return PlainTextResponse("")

    async def send(_message):
        """Forget it."""

    async def both():
        async with asyncio.TaskGroup() as tasks:
            for token in (make_token(username="ada"), make_token(username="grace")):
                tasks.create_task(app(scope(token=token, state=state), None, send))
            tasks.create_task(release())

    async def release():
        everybody_is_here.set()

    state = {}
    everybody_is_here = asyncio.Event()
    app = application(make_verifier(), Route("/", me))
    asyncio.run(both())

    assert sorted(names) == ["ada", "grace"]
    with pytest.raises(ConfigurationError):
        claims_of(HTTPConnection(scope(state=state)))


def test_an_unknown_protocol_does_not_go_through(make_verifier, make_token):
    """What nobody can check is not let in."""
    coroutine = CognitoMiddleware(None, verifier=make_verifier())(
        scope(token=make_token(), type="webtransport"), None, None
    )

    with pytest.raises(ConfigurationError):
        coroutine.send(None)


def test_a_handshake_is_no_get_to_a_server_that_says_so(make_verifier, make_token):
    """Its method is always GET (RFC 6455 §4.1), and any site can begin one."""
    cookies = CognitoCookies(CLIENT)
    app = application(make_verifier(), WebSocketRoute("/live", live), cookies=cookies)
    line = ("Cookie", amplify_cookies(make_token()))

    async def from_such_a_server(scope, receive, send):
        await app({**scope, "method": "GET"}, receive, send)

    assert handshake(from_such_a_server, [line])[0]["type"] == "websocket.close"


def test_preflights_are_answered_in_front_of_it(make_verifier, make_token):
    """Fetch §4.8: a preflight has no token, and a browser shows a refusal only with the header."""
    origin = ("Origin", "https://shop.example.com")
    app = Starlette(
        routes=[Route("/", lambda _: PlainTextResponse("hello"))],
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=["https://shop.example.com"],
                allow_headers=["Authorization"],
            ),
            Middleware(CognitoMiddleware, verifier=make_verifier()),
        ],
    )
    with asgi_server(app) as port:
        preflight = send(port, "OPTIONS", "/", [origin, ("Access-Control-Request-Method", "GET")])
        refused = send(port, "GET", "/", [origin])
        let_in = send(port, "GET", "/", [origin, authorization(make_token())])

    assert [a.status for a in (preflight, refused, let_in)] == [200, 401, 200]
    assert "access-control-allow-origin" in refused.headers
    assert {"Origin", "Authorization"} <= {*let_in.headers["vary"].split(", ")}


def test_what_the_answer_depends_on_is_said_once(make_verifier, make_token):
    """RFC 9110 §12.5.5: the application's own names stay."""

    def hello(_request):
        return PlainTextResponse("", headers={"Vary": "X-Authorization, authorization"})

    cookies = CognitoCookies(CLIENT)
    with asgi_server(application(make_verifier(), Route("/", hello), cookies=cookies)) as port:
        answer = send(port, "GET", "/", [authorization(make_token())])

    assert answer.headers["vary"] == "X-Authorization, authorization, Cookie"
