"""The examples as their readers start them, and the mock as the pool."""

import http.client
import importlib.util
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cognito_mock import MockCognito

from ..cognito_verify.web.applications import event_2_0  # noqa: TID252  (no installed package)
from ..cognito_verify.web.live import http_server, send  # noqa: TID252  (likewise)

pytestmark = pytest.mark.e2e

EXAMPLES = Path(__file__).parents[2] / "examples"
PATIENCE_SECONDS = 30


@pytest.fixture(scope="module")
def mock() -> Iterator[MockCognito]:
    with MockCognito() as running:
        yield running


@pytest.fixture(scope="module")
def shop(mock):
    """A pool with two clients, one of which the shop does not know."""
    return Shop(mock)


class Shop:
    """A pool, its clients, an admin, somebody else, and their tokens."""

    def __init__(self, mock):
        self.pool = mock.create_pool("shop")
        self.client = self.pool.create_client("web")
        self.other_client = self.pool.create_client("other")
        self.ada = self.pool.create_user("ada", groups=["admins"])
        self.grace = self.pool.create_user("grace")

    @property
    def environment(self):
        return {"COGNITO_ISSUER": self.pool.issuer, "COGNITO_CLIENT_IDS": self.client.id}

    def token(self, kind):
        if kind == "admin":
            return self.pool.sign_in(self.ada, client=self.client).access_token
        if kind == "user":
            return self.pool.sign_in(self.grace, client=self.client).access_token
        if kind == "id":
            return self.pool.sign_in(self.grace, client=self.client).id_token
        if kind == "other-client":
            return self.pool.sign_in(self.grace, client=self.other_client).access_token
        if kind == "machine":
            return self.pool.mint(self.grace, client=self.client, scopes=["orders/read"])
        return self.pool.mint(self.grace, client=self.client, tamper=kind)


@contextmanager
def command(folder, words, environment):
    """Run a server; give its port once that accepts connections."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", *(word.format(port=port) for word in words)],
        cwd=EXAMPLES / folder,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        _wait(process, port)
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_SECONDS)


def _wait(process, port):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(process.stdout.read())
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the example does not listen")


def run_fastapi(environment):
    return command("fastapi", ["uvicorn", "main:app", "--port", "{port}"], environment)


def run_starlette(environment):
    return command("starlette", ["uvicorn", "main:app", "--port", "{port}"], environment)


def run_flask(environment):
    return command("flask", ["flask", "run", "--port", "{port}"], environment)


def run_django(environment):
    words = ["manage", "runserver", "--noreload", "127.0.0.1:{port}"]
    return command("django", words, environment)


@contextmanager
def run_lambda(environment):
    """Load the module as a cold start does, and hand it events as an HTTP API does."""
    spec = importlib.util.spec_from_file_location("shop", EXAMPLES / "aws_lambda" / "shop.py")
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        spec.loader.exec_module(module)
    routes = [
        ("GET", r"/me", module.me),
        ("GET", r"/orders", module.orders),
        ("DELETE", r"/orders/(?P<number>[^/]+)", module.cancel),
    ]

    def answer(method, target, lines):
        for wanted, pattern, handler in routes:
            match = re.fullmatch(pattern, target)
            if wanted == method and match:
                event = event_2_0(method, target, lines) | {"pathParameters": match.groupdict()}
                answered = handler(json.loads(json.dumps(event)), None)
                body = answered.get("body", "").encode()
                return answered["statusCode"], answered.get("headers", {}), body
        return 404, {}, b"{}"

    with http_server(answer) as port:
        yield port


RUNS = {
    "fastapi": run_fastapi,
    "starlette": run_starlette,
    "flask": run_flask,
    "django": run_django,
    "lambda": run_lambda,
}


@pytest.fixture(scope="module", params=RUNS.values(), ids=RUNS)
def run(request):
    return request.param


@pytest.fixture(scope="module")
def port(run, shop):
    with run(shop.environment) as port:
        yield port


def bearer(token):
    return [("Authorization", f"Bearer {token}")]


@pytest.mark.parametrize(
    "case",
    [
        ("user", "GET", "/me", 200),
        ("admin", "GET", "/me", 200),
        ("user", "GET", "/orders", 403),
        ("machine", "GET", "/orders", 200),
        ("user", "DELETE", "/orders/1", 403),
        ("admin", "DELETE", "/orders/1", 204),
        ("admin", "DELETE", "/orders/99", 404),
        ("id", "GET", "/me", 401),
        ("other-client", "GET", "/me", 401),
        ("expired", "GET", "/me", 401),
        ("wrong-issuer", "GET", "/me", 401),
        ("unknown-kid", "GET", "/me", 401),
        ("alg-none", "GET", "/me", 401),
        ("bad-signature", "GET", "/me", 401),
    ],
    ids=lambda case: "-".join(map(str, case)).replace("/", ""),
)
def test_an_example_serves_whom_it_should(port, shop, case):
    """Users by group, machines by scope, nobody by a bad token."""
    kind, method, path, status = case

    response = send(port, method, path, bearer(shop.token(kind)))

    assert response.status == status
    if status in {401, 403}:
        assert response.headers["www-authenticate"].startswith('Bearer realm="api", error="')


def test_an_example_greets_by_name(port, shop):
    """The claims are the mock's."""
    assert send(port, "GET", "/me", bearer(shop.token("admin"))).json == {
        "username": "ada",
        "groups": ["admins"],
    }


