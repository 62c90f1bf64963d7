"""Keys: what clients that cannot refresh show instead of a token. Opaque, and looked up in the database.

A key that was looked up is remembered for a minute; that its session has ended is heard of sooner (`knowledge`).
"""

import hashlib
import logging
import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import SQLAlchemyError

from cinema.accounts.identity import Identity
from cinema.accounts.models import User, UserSession
from cinema.accounts.roles import ROLE_NAMES, role_names
from cinema.accounts.tokens import TokenError, TokenExpired, TokenRevoked
from cinema.core.cache import BoundedCache
from cinema.core.db.engines import Database
from cinema.core.db.prepared import Prepared
from cinema.core.request import Request

SCHEME = "Token"
REMEMBERED = timedelta(seconds=60)
_BYTES = 20
_FORM = re.compile(f"[0-9a-f]{{{2 * _BYTES}}}")
_KEYS_KEPT = 10_000
_NOTED_EVERY = timedelta(hours=1)
"""Use is written down no more often than this: a request that reads should not have to write."""

_FOUND = Prepared(
    select(
        UserSession.id.label("session_id"),
        UserSession.ended_at,
        UserSession.idle_until,
        UserSession.ends_at,
        UserSession.last_used_at,
        User.id.label("user_id"),
        User.is_superuser,
        User.is_active,
        ROLE_NAMES,
    )
    .join(User, User.id == UserSession.user_id)
    .where(UserSession.key_hash == bindparam("key_hash"))
)

log = logging.getLogger(__name__)


def new_key() -> str:
    """160 random bits, in characters that fit anywhere."""
    return secrets.token_hex(_BYTES)


def key_hash(key: str) -> str:
    """What is stored of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


class ApiKeys:
    """Who a key says is calling. `idle` is how long a key lives without use."""

    def __init__(self, database: Database, idle: timedelta) -> None:
        self._database = database
        self._idle = idle
        self._known: BoundedCache[str, tuple[Identity, datetime]] = BoundedCache(_KEYS_KEPT)

    def identity(self, request: Request, key: str) -> Identity:
        """Who `key` says is calling. Raises TokenError."""
        if not _FORM.fullmatch(key):
            raise TokenError
        known = self.remembered(request, key)
        if known is None:
            hashed = key_hash(key)
            known = self._look_up(request, hashed)
            self._known.put(hashed, (known, request.now))
        return known

    def remembered(self, request: Request, key: str) -> Identity | None:
        """Who `key` says is calling, if it was looked up in the last minute."""
        known = self._known.get(key_hash(key))
        if known is None or not request.now - REMEMBERED < known[1] <= request.now:
            return None
        return known[0]

    def _look_up(self, request: Request, hashed: str) -> Identity:
        found = _FOUND.run(request.reader, key_hash=hashed).one_or_none()
        if found is None:
            raise TokenError
        if found.ended_at is not None or not found.is_active:
            raise TokenRevoked
        if request.now >= min(found.idle_until, found.ends_at):
            raise TokenExpired
        if request.now - found.last_used_at >= _NOTED_EVERY:
            self._note_use(found.session_id, request.now)
        return Identity(
            found.user_id, found.session_id, role_names(found), found.is_superuser, int(found.ends_at.timestamp())
        )

    def _note_use(self, session_id: int, now: datetime) -> None:
        """In a transaction of its own; a database that is busy hears of it the next time."""
        used = update(UserSession).where(UserSession.id == session_id)
        try:
            with self._database.plain_session() as db, db.begin():
                db.execute(used.values(last_used_at=now, idle_until=now + self._idle))
        except SQLAlchemyError:
            log.warning("the use of a key was not noted")
