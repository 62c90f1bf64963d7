"""The rules of one's own account. Passwords are hashed by the caller, before the transaction: see `passwords`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cinema.accounts import sessions
from cinema.accounts.models import Role, User, UserRole
from cinema.accounts.queries import USER
from cinema.accounts.roles import MEMBER, ROLE_NAMES
from cinema.core.db import rows
from cinema.core.db.base import Reader
from cinema.core.db.prepared import Prepared
from cinema.core.db.sql import violated
from cinema.core.errors import Conflict, Invalid, NotFound
from cinema.core.text import fold

_CREDENTIALS = select(
    User.id,
    User.username,
    User.email,
    User.name,
    User.surname,
    User.password_hash,
    User.is_superuser,
    User.is_active,
    ROLE_NAMES,
)
_BY_ID = Prepared(_CREDENTIALS.where(User.id == bindparam("id")))
_BY_USERNAME = Prepared(_CREDENTIALS.where(User.username_key == bindparam("key")))
_BY_ADDRESS = Prepared(_CREDENTIALS.where(User.sign_in_key == bindparam("key")))


def get_user(db: Reader, user_id: int) -> Row[Any]:
    """One user, for presenting. Raises NotFound."""
    row = USER.run(db, id=user_id).one_or_none()
    if row is None:
        raise NotFound
    return row


def credentials(db: Reader, user_id: int) -> Row[Any]:
    """The password hash of a user, and what a password must not hold. Raises NotFound."""
    row = _BY_ID.run(db, id=user_id).one_or_none()
    if row is None:
        raise NotFound
    return row


def find_for_login(db: Reader, login: str) -> Row[Any] | None:
    """Whoever signs in as `login`, with the password hash: a sign-in address first, where it holds an `@`."""
    found = find_by_address(db, login) if "@" in fold(login) else None
    return found or find_by_username(db, login)


def find_by_username(db: Reader, username: str) -> Row[Any] | None:
    """Whoever has this username, with the password hash."""
    return _BY_USERNAME.run(db, key=fold(username)).one_or_none()


def find_by_address(db: Reader, address: str) -> Row[Any] | None:
    """Whoever signs in with this e-mail address, with the password hash."""
    return _BY_ADDRESS.run(db, key=fold(address)).one_or_none()


def register(
    db: Session,
    *,
    username: str | None,
    email: str | None,
    password_hash: str,
    now: datetime,
    name: str = "",
    surname: str = "",
    superuser: bool = False,
    signs_in_by_email: bool = True,
) -> int:
    """Makes an account with the role `member`; answers its id.

    It needs a username or an address to sign in by; an address that nobody signs in by may be another's too.
    Raises Conflict `username-taken` or `email-taken`.
    """
    user = User(
        username=username,
        email=email,
        sign_in_key=fold(email) if email and signs_in_by_email else None,
        password_hash=password_hash,
        name=name,
        surname=surname,
        is_superuser=superuser,
        created_at=now,
    )
    db.add(user)
    _flush_unique(db)
    db.add(UserRole(user_id=user.id, role_id=db.scalars(select(Role.id).where(Role.name == MEMBER)).one()))
    db.flush()
    return user.id


def change_profile(db: Session, user_id: int, changes: dict[str, Any]) -> None:
    """Changes `name`, `surname` and `favorite_genre` as far as given. Raises Invalid for an unknown genre."""
    user = rows.locked(db, User, user_id)
    for field in ("name", "surname"):
        if field in changes:
            setattr(user, field, changes[field])
    if "favorite_genre" in changes:
        user.favorite_genre_id = changes["favorite_genre"]
    try:
        db.flush()
    except IntegrityError:
        raise Invalid.field("favorite_genre", "unknown", "is no genre") from None


def change_login(db: Session, user_id: int, known_hash: str, changes: dict[str, str]) -> None:
    """Changes `username` and `email` as far as given.

    Raises Conflict `username-taken`, `email-taken` or `password-changed`.
    """
    user = _unchanged(db, user_id, known_hash)
    if "username" in changes:
        user.username = changes["username"]
    if "email" in changes:
        user.email, user.sign_in_key = changes["email"], fold(changes["email"])
    _flush_unique(db)


def change_contact(db: Session, user_id: int, changes: Mapping[str, str | None]) -> None:
    """Changes `username` and contact `email` as far as given, for dialects that ask for no password.

    Nobody gains or loses a sign-in address by it. Raises NotFound, Conflict `username-taken`.
    """
    user = rows.locked(db, User, user_id)
    for field in ("username", "email"):
        if field in changes:
            setattr(user, field, changes[field])
    _flush_unique(db)


def change_password(
    db: Session, user_id: int, known_hash: str, new_hash: str, now: datetime, *, stays: int | None = None
) -> None:
    """Puts `new_hash` in the place of `known_hash` and ends every session but the one that `stays`.

    Raises Conflict `password-changed` when it was changed meanwhile: the old one was checked before the transaction.
    """
    user = _unchanged(db, user_id, known_hash)
    user.password_hash = new_hash
    db.flush()
    sessions.end_all(db, user_id, now, but=stays)


def rehash(db: Session, user_id: int, known_hash: str, new_hash: str) -> None:
    """Keeps a password's hash of today's strength, unless the password has just been changed."""
    db.execute(
        update(User).where(User.id == user_id, User.password_hash == known_hash).values(password_hash=new_hash)
    )


def _unchanged(db: Session, user_id: int, known_hash: str) -> User:
    user = rows.locked(db, User, user_id)
    if user.password_hash != known_hash:
        raise Conflict("The password has just been changed elsewhere. Use the new one.", code="password-changed")
    return user


def _flush_unique(db: Session) -> None:
    try:
        db.flush()
    except IntegrityError as error:
        if "sign_in_key" in violated(error):
            raise Conflict("This e-mail address has an account already.", code="email-taken") from None
        raise Conflict("This username is taken.", code="username-taken") from None
