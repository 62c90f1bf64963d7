"""Notifications on PostgreSQL: what has changed, for other processes to hear at once.

They are sent after the commit, by a thread that gathers them: a transaction that notifies locks out every other one
that does until it has committed, and all bookings would wait for each other.
"""

import logging
import queue
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson
from sqlalchemy import Connection

from cinema.core.db.engines import Database

_CHANNEL = "cinema_changes"
_GATHERING_SECONDS = 0.02
_TOPICS_AT_ONCE = 60  # of 100 characters at most, with an id: a notification takes 8,000 bytes
_WAITING = 10_000
_END: Mapping[int, str] = {}

log = logging.getLogger(__name__)


class Waking:
    """Tells other processes which topics have changed. What cannot be told is in the log all the same."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: queue.Queue[Mapping[int, str]] = queue.Queue(_WAITING)

    def tell(self, topics: Mapping[int, str]) -> None:
        """Soon."""
        try:
            self._waiting.put_nowait(topics)
        except queue.Full:
            log.warning("too many changes to tell of; other processes read them in the log")

    def start(self) -> threading.Thread:
        """Starts telling in a thread of its own."""
        thread = threading.Thread(target=self._keep_telling, name="waking", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        """Ends it, once everything has been told."""
        self._waiting.put(_END)

    def _keep_telling(self) -> None:
        while True:
            first = self._waiting.get()
            time.sleep(_GATHERING_SECONDS)
            gathered = [first, *self._gathered()]
            try:
                self._send([row for topics in gathered for row in topics.items()])
            except Exception as error:  # noqa: BLE001  # the thread outlives everything
                log.warning("cannot tell of changes: %s", type(error).__name__)
            if _END in gathered:
                return

    def _gathered(self) -> Iterator[Mapping[int, str]]:
        while True:
            try:
                yield self._waiting.get_nowait()
            except queue.Empty:
                return

    def _send(self, rows: list[tuple[int, str]]) -> None:
        if not rows:
            return
        with self._database.background.connect() as connection:
            for start in range(0, len(rows), _TOPICS_AT_ONCE):
                payload = orjson.dumps(rows[start : start + _TOPICS_AT_ONCE]).decode()
                connection.exec_driver_sql("SELECT pg_notify(%s, %s)", (_CHANNEL, payload))


class Bell:
    """Wakes whoever waits for something else."""

    def __init__(self) -> None:
        self._ours, self._theirs = socket.socketpair()

    def ring(self) -> None:
        """From now on nobody waits."""
        self._ours.send(b"!")

    def fileno(self) -> int:
        """Readable once it has rung."""
        return self._theirs.fileno()

    def close(self) -> None:
        """Nobody needs it any more."""
        self._ours.close()
        self._theirs.close()


def listen(connection: Connection, bell: Bell, hear: Callable[[Mapping[int, str]], None]) -> Callable[[float], None]:
    """Begins to listen; answers what waits until somebody tells something, for so many seconds at most."""
    driver: Any = connection.connection.driver_connection
    driver.execute(f"LISTEN {_CHANNEL}")

    def wait(seconds: float) -> None:
        until = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(driver, selectors.EVENT_READ)
            selector.register(bell, selectors.EVENT_READ)
            while (left := until - time.monotonic()) > 0:
                if any(key.fileobj is bell for key, _events in selector.select(left)):
                    return
                for note in driver.notifies(timeout=0):
                    hear(dict(orjson.loads(note.payload)))

    return wait
