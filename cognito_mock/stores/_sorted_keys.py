"""A sorted set of keys whose cost per operation does not grow with what it holds.

A single sorted list would move up to all of its entries at every insertion. Blocks of bounded
length keep an insertion to a search over the blocks and one short move.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator

from cognito_mock.core.records import Key

_BLOCK = 512


class SortedKeys:
    """Keys in order; no key twice."""

    __slots__ = ("_blocks", "_last")

    def __init__(self) -> None:
        self._blocks: list[list[Key]] = []
        self._last: list[Key] = []  # the greatest key of each block

    def add(self, key: Key) -> None:
        """Insert ``key``, which must not be there yet."""
        if not self._blocks:
            self._blocks.append([key])
            self._last.append(key)
            return
        at = min(bisect_left(self._last, key), len(self._blocks) - 1)
        block = self._blocks[at]
        insort(block, key)
        if len(block) > 2 * _BLOCK:
            self._blocks.insert(at + 1, block[_BLOCK:])
            del block[_BLOCK:]
            self._last.insert(at, block[-1])
        else:
            self._last[at] = block[-1]

    def remove(self, key: Key) -> None:
        """Remove ``key``, which must be there."""
        at = bisect_left(self._last, key)
        block = self._blocks[at]
        del block[bisect_left(block, key)]
        if block:
            self._last[at] = block[-1]
        else:
            del self._blocks[at], self._last[at]

    def starting_with(self, prefix: Key, after: Key | None = None) -> Iterator[Key]:
        """Yield the keys whose first components are ``prefix`` and that are greater than ``after``.

        A tuple sorts before every longer one that begins with it, so a prefix is its own start.
        """
        exclusive = after is not None and after >= prefix
        start = after if after is not None and exclusive else prefix
        search = bisect_right if exclusive else bisect_left
        at = search(self._last, start)
        if at == len(self._blocks):
            return
        position = search(self._blocks[at], start)
        width = len(prefix)
        for block in self._blocks[at:]:
            for index in range(position, len(block)):
                key = block[index]
                if key[:width] != prefix:
                    return
                yield key
            position = 0
