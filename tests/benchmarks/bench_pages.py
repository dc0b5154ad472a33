"""A sign-in at the pages next to one over the API: `python tests/benchmarks/bench_pages.py`.

Through the pages is what a browser and an app do: open the sign-in page, send it, redeem the code.
Through the API is one InitiateAuth. Both end with the same three tokens, and are measured in turns
on one kept connection against the command in a process of its own. The client does little more than
the system calls, so that the time is the server's. The ratio is what counts: of the time that
passes, and of the processor time that the server spends, which depends less on who else is there.
Of many short turns the median counts, for either: a turn that another program got in the way of is
not what a sign-in costs. And the same server twice started differs by some percent, by where its
objects happen to be in memory, so that the median of several counts.
"""

import json
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
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
FORM = "Content-Type: application/x-www-form-urlencoded"
JSON = (
    "Content-Type: application/x-amz-json-1.1",
    "X-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth",
)
INITIATE_AUTH = json.dumps(
    {
        "ClientId": PUBLIC_CLIENT_ID,
        "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": ADA.username, "PASSWORD": ADA.password},
    }
)


IN_A_ROW = 10


Way = Callable[["Connection"], None]


def main(servers: int = 7, rounds: int = 40, turns: int = 20) -> float:
    """Measure, print, and return how many times as much processor time the pages take."""
    found = [measure(rounds, turns) for _ in range(servers)]
    print("a sign-in                             passing    processor")
    for title, way in (
        ("through the pages, three requests", through_the_pages),
        ("through InitiateAuth, one request", through_the_api),
    ):
        passing, processor = (statistics.median(each[way][i] for each in found) for i in (0, 1))
        print(f"{title} {passing * 1000:8.2f} ms {processor * 1000:8.2f} ms")
    passing, processor = (
        sorted(each[through_the_pages][i] / each[through_the_api][i] for each in found)
        for i in (0, 1)
    )
    ratio = statistics.median(processor)
    title = f"ratio, median of {servers} servers"
    print(f"{title:34}{statistics.median(passing):8.2f}    {ratio:8.2f}")
    print(f"from                              {passing[0]:8.2f}    {processor[0]:8.2f}")
    print(f"to                                {passing[-1]:8.2f}    {processor[-1]:8.2f}")
    return ratio


def measure(rounds: int, turns: int) -> dict[Way, tuple[float, float]]:
    """Return what either way takes at a new server, in seconds: that pass, and of the processor."""
    command = [sys.executable, "-m", "cognito_mock", "serve", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            address = server.stdout.readline().rpartition("http://")[2].strip()
            connection = Connection(address)
            passed = {through_the_pages: [], through_the_api: []}
            for way in (*passed, *passed):  # first calls load what is loaded lazily
                way(connection)
            for _ in range(rounds):
                for way, seconds in passed.items():
                    started = time.perf_counter()
                    way(connection)
                    seconds.append(time.perf_counter() - started)
            spent = {way: [] for way in passed}
            for _ in range(turns):
                for way in passed:
                    before = processor_seconds(server.pid)
                    for _ in range(IN_A_ROW):
                        way(connection)
                    spent[way].append((processor_seconds(server.pid) - before) / IN_A_ROW)
            connection.close()
        finally:
            server.terminate()
    return {way: (statistics.median(passed[way]), statistics.median(spent[way])) for way in passed}


def processor_seconds(pid: int) -> float:
    """Return what a process has spent so far, in its own code and in the kernel.

    The sum over its threads, none of which ends, in nanoseconds; times(2) counts hundredths.
    """
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


def through_the_pages(connection: "Connection") -> None:
    """GET /login, POST /login, POST /oauth2/token."""
    _, page = connection.ask("GET", f"/login?{QUERY}")
    token = re.search(r'name="_csrf" value="([^"]+)"', page)[1]
    form = {"_csrf": token, "username": ADA.username, "password": ADA.password}
    cookie = f"Cookie: XSRF-TOKEN={token}"
    head, _ = connection.ask("POST", f"/login?{QUERY}", urlencode(form), FORM, cookie)
    location = re.search(r"(?i)\nlocation: (\S+)", head)[1]
    grant = {
        "grant_type": "authorization_code",
        "client_id": PUBLIC_CLIENT_ID,
        "code": parse_qs(urlsplit(location).query)["code"][0],
        "redirect_uri": CALLBACK,
    }
    _, tokens = connection.ask("POST", "/oauth2/token", urlencode(grant), FORM)
    assert "id_token" in tokens, tokens


def through_the_api(connection: "Connection") -> None:
    """InitiateAuth with the password."""
    _, tokens = connection.ask("POST", "/", INITIATE_AUTH, *JSON)
    assert "IdToken" in tokens, tokens


class Connection:
    """A kept connection that understands as much of HTTP as these answers need."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        self._address = address
        self._socket = socket.create_connection((host, int(port)), 30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, method: str, path: str, body: str = "", *fields: str) -> tuple[str, str]:
        """Return head and body of the answer, which must not be an error."""
        length = f"Content-Length: {len(body)}"
        lines = (f"{method} {path} HTTP/1.1", f"Host: {self._address}", length, *fields, "", body)
        self._socket.sendall("\r\n".join(lines).encode())
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more()
        head = received[:end].decode()
        assert head[9] in "23", head
        wanted = end + 4 + int(re.search(r"(?i)\ncontent-length: (\d+)", head)[1])
        while len(received) < wanted:
            received += self._more()
        return head, received[end + 4 :].decode()

    def _more(self) -> bytes:
        received = self._socket.recv(65536)
        assert received, "the server closed the connection"
        return received

    def close(self) -> None:
        """Close it."""
        self._socket.close()


@pytest.mark.bench
def test_print_the_ratio() -> None:
    """Prints; asserts only that both ways end with tokens."""
    main(servers=1, rounds=20, turns=1)


if __name__ == "__main__":
    main()
