"""Bounds how many threads do expensive work at once: some run, some wait, the next request is refused at once.

For work that is slow by design, such as hashing passwords, reports and whole lists. Without a gate, a few clients
that ask for it would occupy every thread of the process.
"""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from threading import Condition

from cinema.core.errors import Unavailable

PATIENCE = 3.0
"""Seconds that a request waits at most."""


class Gate:
    """Lets `running` threads in; `waiting` more queue for at most `patience` seconds.

    A queueing request may name a `key`, such as the client's address: of those with one key, one waits at a time.
    """

    def __init__(self, running: int, waiting: int, patience: float = PATIENCE) -> None:
        self._free = running
        self._waiting = waiting
        self._patience = patience
        self._keys: set[Hashable] = set()
        self._queued = 0
        self._changed = Condition()

    @contextmanager
    def enter(self, key: Hashable = None) -> Iterator[None]:
        """Holds one of the places inside. Raises Unavailable (503, `overloaded`) when there is none to be had."""
        with self._changed:
            self._take_place(key)
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify()

    def _take_place(self, key: Hashable) -> None:
        if self._free > 0 and not self._queued:
            self._free -= 1
            return
        if self._queued >= self._waiting or (key is not None and key in self._keys):
            raise _overloaded()
        self._queued += 1
        self._keys.add(key)
        try:
            if not self._changed.wait_for(lambda: self._free > 0, self._patience):
                raise _overloaded()
            self._free -= 1
        finally:
            self._queued -= 1
            self._keys.discard(key)
            if self._free > 0:
                self._changed.notify()


def _overloaded() -> Unavailable:
    return Unavailable("Too many such requests are running. Try again in a moment.", code="overloaded", retry_after=2)
