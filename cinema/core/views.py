"""Rules that hold for every view: a permission each, no stray path behind it, and 405 where a method is missing."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from pyramid.exceptions import ConfigurationError
from pyramid.viewderivers import INGRESS

from cinema.core.errors import MethodNotAllowed, NotFound
from cinema.core.request import METHODS, Request, traversed_path


def guarded_view(view: Any, info: Any) -> Any:
    """View deriver, outermost: refuses a view without a permission at start, and a path that goes on at run time."""
    if info.exception_only:
        return view
    if info.options.get("permission") is None:
        raise ConfigurationError(f"{info.original_view} has no permission; NO_PERMISSION_REQUIRED is one")

    def exact_view(context: Any, request: Request) -> Any:
        path = traversed_path(request)
        slash = context.node.slash
        if request.subpath or "/@@" in path:  # `@@name` is traversal's other way to a view
            raise NotFound
        if slash is not None and slash != path.endswith("/"):
            raise NotFound
        return view(context, request)

    return exact_view


def add_fallback_views(config: Any) -> None:
    """Directive: what no view of a resource answers is a 405, for every resource and named view there is.

    The fallback carries the resource's `fallback_permission`, or that of the GET (or of any other method), so a
    stranger hears 401 and a caller who may not even look 403, before any 405.
    """
    config.commit()
    methods: dict[tuple[Any, str], dict[str, Any]] = defaultdict(dict)
    for category in config.introspector.get_category("views"):
        view = category["introspectable"]
        related = {each.category_name: each for each in category["related"]}
        for method in _methods(view["request_methods"]):
            methods[view["context"], view["name"]][method] = related["permissions"]["value"]
    config.registry.allowed_methods = {
        context: in_order(permissions) for (context, name), permissions in methods.items() if not name
    }
    for (context, name), permissions in methods.items():
        permission = context.fallback_permission or permissions.get("GET") or next(iter(permissions.values()))
        config.add_view(_refusal(permissions), context=context, name=name, permission=permission, query=None)


guarded_view.options = ("refuses", "answers", "reads")  # type: ignore[attr-defined]
# for the documentation: codes of problems, content types of answers that are no JSON, what a view reads of the body
# by itself


def in_order(methods: Iterable[str]) -> list[str]:
    """Methods as an `Allow` header lists them."""
    return sorted(methods, key=METHODS.index)


def _methods(declared: Any) -> tuple[str, ...]:
    if declared is None:
        return ()
    methods = (declared,) if isinstance(declared, str) else tuple(declared)
    return (*methods, "HEAD") if "GET" in methods else methods


def _refusal(permissions: Iterable[str]) -> Any:
    allowed = in_order(permissions)

    def refuse_method(_context: Any, request: Request) -> Any:
        raise MethodNotAllowed(request.method, allowed)

    return refuse_method


def includeme(config: Any) -> None:
    """Registers the deriver and the directive."""
    config.add_view_deriver(guarded_view, "guarded", under=INGRESS, over="secured_view")
    config.add_directive("add_fallback_views", add_fallback_views)
