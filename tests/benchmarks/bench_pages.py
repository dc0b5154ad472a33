"""A sign-in at the pages next to one over the API: `python tests/benchmarks/bench_pages.py`.

Through the pages is what a browser and an app do: open the sign-in page, send it, redeem the code.
Through the API is one InitiateAuth. Both end with the same three tokens, and are timed in turns on
one kept connection against the command in a process of its own. The ratio is what counts.
"""

import http.client
import json
import re
import statistics
import subprocess
import sys
import time
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from cognito_mock.starter import ADA, PUBLIC_CLIENT_ID

CALLBACK = "http://localhost:3000/callback"
QUERY = urlencode(
    {
        "response_type": "code",
        "client_id": PUBLIC_CLIENT_ID,
        "redirect_uri": CALLBACK,
        "scope": "openid email",
    }
)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {
    "Content-Type": "application/x-amz-json-1.1",
    "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
}
INITIATE_AUTH = json.dumps(
    {
        "ClientId": PUBLIC_CLIENT_ID,
        "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": ADA.username, "PASSWORD": ADA.password},
    }
)


def main(rounds: int = 150) -> float:
    """Measure, print, and return how many times as long the pages take."""
    command = [sys.executable, "-m", "cognito_mock", "serve", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            address = server.stdout.readline().rpartition("http://")[2].strip()
            connection = http.client.HTTPConnection(address, timeout=30)
            ways = {through_the_pages: [], through_the_api: []}
            for way in (*ways, *ways):  # first calls load what is loaded lazily
                way(connection)
            for _ in range(rounds):
                for way, seconds in ways.items():
                    started = time.perf_counter()
                    way(connection)
                    seconds.append(time.perf_counter() - started)
            connection.close()
        finally:
            server.terminate()
    pages, api = (statistics.median(seconds) for seconds in ways.values())
    print(f"a sign-in through the pages, three requests{pages * 1000:8.2f} ms")
    print(f"a sign-in through InitiateAuth, one request{api * 1000:8.2f} ms")
    print(f"ratio{pages / api:46.2f}")
    return pages / api


def through_the_pages(connection: http.client.HTTPConnection) -> None:
    """GET /login, POST /login, POST /oauth2/token."""
    page = answer(connection, "GET", f"/login?{QUERY}")
    token = re.search(r'name="_csrf" value="([^"]+)"', page.text)[1]
    form = {"_csrf": token, "username": ADA.username, "password": ADA.password}
    headers = {**FORM, "Cookie": f"XSRF-TOKEN={token}"}
    sent = answer(connection, "POST", f"/login?{QUERY}", urlencode(form), headers)
    code = parse_qs(urlsplit(sent.location).query)["code"][0]
    grant = {
        "grant_type": "authorization_code",
        "client_id": PUBLIC_CLIENT_ID,
        "code": code,
        "redirect_uri": CALLBACK,
    }
    tokens = answer(connection, "POST", "/oauth2/token", urlencode(grant), FORM)
    assert "id_token" in tokens.text, tokens.text


def through_the_api(connection: http.client.HTTPConnection) -> None:
    """InitiateAuth with the password."""
    tokens = answer(connection, "POST", "/", INITIATE_AUTH, JSON)
    assert "IdToken" in tokens.text, tokens.text


class Answer:
    """A response that was read."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.text = response.read().decode()
        self.location = response.headers.get("Location", "")


def answer(connection, method, path, body=None, headers=None) -> Answer:
    """Send a request on the kept connection."""
    connection.request(method, path, body, headers or {})
    return Answer(connection.getresponse())


@pytest.mark.bench
def test_print_the_ratio() -> None:
    """Prints; asserts only that both ways end with tokens."""
    main(rounds=20)


if __name__ == "__main__":
    main()
