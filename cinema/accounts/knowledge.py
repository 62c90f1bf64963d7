"""What this process knows about tokens that are out: which sessions have ended, whose roles are others by now.

It is loaded before the process serves and polled every second. Nothing here ever forgets an ended session while a
token of it could still be good.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import SQLAlchemyError

from cinema.accounts import access_events
from cinema.accounts.access_events import Happened
from cinema.accounts.identity import Identity
from cinema.accounts.keys import KeyRing
from cinema.accounts.models import AccessEvent, User
from cinema.accounts.roles import ROLE_NAMES, RoleBook, role_names
from cinema.core.clock import Clock
from cinema.core.db.base import Reader, UtcDateTime
from cinema.core.db.engines import Database
from cinema.core.db.prepared import Prepared
from cinema.core.db.tail import Tail
from cinema.core.errors import Unavailable

POLL_SECONDS = 1.0
STALE_SECONDS = 10.0
LONGEST_TRANSACTION = 60.0
"""Seconds. Statements and idle transactions are cut off well before."""

_EVENTS = select(AccessEvent.id, AccessEvent.kind, AccessEvent.session_id, AccessEvent.user_id).order_by(
    AccessEvent.id
)
_AFTER = Prepared(_EVENTS.where(AccessEvent.id > bindparam("after")))
_SINCE = Prepared(_EVENTS.where(AccessEvent.at >= bindparam("since", type_=UtcDateTime())))
_LAST = Prepared(
    select(func.coalesce(func.max(AccessEvent.id), 0)).where(
        AccessEvent.at < bindparam("before", type_=UtcDateTime())
    )
)
_ROLES_OF = Prepared(select(User.id, User.is_superuser, User.is_active, ROLE_NAMES).where(User.id == bindparam("id")))

log = logging.getLogger(__name__)


class Knowledge:
    """What matters of the access events, in memory.

    `horizon` is how long the longest-lived access token lives; `timer` counts seconds and is never set back.
    """

    def __init__(
        self,
        database: Database,
        secret: bytes,
        horizon: timedelta,
        clock: Clock,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._secret = secret
        self._horizon = horizon.total_seconds() + LONGEST_TRANSACTION
        self._clock = clock
        self._timer = timer
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self.load()

    # -- asking ----------------------------------------------------------------------------------------------

    def current(self, identity: Identity) -> Identity | None:
        """The caller as of now: with today's roles, or None when the session has ended."""
        if identity.session_id in self._ended:
            return None
        changed = self._changed.get(identity.user_id)
        return identity if changed is None else replace(identity, roles=changed[0], superuser=changed[1])

    @property
    def age(self) -> float:
        """Seconds since the database was last heard of."""
        return self._timer() - self._tail.read_at

    def require_fresh(self) -> None:
        """Raises Unavailable when this process no longer knows who may do what."""
        if self.age > STALE_SECONDS:
            raise Unavailable("The database has been away for a while. Nothing was changed; try again.")

    # -- hearing ---------------------------------------------------------------------------------------------

    def load(self) -> None:
        """Starts over, with what the database has."""
        with self._lock, self._database.background.connect() as connection:
            started = self._timer()
            now = self._clock()
            settled = _LAST.run(connection, before=now - timedelta(seconds=LONGEST_TRANSACTION)).scalar_one()
            self._ended: dict[int, float] = {}
            self._changed: dict[int, tuple[tuple[str, ...], bool, float]] = {}
            self._tail = Tail(_AFTER, LONGEST_TRANSACTION, settled, started)
            self._reload(connection)
            since = now - timedelta(seconds=self._horizon)
            self._take_in(self._read(_SINCE.run(connection, since=since)), connection)

    def remember_for(self, lifetime: timedelta) -> None:
        """Remembers what it hears for as long as a token of this lifetime could be good."""
        horizon = lifetime.total_seconds() + LONGEST_TRANSACTION
        if horizon > self._horizon:
            self._horizon = horizon
            self.load()

    def hear(self, event: Happened) -> None:
        """Takes in an event that this process has just committed."""
        if event.kind == access_events.SESSION_ENDED and event.session_id is not None:
            self._ended[event.session_id] = self._timer() + self._horizon
            return
        try:
            with self._lock, self._database.readers.connect() as connection:
                self._take_in([event], connection)
        except SQLAlchemyError:
            log.warning("an access event waits for the next poll")

    def poll(self) -> None:
        """Reads what is new, and once more what may have been committed late."""
        with self._lock, self._database.background.connect() as connection:
            started = self._timer()
            with self._tail.reading(connection, started) as rows:
                self._take_in(self._read(rows), connection)
            self._forget(started)

    def keep_up(self) -> None:
        """Polls until `stop`, whatever happens to the database."""
        while not self._stop.wait(POLL_SECONDS):
            try:
                self.poll()
            except Exception as error:  # noqa: BLE001  # the poller outlives everything
                log.warning("cannot read access events: %s", type(error).__name__)

    def start(self) -> None:
        """Starts polling in a thread of its own."""
        threading.Thread(target=self.keep_up, name="access-events", daemon=True).start()

    def stop(self) -> None:
        """Ends the polling."""
        self._stop.set()

    # -- underneath ------------------------------------------------------------------------------------------

    def _reload(self, connection: Reader) -> None:
        self.roles = RoleBook.load(connection)
        self.keys = KeyRing.load(self._secret, connection)

    @staticmethod
    def _read(rows: Iterable[Any]) -> list[Happened]:
        return [Happened(row.id, row.kind, row.session_id, row.user_id) for row in rows]

    def _take_in(self, new: Sequence[Happened], connection: Reader) -> None:
        forget_at = self._timer() + self._horizon
        for event in new:
            if event.kind == access_events.SESSION_ENDED and event.session_id is not None:
                self._ended[event.session_id] = forget_at
        for user_id in {event.user_id for event in new if event.kind == access_events.USER_CHANGED}:
            self._look_up(connection, user_id, forget_at)
        if any(event.kind in (access_events.ROLES_CHANGED, access_events.KEYS_CHANGED) for event in new):
            self._reload(connection)
        self._tail.saw(event.id for event in new)

    def _look_up(self, connection: Reader, user_id: int | None, forget_at: float) -> None:
        """A changed account counts as it is now: a later change brings an event of its own."""
        user = _ROLES_OF.run(connection, id=user_id).one_or_none()
        if user is not None:
            self._changed[user.id] = (role_names(user), user.is_superuser, forget_at)

    def _forget(self, now: float) -> None:
        for session_id, forget_at in list(self._ended.items()):  # a copy: other threads hear of some meanwhile
            if forget_at <= now:
                del self._ended[session_id]
        for user_id, (_roles, _superuser, forget_at) in list(self._changed.items()):
            if forget_at <= now:
                del self._changed[user_id]
