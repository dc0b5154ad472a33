"""Keys that are ready before they are asked for."""

import itertools
import threading

from cognito_mock.core.pools import SigningKey
from cognito_mock.key_prefetch import PrefetchedKeys


class CountingMaker:
    """Makes distinguishable keys and lets a test wait for a number of them."""

    def __init__(self):
        self._numbers = itertools.count(1)
        self._made = threading.Semaphore(0)

    def __call__(self):
        key = SigningKey(kid=str(next(self._numbers)), pem="")
        self._made.release()
        return key

    def wait_for(self, count):
        return all(self._made.acquire(timeout=5) for _ in range(count))


def worker_threads():
    return [t for t in threading.enumerate() if t.name == "cognito-mock-keys"]


def test_nothing_runs_before_the_first_key_is_asked_for():
    """Making the source starts no thread."""
    before = worker_threads()

    PrefetchedKeys(CountingMaker())

    assert worker_threads() == before


def test_keys_are_made_ahead_of_time():
    """After a warm-up, as many keys as the depth says are made without anybody asking."""
    make = CountingMaker()
    keys = PrefetchedKeys(make, depth=3)

    keys.warm_up()

    assert make.wait_for(3)
    keys.close()


def test_no_key_is_returned_twice():
    """Threads that ask at the same time get different keys."""
    keys = PrefetchedKeys(CountingMaker(), depth=2)
    got = []
    threads = [
        threading.Thread(target=lambda: got.extend(keys.new_key().kid for _ in range(50)))
        for _ in range(4)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(got)) == 200
    keys.close()


def test_closing_ends_the_thread():
    """No thread is left behind, and keys can still be had."""
    before = worker_threads()
    keys = PrefetchedKeys(CountingMaker())
    keys.new_key()

    keys.close()

    assert worker_threads() == before
    assert keys.new_key().kid
