"""Who may do what, asked of the access lists themselves."""

from collections.abc import Set
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from pyramid.authorization import ACLHelper, Authenticated, Everyone
from pyramid.security import NO_PERMISSION_REQUIRED

from cinema.core.resources import Resource, Root
from cinema.security import enough, user_principal

OWNER = 0
"""An id that no account has, for asking what owners may."""

_acl = ACLHelper()


@dataclass(frozen=True)
class Access:
    """Who may do something: everybody, every member, the owner of the thing, holders of any of these permissions."""

    everybody: bool = False
    members: bool = False
    owner: bool = False
    permissions: tuple[str, ...] = ()
    looks_at_nobody: bool = False
    """Whether credentials are not even looked at."""

    @property
    def sentence(self) -> str:
        """In words."""
        if self.everybody:
            return "Everybody may."
        who = ["every member"] if self.members else ["the owner"] if self.owner else []
        who += [f"whoever holds {' or '.join(f'`{each}`' for each in self.permissions)}"] if self.permissions else []
        words = ", and ".join(who) or "only a superuser"
        return f"{words[0].upper()}{words[1:]} may."


def access(context: Resource, permission: str) -> Access:
    """Who may do what a view with this permission does."""
    if permission == NO_PERMISSION_REQUIRED:
        return Access(everybody=True, looks_at_nobody=True)
    member = frozenset({Everyone, Authenticated})
    members = _permits(context, member, permission)
    return Access(
        everybody=_permits(context, {Everyone}, permission),
        members=members,
        owner=_permits(context, {*member, user_principal(OWNER)}, permission),
        permissions=() if members else enough(context, member, permission),
    )


def place(registry: Any, path: tuple[str, ...]) -> Resource:
    """The resource at a path of the URL map, `*` being whatever stands there; if anybody owns it, OWNER does."""
    resource: Resource = Root(SimpleNamespace(registry=registry, identity=None))  # type: ignore[arg-type]
    for segment in path:
        resource = resource[_example(resource, segment)]
    if hasattr(type(resource), "owner_id"):
        resource.__dict__["owner_id"] = OWNER
    return resource


def _example(resource: Resource, segment: str) -> str:
    child = resource.node.children[segment].resource
    return segment if segment != "*" or child is None else child.parameter.example


def _permits(context: Resource, principals: Set[str], permission: str) -> bool:
    return bool(_acl.permits(context, principals, permission))
