"""What a request was about, in words that are few and tell nothing of the caller."""

from collections.abc import Iterator
from typing import Any

from pyramid.response import Response

from cinema.core.dialect import NATIVE
from cinema.core.request import METHODS, Request
from cinema.core.resources import Resource

OTHER_METHOD = "other"
NOWHERE = "none"
HIDDEN = "…"
_LONGEST_ID = 18


class Places:
    """Names for whatever has a view; all else is `none`. Reads the views from Pyramid's introspector."""

    def __init__(self, introspector: Any) -> None:
        views = [each["introspectable"] for each in introspector.get_category("views", ())]
        self._views = {(view["context"], view["name"]) for view in views}
        self._names: dict[tuple[type, str], str] = {}

    def name(self, request: Request) -> str:
        """`Movies`, `Screening/seats`, `academy.Orders`: dialect, class of the resource, name of the view."""
        found = request.__dict__
        context = found.get("context")  # none when the path could not even be read
        if context is None or found["subpath"]:
            return NOWHERE
        key = (type(context), found["view_name"])
        return self._names.get(key) or self._new_name(key, context)

    def _new_name(self, key: tuple[type, str], context: Resource) -> str:
        kind, view = key
        if not any((each, view) in self._views for each in kind.__mro__):
            return NOWHERE
        dialect = context.node.dialect or NATIVE
        name = kind.__name__ if dialect is NATIVE else f"{dialect.name}.{kind.__name__}"
        self._names[key] = name = f"{name}/{view}" if view else name
        return name


def shown_path(request: Request, name: str) -> str:
    """The path as far as it leads somewhere, ids included; what a caller made up is `…`.

    It could hold anything: an address, a token, a line break.
    """
    found = request.__dict__
    context = found.get("context")
    if context is None:
        return f"/{HIDDEN}"
    segments = [*_segments(context)][::-1]
    view = found["view_name"]
    if view:
        segments.append(HIDDEN if name == NOWHERE else view)
    ending = "/" if segments and name != NOWHERE and request.environ["PATH_INFO"].endswith("/") else ""
    return f"/{'/'.join(segments)}{ending}"


def _segments(resource: Resource) -> Iterator[str]:
    """From the last one back."""
    while (parent := resource.__parent__) is not None:
        name = resource.__name__
        known = name in parent.node.children or (len(name) <= _LONGEST_ID and name.isascii() and name.isdigit())
        yield name if known else HIDDEN
        resource = parent


def known_method(request: Request) -> str:
    """The method; `other` for what a caller made up."""
    method = request.method
    return method if method in METHODS else OTHER_METHOD


def status_of(response: Response | None) -> int:
    """The status; 500 where there is no answer."""
    return 500 if response is None else response.status_int
