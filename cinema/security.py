"""Who may do what: the words, and the recipes that make access lists of them.

A *permission* is what a role holds and an operator grants: `movies:edit`. A *verb* is what a view asks of a
resource: `edit`. Access lists map the one to the other. A caller's principals are built here and nowhere else,
so nothing a caller chooses (a username, say) can become one.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Any

from pyramid.authorization import ALL_PERMISSIONS, ACLHelper, Allow, Authenticated, Deny, Everyone


class Permission(StrEnum):
    """What a role can be given. Each member's sentence is its description."""

    description: str

    def __new__(cls, name: str, description: str) -> "Permission":
        member = str.__new__(cls, name)
        member._value_ = name
        member.description = description
        return member

    MOVIES_VIEW = "movies:view", "See movies, genres, directors and actors (every signed-in member may)."
    MOVIES_EDIT = "movies:edit", "Add, change and delete movies, genres, directors and actors."
    HALLS_VIEW = "halls:view", "See halls and their seat maps (every signed-in member may)."
    HALLS_EDIT = "halls:edit", "Add, change and delete halls."
    SCREENINGS_VIEW = (
        "screenings:view",
        "See screenings and which seats are left (every signed-in member may).",
    )
    SCREENINGS_EDIT = "screenings:edit", "Schedule, change and delete screenings, prices included."
    CASSETTES_VIEW = "cassettes:view", "See the cassettes of the shop (every signed-in member may)."
    CASSETTES_EDIT = "cassettes:edit", "Add, change and delete cassettes, stock and prices included."
    ORDERS_VIEW_ANY = "orders:view-any", "See everybody's orders and tickets."
    ORDERS_EDIT_ANY = (
        "orders:edit-any",
        "Change and cancel everybody's orders, without the limit on unpaid ones.",
    )
    ORDERS_TAKE_PAYMENT = "orders:take-payment", "Take cash for anybody's order."
    ORDERS_REFUND = "orders:refund", "Refund paid orders, whole or in part."
    TICKETS_CHECK_IN = "tickets:check-in", "Admit people at the door."
    USERS_VIEW = "users:view", "See accounts, their roles, sessions and sign-ins."
    USERS_EDIT = "users:edit", "Disable and enable accounts, end their sessions."
    ROLES_EDIT = "roles:edit", "Make roles, change what they may do, grant and revoke them."
    LABELS_VIEW_ANY = "label:*", "See movies with any label."
    REPORTS_VIEW = "reports:view", "See sales reports."


class Verb(StrEnum):
    """What a view asks of its resource."""

    VIEW = "view"
    CREATE = "create"
    EDIT = "edit"
    DELETE = "delete"
    ORDER = "order"
    BOOKMARK = "bookmark"
    PAY = "pay"
    REFUND = "refund"
    CHECK_IN = "check-in"


Ace = tuple[str, str, Any]
Acl = list[Ace]

SUPERUSER = "cinema.Superuser"
"""The principal of accounts with the superuser flag: always allowed, first in every access list."""

_MAY_EVERYTHING: Ace = (Allow, SUPERUSER, ALL_PERMISSIONS)


# -- principals ----------------------------------------------------------------------------------------------


def user_principal(user_id: int) -> str:
    """The principal of one account. By id: a name could be made to look like something else."""
    return f"user:{user_id}"


def role_principal(role: str) -> str:
    """The principal of everybody who has a role."""
    return f"role:{role}"


def permission_principal(permission: str) -> str:
    """The principal of everybody whose roles hold a permission."""
    return f"perm:{permission}"


def caller_principals(
    user_id: int | None, roles: Iterable[str], permissions: Iterable[str], superuser: bool
) -> frozenset[str]:
    """All principals of a caller; `user_id` is None for a stranger."""
    principals = {Everyone, *map(role_principal, roles), *map(permission_principal, permissions)}
    if user_id is not None:
        principals |= {Authenticated, user_principal(user_id)}
    if superuser:
        principals.add(SUPERUSER)
    return frozenset(principals)


_PERMISSION_PREFIX = permission_principal("")
_LABEL = re.compile(r"label:([a-z0-9][a-z0-9._-]{0,49}|\*)")


@lru_cache(maxsize=1000)
def held_permissions(principals: frozenset[str]) -> frozenset[str]:
    """The names of the permissions among a caller's principals; a superuser holds all there are."""
    if SUPERUSER in principals:
        return frozenset(Permission)
    prefix = len(_PERMISSION_PREFIX)
    return frozenset(each[prefix:] for each in principals if each.startswith(_PERMISSION_PREFIX))


def is_permission(name: str) -> bool:
    """Whether there is such a permission; `label:<name>` always is one."""
    return name in set(Permission) or _LABEL.fullmatch(name) is not None


_acl = ACLHelper()


def enough(context: Any, principals: frozenset[str], verb: str) -> tuple[str, ...]:
    """The permissions any one of which would allow `verb` to somebody with these principals."""
    return tuple(
        each.value for each in Permission if _acl.permits(context, principals | {permission_principal(each)}, verb)
    )


