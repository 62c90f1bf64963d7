"""Sessions that commit and roll back with a transaction manager.

`zope.sqlalchemy.register` would do it for each session with seven listeners of its own, which costs a request more
than a statement. Here the class of all sessions listens, once, and asks each session for its manager's.
"""

from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker
from zope.sqlalchemy import ZopeTransactionEvents

JOINS = "joins"
"""The key in a session's `info` of its `ZopeTransactionEvents`. A session without commits by itself."""


def join_transactions(sessions: "sessionmaker[Session]") -> None:
    """Lets sessions join the transactions of their managers, and refuse to be committed by anybody else."""
    event.listen(sessions, "after_begin", _after_begin)
    event.listen(sessions, "before_commit", _before_commit)


def _events(db: Session) -> Any:
    events: ZopeTransactionEvents | None = db.info.get(JOINS)
    return events


def _after_begin(db: Session, transaction: SessionTransaction, connection: Connection) -> None:
    events = _events(db)
    if events is not None:
        events.after_begin(db, transaction, connection)


def _before_commit(db: Session) -> None:
    events = _events(db)
    if events is not None:
        events.before_commit(db)
