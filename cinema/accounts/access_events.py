"""Access events: what every process has to hear of, because tokens that are out say otherwise.

They are written in the transaction that causes them, and known in this process as soon as it has committed.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from cinema.accounts.models import AccessEvent
from cinema.core.events import after_commit, announce

SESSION_ENDED = "session-ended"
USER_CHANGED = "user-changed"
ROLES_CHANGED = "roles-changed"
KEYS_CHANGED = "keys-changed"

_INSERT = insert(AccessEvent).returning(AccessEvent.id)


@dataclass(frozen=True, slots=True)
class Happened:
    """An event that has been committed."""

    id: int
    kind: str
    session_id: int | None = None
    user_id: int | None = None


def record(
    db: Session, kind: str, now: datetime, *, session_id: int | None = None, user_id: int | None = None
) -> None:
    """Writes an event down; tells this process once it is committed."""
    values = {"kind": kind, "at": now, "session_id": session_id, "user_id": user_id}
    event_id: int = db.connection().execute(_INSERT, values).scalar_one()
    after_commit(db, lambda: announce(db, Happened(event_id, kind, session_id, user_id)))
