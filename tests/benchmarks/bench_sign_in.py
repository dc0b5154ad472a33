"""Sign-ins per second over HTTP, next to RSA: `python tests/benchmarks/bench_sign_in.py`.

A sign-in needs two RSA-2048 signatures, one per token (COG-TOK-005). How many pairs of them one
thread makes per second is the limit, measured in turns with the sign-ins. The server is the command
in a process of its own; the clients keep their connections open.
"""

import http.client
import json
import subprocess
import sys
import threading
import time

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from cognito_mock.starter import ADA, PUBLIC_CLIENT_ID

SIGN_IN = json.dumps(
    {
        "ClientId": PUBLIC_CLIENT_ID,
        "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": ADA.username, "PASSWORD": ADA.password},
    }
)
HEADERS = {
    "Content-Type": "application/x-amz-json-1.1",
    "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
}


def main(rounds: int = 3, seconds: float = 2.0) -> dict[int, float]:
    """Measure, print, and return the share of the limit by number of clients."""
    command = [sys.executable, "-m", "cognito_mock", "serve", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            address = server.stdout.readline().rpartition("http://")[2].strip()
            sign_ins(address, clients=1, seconds=0.5)  # first calls load what is loaded lazily
            limit, rates = 0.0, {1: 0.0, 8: 0.0}
            for _ in range(rounds):
                limit = max(limit, pairs_of_signatures(seconds / 4))
                for clients, best in rates.items():
                    rates[clients] = max(best, sign_ins(address, clients, seconds))
        finally:
            server.terminate()
    print(f"two RSA-2048 signatures, one thread{limit:10,.0f} /s")
    for clients, rate in rates.items():
        print(f"sign-ins, {clients} client(s)            {rate:10,.0f} /s{rate / limit:8.1%}")
    return {clients: rate / limit for clients, rate in rates.items()}


def pairs_of_signatures(seconds: float) -> float:
    """Return how many pairs of signatures one thread makes per second."""
    key, padding, digest, data = generate_private_key(65537, 2048), PKCS1v15(), SHA256(), b"x" * 600
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        key.sign(data, padding, digest)
        key.sign(data, padding, digest)
        count += 1
    return count / (time.perf_counter() - started)


def sign_ins(address: str, clients: int, seconds: float) -> float:
    """Return the sign-ins per second of ``clients`` at a time."""
    until = time.perf_counter() + seconds
    counts = [0] * clients

    def run(number: int) -> None:
        connection = http.client.HTTPConnection(address, timeout=30)
        while time.perf_counter() < until:
            connection.request("POST", "/", SIGN_IN, HEADERS)
            response = connection.getresponse()
            body = response.read()
            assert response.status == 200, body
            counts[number] += 1
        connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - started)


@pytest.mark.bench
def test_sign_in_costs() -> None:
    """Print the shares; every client was served."""
    assert all(share > 0 for share in main(rounds=1, seconds=1.0).values())


if __name__ == "__main__":
    main()
