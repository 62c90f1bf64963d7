"""Sessions: devices that are signed in.

Beginning, refreshing and ending contend for the same rows: whoever comes second sees what the first has done. A
refresh moves the generation on by one conditional update, so of many with one token exactly one makes the step; the
others, as long as they come soon, are told the same successor.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.orm import Session

from cinema.accounts import access_events, api_keys, refresh_tokens
from cinema.accounts.models import User, UserSession
from cinema.accounts.refresh_tokens import RefreshToken
from cinema.accounts.roles import ROLE_NAMES, role_names
from cinema.core.db.base import Reader
from cinema.core.db.prepared import Prepared
from cinema.core.errors import NotFound, Unauthorized

RETRY_WINDOW = timedelta(seconds=30)

_FOUND = Prepared(
    select(
        UserSession.id,
        UserSession.user_id,
        UserSession.secret,
        UserSession.generation,
        UserSession.rotates,
        UserSession.ended_at,
        UserSession.idle_until,
        UserSession.ends_at,
    ).where(UserSession.id == bindparam("id"))
)
_HOLDER = Prepared(select(User.id, User.is_superuser, User.is_active, ROLE_NAMES).where(User.id == bindparam("id")))
_CREDENTIALS = Prepared(
    select(User.password_hash, User.is_active)
    .where(User.id == bindparam("id"))
    .with_for_update(read=True)  # a password that is being changed is waited for
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where somebody calls from."""

    address: str
    user_agent: str
    device: str


@dataclass(frozen=True, slots=True)
class Lease:
    """How long a session lives, and how its client shows that it has one.

    It ends after `idle` without use and after `absolute` in any case. Its refresh token is replaced at every use
    where it `rotates`. A client that cannot refresh gets a key instead: `keyed`.
    """

    idle: timedelta
    absolute: timedelta
    rotates: bool = True
    keyed: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """What a sign-in or a refresh comes to."""

    user_id: int
    session_id: int
    roles: tuple[str, ...]
    superuser: bool
    refresh_token: str
    key: str | None = None


class ReusedToken(Exception):
    """A spent refresh token came back: the session has been ended, which has to be committed."""


def begin(
    db: Session,
    user_id: int,
    password_hash: str,
    origin: Origin,
    key: bytes,
    lease: Lease,
    now: datetime,
) -> Grant | None:
    """Begins a session for somebody whose password fitted `password_hash`.

    None when the account was disabled or its password changed meanwhile.
    """
    credentials = _CREDENTIALS.run(db, id=user_id).one_or_none()
    if credentials is None or credentials.password_hash != password_hash or not credentials.is_active:
        return None
    api_key = api_keys.new_key() if lease.keyed else None
    session = UserSession(
        user_id=user_id,
        secret=refresh_tokens.new_session_secret(),
        generation=0,
        rotates=lease.rotates,
        key_hash=api_key and api_keys.key_hash(api_key),
        stepped_at=now,
        address=origin.address,
        user_agent=origin.user_agent,
        device=origin.device,
        created_at=now,
        last_used_at=now,
        idle_until=now + lease.idle,
        ends_at=now + lease.absolute,
    )
    db.add(session)
    db.flush()
    grant = _grant(db, session, key, 0)
    return grant and replace(grant, key=api_key)


def recognise(db: Reader, text: str, key: bytes) -> tuple[Row[Any], int]:
    """The session of a genuine refresh token, and the token's generation. Raises Unauthorized `token-invalid`."""
    token = RefreshToken.parse(text)
    session = _FOUND.run(db, id=token.session_id).one_or_none() if token else None
    if token is None or session is None or not refresh_tokens.is_genuine(token, key, session.secret):
        raise Unauthorized("This is no refresh token of ours. Sign in again.", code="token-invalid")
    return session, token.generation


def refresh(db: Session, session: Row[Any], presented: int, key: bytes, idle: timedelta, now: datetime) -> Grant:
    """A new pair for the refresh token of the generation `presented`; the session lives on for `idle` without use.

    Raises Unauthorized `token-expired` or `token-revoked`, and ReusedToken.
    """
    _check_alive(session, now)
    generation = _step(db, session, presented, idle, now)
    if generation is None:
        raise ReusedToken if end(db, session.id, now) else _over()  # of many at once, one has ended it
    grant = _grant(db, session, key, generation)
    if grant is None:
        raise Unauthorized("This account is disabled. The staff can enable it.", code="token-revoked")
    return grant


def _step(db: Session, session: Row[Any], presented: int, idle: timedelta, now: datetime) -> int | None:
    """The generation of the token to answer; None for one that was spent before."""
    alive = (
        UserSession.id == session.id,
        UserSession.ended_at.is_(None),
        UserSession.idle_until > now,
        UserSession.ends_at > now,
    )
    used = {"last_used_at": now, "idle_until": now + idle}
    presentable = update(UserSession).where(*alive, UserSession.generation == presented)
    if not session.rotates:
        if _changed(db, presentable.values(**used)):
            return presented
    else:
        following = presented + 1
        if _changed(db, presentable.values(**used, generation=following, stepped_at=now)):
            return following
        retried = update(UserSession).where(
            *alive, UserSession.generation == following, UserSession.stepped_at >= now - RETRY_WINDOW
        )
        if _changed(db, retried.values(last_used_at=now)):
            return following
    _check_alive(_FOUND.run(db, id=session.id).one_or_none(), now)  # ended while we waited: not a reuse
    return None


def _changed(db: Session, statement: Any) -> bool:
    return bool(db.connection().execute(statement).rowcount)


def _check_alive(session: Row[Any] | None, now: datetime) -> None:
    if session is None or session.ended_at is not None:
        raise _over()
    if now >= min(session.idle_until, session.ends_at):
        raise Unauthorized("This session has run out. Sign in again.", code="token-expired")


def _over() -> Unauthorized:
    return Unauthorized("This session has ended. Sign in again.", code="token-revoked")


def _grant(db: Session, session: Any, key: bytes, generation: int) -> Grant | None:
    """None for somebody who is disabled, however that came about."""
    holder = _HOLDER.run(db, id=session.user_id).one()
    if not holder.is_active:
        return None
    token = refresh_tokens.make(key, session.id, session.secret, generation)
    return Grant(holder.id, session.id, role_names(holder), holder.is_superuser, token)


# -- ending --------------------------------------------------------------------------------------------------


def end(db: Session, session_id: int, now: datetime, user_id: int | None = None) -> bool:
    """Ends a session, of `user_id` where given; whether there was one to end."""
    ended = _end(
        db, now, UserSession.id == session_id, *([] if user_id is None else [UserSession.user_id == user_id])
    )
    return bool(ended)


def end_all(db: Session, user_id: int, now: datetime, *, but: int | None = None) -> None:
    """Ends every session of somebody's, `but` one where given."""
    _end(db, now, UserSession.user_id == user_id, *([] if but is None else [UserSession.id != but]))


def _end(db: Session, now: datetime, *conditions: Any) -> list[int]:
    ended = (
        update(UserSession)
        .where(UserSession.ended_at.is_(None), *conditions)
        .values(ended_at=now)
        .returning(UserSession.id)
    )
    session_ids = list(db.connection().execute(ended).scalars())
    for session_id in session_ids:
        access_events.record(db, access_events.SESSION_ENDED, now, session_id=session_id)
    return session_ids


def end_own(db: Session, session_id: int, user_id: int, now: datetime) -> None:
    """Ends one of somebody's own sessions. Raises NotFound for what is none, or has ended."""
    if not end(db, session_id, now, user_id):
        raise NotFound
