"""The console, by its HTML: what it shows, what its buttons do, and who may press them."""

import re
import subprocess
import sys
import time
from html import unescape
from urllib.parse import urlencode

import httpx
import pytest

from cognito_mock.flows.sign_up import sign_up
from cognito_mock.starter import (
    ADA,
    CONFIDENTIAL_CLIENT_ID,
    CONFIDENTIAL_CLIENT_SECRET,
    POOL_ID,
    PUBLIC_CLIENT_ID,
)


@pytest.fixture
def press(call):
    """Open the console, then send one of its forms: ``press(path, **fields)``."""

    def submit(path, *, seal=None, cookie=None, **fields):
        shown = call("GET", "/_mock/")
        cookie = cookie or shown.headers["set-cookie"].partition(";")[0]
        seal = seal or re.search(r'name="seal" value="([^"]+)"', shown.text)[1]
        return call(
            "POST",
            f"/_mock/{path}",
            urlencode({"seal": seal, **fields}),
            Cookie=cookie,
            Content_Type="application/x-www-form-urlencoded",
        )

    return submit


@pytest.fixture
def signed_up(mock):
    """Somebody with a name that is markup signed up: a code is in the inbox."""
    sign_up(
        mock.services,
        client_id=PUBLIC_CLIENT_ID,
        username="<b>alan",
        password="Turing-1912",
        attributes={"email": "alan@example.com"},
    )


@pytest.mark.usefixtures("signed_up")
def test_the_inbox_shows_codes_and_is_emptied(call, press):
    """Escaped; the button empties it."""
    (message,) = call("GET", "/_mock/api/messages").body["messages"]

    shown = call("GET", "/_mock/")
    answer = press("console/inbox/clear")

    assert shown.status == 200
    assert message["code"] in shown.text
    assert "&lt;b&gt;alan" in shown.text
    assert "<b>alan" not in shown.text
    assert (answer.status, answer.headers["location"]) == (303, "/_mock/#inbox")
    assert call("GET", "/_mock/api/messages").body == {"messages": []}


def test_the_clock_is_moved_and_put_right(mock, press):
    """By an hour; and back."""
    press("console/clock/move", by="hour")
    assert mock.clock.offset == 3600

    press("console/clock/move", by="reset")
    assert mock.clock.offset == 0


@pytest.mark.usefixtures("mock")
@pytest.mark.parametrize(("retire", "published"), [("keep", 4), ("now", 2)])
def test_keys_are_rotated(call, press, retire, published):
    """As by the control API."""
    press("console/keys/rotate", pool=POOL_ID, retire=retire)

    assert len(call("GET", f"/{POOL_ID}/.well-known/jwks.json").body["keys"]) == published


def test_keys_of_no_pool_are_not_rotated(press):
    """A pool that has gone is a refusal, not a crash."""
    assert press("console/keys/rotate", pool="us-east-1_Nowhere").status == 400


def test_sessions_and_faults_are_shown(mock, call, press):
    """Who is signed in, how the mock misbehaves; the button ends that."""
    pool = mock.pool(POOL_ID)
    pool.sign_in(pool.create_user("visitor"))
    call("PUT", "/_mock/api/faults", {"faults": [{"target": "jwks", "status": 503, "times": 2}]})

    shown = call("GET", "/_mock/").text
    press("console/faults/lift")

    assert (
        '>visitor</td><td data-label="Browsers">0</td><td data-label="Refresh tokens">1<' in shown
    )
    assert "jwks: status 503, 2 times" in shown
    assert call("GET", "/_mock/api/faults").body == {"faults": []}


@pytest.mark.parametrize(
    "path", ["console/inbox/clear", "console/clock/move", "console/keys/rotate", "token"]
)
def test_a_form_of_somebody_else_is_refused(mock, press, path):
    """Without the browser's cookie, or with another's seal, nothing happens."""
    before = mock.control("GET", "/_mock/api/snapshot")

    refused = [
        press(path, seal="x", pool=POOL_ID, by="hour"),
        press(path, cookie="cognito-mock-browser=" + "0" * 64, pool=POOL_ID, by="hour"),
    ]

    assert [answer.status for answer in refused] == [403, 403]
    assert mock.control("GET", "/_mock/api/snapshot") == before


def test_a_form_from_another_origin_is_refused(call):
    """Whatever it holds."""
    answer = call("POST", "/_mock/console/clock/move", "by=hour", Origin="https://evil.example")

    assert answer.status == 403


