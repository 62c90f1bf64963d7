"""Which *topics* a transaction touches: collected while it runs, written down before it commits, told afterwards.

A table says what it is about (`info=about("catalogue")`), and every statement that writes to it is noticed; what is
finer than a table is said by its service, with `touch`.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, String, Table, bindparam, delete, event, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column, sessionmaker
from sqlalchemy.sql.dml import UpdateBase

from cinema.core.clock import utcnow
from cinema.core.db.base import Base, BigId, UtcDateTime
from cinema.core.events import after_commit, announce

KEPT = timedelta(minutes=10)
"""How long the log goes back."""
_SWEEP_SECONDS = 60.0
_SWEPT_AT_ONCE = 1000


class Change(Base):
    """Something about `topic` was changed by the transaction that wrote this row. Kept for some minutes."""

    __tablename__ = "changes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    topic: Mapped[str] = mapped_column(String(100))
    origin: Mapped[str] = mapped_column(String(16))
    """Which process: it knows already."""

    __table_args__ = {"sqlite_autoincrement": True}  # ids go up for good, also once old rows are swept away


_TOPIC = "topic"
_TOUCHED = "topics touched"
_INSERT = insert(Change)
_OLD = select(Change.id).where(Change.at < bindparam("before", type_=UtcDateTime())).order_by(Change.id)
_SWEEP = (
    delete(Change)
    .where(Change.id.in_(_OLD.limit(_SWEPT_AT_ONCE).with_for_update(skip_locked=True)))
    .execution_options(synchronize_session=False)
)


@dataclass(frozen=True, slots=True)
class Changed:
    """A transaction that touched these topics has committed."""

    topics: frozenset[str]


def about(topic: str) -> dict[Any, Any]:
    """The `info` of a table: whoever writes to it touches this topic."""
    return {_TOPIC: topic}


def touch(db: Session, *topics: str) -> None:
    """Says that the transaction of `db` changes something about `topics`."""
    db.info.setdefault(_TOUCHED, set()).update(topics)


class Recorder:
    """Has sessions write down what they change. `origin` tells the processes apart."""

    def __init__(self, writers: Engine, sessions: "sessionmaker[Session]", origin: str) -> None:
        self._origin = origin
        self._sweep_at = time.monotonic() + _SWEEP_SECONDS
        event.listen(writers, "before_execute", _notice)
        event.listen(sessions, "after_begin", _begin)
        event.listen(sessions, "before_commit", self._write_down)
        event.listen(sessions, "after_rollback", _forget)

    def _write_down(self, db: Session) -> None:
        if db.in_nested_transaction():
            return
        db.flush()
        topics = frozenset(db.info.pop(_TOUCHED, ()))
        if not topics:
            return
        now, connection = utcnow(), db.connection()
        connection.execute(_INSERT, [{"at": now, "topic": topic, "origin": self._origin} for topic in sorted(topics)])
        if time.monotonic() >= self._sweep_at:
            self._sweep_at = time.monotonic() + _SWEEP_SECONDS
            connection.execute(_SWEEP, {"before": now - KEPT})
        after_commit(db, lambda: announce(db, Changed(topics)))


def _begin(db: Session, _transaction: Any, connection: Connection) -> None:
    """The connection collects for the session whose transaction it carries."""
    connection.info[_TOUCHED] = db.info.setdefault(_TOUCHED, set())


def _notice(connection: Connection, statement: Any, *_more: Any) -> None:
    if isinstance(statement, UpdateBase) and isinstance(statement.table, Table):
        topic = statement.table.info.get(_TOPIC)
        if topic is not None:
            connection.info.setdefault(_TOUCHED, set()).add(topic)


def _forget(db: Session) -> None:
    db.info.pop(_TOUCHED, None)
