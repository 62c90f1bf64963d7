"""Permission checks as answers: may somebody do something, and what decided it."""

from contextlib import suppress
from typing import Any, TypedDict

from pyramid.authorization import ACLHelper
from pyramid.interfaces import IRequest, IView, IViewClassifier
from zope.interface import providedBy

from cinema.core.errors import Invalid, NotFound
from cinema.core.request import Request
from cinema.core.resources import Resource
from cinema.security import SUPERUSER, Verb, is_permission, permission_principal

DISABLED: frozenset[str] = frozenset()
"""The principals of a disabled account: not even those of everybody."""

_acl = ACLHelper()


class CheckJson(TypedDict):
    """Whether something is allowed, and what decided it."""

    allowed: bool
    reason: str


def check_permission(principals: frozenset[str], permission: str) -> CheckJson:
    """Whether a caller with these principals holds a permission. Raises Invalid for a name that is none."""
    if not is_permission(permission):
        raise Invalid.field("permission", "unknown", "is no permission")
    if SUPERUSER in principals:
        return _answer(True, "The superuser flag allows everything.")
    if permission_principal(permission) in principals:
        return _answer(True, f"A role gives {permission}.")
    if permission.startswith("label:") and permission_principal("label:*") in principals:
        return _answer(True, "A role gives label:*.")
    return _no(principals, f"No role gives {permission}.")


def check_verb(request: Request, principals: frozenset[str], verb: str, path: str) -> CheckJson:
    """What the access lists of the resource at `path` (below the API's prefix) say.

    Raises Invalid for a verb or a path that there is not; NotFound for an owned thing that is not there for the
    caller, whether it exists or not.
    """
    if verb not in set(Verb):
        raise Invalid.field("permission", "unknown", f"with a path, must be one of: {', '.join(Verb)}")
    resource = _find(request, path)
    if resource.hidden_unless_viewable and request.identity and not request.has_permission(Verb.VIEW, resource):
        raise NotFound
    result = _acl.permits(resource, principals, verb)
    if not hasattr(result, "ace") or isinstance(result.ace, str):
        return _no(principals, f"No entry of an access list allows {verb} here.")
    action, principal, _verbs = result.ace
    place = "/".join(_names(result.context)) or "/"
    return _answer(bool(result), f"{place}: {action} {principal}.")


def _find(request: Request, path: str) -> Resource:
    """The resource at `path`, or the one that a named view at `path` belongs to."""
    resource: Resource = request.root["api"]["v1"]
    segments = [*filter(None, path.split("/"))]
    with suppress(KeyError):
        while segments:
            resource = resource[segments[0]]
            del segments[0]
    view = (IViewClassifier, IRequest, providedBy(resource)), IView, "/".join(segments)
    if request.registry.adapters.lookup(*view) is None:
        raise Invalid.field("path", "unknown", "leads nowhere")
    return resource


def _names(resource: Any) -> list[str]:
    names: list[str] = []
    while resource is not None:
        names.insert(0, resource.__name__)
        resource = resource.__parent__
    return names


def _no(principals: frozenset[str], reason: str) -> CheckJson:
    return _answer(False, "The account is disabled." if principals == DISABLED else reason)


def _answer(allowed: bool, reason: str) -> CheckJson:
    return {"allowed": allowed, "reason": reason}
