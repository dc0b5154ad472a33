"""Requests that nobody honest sends: all integrations refuse them alike, over real HTTP."""

import http.client
import json
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from cognito_verify import CognitoVerifier

from ..conftest import CLIENT, NOW, POOL  # noqa: TID252  (not a package that is installed)
from .applications import UNLUCKY
from .live import raw_get, send


@pytest.fixture(scope="module")
def port(service, jwks):
    """The API, for the header alone."""
    verifier = CognitoVerifier(
        user_pool_id=POOL, client_id=CLIENT, token_use="access", jwks=jwks, clock=lambda: NOW
    )
    with service.start(verifier, None) as port:
        yield port


def authorization(token):
    return ("Authorization", f"Bearer {token}")


@pytest.mark.parametrize(
    "line",
    [
        b"Authorization: Bearer\t%s",
        b"Authorization: Bearer %s \t x",
        b"Authorization: Bearer %s;",
        b"Authorization: Bearer %s, realm=x",
        b"Authorization: Bearer %s\xff",
        b"Authorization: \xe2\x80\x8bBearer %s",
        b"Authorization: Bearer \xc2\xa0%s",
        b"Authorization: Bearer%s",
        b"Authorization: Bearer:%s",
        b"Authorization: Negotiate %s",
        b"Authorization: , Bearer %s",
        b"Authorization : Bearer %s",
        b"Proxy-Authorization: Bearer %s",
        b"X-Authorization: Bearer %s",
        b"X-Forwarded-Authorization: Bearer %s",
        b"Authorization: Bearer %s%%20",
        b"Authorization: Bearer " + b" " * 20_000 + b"!%s",
        b"Authorization: " + b",\tbearer" * 2_000 + b"%s",
    ],
)
def test_a_good_token_in_a_bad_line_is_refused(port, make_token, line):
    """RFC 6750 §2.1: one b64token after spaces. No traceback, and nothing comes back."""
    token = make_token().encode()

    status, body = raw_get(port, line % token)

    assert status in {400, 401, 431}
    assert token.split(b".")[2] not in body


def test_a_huge_token_is_refused(port):
    """By the server, or by the verifier before it parses anything."""
    status, body = raw_get(port, b"Authorization: Bearer " + b"eyJh." * 10_000 + b"x")

    assert status in {400, 401, 431}
    assert b"eyJh" not in body


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "TRACE", "BREW"])
def test_no_method_is_a_way_around(port, method):
    """Some servers and frameworks refuse or answer these by themselves; no claims are needed."""
    answer = send(port, method, "/api/me")

    assert answer.status in {200, 400, 401, 405, 501}
    assert "sub" not in answer.text


@pytest.mark.parametrize(
    "path", ["//api/me", "/api//me", "/api/./me", "/api/x/../me", "/%61pi/%6de", "/API/ME"]
)
def test_no_spelling_of_the_path_is_a_way_around(service, port, path):
    """Whatever reaches the view has been checked."""
    if service.id.startswith("lambda"):
        path = "/api/me?" + path  # API Gateway routes, so there is no path to spell
    answer = send(port, "GET", path)

    assert answer.status in {301, 308, 401, 404}


