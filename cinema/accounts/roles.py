"""Which permissions each role holds, in memory: a permission check never asks the database."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from sqlalchemy import select

from cinema.accounts.identity import Identity
from cinema.accounts.models import Role, RolePermission, User, UserRole
from cinema.core.cache import BoundedCache
from cinema.core.db.base import Reader
from cinema.core.db.sql import json_values
from cinema.security import caller_principals

ANONYMOUS = "anonymous"
MEMBER = "member"
STAFF = "staff"
ADMIN = "admin"
BUILT_IN = frozenset({ANONYMOUS, MEMBER, STAFF, ADMIN})

ROLE_NAME = re.compile(r"[a-z][a-z0-9._-]{0,49}")

_CALLERS_KEPT = 10_000

ROLE_NAMES = json_values(
    select(Role.name)
    .join(UserRole, UserRole.role_id == Role.id)
    .where(UserRole.user_id == User.id)
    .order_by(Role.name),
    User.__table__,
).label("roles")
"""A column with the names of a user's roles."""


def role_names(row: Any) -> tuple[str, ...]:
    """The names in a row's `ROLE_NAMES`, sorted."""
    return tuple(orjson.loads(row.roles))


class RoleBook:
    """Roles and what they may do. Replacing `permissions` forgets everything that followed from the old ones."""

    def __init__(self, permissions: Mapping[str, Iterable[str]]) -> None:
        self._permissions = {role: frozenset(held) for role, held in permissions.items()}
        self._principals: BoundedCache[Identity, frozenset[str]] = BoundedCache(_CALLERS_KEPT)
        self._strangers = caller_principals(None, [ANONYMOUS], self.permissions([]), superuser=False)

    @classmethod
    def load(cls, db: Reader) -> "RoleBook":
        """The book as the database has it."""
        rows = db.execute(
            select(Role.name, RolePermission.permission).outerjoin(RolePermission, RolePermission.role_id == Role.id)
        )
        book: dict[str, set[str]] = {}
        for role, permission in rows:
            book.setdefault(role, set()).update([permission] if permission else [])
        return cls(book)

    def permissions(self, roles: Iterable[str]) -> frozenset[str]:
        """All that these roles hold together, and what everybody may, strangers too.

        A role that does not exist holds nothing.
        """
        return frozenset().union(*(self._permissions.get(role, ()) for role in (ANONYMOUS, *roles)))

    def principals(self, identity: Identity | None) -> frozenset[str]:
        """The caller's principals."""
        if identity is None:
            return self._strangers
        principals = self._principals.get(identity)
        if principals is None:
            held = self.permissions(identity.roles)
            principals = caller_principals(identity.user_id, identity.roles, held, identity.superuser)
            self._principals.put(identity, principals)
        return principals
