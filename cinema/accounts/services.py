"""The rules of accounts. Passwords are hashed by the caller, before the transaction: see `passwords`."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cinema.accounts.models import Role, User, UserRole
from cinema.accounts.roles import MEMBER
from cinema.core.db.base import Query, Reader
from cinema.core.db.sql import violated
from cinema.core.errors import Conflict, FieldError, Invalid, NotFound
from cinema.core.text import fold

ROLE_NAMES = (
    select(func.aggregate_strings(Role.name, ","))
    .join(UserRole, UserRole.role_id == Role.id)
    .where(UserRole.user_id == User.id)
    .correlate(User)
    .scalar_subquery()
    .label("roles")
)


def users_statement() -> Query:
    """Everything that is ever shown of users, one row each."""
    return select(
        User.id,
        User.username,
        User.email,
        User.name,
        User.surname,
        User.favorite_genre_id,
        User.is_superuser,
        User.is_active,
        User.created_at,
        ROLE_NAMES,
    )


def get_user(db: Reader, user_id: int) -> Row[Any]:
    """One user, for presenting. Raises NotFound."""
    row = db.execute(users_statement().where(User.id == user_id)).one_or_none()
    if row is None:
        raise NotFound
    return row


def find_for_login(db: Reader, login: str) -> Row[Any] | None:
    """Whoever signs in as `login`, with the password hash: a sign-in address first, where it holds an `@`."""
    key = fold(login)
    credentials = select(User.id, User.password_hash, User.is_superuser, User.is_active, ROLE_NAMES)
    if "@" in key:
        found = db.execute(credentials.where(User.sign_in_key == key)).one_or_none()
        if found is not None:
            return found
    return db.execute(credentials.where(User.username_key == key)).one_or_none()


def check_new_password(password: str, least: int, field: str = "password") -> None:
    """Raises Invalid for a password that is too short."""
    if len(password) < least:
        raise Invalid.field(field, "too-short", f"needs at least {least} characters")


def register(
    db: Session,
    *,
    username: str,
    email: str,
    password_hash: str,
    now: datetime,
    name: str = "",
    surname: str = "",
    superuser: bool = False,
) -> int:
    """Makes an account with the role `member`; answers its id.

    Raises Conflict `username-taken` or `email-taken`.
    """
    user = User(
        username=username,
        email=email,
        sign_in_key=fold(email),
        password_hash=password_hash,
        name=name,
        surname=surname,
        is_superuser=superuser,
        created_at=now,
    )
    db.add(user)
    try:
        db.flush()
    except IntegrityError as error:
        raise _taken(error) from None
    grant(db, user.id, MEMBER)
    return user.id


def grant(db: Session, user_id: int, role: str) -> None:
    """Gives a user a role. Raises NotFound for a role that does not exist."""
    role_id = db.scalar(select(Role.id).where(Role.name == role))
    if role_id is None:
        raise NotFound(f"There is no role {role}.")
    db.merge(UserRole(user_id=user_id, role_id=role_id))
    db.flush()


def change_profile(db: Session, user_id: int, changes: dict[str, Any]) -> None:
    """Changes `name`, `surname` and `favorite_genre` as far as given. Raises Invalid for an unknown genre."""
    user = _get(db, user_id)
    for field in ("name", "surname"):
        if field in changes:
            setattr(user, field, changes[field])
    if "favorite_genre" in changes:
        user.favorite_genre_id = changes["favorite_genre"]
    try:
        db.flush()
    except IntegrityError:
        raise Invalid([FieldError("favorite_genre", "unknown", "is no genre")]) from None


def change_password(db: Session, user_id: int, old_hash: str, new_hash: str) -> None:
    """Puts `new_hash` in the place of `old_hash`.

    Raises Conflict when the password was changed meanwhile: the old one was checked before the transaction.
    """
    user = _get(db, user_id)
    if user.password_hash != old_hash:
        raise Conflict("The password has just been changed elsewhere.", code="password-changed")
    user.password_hash = new_hash
    db.flush()


def password_hash(db: Reader, user_id: int) -> str:
    """The hash to check an old password against. Raises NotFound."""
    found = db.execute(select(User.password_hash).where(User.id == user_id)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return str(found)


def _get(db: Session, user_id: int) -> User:
    user = db.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound
    return user


def _taken(error: IntegrityError) -> Conflict:
    if "sign_in_key" in violated(error):
        return Conflict("This e-mail address has an account already.", code="email-taken")
    return Conflict("This username is taken.", code="username-taken")
