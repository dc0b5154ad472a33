"""Remembering a bounded number of things."""

from concurrent.futures import ThreadPoolExecutor

from cognito_verify._lru import Lru


def test_what_is_remembered_is_recalled() -> None:
    """By its name, whichever string object that is."""
    things = Lru[int](2)
    name = "a name"
    things.remember(name, 1)

    assert things.recall("".join(list(name))) == 1
    assert things.recall("another") is None


def test_what_was_not_used_for_longest_goes_first() -> None:
    """Recalling counts as use, and so does remembering again."""
    things = Lru[int](3)
    for number, name in enumerate("abc"):
        things.remember(name, number)
    things.recall("a")
    things.remember("b", 10)

    things.remember("d", 3)

    assert [things.recall(name) for name in "abcd"] == [0, 10, None, 3]
    assert len(things) == 3


def test_what_is_forgotten_is_gone() -> None:
    """And may be forgotten twice."""
    things = Lru[int](2)
    things.remember("a", 1)
    things.forget("a")
    things.forget("a")

    assert things.recall("a") is None
    assert len(things) == 0


def test_threads_do_not_disturb_each_other() -> None:
    """The bound holds for all of them together, and nobody gets another's thing."""
    things = Lru[int](3)

    def use(number: int) -> bool:
        name = str(number % 7)
        things.remember(name, number % 7)
        if number % 5 == 0:
            things.forget(name)
        return things.recall(name) in (None, number % 7)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(use, range(5000)))
    assert len(things) <= 3
