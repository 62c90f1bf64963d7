"""The rules of other people's accounts and of roles.

Nobody gives what they do not hold themselves, nobody rules over somebody who may do more, and the last
administrator cannot be taken away. Whatever could do that locks all roles first, so that two such changes cannot
each count on the other's administrator.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, func, insert, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cinema.accounts import access_events, sessions
from cinema.accounts.models import Role, RolePermission, User, UserRole
from cinema.accounts.roles import BUILT_IN
from cinema.core.db import rows
from cinema.core.db.sql import insert_if_new
from cinema.core.errors import Conflict, Forbidden, NotFound
from cinema.security import Permission


@dataclass(frozen=True, slots=True)
class Grantor:
    """Whoever changes what others may do: what they hold themselves. A superuser holds everything."""

    permissions: frozenset[str]
    superuser: bool = False

    def check_holds(self, permissions: Iterable[str]) -> None:
        """Raises Forbidden for permissions that the grantor lacks."""
        lacking = self.lacks(permissions)
        if lacking:
            names = ", ".join(sorted(lacking))
            raise Forbidden(f"You do not hold this yourself: {names}.", code="not-yours-to-give")

    def lacks(self, permissions: Iterable[str]) -> set[str]:
        """Those of `permissions` that the grantor does not hold."""
        return set() if self.superuser else {each for each in permissions if not self._holds(each)}

    def _holds(self, permission: str) -> bool:
        all_labels = permission.startswith("label:") and Permission.LABELS_VIEW_ANY in self.permissions
        return permission in self.permissions or all_labels


CONSOLE = Grantor(frozenset(), superuser=True)
"""Whoever works on the command line."""


# -- roles ---------------------------------------------------------------------------------------------------


def create_role(
    db: Session, name: str, description: str, permissions: Iterable[str], grantor: Grantor, now: datetime
) -> None:
    """Makes a role. Raises Conflict `name-taken`, Forbidden `not-yours-to-give`."""
    grantor.check_holds(permissions)
    role = Role(name=name, description=description)
    db.add(role)
    try:
        db.flush()
    except IntegrityError:
        raise Conflict(f"There is a role {name} already.", code="name-taken") from None
    _write_permissions(db, role.id, permissions)
    access_events.record(db, access_events.ROLES_CHANGED, now)


def change_role(
    db: Session,
    name: str,
    grantor: Grantor,
    now: datetime,
    *,
    description: str | None = None,
    permissions: Iterable[str] | None = None,
) -> None:
    """Changes a role.

    Raises NotFound, Forbidden `not-yours-to-give` or `outranked`, Conflict `last-administrator`.
    """
    with _administrators_stay(db):
        role = _role(db, name)
        if description is not None:
            role.description = description
        if permissions is not None:
            held = _permissions(db, [role.id])
            grantor.check_holds(set(permissions) - held)
            _check_takes(held - set(permissions), grantor)
            db.execute(delete(RolePermission).where(RolePermission.role_id == role.id))
            _write_permissions(db, role.id, permissions)
    access_events.record(db, access_events.ROLES_CHANGED, now)


def delete_role(db: Session, name: str, grantor: Grantor, now: datetime) -> None:
    """Deletes a role, and takes it from whoever has it.

    Raises NotFound, Forbidden `outranked`, Conflict `built-in` or `last-administrator`.
    """
    if name in BUILT_IN:
        raise Conflict(f"The role {name} is built in: it can be changed, not deleted.", code="built-in")
    with _administrators_stay(db):
        role = _role(db, name)
        _check_takes(_permissions(db, [role.id]), grantor)
        holders = db.scalars(select(UserRole.user_id).where(UserRole.role_id == role.id)).all()
        db.execute(delete(UserRole).where(UserRole.role_id == role.id))
        db.delete(role)
    access_events.record(db, access_events.ROLES_CHANGED, now)
    for user_id in holders:
        access_events.record(db, access_events.USER_CHANGED, now, user_id=user_id)


# -- grants --------------------------------------------------------------------------------------------------


def grant_role(db: Session, user_id: int, name: str, grantor: Grantor, now: datetime) -> None:
    """Gives somebody a role; again changes nothing. Raises NotFound, Forbidden `not-yours-to-give`."""
    lock_roles(db)
    role = _role(db, name)
    rows.locked(db, User, user_id)
    grantor.check_holds(_permissions(db, [role.id]))
    db.connection().execute(insert_if_new(UserRole.__table__), {"user_id": user_id, "role_id": role.id})
    access_events.record(db, access_events.USER_CHANGED, now, user_id=user_id)


def revoke_role(db: Session, user_id: int, name: str, grantor: Grantor, now: datetime) -> None:
    """Takes a role from somebody; again changes nothing.

    Raises NotFound, Forbidden `outranked`, Conflict `last-administrator`.
    """
    with _administrators_stay(db):
        role = _role(db, name)
        _check_rank(db, rows.locked(db, User, user_id), grantor)
        db.execute(delete(UserRole).where(UserRole.user_id == user_id, UserRole.role_id == role.id))
    access_events.record(db, access_events.USER_CHANGED, now, user_id=user_id)


# -- people --------------------------------------------------------------------------------------------------


def set_active(db: Session, user_id: int, active: bool, grantor: Grantor, now: datetime) -> None:
    """Disables somebody, which ends all of their sessions, or enables them again.

    Raises NotFound, Forbidden `outranked`, Conflict `last-administrator`.
    """
    with _administrators_stay(db):
        user = rows.locked(db, User, user_id)
        _check_rank(db, user, grantor)
        user.is_active = active
    if not active:
        sessions.end_all(db, user_id, now)


def end_sessions(db: Session, user_id: int, grantor: Grantor, now: datetime) -> None:
    """Ends all sessions of somebody's. Raises NotFound, Forbidden `outranked`."""
    _check_rank(db, rows.locked(db, User, user_id), grantor)
    sessions.end_all(db, user_id, now)


