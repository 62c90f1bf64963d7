"""Keys in the database: claimed first, answered last, both in the transaction of the request they belong to.

Who claims a key that a running request has claimed waits for that one's end: on PostgreSQL for the row, on SQLite for
the right to write. A process that dies takes its claim with it.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from cinema.core.errors import Conflict, UnprocessableContent
from cinema.core.idempotency.models import IdempotencyKey

KEPT = timedelta(hours=24)
SWEPT_AT_ONCE = 500
SWEPT_AFTER = 100  # claims: keys go faster than they come, however fast that is
SWEPT_EVERY = timedelta(minutes=5)

_LOCK_NOT_AVAILABLE = "55P03"
_SQLITE_BUSY = 5

_OF_THIS_KEY = (
    IdempotencyKey.caller == bindparam("of_caller"),
    IdempotencyKey.key == bindparam("of_key"),
)
_FIND = select(
    IdempotencyKey.method,
    IdempotencyKey.path,
    IdempotencyKey.fingerprint,
    IdempotencyKey.status,
    IdempotencyKey.headers,
    IdempotencyKey.body,
).where(*_OF_THIS_KEY)
_ANSWER = update(IdempotencyKey).where(*_OF_THIS_KEY)
_WHICH = (IdempotencyKey.caller, IdempotencyKey.key)
_SWEEP = delete(IdempotencyKey).where(
    tuple_(*_WHICH).in_(
        select(*_WHICH)
        .where(IdempotencyKey.created_at <= bindparam("stale_since"))
        .order_by(IdempotencyKey.created_at)
        .limit(SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
)


def _claiming(insert: Any) -> Any:
    """Makes the record, or takes one over that is too old or was left without an answer; says whether it did.

    One statement: no sweep and no twin comes between looking and taking.
    """
    statement = insert(IdempotencyKey)
    anew = {name: statement.excluded[name] for name in ("method", "path", "fingerprint", "created_at")}
    free = or_(IdempotencyKey.created_at <= bindparam("stale_since"), IdempotencyKey.status.is_(None))
    return statement.on_conflict_do_update(
        index_elements=_WHICH, set_=anew | {"status": None, "headers": None, "body": None}, where=free
    ).returning(IdempotencyKey.key)


_CLAIM = {"postgresql": _claiming(postgresql.insert), "sqlite": _claiming(sqlite.insert)}


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """A request with a key: who sends it, what it is, and a keyed digest of its body."""

    caller: str
    key: str
    method: str
    path: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """What was answered, byte for byte."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def claim_key(db: Session, asked: KeyedRequest, now: datetime) -> RecordedAnswer | None:
    """Claims a key for its request; gives the answer if the request was answered already.

    To be done first in a transaction: it waits, and nobody may be waiting for what it holds meanwhile.
    Raises Conflict `idempotency-key-in-use` when a twin takes longer than a lock is waited for; UnprocessableContent
    `idempotency-key-reused` when the key came with another request.
    """
    try:
        ours = _try_to_claim(db, asked, now)
    except (OperationalError, PoolTimeout) as error:
        if not _waited_in_vain(db, error):
            raise
        raise Conflict(
            "The request with this Idempotency-Key is still being answered. Send it again in a moment.",
            code="idempotency-key-in-use",
            headers={"Retry-After": "1"},
        ) from None
    return None if ours else _recorded(db, asked)


def _try_to_claim(db: Session, asked: KeyedRequest, now: datetime) -> bool:
    connection = db.connection()
    values = {
        "caller": asked.caller,
        "key": asked.key,
        "method": asked.method,
        "path": asked.path,
        "fingerprint": asked.fingerprint,
        "created_at": now,
        "stale_since": now - KEPT,
    }
    return connection.execute(_CLAIM[connection.dialect.name], values).first() is not None


def _waited_in_vain(db: Session, error: OperationalError | PoolTimeout) -> bool:
    """Whether somebody else had the key; or on SQLite the right to write, without which nobody can look."""
    if isinstance(error, PoolTimeout):
        return db.get_bind().dialect.name == "sqlite"
    if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
        return True
    return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF == _SQLITE_BUSY


def _recorded(db: Session, asked: KeyedRequest) -> RecordedAnswer:
    found = db.connection().execute(_FIND, {"of_caller": asked.caller, "of_key": asked.key}).one()
    if (found.method, found.path) != (asked.method, asked.path):
        raise UnprocessableContent(
            f"This Idempotency-Key was used for {found.method} {found.path}. Make a new key for each request."
        )
    if not hmac.compare_digest(found.fingerprint, asked.fingerprint):
        raise UnprocessableContent(
            "This Idempotency-Key was used with another body. Make a new key for each request."
        )
    headers = [(name, value) for name, value in orjson.loads(found.headers)]
    return RecordedAnswer(found.status, headers, found.body)


def record_answer(db: Session, asked: KeyedRequest, answer: RecordedAnswer) -> None:
    """Keeps what was answered. The key has to be claimed."""
    values = {"status": answer.status, "headers": orjson.dumps(answer.headers).decode(), "body": answer.body}
    db.connection().execute(_ANSWER, {"of_caller": asked.caller, "of_key": asked.key, **values})


class Sweeper:
    """Deletes records that are too old, a bounded number now and then. Each process sweeps for itself."""

    def __init__(self) -> None:
        self._claims = 0
        self._swept_at: datetime | None = None

    def sweep_if_due(self, db: Session, now: datetime) -> None:
        """To be called for each key that is claimed."""
        self._claims += 1
        early = self._swept_at is not None and abs(now - self._swept_at) < SWEPT_EVERY
        if early and self._claims < SWEPT_AFTER:
            return
        self._claims, self._swept_at = 0, now
        db.connection().execute(_SWEEP, {"stale_since": now - KEPT})
