"""How often one may try to sign in: counters in the database for an account, an address, and the two together.

An attempt counts as failed before its password is looked at, and is taken back once it was right: however many
arrive at once, no more than the free ones get as far as the hash.
"""

import hashlib
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cinema.accounts.addresses import limit_key
from cinema.accounts.attempt_models import LoginAttempt
from cinema.core.db.engines import Database
from cinema.core.errors import TooManyRequests
from cinema.core.text import fold

# Failures before the first delay.
FREE_FOR_PAIR = 5  # somebody who mistypes
FREE_FOR_ACCOUNT = 20  # one account tried from many addresses
FREE_FOR_ADDRESS = 100  # many accounts tried from one address, which a whole office may share

LONGEST_DELAY = timedelta(minutes=15)
QUIET = timedelta(hours=1)
"""A counter that nobody touched for so long starts anew."""

_FIRST_DELAY = timedelta(seconds=1)
_DOUBLINGS = 10  # 1024 s are more than the longest delay
_KEPT = timedelta(days=1)
_SWEPT_AT_ONCE = 10

_COUNTERS = LoginAttempt.key.in_(bindparam("keys", expanding=True))
_COUNT = (
    update(LoginAttempt)
    .where(_COUNTERS)
    .values(
        failures=case((LoginAttempt.last_at <= bindparam("quiet_since"), 1), else_=LoginAttempt.failures + 1),
        last_at=bindparam("now"),
    )
)
_TAKE_BACK = (
    update(LoginAttempt)
    .where(LoginAttempt.key == bindparam("counter"), LoginAttempt.failures > 0)
    .values(failures=LoginAttempt.failures - 1)
)
_FORGET = delete(LoginAttempt).where(LoginAttempt.key == bindparam("counter"))
_SWEEP = delete(LoginAttempt).where(
    LoginAttempt.key.in_(
        select(LoginAttempt.key)
        .where(LoginAttempt.last_at < bindparam("stale_since"))
        .limit(_SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
)


def _locking(insert: Any) -> Any:
    """Makes the counters there are not yet, locks all in the order given, and answers them.

    One statement: a counter that somebody deletes meanwhile is made again, not missed.
    """
    return (
        insert(LoginAttempt)
        .on_conflict_do_update(index_elements=[LoginAttempt.key], set_={"failures": LoginAttempt.failures})
        .returning(LoginAttempt.key, LoginAttempt.failures, LoginAttempt.last_at)
    )


_LOCK = {"postgresql": _locking(postgresql.insert), "sqlite": _locking(sqlite.insert)}


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt, by the keys of its counters. They are always locked in this order."""

    account: str
    address: str
    pair: str

    @classmethod
    def of(cls, address: str, login: str, user_id: int | None) -> "Attempt":
        """The attempt on an account; on none that exists, the login stands for it, as a hash of fixed length."""
        who = _hashed(login) if user_id is None else f"user:{user_id}"
        where = limit_key(address)
        return cls(f"account {who}", f"address {where}", f"pair {where} {who}")

    @property
    def keys(self) -> tuple[str, str, str]:
        """The keys of its counters."""
        return self.account, self.address, self.pair


class Attempts:
    """The limits. With `on=False` nothing is read or written."""

    def __init__(self, database: Database, on: bool) -> None:
        self._database = database
        self._on = on

    def enter(self, address: str, login: str, user_id: int | None, now: datetime, *, familiar: bool) -> Attempt:
        """Counts an attempt to sign in as failed, in a transaction of its own; `succeeded` takes that back.

        `familiar` says that `address` has signed in to this account before: then attempts from elsewhere do not
        delay it. Raises TooManyRequests, with Retry-After, for one that comes too early; that one is not counted.
        """
        attempt = Attempt.of(address, login, user_id)
        if not self._on:
            return attempt
        free = {attempt.address: FREE_FOR_ADDRESS, attempt.pair: FREE_FOR_PAIR}
        if not familiar:
            free[attempt.account] = FREE_FOR_ACCOUNT
        with self._database.plain_session() as db, db.begin():
            waits = [
                _wait(counter.failures - free[counter.key], counter.last_at, now)
                for counter in _lock(db, attempt, now)
                if counter.key in free
            ]
            _refuse_before(max(waits), now)
            db.connection().execute(_COUNT, {"keys": attempt.keys, "quiet_since": now - QUIET, "now": now})
            db.connection().execute(_SWEEP, {"stale_since": now - _KEPT})
        return attempt

    def succeeded(self, db: Session, attempt: Attempt, _now: datetime) -> None:
        """The password was right: forgets the pair's failures, takes this attempt back from account and address."""
        if not self._on:
            return
        connection = db.connection()
        connection.execute(_TAKE_BACK, {"counter": attempt.account})
        connection.execute(_TAKE_BACK, {"counter": attempt.address})
        connection.execute(_FORGET, {"counter": attempt.pair})


def _hashed(login: str) -> str:
    return f"login:{hashlib.sha256(fold(login).encode()).hexdigest()[:32]}"


def _lock(db: Session, attempt: Attempt, now: datetime) -> Any:
    connection = db.connection()
    fresh = [{"key": key, "failures": 0, "last_at": now} for key in attempt.keys]
    return connection.execute(_LOCK[connection.dialect.name], fresh).all()


def _wait(beyond_free: int, last_at: datetime, now: datetime) -> timedelta:
    """How long until the next attempt, after so many failures more than are free; nothing or less: it may be made."""
    if beyond_free < 0:
        return timedelta()
    return last_at + min(_FIRST_DELAY * (1 << min(beyond_free, _DOUBLINGS)), LONGEST_DELAY) - now


def _refuse_before(wait: timedelta, now: datetime) -> None:
    if wait <= timedelta():
        return
    seconds = math.ceil(wait.total_seconds())
    moment = (now + timedelta(seconds=seconds)).astimezone(UTC)
    raise TooManyRequests(
        f"Too many attempts to sign in. The next one is possible in {seconds} s, at {moment:%H:%M:%S} UTC.",
        headers={"Retry-After": str(seconds)},
    )