def test_an_example_challenges_strangers(port):
    """Without a token there is a challenge and no error."""
    response = send(port, "GET", "/me")

    assert response.status == 401
    assert response.headers["www-authenticate"] == 'Bearer realm="api"'


def test_an_example_lives_through_a_rotation_of_keys(run, mock):
    """The token of a new key is good at once; that of a withdrawn key is not, after a restart."""
    shop = Shop(mock)
    old = shop.token("user")
    with run(shop.environment) as port:
        before = send(port, "GET", "/me", bearer(old))
        shop.pool.rotate_keys(retire="now")
        after = send(port, "GET", "/me", bearer(shop.token("user")))
    with run(shop.environment) as port:
        withdrawn = send(port, "GET", "/me", bearer(old))

    assert [r.status for r in (before, after, withdrawn)] == [200, 200, 401]


def test_an_example_lives_through_an_outage(run):
    """With the keys it has; without any it says that it cannot tell."""
    with MockCognito() as mock:
        shop = Shop(mock)
        environment, token = shop.environment, shop.token("user")
        warm = run(environment)
        with warm as port:
            first = send(port, "GET", "/me", bearer(token))
            mock.stop()
            second = send(port, "GET", "/me", bearer(token))
        with run(environment) as port:
            cold = send(port, "GET", "/me", bearer(token))

    assert [r.status for r in (first, second, cold)] == [200, 200, 503]
    assert cold.headers["retry-after"] == "10"


def test_the_page_of_the_flask_example_reads_amplifys_cookies(shop):
    """Somebody whom Amplify has signed in is greeted; others are asked to sign in."""
    prefix = f"CognitoIdentityServiceProvider.{shop.client.id}"
    cookies = f"{prefix}.LastAuthUser=ada; {prefix}.ada.accessToken={shop.token('admin')}"
    with run_flask(shop.environment) as port:
        friend = send(port, "GET", "/", [("Cookie", cookies)])
        stranger = send(port, "GET", "/")
        program = send(port, "GET", "/me", [("Cookie", cookies)])

    assert (friend.status, friend.text) == (200, "<h1>Hello, ada</h1>")
    assert (stranger.status, stranger.text) == (401, "<h1>Please sign in</h1>")
    assert program.status == 401


def test_the_page_of_the_starlette_example_knows_whom_amplify_has_signed_in(shop):
    """On the server, in its first answer; a token of somebody else's client makes nobody."""
    prefix = f"CognitoIdentityServiceProvider.{shop.client.id}"
    cookies = f"theme=dark; {prefix}.LastAuthUser=ada; {prefix}.ada.accessToken="
    environment = shop.environment | {"COGNITO_HOSTED_UI": "http://pool.example"}
    with run_starlette(environment) as port:
        friend = send(port, "GET", "/", [("Cookie", cookies + shop.token("admin"))])
        foreign = send(port, "GET", "/", [("Cookie", cookies + shop.token("other-client"))])
        stranger = send(port, "GET", "/")

    assert friend.text == "<h1>Hello, ada</h1>"
    assert foreign.text == stranger.text
    assert stranger.text.startswith(
        f'<h1>Hello, stranger</h1><a href="http://pool.example/login?client_id={shop.client.id}&amp;'
    )


def test_the_documentation_of_the_fastapi_example_signs_in_at_the_hosted_ui(mock, shop):
    """Swagger UI sends the browser to the mock's own pages."""
    environment = shop.environment | {"COGNITO_HOSTED_UI": mock.url}
    with run_fastapi(environment) as port:
        document = send(port, "GET", "/openapi.json").json

    flow = document["components"]["securitySchemes"]["Cognito"]["flows"]["authorizationCode"]
    assert flow["authorizationUrl"] == f"{mock.url}/oauth2/authorize"
    connection = http.client.HTTPConnection(mock.url.removeprefix("http://"), timeout=10)
    connection.request("GET", f"/oauth2/authorize?client_id={shop.client.id}&response_type=code")
    assert connection.getresponse().status < 404
    connection.close()
