"""Following a table that only grows.

Ids are taken before their transaction commits, so a row may turn up below ids seen long ago: every read goes back
further than any transaction lasts, and drops what it has seen.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from sqlalchemy import Row

from cinema.core.db.base import Reader
from cinema.core.db.prepared import Prepared


class Tail:
    """What is new in a table since the last read.

    `after` selects rows, `id` among their columns, by the parameter `after`. A transaction lasts at most `longest`
    seconds. Below the id `settled` nothing can turn up any more; that was so at `at`, by the timer of all reads.
    """

    def __init__(self, after: Prepared, longest: float, settled: int, at: float) -> None:
        self._after = after
        self._longest = longest
        self._read_up_to: deque[tuple[float, int]] = deque([(at - longest, settled)])
        """When everything up to which id had been read, the oldest first."""
        self._lock = Lock()
        self._seen: set[int] = set()
        self.read_at = at

    def saw(self, keys: Iterable[int]) -> set[int]:
        """These rows are known now; answers those that were not before."""
        with self._lock:
            new = {*keys} - self._seen
            self._seen |= new
            return new

    @contextmanager
    def reading(self, connection: Reader, at: float) -> Iterator[list[Row[Any]]]:
        """The rows that are new at the time `at`. They count as read once the block is through with them."""
        settled = self._settled()
        rows = self._after.run(connection, after=settled).all()
        seen = self._seen
        yield [row for row in rows if row.id not in seen]
        with self._lock:
            self._seen = {key for key in self._seen if key > settled}
        self.saw(row.id for row in rows)
        last = max((row.id for row in rows), default=self._read_up_to[-1][1])
        self._read_up_to.append((at, last))
        self.read_at = at

    def _settled(self) -> int:
        """The highest id below which nothing can turn up any more.

        Counted back from the last read, not from now: when that was long ago, what was open then has not been read.
        """
        marks = self._read_up_to
        while len(marks) > 1 and marks[1][0] <= self.read_at - self._longest:
            marks.popleft()
        return marks[0][1]
