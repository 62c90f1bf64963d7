"""Objects and lists with their tags: 304 for a caller who knows the state, 412 for one who wanted another.

The views of an object say how it is shown now (`ObjectViews.current`); that serves GET, the answers to changes, and
`If-Match`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from pyramid.response import Response

from cinema.core import tags
from cinema.core.db import rows
from cinema.core.db.base import Base, Reader
from cinema.core.dialect import NATIVE, Dialect
from cinema.core.errors import PreconditionFailed
from cinema.core.rendering import Created, Json, address, json_answer
from cinema.core.request import SAFE_METHODS, Request

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shown(Generic[T]):
    """What is shown: `state` decides what it looks like, `present` says how.

    `moving` is what the looks depend on besides, and what changes without anybody changing the object.
    """

    state: Any
    present: Callable[[], T]
    moving: Any = None

    @property
    def tag(self) -> str:
        """The entity tag."""
        return tags.tag(self.state, self.moving)


def show(request: Request, shown: Shown[T]) -> Json[T]:
    """200 with the object or list, or 304 without even making it."""
    entity_tag = shown.tag
    known = request.environ.get("HTTP_IF_NONE_MATCH")
    makes_it_anyway = request.reading is not None or request.method not in SAFE_METHODS
    if known is not None and not makes_it_anyway and tags.is_known(known, entity_tag):
        unchanged: Json[T] = not_modified(entity_tag)
        return unchanged
    answer: Json[T] = json_answer(Json, shown.present(), 200, [("ETag", entity_tag)])
    return answer


def show_created(request: Request, segment: int | str, shown: Shown[T]) -> Created[T]:
    """201 with what was made and its address: `segment` below the current resource."""
    return show_created_at(f"{address(request, request.context)}/{segment}", shown)


def show_created_at(location: str, shown: Shown[T]) -> Created[T]:
    """201 with what was made and its address."""
    headers = [("Location", location), ("ETag", shown.tag)]
    answer: Created[T] = json_answer(Created, shown.present(), 201, headers)
    return answer


def not_modified(entity_tag: str) -> Any:
    """304: the caller knows this state."""
    return Response(status=304, headerlist=[("ETag", entity_tag)], app_iter=[])


class ObjectViews:
    """The views of one object with an id. Those that change it heed `If-Match`."""

    model: ClassVar[type[Base]]
    """Whose row a change locks."""

    def __init__(self, context: Any, request: Request) -> None:
        self.id: int = context.id
        self.request = request

    def current(self, db: Reader) -> Shown[Any]:
        """How it is shown now. Raises NotFound."""
        raise NotImplementedError

    def lock(self) -> None:
        """Keeps it as it is until the transaction ends. Raises NotFound."""
        rows.locked(self.request.db, self.model, self.id)

    def require(self, if_match: str) -> None:
        """Raises PreconditionFailed, with the object as it is now, unless its state is one that the caller names."""
        self.lock()
        shown = self.current(self.request.db)
        if not tags.is_unchanged(if_match, shown.tag):
            raise PreconditionFailed(
                "It is not as you knew it any more. Look at it as it is now, and change that.",
                headers={"ETag": shown.tag},
                current=shown.present(),
            )


def heeds_if_match(method: Any, dialect: Dialect) -> bool:
    """Whether something is changed that may have a tag. Older clients know no tags."""
    return method in ("PUT", "PATCH", "DELETE") and dialect is NATIVE


def precondition_view(view: Any, info: Any) -> Any:
    """View deriver: `If-Match` on what changes something. Inside validation, which goes first (RFC 9110, 13.2.1)."""
    views = info.original_view
    has_tag = isinstance(views, type) and issubclass(views, ObjectViews)
    if info.exception_only or not heeds_if_match(info.options.get("request_method"), NATIVE):
        return view

    def matched_view(context: Any, request: Request) -> Any:
        if_match = request.environ.get("HTTP_IF_MATCH")
        if if_match is not None and request.dialect is NATIVE:
            if has_tag:
                views(context, request).require(if_match)
            elif if_match.strip() != tags.ANY:
                raise PreconditionFailed("What you change here has no tag of its own. Leave out If-Match.")
        return view(context, request)

    return matched_view


def includeme(config: Any) -> None:
    """Registers the deriver."""
    config.add_view_deriver(precondition_view, "precondition", under=("body", "query"), over="rendered_view")
