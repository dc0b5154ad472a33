"""The numbers that the mock promises, beside its peers: `python -m tests.benchmarks.bench_peers`.

Sign-ins (USER_PASSWORD_AUTH over HTTP, connections kept open where the server keeps them) with one
and with eight clients, in turns: each round asks every server, and how many pairs of RSA-2048
signatures the machine makes, which is the limit (COG-TOK-005). Medians of the rounds are printed,
and ratios within a round, so that what else the machine does touches both sides. The load is a
process of its own (http_load.py).

Then for the mock: start to first answer, memory, the cost of a pool, and (bench_mock_scale.py) what
100,000 users cost next to 100. The peers are installed on first use, see peers.py.
"""

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from .bench_sign_in import CORES, cpu_seconds, pairs_of_signatures, signature
from .peers import PEERS, Peer, PeerUnavailableError, running

HERE = Path(__file__).parent
CLIENTS = (1, 8)
OURS = "cognito-mock"
USERNAME, PASSWORD = "rosa@example.org", "Correct-Horse-1"
TARGET = "AWSCognitoIdentityProviderService"
SIGNED = (
    "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/cognito-idp/aws4_request,"
    " SignedHeaders=host, Signature=0"
)


@dataclass
class Server:
    """A running server and what was measured of it."""

    name: str
    process: int
    port: int
    request: bytes = b""
    rates: dict[int, list[float]] = field(default_factory=lambda: {c: [] for c in CLIENTS})
    cpu: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def main(rounds: int = 7, seconds: float = 1.5, users: int = 100_000, starts: int = 5) -> list[str]:
    """Measure and print; return the names of the servers that were measured."""
    with ExitStack() as stack:
        servers = [stack.enter_context(serving_ours())]
        for peer in PEERS:
            try:
                servers.append(stack.enter_context(serving(peer)))
            except PeerUnavailableError as error:
                print(f"{peer.name}: {error}")
        limit = measure(servers, rounds, seconds)
        report(servers, limit)
        print_memory(servers)
    print_starts([peer for peer in PEERS if peer.name in {s.name for s in servers}], starts)
    print_pools(10)
    sys.stdout.flush()
    subprocess.run(
        [sys.executable, "-c", SCALE.format(users=users), str(HERE)], check=True, cwd=HERE
    )
    return [server.name for server in servers]


SCALE = "import bench_mock_scale as b; b.show(b.size({users}, 40)); b.show(b.pool(20))"


@dataclass
class Limit:
    """How many pairs of signatures the machine makes: per second, and at which CPU time."""

    rates: dict[int, list[float]] = field(default_factory=lambda: {c: [] for c in CLIENTS})
    cpu: list[float] = field(default_factory=list)


def measure(servers: list[Server], rounds: int, seconds: float) -> Limit:
    """Fill in the servers' rates; return the limit."""
    sign, limit = signature(), Limit()
    for server in servers:
        load(server, 8, 0.5)  # loads what is loaded on first use
    for _ in range(rounds):
        for clients in CLIENTS:
            rate, cpu = pairs_of_signatures(sign, min(clients, CORES), seconds / 2)
            limit.rates[clients].append(rate)
            limit.cpu.append(cpu)
            for server in servers:
                spent = cpu_seconds(server.process)
                rate, count = load(server, clients, seconds)
                server.rates[clients].append(rate)
                server.cpu.append((cpu_seconds(server.process) - spent) / count)
    return limit


def report(servers: list[Server], limit: Limit) -> None:
    """Print rates and ratios."""
    ours, peers = servers[0], servers[1:]
    for clients in CLIENTS:
        print(f"\nsign-ins/s, {clients} client(s); {CORES} core(s)")
        pairs = statistics.median(limit.rates[clients])
        print(f"{'limit: two RSA-2048 signatures each':40}{pairs:10,.0f}")
        for server in servers:
            print(f"{server.name:40}{statistics.median(server.rates[clients]):10,.0f}")
        show("share of the limit", ours.rates[clients], limit.rates[clients], "0.60, aim 0.80")
        for peer in peers:
            show(f"times {peer.name}", ours.rates[clients], peer.rates[clients], "1.3")
    print()
    signatures = statistics.median(limit.cpu)
    print(f"{'two RSA-2048 signatures':40}{signatures * 1e6:10,.0f} us of CPU")
    for server in servers:
        cost = statistics.median(server.cpu)
        print(
            f"{server.name:40}{cost * 1e6:10,.0f} us of CPU a sign-in,"
            f" of which two signatures would be {signatures / cost:.0%}"
        )


def show(name: str, ours: list[float], others: list[float], target: str) -> None:
    """Print the median of the ratios of each round, and their range."""
    ratios = [one / other for one, other in zip(ours, others, strict=True)]
    print(
        f"{name:40}{statistics.median(ratios):10.2f}"
        f"  ({min(ratios):.2f} to {max(ratios):.2f}; target {target})"
    )


def print_memory(servers: list[Server]) -> None:
    """Print what each holds after its sign-ins; the target is 90 MB."""
    print()
    for server in servers:
        print(f"{server.name:40}{resident_megabytes(server.process):10.1f} MB resident")


