"""What every `Store` promises. A new kind of store joins by one more entry in `STORES`."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from cognito_mock.core.grants import BrowserSession, Message
from cognito_mock.core.users import Group, User, UserStatus
from cognito_mock.stores.base import Store, Transaction
from cognito_mock.stores.memory import MemoryStore

STORES: dict[str, Callable[[], Store]] = {"memory": MemoryStore}


def a_user(username: str, *, pool_id: str = "us-east-1_Pool", **attributes: str) -> User:
    return User(
        pool_id=pool_id,
        username=username,
        sub=f"sub-of-{username}",
        status=UserStatus.CONFIRMED,
        attributes=attributes,
        created_at=1_760_000_000.5,
        modified_at=1_760_000_000.5,
    )


def a_browser_session(digest: str, expires_at: float) -> BrowserSession:
    return BrowserSession(
        digest=digest,
        pool_id="us-east-1_Pool",
        username="ada",
        sub="sub-of-ada",
        auth_time=1,
        expires_at=expires_at,
    )


def a_message(sequence: str, pool_id: str = "us-east-1_Pool") -> Message:
    return Message(
        sequence=sequence,
        id=sequence,
        pool_id=pool_id,
        username="ada",
        medium="EMAIL",
        recipient="ada@example.com",
        trigger_source="x",
        subject="s",
        body="b",
        sent_at=1.0,
    )


def fail_after(store: Store, change: Callable[[Transaction], None]) -> None:
    """Run ``change`` in a transaction that then raises."""

    def run() -> None:
        with store.transaction() as tx:
            change(tx)
            raise LookupError

    with pytest.raises(LookupError):
        run()


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    store: Store = STORES[request.param]()
    yield store
    store.close()


class TestStore:
    def test_a_record_comes_back_as_it_was_put(self, store: Store):
        """What is put is what get returns, every field of it."""
        user = a_user("ada", email="ada@example.com")
        with store.transaction() as tx:
            tx.put(user)
        with store.read() as tx:
            assert tx.get(User, "us-east-1_Pool", "ada") == user

    def test_an_absent_record_is_none(self, store: Store):
        """Get of an unknown key is None, also in a table that has never been written."""
        with store.read() as tx:
            assert tx.get(User, "us-east-1_Pool", "ada") is None
            assert list(tx.find(User, "sub", "us-east-1_Pool", "x")) == []
            assert list(tx.scan(Group)) == []

    def test_put_replaces_by_primary_key(self, store: Store):
        """A second put with the same key leaves one record, found by its new values only."""
        with store.transaction() as tx:
            tx.put(a_user("ada", email="old@example.com"))
        with store.transaction() as tx:
            tx.put(a_user("ada", email="new@example.com"))
        with store.read() as tx:
            assert len(tx.scan(User)) == 1
            assert tx.find(User, "email", "us-east-1_Pool", "old@example.com") == []
            assert len(tx.find(User, "email", "us-east-1_Pool", "new@example.com")) == 1

    def test_a_transaction_sees_its_own_writes(self, store: Store):
        """Get, find and scan inside a transaction include what it has put and lack its deletes."""
        with store.transaction() as tx:
            tx.put(a_user("ada", email="a@example.com"))
            tx.put(a_user("bob", email="b@example.com"))
            assert tx.delete(User, "us-east-1_Pool", "bob") is True
            assert tx.get(User, "us-east-1_Pool", "bob") is None
            assert [u.username for u in tx.scan(User, "us-east-1_Pool")] == ["ada"]
            assert tx.find(User, "email", "us-east-1_Pool", "b@example.com") == []
            assert len(tx.find(User, "email", "us-east-1_Pool", "a@example.com")) == 1

    def test_a_block_that_raises_leaves_nothing_behind(self, store: Store):
        """Inserts, replacements and deletions are all taken back when the block raises."""
        ada, bob = a_user("ada", email="a@example.com"), a_user("bob", email="b@example.com")
        with store.transaction() as tx:
            tx.put(ada)
            tx.put(bob)

        def change(tx: Transaction) -> None:
            tx.put(replace(ada, attributes={"email": "changed@example.com"}))
            tx.delete(User, "us-east-1_Pool", "bob")
            tx.put(a_user("eve", email="e@example.com"))

        fail_after(store, change)

        with store.read() as tx:
            assert list(tx.scan(User)) == [ada, bob]
            assert tx.find(User, "email", "us-east-1_Pool", "a@example.com") == [ada]
            assert tx.find(User, "email", "us-east-1_Pool", "changed@example.com") == []
            assert tx.find(User, "email", "us-east-1_Pool", "e@example.com") == []

    def test_clear_is_taken_back_too(self, store: Store):
        """A clear, and what was put after it, vanish when the block raises."""
        ada = a_user("ada")
        with store.transaction() as tx:
            tx.put(ada)

        def change(tx: Transaction) -> None:
            tx.put(a_user("bob"))
            tx.clear()
            tx.put(a_user("eve"))

        fail_after(store, change)

        with store.read() as tx:
            assert list(tx.scan(User)) == [ada]

    def test_clear_empties_every_table(self, store: Store):
        """After a committed clear nothing is left, and the store goes on working."""
        with store.transaction() as tx:
            tx.put(a_user("ada"))
            tx.put(a_message("1"))
        with store.transaction() as tx:
            tx.clear()
        with store.transaction() as tx:
            assert list(tx.scan(User)) == []
            assert list(tx.scan(Message)) == []
            tx.put(a_user("bob"))
        with store.read() as tx:
            assert len(tx.scan(User)) == 1

    def test_delete_tells_whether_there_was_something(self, store: Store):
        """Deleting what is not there is False and no error."""
        with store.transaction() as tx:
            assert tx.delete(User, "us-east-1_Pool", "ada") is False
            tx.put(a_user("ada"))
            assert tx.delete(User, "us-east-1_Pool", "ada") is True
            assert tx.delete(User, "us-east-1_Pool", "ada") is False

    def test_reading_transactions_refuse_to_write(self, store: Store):
        """Put, delete and clear in read() are programming errors and change nothing."""
        with store.transaction() as tx:
            tx.put(a_user("ada"))
        with store.read() as tx:
            with pytest.raises(RuntimeError):
                tx.put(a_user("bob"))
            with pytest.raises(RuntimeError):
                tx.delete(User, "us-east-1_Pool", "ada")
            with pytest.raises(RuntimeError):
                tx.clear()
        with store.read() as tx:
            assert [u.username for u in tx.scan(User)] == ["ada"]

    def test_scan_is_in_key_order_and_knows_its_prefix(self, store: Store):
        """Scan gives the keys under a prefix in order, and nothing of the neighbours."""
        with store.transaction() as tx:
            for name in ("mia", "ada", "zoe"):
                tx.put(a_user(name, pool_id="us-east-1_B"))
            tx.put(a_user("first", pool_id="us-east-1_A"))
            tx.put(a_user("last", pool_id="us-east-1_BB"))
        with store.read() as tx:
            assert [u.username for u in tx.scan(User, "us-east-1_B")] == ["ada", "mia", "zoe"]
            assert len(tx.scan(User)) == 5
            assert tx.scan(User, "us-east-1") == []

    def test_scan_pages_by_the_last_key(self, store: Store):
        """With ``after`` and ``limit`` every record appears on exactly one page."""
        names = [f"user-{n:04}" for n in range(1500)]
        with store.transaction() as tx:
            for name in reversed(names):
                tx.put(a_user(name))
            tx.put(a_user("other", pool_id="us-east-1_Z"))

        seen: list[str] = []
        after = None
        with store.read() as tx:
            while page := tx.scan(User, "us-east-1_Pool", after=after, limit=700):
                assert len(page) <= 700
                seen += [u.username for u in page]
                after = ("us-east-1_Pool", page[-1].username)

        assert seen == names

    def test_scan_goes_on_after_a_key_that_is_gone(self, store: Store):
        """A page token stays good when its record was deleted meanwhile."""
        with store.transaction() as tx:
            for name in ("ada", "bob", "eve"):
                tx.put(a_user(name))
            tx.delete(User, "us-east-1_Pool", "bob")
        with store.read() as tx:
            after = ("us-east-1_Pool", "bob")
            assert [u.username for u in tx.scan(User, "us-east-1_Pool", after=after)] == ["eve"]

    def test_find_returns_all_in_primary_key_order(self, store: Store):
        """Indexes are not unique; equal values come in primary-key order."""
        with store.transaction() as tx:
            for name in ("zoe", "ada", "mia"):
                tx.put(a_user(name, email="same@example.com"))
            tx.put(a_user("bob", email="other@example.com"))
        with store.read() as tx:
            found = tx.find(User, "email", "us-east-1_Pool", "same@example.com")
            assert [u.username for u in found] == ["ada", "mia", "zoe"]

    def test_a_record_without_an_indexed_value_is_not_found_by_it(self, store: Store):
        """None in an index key leaves the record out of that index, not out of the table."""
        with store.transaction() as tx:
            tx.put(a_user("ada"))
        with store.read() as tx:
            assert tx.get(User, "us-east-1_Pool", "ada") is not None
            assert len(tx.find(User, "sub", "us-east-1_Pool", "sub-of-ada")) == 1

    def test_expired_records_can_be_dropped(self, store: Store):
        """drop_expired removes exactly the records whose end has come; others stay."""
        with store.transaction() as tx:
            tx.put(a_browser_session("a", 100.0))
            tx.put(a_browser_session("b", 200.0))
            tx.put(a_user("ada"))
        store.drop_expired(100.0)
        with store.read() as tx:
            assert [s.digest for s in tx.scan(BrowserSession)] == ["b"]
            assert len(tx.scan(User)) == 1

    def test_a_prolonged_record_outlives_its_former_end(self, store: Store):
        """What counts is the end that the record has now."""
        with store.transaction() as tx:
            tx.put(a_browser_session("a", 100.0))
            tx.put(a_browser_session("a", 300.0))
        store.drop_expired(200.0)
        with store.read() as tx:
            assert tx.get(BrowserSession, "a") is not None

    def test_concurrent_writers_lose_nothing(self, store: Store):
        """Read-then-write in a transaction is atomic: eight threads count to the right sum."""
        with store.transaction() as tx:
            tx.put(replace(a_user("ada"), failed_sign_ins=0))

        def count() -> None:
            for _ in range(50):
                with store.transaction() as tx:
                    user = tx.get(User, "us-east-1_Pool", "ada")
                    assert user is not None
                    tx.put(replace(user, failed_sign_ins=user.failed_sign_ins + 1))

        threads = [threading.Thread(target=count) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        with store.read() as tx:
            user = tx.get(User, "us-east-1_Pool", "ada")
        assert user is not None
        assert user.failed_sign_ins == 400

    def test_readers_never_see_half_a_transaction(self, store: Store):
        """Two records that are always written together are always read together."""
        stop = threading.Event()

        def write() -> None:
            for n in range(200):
                with store.transaction() as tx:
                    tx.put(a_user("ada", round=str(n)))
                    tx.put(a_user("bob", round=str(n)))
            stop.set()

        writer = threading.Thread(target=write)
        writer.start()
        rounds: list[set[str]] = []
        while not stop.is_set():
            with store.read() as tx:
                rounds.append({u.attributes["round"] for u in tx.scan(User)})
        writer.join()

        assert all(len(seen) <= 1 for seen in rounds)
