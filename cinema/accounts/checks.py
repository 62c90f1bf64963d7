"""Permission checks as answers: may somebody do something, and what decided it."""

from typing import Any

from pyramid.authorization import ACLHelper

from cinema.core.errors import Invalid
from cinema.core.request import Request
from cinema.core.resources import Resource
from cinema.security import SUPERUSER, Verb, is_permission, permission_principal

_acl = ACLHelper()


def check_permission(principals: frozenset[str], permission: str) -> dict[str, Any]:
    """Whether a caller with these principals holds a permission. Raises Invalid for a name that is none."""
    if not is_permission(permission):
        raise Invalid.field("permission", "unknown", "is no permission")
    if SUPERUSER in principals:
        return _answer(True, "The superuser flag allows everything.")
    if permission_principal(permission) in principals:
        return _answer(True, f"A role of the caller's holds {permission}.")
    if permission.startswith("label:") and permission_principal("label:*") in principals:
        return _answer(True, "A role of the caller's holds label:*.")
    return _answer(False, f"No role of the caller's holds {permission}.")


def check_verb(request: Request, principals: frozenset[str], verb: str, path: str) -> dict[str, Any]:
    """What the access lists of the resource at `path` (below the API's prefix) say.

    Raises Invalid for a verb or a path that there is not; NotFound for an owned thing that does not exist.
    """
    if verb not in set(Verb):
        raise Invalid.field("permission", "unknown", f"with a path, must be one of: {', '.join(Verb)}")
    resource = _find(request, path)
    result = _acl.permits(resource, principals, verb)
    if not hasattr(result, "ace") or isinstance(result.ace, str):
        return _answer(False, f"No entry of an access list allows {verb} here.")
    action, principal, _verbs = result.ace
    place = "/".join(_names(result.context)) or "/"
    return _answer(bool(result), f"{place}: {action} {principal}.")


def _find(request: Request, path: str) -> Resource:
    resource: Resource = request.root["api"]["v1"]
    for segment in filter(None, path.split("/")):
        try:
            resource = resource[segment]
        except KeyError:
            raise Invalid.field("path", "unknown", "leads nowhere") from None
    return resource


def _names(resource: Any) -> list[str]:
    names: list[str] = []
    while resource is not None:
        names.insert(0, resource.__name__)
        resource = resource.__parent__
    return names


def _answer(allowed: bool, reason: str) -> dict[str, Any]:
    return {"allowed": allowed, "reason": reason}
