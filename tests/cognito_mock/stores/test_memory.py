"""What the memory store adds to the promises of every store: it scales, and it never hangs."""

import random
import time

import pytest

from cognito_mock.core.users import User, UserStatus
from cognito_mock.stores._sorted_keys import SortedKeys
from cognito_mock.stores.memory import MemoryStore


def a_user(username: str, **attributes: str) -> User:
    return User(
        pool_id="us-east-1_Pool",
        username=username,
        sub=username,
        status=UserStatus.CONFIRMED,
        attributes=attributes,
        created_at=1.0,
        modified_at=1.0,
    )


def test_transactions_do_not_nest():
    """A transaction inside another would wait for itself; it fails at once instead."""
    store = MemoryStore()
    with store.transaction(), pytest.raises(RuntimeError, match="nest"), store.read():
        pass
    with store.transaction() as tx:  # the outer one was released
        tx.put(a_user("ada"))


def test_sorted_keys_agree_with_a_sorted_list():
    """Random insertions and removals leave what a plain sorted list would hold."""
    rng = random.Random(7)  # noqa: S311  (a repeatable walk)
    keys, model = SortedKeys(), set()
    for _ in range(20_000):
        key = (rng.choice("ab"), f"{rng.randrange(3000):05}")
        if key in model:
            keys.remove(key)
            model.remove(key)
        else:
            keys.add(key)
            model.add(key)

    assert list(keys.starting_with(())) == sorted(model)
    assert list(keys.starting_with(("b",))) == sorted(k for k in model if k[0] == "b")
    middle = ("a", "01500")
    assert list(keys.starting_with(("a",), middle)) == sorted(
        k for k in model if k[0] == "a" and k > middle
    )


@pytest.mark.bench
def test_cost_of_a_lookup_does_not_grow_with_the_table():
    """get, find and a page of scan cost about the same with 30,000 users as with 100."""

    def cost(count: int) -> float:
        store = MemoryStore()
        with store.transaction() as tx:
            for n in range(count):
                tx.put(a_user(f"user-{n}", email=f"user-{n}@example.com"))
        best = float("inf")
        for _ in range(5):
            begin = time.perf_counter()
            for n in range(0, 100, 2):
                with store.read() as tx:
                    tx.get(User, "us-east-1_Pool", f"user-{n}")
                    tx.find(User, "email", "us-east-1_Pool", f"user-{n}@example.com")
                    tx.scan(User, "us-east-1_Pool", after=("us-east-1_Pool", "user-3"), limit=10)
            best = min(best, time.perf_counter() - begin)
        return best

    ratio = cost(30_000) / cost(100)
    print(f"30,000 users cost {ratio:.2f} times 100 users")
    assert ratio < 5
