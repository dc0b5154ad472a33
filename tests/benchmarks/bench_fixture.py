"""Seconds to the first token in a fixture: `python tests/benchmarks/bench_fixture.py`.

Each round is a process of its own, since imports and the first keys count.
"""

import json
import subprocess
import sys

import pytest

CODE = """
import json, time
started = time.perf_counter()
from cognito_mock import MockCognito
imported = time.perf_counter()
with MockCognito() as mock:
    serving = time.perf_counter()
    def tokens():
        pool = mock.create_pool()
        return pool.sign_in(pool.create_user(), client=pool.create_client())
    tokens()
    first = time.perf_counter()
    for _ in range(10):
        tokens()
    last = time.perf_counter()
print(json.dumps({
    "import": imported - started,
    "import to server": serving - started,
    "import to first token": first - started,
    "each further pool, user and token": (last - first) / 10,
}))
"""


def main(rounds: int = 5) -> dict[str, float]:
    """Measure, print the medians, and return them."""
    results = [measure() for _ in range(rounds)]
    medians = {name: sorted(r[name] for r in results)[rounds // 2] for name in results[0]}
    for name, seconds in medians.items():
        print(f"{name:36}{seconds:8.3f} s")
    return medians


def measure() -> dict[str, float]:
    """Run one round."""
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(done.stdout)


@pytest.mark.bench
def test_fixture_costs() -> None:
    """Print the medians; a token is there after the server is."""
    seconds = main(rounds=1)

    assert seconds["import to server"] < seconds["import to first token"]


if __name__ == "__main__":
    main()
