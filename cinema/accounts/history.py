"""The history of sign-ins."""

from datetime import datetime, timedelta

from sqlalchemy import Delete, bindparam, delete, exists, insert, select
from sqlalchemy.orm import Session

from cinema.accounts.models import SignIn
from cinema.accounts.sessions import Origin
from cinema.core.db.base import Reader
from cinema.core.db.prepared import Prepared

SUCCESS = "success"
WRONG_PASSWORD = "wrong-password"  # noqa: S105
UNKNOWN = "unknown"
DISABLED = "disabled"
LIMITED = "limited"
REUSED = "refresh-reuse"

_FORGOTTEN_AT_ONCE = 10

_INSERT = insert(SignIn)
_FAMILIAR = Prepared(
    select(
        exists().where(
            SignIn.user_id == bindparam("user_id"), SignIn.address == bindparam("address"), SignIn.result == SUCCESS
        )
    )
)


def record(db: Session, user_id: int | None, origin: Origin, result: str, now: datetime, kept: timedelta) -> None:
    """Remembers an attempt, and deletes some of what is older than `kept`."""
    db.connection().execute(_old(user_id, now - kept))
    values = {
        "user_id": user_id,
        "at": now,
        "address": origin.address,
        "user_agent": origin.user_agent,
        "device": origin.device,
        "result": result,
    }
    db.connection().execute(_INSERT, values)


def _old(user_id: int | None, before: datetime) -> Delete:
    """A few of the oldest: attempts on no known account are many, and must not take longer for it."""
    oldest = (
        select(SignIn.id, SignIn.at)
        .where(SignIn.user_id == user_id)
        .order_by(SignIn.user_id, SignIn.id)
        .limit(_FORGOTTEN_AT_ONCE)
        .subquery()
    )
    return delete(SignIn).where(SignIn.id.in_(select(oldest.c.id).where(oldest.c.at < before)))


def is_familiar(db: Reader, user_id: int | None, address: str) -> bool:
    """Whether somebody has signed in from an address before."""
    return bool(_FAMILIAR.run(db, user_id=user_id or 0, address=address).scalar_one())
