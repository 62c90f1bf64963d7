"""How a process hears what others have changed.

It reads the log of changes each second, which is enough by itself: nothing it answers from memory is older than
`versions.MAX_AGE`. On PostgreSQL processes wake each other besides; a notification that gets lost costs a second.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlalchemy import Connection, bindparam, func, select

from cinema.core.changes.versions import Versions
from cinema.core.changes.waking import Bell, Waking, listen
from cinema.core.clock import utcnow
from cinema.core.db.base import UtcDateTime
from cinema.core.db.changes import KEPT, Change, Changed
from cinema.core.db.engines import Database
from cinema.core.db.prepared import Prepared
from cinema.core.db.tail import Tail

POLL_SECONDS = 1.0
LONGEST_COMMIT = 20.0
"""Seconds from writing a change down, which is the last thing a transaction does, to its being there for others."""

_AFTER = Prepared(select(Change.id, Change.topic).where(Change.id > bindparam("after")).order_by(Change.id))
_LAST = Prepared(
    select(func.coalesce(func.max(Change.id), 0)).where(Change.at < bindparam("before", type_=UtcDateTime()))
)

log = logging.getLogger(__name__)


class Hearing:
    """Keeps `versions` current. `timer` has to be that of `versions`."""

    def __init__(self, database: Database, versions: Versions, timer: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._versions = versions
        self._timer = timer
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._tail: Tail | None = None
        self._waking = Waking(database) if database.notifies else None

    def committed(self, event: Changed) -> None:
        """This process has committed something itself."""
        self._hear(event.topics)
        if self._waking is not None:
            self._waking.tell(event.topics)

    def poll(self, connection: Connection) -> None:
        """Reads what is new in the log; after a long while without, anything may have changed."""
        with self._lock:
            started = self._timer()
            if self._tail is None or started - self._tail.read_at > KEPT.total_seconds() / 2:
                before = utcnow() - timedelta(seconds=LONGEST_COMMIT)
                settled = _LAST.run(connection, before=before).scalar_one()
                self._tail = Tail(_AFTER, LONGEST_COMMIT, settled, started)
                self._versions.touch_all()
            with self._tail.reading(connection, started) as rows:
                self._versions.touch({row.topic for row in rows})
            self._versions.heard(started)

    def keep_up(self) -> None:
        """Hears until `stop`, whatever happens to the database."""
        while not self._stop.is_set():
            try:
                with self._database.background.connect() as connection:
                    self._attend(connection)
            except Exception as error:  # noqa: BLE001  # the thread outlives everything
                log.warning("cannot read changes: %s", type(error).__name__)
                self._stop.wait(POLL_SECONDS)

    def start(self) -> None:
        """Starts hearing in a thread of its own."""
        self._bell = Bell()
        self._threads = [threading.Thread(target=self.keep_up, name="changes", daemon=True)]
        self._threads[0].start()
        if self._waking is not None:
            self._threads.append(self._waking.start())

    def stop(self) -> None:
        """Ends it, if it was started."""
        if not self._threads:
            return
        self._stop.set()
        self._bell.ring()
        if self._waking is not None:
            self._waking.stop()
        for thread in self._threads:
            thread.join()
        self._bell.close()

    def _attend(self, connection: Connection) -> None:
        """Polls on one connection, which also listens. Whatever was missed without one is in the log."""
        wait: Callable[[float], object] = self._stop.wait if self._waking is None else self._listen(connection)
        try:
            while not self._stop.is_set():
                self.poll(connection)
                wait(POLL_SECONDS)
        finally:
            connection.invalidate()  # whoever got it from the pool would not know that it listens

    def _listen(self, connection: Connection) -> Callable[[float], object]:
        return listen(connection, self._bell, self._hear)

    def _hear(self, topics: Mapping[int, str]) -> None:
        """Takes in rows of the log that somebody tells of; what was heard before is no news."""
        tail = self._tail
        new = topics.keys() if tail is None else tail.saw(topics)
        self._versions.touch({topics[key] for key in new})
