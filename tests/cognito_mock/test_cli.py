"""The command, in a process of its own."""

import json
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import jwt
import pytest
from aiosmtpd.controller import Controller

from cognito_mock.server import bind
from cognito_mock.starter import ADA, GRACE, POOL_ID, PUBLIC_CLIENT_ID

COMMAND = [sys.executable, "-m", "cognito_mock"]


def run(*arguments, **environment):
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, **environment},
        check=False,
    )


@contextmanager
def serving(tmp_path, *arguments):
    """A running server: its process, its address, its log file."""
    log = tmp_path / "log"
    with log.open("w") as stderr:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    try:
        line = process.stdout.readline()
        match = re.fullmatch(r"cognito-mock ready at (http://127\.0\.0\.1:[0-9]+)\n", line)
        assert match, (line, log.read_text())
        yield process, match[1], log
    finally:
        process.kill()
        process.communicate()


def post(url, body, **headers):
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=5) as response:
        return json.load(response)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_is_ready_when_it_says_so_and_stops_within_a_second(tmp_path, number):
    """The one line on stdout comes when requests are answered; a signal is a clean end."""
    for _ in range(5):  # others may want the processor in the same second
        with serving(tmp_path) as (process, url, log):
            with urllib.request.urlopen(f"{url}/_mock/health", timeout=5) as response:
                assert json.load(response)["status"] == "ok"

            started = time.monotonic()
            process.send_signal(number)
            code = process.wait(timeout=5)
            seconds = time.monotonic() - started

            assert (code, process.stdout.read()) == (0, "")
            assert "Traceback" not in log.read_text()
        if seconds < 1:
            return
    pytest.fail(f"it took {seconds:.1f} s, and never less than one")


def test_the_log_holds_no_secret(tmp_path):
    """Neither password nor token nor code of a query; the operation's name is there."""
    with serving(tmp_path) as (process, url, log):
        tokens = post(
            url,
            {
                "ClientId": PUBLIC_CLIENT_ID,
                "AuthFlow": "USER_PASSWORD_AUTH",
                "AuthParameters": {"USERNAME": ADA.username, "PASSWORD": ADA.password},
            },
            **{"X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth"},
        )["AuthenticationResult"]
        for path in (
            "/_mock/callback?code=seekretcode",
            f"/oauth2/authorize?id_token={tokens['IdToken']}",
            "/%0aforged%20line",
        ):
            with pytest.raises(urllib.error.HTTPError):
                urllib.request.urlopen(url + path, timeout=5)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=5)
        text = log.read_text()

    assert "POST / InitiateAuth 200" in text
    assert "GET /_mock/callback 400" in text
    assert "\nforged" not in text
    for secret in (ADA.password, "seekretcode", tokens["IdToken"], tokens["AccessToken"]):
        assert secret not in text


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--config", "missing.yaml"], "cannot read the config file missing.yaml: No such file"),
        (["--database", "oracle://scott:tiger@db"], "unknown database 'oracle:'"),
        (["--workers", "2"], "--workers 2 needs a database that processes share"),
        (["--tls"], "--tls is not available in this version"),
        (["--smtp", "mail.example"], "--smtp must be smtp://HOST or smtps://HOST"),
        (["--smtp", "smtp://ada:secret@mail:x"], "--smtp not a URL"),
        (["--lambda-endpoint", "http://localhost:4566"], "--lambda-endpoint is not available"),
        (["--issuer", "nowhere"], "--issuer must be"),
        (["--host", "192.0.2.1"], "this machine does not have that address"),
    ],
)
def test_a_wrong_start_is_one_line_and_code_2(arguments, reason):
    """Nothing on stdout, no traceback, no password repeated."""
    done = run("serve", "--port", "0", *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("cognito-mock: ")
    assert reason in done.stderr
    assert done.stderr.count("\n") == 1
    assert "tiger" not in done.stderr


def test_a_port_in_use_is_one_line_and_code_2():
    """The line names the address."""
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]

        done = run("serve", "--port", str(port))

    assert done.returncode == 2
    assert done.stderr == (f"cognito-mock: cannot listen on 127.0.0.1:{port}: the port is in use\n")


def test_token_prints_a_token_of_a_running_mock(tmp_path):
    """Exactly the token, for the user and use asked for; an unknown user is one line."""
    with serving(tmp_path) as (_, url, _):
        first = run("token", COGNITO_MOCK_URL=url)
        chosen = run("token", "--url", url, "--user", GRACE.username, "--use", "id")
        unknown = run("token", "--url", url, "--user", "nobody")

    claims = jwt.decode(chosen.stdout.strip(), options={"verify_signature": False})
    assert (claims["sub"], claims["token_use"]) == (GRACE.sub, "id")
    assert claims["iss"] == f"{url}/{POOL_ID}"
    assert first.stdout.count(".") == 2
    assert first.stdout.count("\n") == 1
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert unknown.stderr == "cognito-mock: there is no such user\n"


def test_token_without_a_mock_is_one_line():
    """Nobody listens on a port that was just given back."""
    listener = bind("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()

    done = run("token", "--url", url)

    assert (done.returncode, done.stderr) == (
        2,
        f"cognito-mock: no cognito-mock answers at {url}\n",
    )


def test_what_is_sent_goes_to_the_mail_server_too(tmp_path):
    """And stays in the inbox."""
    arrived = queue.Queue()

    class Postbox:
        async def handle_DATA(self, server, session, envelope):  # noqa: N802
            arrived.put((envelope.rcpt_tos, envelope.content.decode()))
            return "250 OK"

    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    mail = Controller(Postbox(), hostname="127.0.0.1", port=port)
    mail.start()
    try:
        with serving(tmp_path, "--smtp", f"smtp://127.0.0.1:{port}") as (_, url, _log):
            post(
                url,
                {
                    "ClientId": PUBLIC_CLIENT_ID,
                    "Username": "joan",
                    "Password": "Clarke-1917",
                    "UserAttributes": [{"Name": "email", "Value": "joan@example.com"}],
                },
                **{"X-Amz-Target": "AWSCognitoIdentityProviderService.SignUp"},
            )
            recipients, text = arrived.get(timeout=10)
            with urllib.request.urlopen(f"{url}/_mock/api/messages", timeout=5) as response:
                (kept,) = json.load(response)["messages"]
    finally:
        mail.stop()

    assert recipients == ["joan@example.com"]
    assert kept["code"] in text