def print_starts(peers: list[Peer], count: int) -> None:
    """Print the time from start to the first answer, in turns, and the CPU time of it."""
    commands: dict[str, Callable[[], Any]] = {OURS: ours}
    commands |= {peer.name: partial(running, peer) for peer in peers}
    starts: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    with ours():  # compiles what is not compiled yet
        pass
    for _ in range(count):
        for name, command in commands.items():
            began = time.perf_counter()
            with command() as (process, port):
                wait_for(port, process)
                with closing(connect(port)) as connection:
                    call(connection, "ListUserPools", MaxResults=1)
                starts[name].append((time.perf_counter() - began, cpu_seconds(process.pid)))
    print()
    for name, measured in starts.items():
        walls, cpus = zip(*measured, strict=True)
        target = "; target 0.5 s" if name == OURS else ""
        print(
            f"{name:40}{statistics.median(walls):10.2f} s to the first answer"
            f" (best {min(walls):.2f}{target}), {statistics.median(cpus):.2f} s of CPU"
        )


def print_pools(count: int) -> None:
    """Print what CreateUserPool takes when its two keys had time to be made."""
    times = []
    with ours() as (_, port), closing(connect(port)) as connection:
        for number in range(count):
            time.sleep(1.5)  # whoever makes pools by hand takes longer
            times.append(
                seconds_of(lambda n=number: call(connection, "CreateUserPool", PoolName=f"p{n}"))
            )
    print(
        f"{'a pool over HTTP, keys prefetched':40}{statistics.median(times) * 1000:10.2f} ms"
        f" (best {min(times) * 1000:.2f}; target 5 ms)"
    )


@contextmanager
def ours() -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """Run the command as users do, with the compiled modules that an installation has."""
    command = [sys.executable, "-m", "cognito_mock", "serve", "--port", "0"]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            yield server, int(server.stdout.readline().rpartition(":")[2])
        finally:
            server.terminate()


@contextmanager
def serving_ours() -> Iterator[Server]:
    """Run the mock with a pool, a client and a user."""
    with ours() as (process, port):
        server = Server(OURS, process.pid, port)
        server.request = prepared(port)
        yield server


@contextmanager
def serving(peer: Peer) -> Iterator[Server]:
    """Run a peer with the same."""
    with running(peer) as (process, port):
        wait_for(port, process)
        server = Server(peer.name, process.pid, port)
        try:
            server.request = prepared(port)
        except (OSError, KeyError, ValueError, http.client.HTTPException) as error:
            raise PeerUnavailableError(f"did not let its user sign in: {error!r}") from error
        yield server


def wait_for(port: int, process: "subprocess.Popen[Any]", patience: float = 60) -> None:
    """Return once the port takes a connection."""
    until = time.monotonic() + patience
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.01)
        else:
            return
    raise PeerUnavailableError("did not start")


def connect(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=60)


def prepared(port: int) -> bytes:
    """Make a pool, a client and a user through the API; return the sign-in as it is sent."""
    connection = connect(port)
    pool = call(connection, "CreateUserPool", PoolName="bench")["UserPool"]["Id"]
    client = call(
        connection,
        "CreateUserPoolClient",
        UserPoolId=pool,
        ClientName="bench",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )["UserPoolClient"]["ClientId"]
    user = {"UserPoolId": pool, "Username": USERNAME}
    given = [{"Name": "email", "Value": USERNAME}, {"Name": "email_verified", "Value": "true"}]
    call(connection, "AdminCreateUser", **user, UserAttributes=given, MessageAction="SUPPRESS")
    call(connection, "AdminSetUserPassword", **user, Password=PASSWORD, Permanent=True)
    sign_in = {
        "ClientId": client,
        "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": USERNAME, "PASSWORD": PASSWORD},
    }
    result = call(connection, "InitiateAuth", **sign_in)["AuthenticationResult"]
    assert all(result[name] for name in ("AccessToken", "IdToken", "RefreshToken"))
    connection.close()
    body = json.dumps(sign_in)
    return (
        f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Amz-Target: {TARGET}.InitiateAuth\r\n"
        f"Content-Type: application/x-amz-json-1.1\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def call(connection: http.client.HTTPConnection, operation: str, **members: object) -> dict:
    """Return the output of a call, which must succeed."""
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": f"{TARGET}.{operation}",
        "Authorization": SIGNED,
    }
    connection.request("POST", "/", json.dumps(members), headers)
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise ValueError(f"{operation}: {response.status} {body[:200]!r}")
    return json.loads(body) if body else {}


def load(server: Server, clients: int, seconds: float) -> tuple[float, int]:
    """Return sign-ins per second, and how many there were."""
    command = [sys.executable, "-S", HERE / "http_load.py", "127.0.0.1", str(server.port)]
    done = subprocess.run(
        [*command, str(clients), str(seconds)],
        input=server.request,
        stdout=subprocess.PIPE,
        check=True,
    )
    result = json.loads(done.stdout)
    return result["count"] / result["seconds"], result["count"]


def resident_megabytes(process: int) -> float:
    """Return the memory that a process holds, not a number where nothing tells."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return float("nan")
    (kilobytes,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(kilobytes) * 1024 / 1e6


def seconds_of(function: Callable[[], object]) -> float:
    """Return how long a call takes."""
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


@pytest.mark.bench
@pytest.mark.timeout(1800)  # the peers are installed first
def test_peers() -> None:
    """Print all the numbers; the mock was measured."""
    assert OURS in main(rounds=2, seconds=0.5, users=2000, starts=2)


if __name__ == "__main__":
    main()
