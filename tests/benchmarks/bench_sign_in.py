"""Sign-ins per second over HTTP, next to RSA: `python tests/benchmarks/bench_sign_in.py`.

A sign-in needs two RSA-2048 signatures, one per token (COG-TOK-005). How many pairs of them this
machine makes per second is the limit: for one client on one core, since it has one sign-in under
way, for several clients on all cores that the server may use. Limit and sign-ins are measured in
turns, and each round gives a ratio, so that what else the machine does touches both; the medians
are printed.

The server is the command in a process of its own, and so is the load, with connections kept open.
The load takes its share of the cores while it measures; that share is printed, and not deducted.
"Of its CPU time" is how much of what the server spends are signatures: it does not depend on who
else uses the machine.
"""

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from cognito_mock.starter import ADA, PUBLIC_CLIENT_ID

LOAD = Path(__file__).with_name("http_load.py")
CLIENTS = (1, 8)
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def main(rounds: int = 7, seconds: float = 1.5) -> dict[int, float]:
    """Measure, print, and return the share of the limit by number of clients."""
    sign = signature()
    pair_cpu, shares = [], {clients: [] for clients in CLIENTS}
    with serving() as (server, port):
        load(server, port, clients=8, seconds=0.5)  # loads what is loaded on first use
        for _ in range(rounds):
            for clients in CLIENTS:
                limit, cpu = pairs_of_signatures(sign, min(clients, CORES), seconds / 2)
                pair_cpu.append(cpu)
                measured = load(server, port, clients, seconds)
                shares[clients].append((limit, *measured))
    cost = statistics.median(pair_cpu)
    print(f"two RSA-2048 signatures: {cost * 1e6:.0f} us of CPU; {CORES} core(s)")
    for clients, results in shares.items():
        of_limit = [rate / limit for limit, rate, _, _ in results]
        middle = [statistics.median(column) for column in zip(*results, strict=True)]
        print(
            f"{clients} client(s): {middle[1]:,.0f} of {middle[0]:,.0f} sign-ins/s,"
            f" {statistics.median(of_limit):.1%} of the limit"
            f" ({min(of_limit):.1%} to {max(of_limit):.1%});"
            f" {middle[2] * 1e6:.0f} us of the server's CPU time each,"
            f" {cost / middle[2]:.1%} of that signatures; load: {middle[3]:.1%} of a core"
        )
    return {
        clients: statistics.median([rate / limit for limit, rate, _, _ in results])
        for clients, results in shares.items()
    }


def signature() -> Callable[[], bytes]:
    """Return a function that signs as the server does."""
    key, padding, digest, data = generate_private_key(65537, 2048), PKCS1v15(), SHA256(), b"x" * 600
    return lambda: key.sign(data, padding, digest)


def pairs_of_signatures(
    sign: Callable[[], bytes], threads: int, seconds: float
) -> tuple[float, float]:
    """Return how many pairs per second that many threads make, and the CPU seconds of one."""
    counts = [0] * threads
    spent, started = time.process_time(), time.perf_counter()

    def run(number: int) -> None:
        while time.perf_counter() - started < seconds:
            sign()
            sign()
            counts[number] += 1

    workers = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    took, spent = time.perf_counter() - started, time.process_time() - spent
    return sum(counts) / took, spent / sum(counts)


@contextmanager
def serving() -> Iterator[tuple[int, int]]:
    """Run the command; yield its process id and port."""
    command = [sys.executable, "-m", "cognito_mock", "serve", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            yield server.pid, int(server.stdout.readline().rpartition(":")[2])
        finally:
            server.terminate()


def load(server: int, port: int, clients: int, seconds: float) -> tuple[float, float, float]:
    """Return sign-ins per second, CPU seconds of the server for each, and the load's own share."""
    spent = cpu_seconds(server)
    done = subprocess.run(
        [sys.executable, "-S", LOAD, "127.0.0.1", str(port), str(clients), str(seconds)],
        input=sign_in_request(port),
        stdout=subprocess.PIPE,
        check=True,
    )
    result = json.loads(done.stdout)
    spent = cpu_seconds(server) - spent
    count, took = result["count"], result["seconds"]
    return count / took, spent / count, result["cpu"] / took


def sign_in_request(port: int) -> bytes:
    """Return InitiateAuth with the starter user's password, as it goes over the wire."""
    body = json.dumps(
        {
            "ClientId": PUBLIC_CLIENT_ID,
            "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": ADA.username, "PASSWORD": ADA.password},
        }
    )
    return (
        f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        "X-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth\r\n"
        "Content-Type: application/x-amz-json-1.1\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def cpu_seconds(process: int) -> float:
    """Return the CPU time that a process has used so far, not a number where nothing tells."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return float("nan")
    # proc(5): utime and stime are the 14th and 15th field, the third follows the name.
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.bench
def test_sign_in_costs() -> None:
    """Print the shares; every client was served."""
    assert all(share > 0 for share in main(rounds=1, seconds=0.5).values())


if __name__ == "__main__":
    main()
