"""Which *topics* a transaction touches: collected while it runs, written down before it commits, told afterwards.

A table says what it is about (`info=about("catalogue")`), and every statement that writes to it is noticed; what is
finer than a table is said by its service, with `touch`.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, String, Table, bindparam, delete, event, insert, select
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column, sessionmaker
from sqlalchemy.sql.dml import UpdateBase

from cinema.core.clock import utcnow
from cinema.core.db.base import Base, BigId, UtcDateTime
from cinema.core.db.prepared import Prepared
from cinema.core.db.sql import given_rows
from cinema.core.events import after_commit, announce

KEPT = timedelta(minutes=10)
"""How long the log goes back."""
_SWEPT_EVERY = 60.0
"""Seconds."""
_SWEPT_AFTER = 200
"""Transactions: rows go faster than they come, however fast that is."""
_SWEPT_AT_ONCE = 2000


class Change(Base):
    """Something about `topic` was changed by the transaction that wrote this row. Kept for some minutes."""

    __tablename__ = "changes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    topic: Mapped[str] = mapped_column(String(100))

    __table_args__ = {"sqlite_autoincrement": True}  # ids go up for good, also once old rows are swept away


_TOPIC = "topic"
_TOUCHED = "topics touched"
_table: Any = Change.__table__
_topics = given_rows("topics", topic=String())
_INSERT = Prepared(
    insert(_table)
    .from_select(["at", "topic"], select(bindparam("at", type_=UtcDateTime()), _topics.c.topic))
    .returning(_table.c.id, _table.c.topic)
)
_OLD = select(Change.id).where(Change.at < bindparam("before", type_=UtcDateTime())).order_by(Change.id)
_SWEEP = (
    delete(Change)
    .where(Change.id.in_(_OLD.limit(_SWEPT_AT_ONCE).with_for_update(skip_locked=True)))
    .execution_options(synchronize_session=False)
)


@dataclass(frozen=True, slots=True)
class Changed:
    """A transaction has committed that wrote this down: the topic of each row of the log, by its id."""

    topics: Mapping[int, str]


def about(topic: str) -> dict[Any, Any]:
    """The `info` of a table: whoever writes to it touches this topic."""
    return {_TOPIC: topic}


def touch(db: Session, *topics: str) -> None:
    """Says that the transaction of `db` changes something about `topics`."""
    db.info.setdefault(_TOUCHED, set()).update(topics)


class Recorder:
    """Has sessions write down what they change, and sweeps away now and then what nobody reads any more."""

    def __init__(self, writers: Engine, sessions: "sessionmaker[Session]") -> None:
        self._sweep_at = time.monotonic() + _SWEPT_EVERY
        self._written = 0
        event.listen(writers, "before_execute", _notice)
        event.listen(sessions, "after_begin", _begin)
        event.listen(sessions, "before_commit", self._write_down)
        event.listen(sessions, "after_transaction_end", _end)

    def _write_down(self, db: Session) -> None:
        if db.in_nested_transaction():
            return
        db.flush()
        topics = frozenset(db.info.pop(_TOUCHED, ()))
        if not topics:
            return
        now, rows = utcnow(), [{"topic": topic} for topic in sorted(topics)]
        written = dict(tuple(row) for row in _INSERT.run(db, at=now, topics=orjson.dumps(rows).decode()))
        self._sweep_if_due(db, now)
        after_commit(db, lambda: announce(db, Changed(written)))

    def _sweep_if_due(self, db: Session, now: datetime) -> None:
        self._written += 1
        if self._written < _SWEPT_AFTER and time.monotonic() < self._sweep_at:
            return
        self._written, self._sweep_at = 0, time.monotonic() + _SWEPT_EVERY
        db.connection().execute(_SWEEP, {"before": now - KEPT})


def _begin(db: Session, _transaction: Any, connection: Connection) -> None:
    """The connection collects for the session whose transaction it carries."""
    connection.info[_TOUCHED] = db.info.setdefault(_TOUCHED, set())


def _end(db: Session, transaction: SessionTransaction) -> None:
    """A transaction of the session has ended, or only a savepoint in it."""
    if transaction.parent is None:
        db.info.pop(_TOUCHED, None)


def _notice(connection: Connection, statement: Any, *_more: Any) -> None:
    if isinstance(statement, UpdateBase) and isinstance(statement.table, Table):
        topic = statement.table.info.get(_TOPIC)
        if topic is not None:
            connection.info.setdefault(_TOUCHED, set()).add(topic)
