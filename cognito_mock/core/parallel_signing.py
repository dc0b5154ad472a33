"""A signer that makes the two signatures of one sign-in at the same time, while cores are idle.

OpenSSL signs without the interpreter's lock. When several sign-ins are under way they keep the
cores busy by themselves, and passing work from thread to thread would only cost.
"""

import threading
from queue import SimpleQueue

from cognito_mock.core.signing import RsaSigner, Unsigned


class ParallelSigner(RsaSigner):
    """An `RsaSigner` with a helper thread, which starts when it is first needed."""

    def __init__(self) -> None:
        super().__init__()
        self._busy = threading.Lock()
        self._work: SimpleQueue[tuple[Unsigned, SimpleQueue[bytes | Exception]]] = SimpleQueue()
        self._helper: threading.Thread | None = None

    def sign_both(self, first: Unsigned, second: Unsigned) -> tuple[bytes, bytes]:
        """Return two signatures; the helper makes the first one unless it has work already."""
        if not self._busy.acquire(blocking=False):
            return super().sign_both(first, second)
        try:
            if self._helper is None:
                self._helper = threading.Thread(
                    target=self._help, name="cognito-mock-signer", daemon=True
                )
                self._helper.start()
            answer: SimpleQueue[bytes | Exception] = SimpleQueue()
            self._work.put((first, answer))
            own = self.sign(*second)
            other = answer.get()
        finally:
            self._busy.release()
        if isinstance(other, Exception):
            raise other
        return other, own

    def _help(self) -> None:
        while True:
            work, answer = self._work.get()
            try:
                answer.put(self.sign(*work))
            except Exception as error:  # noqa: BLE001  (the one who waits gets it)
                answer.put(error)