# -- access lists --------------------------------------------------------------------------------------------


def catalogue_acl(view: Permission, edit: Permission) -> Acl:
    """Members read, holders of `edit` write; a stranger reads only where the operator granted `view`."""
    return [
        _MAY_EVERYTHING,
        (Allow, Authenticated, Verb.VIEW),
        (Allow, permission_principal(view), Verb.VIEW),
        (Allow, permission_principal(edit), (Verb.VIEW, Verb.CREATE, Verb.EDIT, Verb.DELETE)),
    ]


def members_acl(edit: Permission) -> Acl:
    """Members read, holders of `edit` write; strangers may do nothing."""
    return [
        _MAY_EVERYTHING,
        (Allow, Authenticated, Verb.VIEW),
        (Allow, permission_principal(edit), (Verb.VIEW, Verb.CREATE, Verb.EDIT, Verb.DELETE)),
    ]


def public_acl(edit: Permission | None = None) -> Acl:
    """Everybody reads; holders of `edit` write."""
    held = [] if edit is None else [(Allow, permission_principal(edit), (Verb.CREATE, Verb.EDIT, Verb.DELETE))]
    return [_MAY_EVERYTHING, (Allow, Everyone, Verb.VIEW), *held]


def common_acl() -> Acl:
    """Everybody reads, every member writes."""
    return [
        _MAY_EVERYTHING,
        (Allow, Everyone, Verb.VIEW),
        (Allow, Authenticated, (Verb.CREATE, Verb.EDIT, Verb.DELETE)),
    ]


def granted_acl(*, view: Permission, edit: Permission) -> Acl:
    """Only holders of `view` read, only holders of `edit` write; nothing is inherited."""
    return [
        _MAY_EVERYTHING,
        (Allow, permission_principal(view), Verb.VIEW),
        (Allow, permission_principal(edit), (Verb.VIEW, Verb.CREATE, Verb.EDIT, Verb.DELETE)),
        (Deny, Everyone, ALL_PERMISSIONS),
    ]


def orders_acl() -> Acl:
    """Members order and look at their own; staff may do more with everybody's."""
    return [
        _MAY_EVERYTHING,
        (Allow, Authenticated, (Verb.VIEW, Verb.ORDER)),
    ]


_OWNERS_VERBS = (Verb.VIEW, Verb.EDIT, Verb.DELETE, Verb.PAY)


def owned_order_acl(owner_id: int | None) -> Acl:
    """The owner may do everything with an order but refund it; staff what their permissions say.

    Nothing is inherited from the collection, where every member may look.
    """
    owner = [] if owner_id is None else [(Allow, user_principal(owner_id), _OWNERS_VERBS)]
    return [
        _MAY_EVERYTHING,
        *owner,
        (Allow, permission_principal(Permission.ORDERS_VIEW_ANY), Verb.VIEW),
        (Allow, permission_principal(Permission.ORDERS_EDIT_ANY), _OWNERS_VERBS),
        (Allow, permission_principal(Permission.ORDERS_TAKE_PAYMENT), (Verb.VIEW, Verb.PAY)),
        (Allow, permission_principal(Permission.ORDERS_REFUND), (Verb.VIEW, Verb.REFUND)),
        (Deny, Everyone, ALL_PERMISSIONS),
    ]


def tickets_acl() -> Acl:
    """Members look at their own tickets; whose is whose, each ticket's own list says."""
    return [_MAY_EVERYTHING, (Allow, Authenticated, Verb.VIEW)]


def booked_tickets_acl() -> Acl:
    """Members look at their own bookings; whoever may change everybody's orders gives bookings up."""
    return [
        _MAY_EVERYTHING,
        (Allow, Authenticated, Verb.VIEW),
        (Allow, permission_principal(Permission.ORDERS_EDIT_ANY), (Verb.VIEW, Verb.EDIT, Verb.DELETE)),
    ]


def owned_ticket_acl(owner_id: int | None) -> Acl:
    """The owner looks, and whoever may see everybody's orders. Nothing is inherited."""
    owner = [] if owner_id is None else [(Allow, user_principal(owner_id), Verb.VIEW)]
    return [
        _MAY_EVERYTHING,
        *owner,
        (Allow, permission_principal(Permission.ORDERS_VIEW_ANY), Verb.VIEW),
        (Deny, Everyone, ALL_PERMISSIONS),
    ]


def one_verb_acl(permission: Permission, verb: Verb) -> Acl:
    """Only holders of `permission`, and only `verb`; nothing is inherited."""
    return [
        _MAY_EVERYTHING,
        (Allow, permission_principal(permission), verb),
        (Deny, Everyone, ALL_PERMISSIONS),
    ]


def own_acl() -> Acl:
    """What belongs to whoever is calling: the account under `me`, with its bookmarks."""
    return [
        _MAY_EVERYTHING,
        (Allow, Authenticated, (Verb.VIEW, Verb.EDIT, Verb.BOOKMARK)),
    ]