def set_superuser(db: Session, user_id: int, superuser: bool, now: datetime) -> None:
    """Sets the superuser flag; for the command line only. Raises NotFound, Conflict `last-administrator`."""
    with _administrators_stay(db):
        rows.locked(db, User, user_id).is_superuser = superuser
    access_events.record(db, access_events.USER_CHANGED, now, user_id=user_id)


# -- underneath ----------------------------------------------------------------------------------------------


def lock_roles(db: Session) -> None:
    """Keeps all roles as they are until the transaction ends."""
    db.execute(select(Role.id).order_by(Role.id).with_for_update()).all()


def _role(db: Session, name: str) -> Role:
    role = db.scalar(select(Role).where(Role.name == name))
    if role is None:
        raise NotFound(f"There is no role {name}.")
    return role


def _permissions(db: Session, role_ids: Iterable[int]) -> set[str]:
    return set(db.scalars(select(RolePermission.permission).where(RolePermission.role_id.in_(role_ids))))


def _write_permissions(db: Session, role_id: int, permissions: Iterable[str]) -> None:
    held = [{"role_id": role_id, "permission": each} for each in sorted(set(permissions))]
    if held:
        db.execute(insert(RolePermission), held)


_OUTRANKED = "This {} may do what you may not. Ask somebody who may do all of it, such as a superuser."


def _check_rank(db: Session, user: User, grantor: Grantor) -> None:
    """Raises Forbidden when `user` may do something that the grantor may not."""
    if grantor.superuser:
        return
    roles = db.scalars(select(UserRole.role_id).where(UserRole.user_id == user.id)).all()
    if user.is_superuser or grantor.lacks(_permissions(db, roles)):
        raise Forbidden(_OUTRANKED.format("account"), code="outranked")


def _check_takes(permissions: Iterable[str], grantor: Grantor) -> None:
    """Raises Forbidden when a role would lose what the grantor does not hold: its holders may do more."""
    if grantor.lacks(permissions):
        raise Forbidden(_OUTRANKED.format("role"), code="outranked")


@contextmanager
def _administrators_stay(db: Session) -> Iterator[None]:
    """Locks all roles; raises Conflict when what is done inside leaves nobody who may change roles."""
    lock_roles(db)
    before = _count_administrators(db)
    yield
    db.flush()
    if before and not _count_administrators(db):
        detail = "Nobody would be left who may change roles. Give somebody else such a role first."
        raise Conflict(detail, code="last-administrator")


def _count_administrators(db: Session) -> int:
    may_change_roles = (
        select(UserRole.user_id)
        .join(RolePermission, RolePermission.role_id == UserRole.role_id)
        .where(RolePermission.permission == Permission.ROLES_EDIT)
    )
    administrators = select(func.count()).where(
        and_(User.is_active, or_(User.is_superuser, User.id.in_(may_change_roles)))
    )
    return db.scalar(administrators) or 0