def test_nothing_is_left_on_a_connection(port, make_token):
    """The next request of a kept connection may be another person's: proxies share these."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    answers = []
    for headers in (dict([authorization(make_token())]), {}):
        connection.request("GET", "/api/me", headers=headers)
        answer = connection.getresponse()
        answers.append((answer.status, b"7c1de2aa" in answer.read()))
    connection.close()

    assert answers == [(200, True), (401, False)]


def test_users_at_the_same_time_are_not_mixed_up(port, make_token):
    """Each gets the claims of their own token, in threads and in tasks."""
    subs = [f"user-{number}" for number in range(12)]
    tokens = {sub: make_token(sub=sub) for sub in subs}

    def ask(sub):
        return send(port, "GET", "/api/me", [authorization(tokens[sub])]).json["sub"]

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(ask, subs * 3)) == subs * 3


def test_an_error_of_the_handler_is_not_the_callers(port, make_token):
    """A token that the handler itself verifies and refuses says nothing about the caller's."""
    answer = send(port, "GET", "/api/me", [authorization(make_token(username=UNLUCKY))])

    assert answer.status in {500, 502}
    assert "www-authenticate" not in answer.headers


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("/api/editors", {"cognito:groups": "editors"}),
        ("/api/editors", {"cognito:groups": ["editors,staff"]}),
        ("/api/editors", {"cognito:groups": ["Editors", "editor", "editors ", "*"]}),
        ("/api/editors", {"cognito:groups": {"editors": True}}),
        ("/api/editors", {"cognito:groups": ["editors", 1]}),
        ("/api/editors", {"groups": ["editors"], "cognito:groups": None}),
        ("/api/orders", {"scope": ["orders/read"]}),
        ("/api/orders", {"scope": "orders/read,orders/write"}),
        ("/api/orders", {"scope": "orders orders/ orders/rea ORDERS/READ orders/*"}),
        ("/api/orders", {"scope": "orders/read\torders/write"}),
        ("/api/orders", {"scp": "orders/read", "scope": ""}),
    ],
)
def test_what_only_looks_like_a_group_or_a_scope_is_403(port, make_token, path, changes):
    """Whole names in the one claim, of the one type. COG-TOK-020, RFC 6749 §3.3."""
    assert send(port, "GET", path, [authorization(make_token(_claims=changes))]).status == 403


@pytest.mark.parametrize("lines", [[authorization("a.b.c")], [authorization("a b")]])
def test_no_cache_keeps_a_refusal(port, lines):
    """RFC 9111 §5.2.2.5: some caches in front of an API keep errors for everybody."""
    answer = send(port, "GET", "/api/me", lines)

    assert answer.headers["cache-control"] == "no-store"


def test_no_cache_keeps_a_missing_group(port, make_token):
    """Or the next user, who is in it, gets the same answer."""
    answer = send(port, "GET", "/api/owners", [authorization(make_token())])

    assert (answer.status, answer.headers["cache-control"]) == (403, "no-store")


def test_a_cache_is_told_that_the_answer_is_one_users(service, port, make_token):
    """RFC 9110 §12.5.5: or else it may give it to somebody else."""
    answer = send(port, "GET", "/api/me", [authorization(make_token())])

    names = {name.strip() for name in answer.headers.get("vary", "").split(",")}
    # A function's handler makes its own answer, and nothing is added to that.
    assert ("Authorization" in names) is not service.id.startswith("lambda")
    assert "Cookie" not in names


def test_keys_that_do_not_come_hold_up_nobody_else(
    service, remote_verifier, key_server, make_token
):
    """One waits for the keys, another goes away meanwhile; strangers are answered at once."""
    line = authorization(make_token())
    key_server.may_answer.clear()
    with service.start(remote_verifier, None) as port, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(send, port, "GET", "/api/me", [line])
        assert key_server.was_asked.wait(10)
        with socket.create_connection(("127.0.0.1", port), timeout=10) as impatient:
            request = f"GET /api/me HTTP/1.1\r\nHost: x\r\nAuthorization: {line[1]}\r\n\r\n"
            impatient.sendall(request.encode())
        strangers = [send(port, "GET", "/api/me").status for _ in range(3)]
        still_waiting = not waiting.done()
        key_server.may_answer.set()
        status = waiting.result(10).status

    assert strangers == [401] * 3
    assert still_waiting
    assert status == 200


def test_the_refusal_of_a_stranger_is_json(port):
    """Nothing of the request is in it."""
    answer = send(port, "GET", "/api/me?<script>=1", [("Authorization", "Bearer <script>")])

    assert answer.status == 400
    assert "<" not in json.dumps(answer.json) + json.dumps(answer.headers)
