"""What size and kind of sign-in cost: `python tests/benchmarks/bench_mock_scale.py`.

With many users next to few, the same calls in the same process, in turns. A pool with keys that are
ready, next to the RSA key that it does not wait for. A sign-in through the pages (form, code,
tokens), next to InitiateAuth with the same client over the same kind of connection.
"""

import http.client
import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from cognito_mock.app import create_app
from cognito_mock.config import MockConfig
from cognito_mock.core.ids import SystemEntropy, new_sub
from cognito_mock.core.keys import new_signing_key
from cognito_mock.core.users import User, UserStatus
from cognito_mock.flows.services import Services
from cognito_mock.flows.user_pools import create_user_pool
from cognito_mock.idp_api.protocol import WireRequest, answer
from cognito_mock.starter import ADA, POOL_ID, PUBLIC_CLIENT_ID, create_starter_pool

SIGNED = "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/cognito-idp/aws4_request"
SIGN_IN = {
    "ClientId": PUBLIC_CLIENT_ID,
    "AuthFlow": "USER_PASSWORD_AUTH",
    "AuthParameters": {"USERNAME": ADA.username, "PASSWORD": ADA.password},
}
CALLS = {
    "AdminGetUser": {"UserPoolId": POOL_ID, "Username": ADA.username},
    "InitiateAuth": SIGN_IN,
    "ListUsers": {"UserPoolId": POOL_ID, "Limit": 60},
}
QUERY = urlencode(
    {
        "client_id": PUBLIC_CLIENT_ID,
        "response_type": "code",
        "scope": "openid email",
        "redirect_uri": "http://localhost:3000/callback",
    }
)


def main(users: int = 100_000, rounds: int = 40) -> dict[str, float]:
    """Measure, print, and return the ratios by name."""
    return show({**size(users, rounds), **pool(min(rounds, 20)), **pages(rounds)})


def show(ratios: dict[str, float]) -> dict[str, float]:
    """Print ratios by name."""
    for name, ratio in ratios.items():
        print(f"{name:60}{ratio:8.2f} x")
    return ratios


def size(users: int, rounds: int) -> dict[str, float]:
    """Compare calls with many users and with 100."""
    few, many = with_users(100), with_users(users)
    found = {}
    for name, document in CALLS.items():
        request = WireRequest(
            target=f"AWSCognitoIdentityProviderService.{name}",
            host="127.0.0.1",
            authorization=SIGNED,
            body=json.dumps(document).encode(),
        )
        took = in_turns(rounds, lambda r=request: called(few, r), lambda r=request: called(many, r))
        found[f"{name}, {users:,} users : 100 users"] = took[1] / took[0]
    return found


def pool(rounds: int) -> dict[str, float]:
    """Compare a pool that finds its two keys ready with making one key."""
    services = with_users(0, keys=[new_signing_key(SystemEntropy()) for _ in range(2 * rounds + 2)])

    def create() -> None:
        create_user_pool(services, region="us-east-1", request={"PoolName": "p"})

    took = in_turns(rounds, create, lambda: new_signing_key(SystemEntropy()))
    print(f"a pool with keys that are ready: {took[0] * 1000:.2f} ms")
    return {"a pool with keys that are ready : one RSA-2048 key": took[0] / took[1]}


def pages(rounds: int) -> dict[str, float]:
    """Compare GET /login to tokens with InitiateAuth."""
    command = [sys.executable, "-m", "cognito_mock", "serve", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            port = int(server.stdout.readline().rpartition(":")[2])
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            took = in_turns(
                rounds, lambda: api_sign_in(connection), lambda: page_sign_in(connection)
            )
            connection.close()
        finally:
            server.terminate()
    return {"GET /login to tokens : InitiateAuth": took[1] / took[0]}


def in_turns(
    rounds: int, first: Callable[[], object], second: Callable[[], object]
) -> tuple[float, float]:
    """Return the median seconds of either; the first call of each is not counted."""
    times = [(seconds(first), seconds(second)) for _ in range(rounds + 1)]
    one, other = zip(*times[1:], strict=True)
    return statistics.median(one), statistics.median(other)


def seconds(call: Callable[[], object]) -> float:
    """Return how long a call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def with_users(count: int, keys: list | None = None) -> Services:
    """Return a mock with the starter pool and that many more users, around Ada in the order."""
    ready = [*(keys or []), *(new_signing_key(SystemEntropy()) for _ in range(2))]
    app = create_app(MockConfig(), base_url="http://127.0.0.1:1", keys=ReadyKeys(ready))
    services = app.state.services
    create_starter_pool(services)
    with services.store.transaction() as tx:
        ada = tx.get(User, POOL_ID, ADA.username)
        for number in range(count):
            name = f"{'a' if number % 2 else 'b'}{number:06}"
            attributes = {"email": f"{name}@example.com", "email_verified": "true"}
            tx.put(
                User(
                    pool_id=POOL_ID,
                    username=name,
                    sub=new_sub(services.entropy),
                    status=UserStatus.CONFIRMED,
                    attributes=attributes,
                    password=ada.password,
                    created_at=ada.created_at,
                    modified_at=ada.modified_at,
                )
            )
    return services


class ReadyKeys:
    """Keys that were made before."""

    def __init__(self, keys: list) -> None:
        self._keys = keys

    def new_key(self):
        return self._keys.pop()

    def close(self) -> None:
        pass


def called(services: Services, request: WireRequest) -> None:
    """Make a call, which must succeed."""
    response = answer(services, request)
    assert response.status == 200, response.body


def api_sign_in(connection: http.client.HTTPConnection) -> None:
    """InitiateAuth."""
    target = "AWSCognitoIdentityProviderService.InitiateAuth"
    connection.request("POST", "/", json.dumps(SIGN_IN), {"X-Amz-Target": target})
    response = connection.getresponse()
    assert "AuthenticationResult" in json.loads(response.read())


def page_sign_in(connection: http.client.HTTPConnection) -> None:
    """Form, password, code, tokens."""
    connection.request("GET", f"/login?{QUERY}")
    response = connection.getresponse()
    cookie = response.headers["Set-Cookie"].partition(";")[0]
    token = re.search(r'name="_csrf" value="([^"]+)"', response.read().decode())[1]
    form = {"_csrf": token, "username": ADA.username, "password": ADA.password}
    posted = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", f"/login?{QUERY}", urlencode(form), posted)
    response = connection.getresponse()
    response.read()
    assert response.status == 302, response.status
    form = {
        "grant_type": "authorization_code",
        "client_id": PUBLIC_CLIENT_ID,
        "code": parse_qs(urlsplit(response.headers["Location"]).query)["code"][0],
        "redirect_uri": "http://localhost:3000/callback",
    }
    connection.request("POST", "/oauth2/token", urlencode(form), posted)
    response = connection.getresponse()
    assert "id_token" in json.loads(response.read())


@pytest.mark.bench
def test_scale_costs() -> None:
    """Print the ratios; everything was measured."""
    assert all(ratio > 0 for ratio in main(users=2000, rounds=5).values())


if __name__ == "__main__":
    main()
