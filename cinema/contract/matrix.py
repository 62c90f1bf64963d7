"""Who may call what: every operation, and whether each of five callers gets past the access lists."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pyramid.authorization import ACLHelper, Everyone
from pyramid.security import NO_PERMISSION_REQUIRED

from cinema.accounts.roles import ADMIN, ANONYMOUS, MEMBER, STAFF, RoleBook
from cinema.contract.access import OWNER, place
from cinema.contract.operations import Operation
from cinema.security import caller_principals, enough

CALLERS = (ANONYMOUS, MEMBER, "owner", STAFF, ADMIN)
"""Whom the matrix knows. The owner is a member whose things are asked for; nobody else owns them."""

_NOBODYS_OWNER = -1
_acl = ACLHelper()


@dataclass(frozen=True)
class Row:
    """An operation; `allowed` goes with CALLERS, `permissions` are those any one of which is enough for anybody."""

    method: str
    path: str
    allowed: tuple[bool, ...]
    permissions: tuple[str, ...]


def matrix(registry: Any, book: RoleBook) -> list[Row]:
    """A row for every operation there is, by path and method, with roles as `book` has them."""
    callers = [frozenset(each) for each in _callers(book)]
    ordered = sorted(registry.operations, key=lambda operation: (operation.path, operation.method))
    return [_row(registry, operation, callers) for operation in ordered]


def _callers(book: RoleBook) -> Iterator[Iterable[str]]:
    yield book.principals(None)
    for user_id, roles in (
        (_NOBODYS_OWNER, (MEMBER,)),
        (OWNER, (MEMBER,)),
        (_NOBODYS_OWNER, (MEMBER, STAFF)),
        (_NOBODYS_OWNER, (MEMBER, ADMIN)),
    ):
        yield caller_principals(user_id, roles, book.permissions(roles), superuser=False)


def _row(registry: Any, operation: Operation, callers: Iterable[frozenset[str]]) -> Row:
    verb = operation.permission
    if verb == NO_PERMISSION_REQUIRED:
        return Row(operation.method, operation.path, (True,) * len(CALLERS), ())
    context = place(registry, operation.segments)
    allowed = tuple(bool(_acl.permits(context, principals, verb)) for principals in callers)
    public = bool(_acl.permits(context, {Everyone}, verb))
    sufficient = () if public else enough(context, frozenset({Everyone}), verb)
    return Row(operation.method, operation.path, allowed, sufficient)
