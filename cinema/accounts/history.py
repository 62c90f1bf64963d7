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

_INSERT = insert(SignIn)
_FAMILIAR = Prepared(
    select(
        exists().where(
            SignIn.user_id == bindparam("user_id"), SignIn.address == bindparam("address"), SignIn.result == SUCCESS
        )
    )
)


def record(db: Session, user_id: int | None, origin: Origin, result: str, now: datetime, kept: timedelta) -> None:
    """Remembers an attempt, and forgets what is older than `kept`."""
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
    return delete(SignIn).where(SignIn.user_id.is_not_distinct_from(user_id), SignIn.at < before)


def is_familiar(db: Reader, user_id: int | None, address: str) -> bool:
    """Whether somebody has signed in from an address before."""
    return bool(_FAMILIAR.run(db, user_id=user_id or 0, address=address).scalar_one())
