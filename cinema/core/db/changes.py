"""Which *topics* a transaction touches: collected while it runs, written down before it commits, told afterwards.

A table says what it is about (`info=about("catalogue")`), and every statement that writes to it is noticed; what is
finer than a table is said by its service, with `touch`.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
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
_WRITTEN = "topics written down"
_table: Any = Change.__table__
_topics = given_rows("topics", topic=String())
_INSERT = Prepared(
    insert(_table).from_select(
        ["at", "topic", "origin"],
        select(bindparam("at", type_=UtcDateTime()), _topics.c.topic, bindparam("origin", type_=String())),
    )
)
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
    """Has sessions write down what they change. `origin` is what this process is called in the log."""

    def __init__(self, writers: Engine, sessions: "sessionmaker[Session]") -> None:
        self.origin = token_hex(8)
        self._sweep_at = time.monotonic() + _SWEEP_SECONDS
        event.listen(writers, "before_execute", _notice)
        event.listen(sessions, "after_begin", _begin)
        event.listen(sessions, "before_commit", self._write_down)
        event.listen(sessions, "after_transaction_end", self._end)

    def _write_down(self, db: Session) -> None:
        if db.in_nested_transaction():
            return
        db.flush()
        topics = frozenset(db.info.pop(_TOUCHED, ()))
        if not topics:
            return
        now, rows = utcnow(), [{"topic": topic} for topic in sorted(topics)]
        _INSERT.run(db, at=now, origin=self.origin, topics=orjson.dumps(rows).decode())
        if time.monotonic() >= self._sweep_at:
            self._sweep_at = time.monotonic() + _SWEEP_SECONDS
            db.connection().execute(_SWEEP, {"before": now - KEPT})
        db.info[_WRITTEN] = topics
        after_commit(db, lambda: self._committed(db))

    def _committed(self, db: Session) -> None:
        announce(db, Changed(db.info.pop(_WRITTEN)))

    def _end(self, db: Session, transaction: SessionTransaction) -> None:
        """A transaction of the session has ended, or only a savepoint in it.

        A commit that failed may have taken place all the same, its answer lost: then this process must not take what
        the log says for something that it has heard of already.
        """
        if transaction.parent is not None:
            return
        db.info.pop(_TOUCHED, None)
        written = db.info.pop(_WRITTEN, None)
        if written is not None:
            self.origin = token_hex(8)
            announce(db, Changed(written))


def _begin(db: Session, _transaction: Any, connection: Connection) -> None:
    """The connection collects for the session whose transaction it carries."""
    connection.info[_TOUCHED] = db.info.setdefault(_TOUCHED, set())


def _notice(connection: Connection, statement: Any, *_more: Any) -> None:
    if isinstance(statement, UpdateBase) and isinstance(statement.table, Table):
        topic = statement.table.info.get(_TOPIC)
        if topic is not None:
            connection.info.setdefault(_TOUCHED, set()).add(topic)