@pytest.mark.parametrize("body", [b"\xff" * 10, b"seal=x&seal=y", b"", b"a" * 2_000_000])
def test_a_form_that_is_none_is_refused(call, body):
    """Refused, not crashed."""
    content_type = "application/x-www-form-urlencoded"
    answer = call("POST", "/_mock/console/clock/move", body, Content_Type=content_type)

    assert answer.status == 403


def findings(answer):
    return unescape(re.search(r'<ul id="findings">(.*?)</ul>', answer.text, re.DOTALL)[1])


def test_a_token_is_inspected(mock, call, press):
    """Claims, signature and end; also of one whose claims hold markup."""
    wish = {"user": ADA.username, "claims": {"note": "<script>"}}
    token = mock.control("POST", "/_mock/api/tokens", wish)["token"]

    answer = press("token", token=f"Bearer {token}\n")

    assert f"The signature is good: key of {POOL_ID}." in findings(answer)
    assert "It expires in" in findings(answer)
    assert "&lt;script&gt;" in answer.text
    assert "<script" not in answer.text
    assert ADA.sub in unescape(answer.text)
    assert token not in answer.text


@pytest.mark.parametrize(
    ("tamper", "finding"),
    [
        ("expired", "It expired 36"),
        ("bad-signature", "The signature is WRONG"),
        ("unknown-kid", "no pool here publishes a key with this kid"),
        ("alg-none", "the header is not one of Cognito's"),
        ("no-expiry", "It has no exp."),
    ],
)
def test_what_is_wrong_with_a_token_is_said(mock, press, tamper, finding):
    """In a sentence."""
    wish = {"user": ADA.username, "tamper": tamper}
    token = mock.control("POST", "/_mock/api/tokens", wish)["token"]

    assert finding in findings(press("token", token=token))


@pytest.mark.parametrize(
    "text",
    ["", "nonsense", "a.b.c", "W10.W10.W10", "." * 30, "x" * 20_001, "eyJ9.eyJ9.e", "\ud800.é.ü"],
)
def test_what_is_no_token_is_no_crash(press, text):
    """The page says what it is not."""
    answer = press("token", token=text.encode("utf-8", "replace"))

    assert answer.status == 200
    assert findings(answer)


@pytest.mark.parametrize("client_id", [PUBLIC_CLIENT_ID, CONFIDENTIAL_CLIENT_ID])
def test_a_clients_settings_are_ready_made(mock, call, client_id):
    """With its own ids; a secret only where a server keeps it."""
    shown = unescape(call("GET", f"/_mock/clients/{client_id}").text)

    titles = re.findall(r"<h2>(.*)</h2>", shown)
    assert titles[-2:] == ["NextAuth.js", "Python"]
    assert ("Amplify" in titles) == (client_id == PUBLIC_CLIENT_ID)
    assert shown.count(f'"{client_id}"') == len(titles)
    assert f'issuer="{mock.url}/{POOL_ID}"' in shown
    assert (CONFIDENTIAL_CLIENT_SECRET in shown) == (client_id == CONFIDENTIAL_CLIENT_ID)


def test_the_python_settings_work(mock, call):
    """They are run as they are shown."""
    shown = call("GET", f"/_mock/clients/{PUBLIC_CLIENT_ID}").text
    code = unescape(re.findall(r"<pre>(.*?)</pre>", shown, re.DOTALL)[-1])
    names = {}
    exec(code, names)  # noqa: S102

    token = mock.control("POST", "/_mock/api/tokens", {"client": PUBLIC_CLIENT_ID})["token"]

    assert names["verifier"].verify(token)["client_id"] == PUBLIC_CLIENT_ID


def test_no_such_client(call):
    """A page that says so."""
    assert call("GET", "/_mock/clients/nobody").status == 404


def test_the_pages_run_no_script_and_send_forms_nowhere_else(call):
    """By their policy."""
    policy = call("GET", "/_mock/").headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy


def test_the_last_requests_are_shown_without_what_they_carried(tmp_path):
    """Of ``serve``, the latest first: no query, no body, and no more than 200."""
    command = [sys.executable, "-m", "cognito_mock", "serve", "--port", "0"]
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            url = process.stdout.readline().split()[-1]
            with httpx.Client(base_url=url, trust_env=False) as client:
                for number in range(210):
                    client.get(f"/_mock/health?secret={number}")
                client.get("/logout?code=hunter2")
                time.sleep(0.3)  # lines are written a moment later
                shown = client.get("/_mock/").text
        finally:
            process.kill()

    lines = re.search(r"<pre class=.log[^>]*>(.*?)</pre>", shown, re.DOTALL)[1].splitlines()
    assert " GET /logout 400 " in lines[0] or " GET /logout 302 " in lines[0]
    assert len(lines) == 200
    assert "hunter2" not in shown
    assert "secret=" not in shown
