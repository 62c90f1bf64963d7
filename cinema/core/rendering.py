"""Objects into answers, with orjson.

The type of an answer says what is in it, for the documentation to read: `-> Created[MovieJson]` is a 201 with a film.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

import orjson
from msgspec import Meta
from pyramid.response import Response
from pyramid.viewderivers import VIEW

JSON = "application/json"
_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC


T = TypeVar("T")

Moment = Annotated[datetime, Meta(tz=True)]
"""A time in an answer: always in UTC."""


class Json(Response, Generic[T]):
    """200 with JSON."""


class Created(Response, Generic[T]):
    """201 with JSON."""


class NoContent(Response):
    """204."""


def dumps(value: Any) -> bytes:
    """JSON of `value`; times in UTC with a `Z`."""
    return orjson.dumps(value, option=_OPTIONS)


def json_response(value: Any, status: int = 200, content_type: str = JSON) -> Response:
    """An answer with `value` as its body."""
    response: Response = json_answer(Response, value, status, content_type=content_type)
    return response


def unkept(value: T) -> Json[T]:
    """An answer with a secret in it, for no cache to keep."""
    answer: Json[T] = json_answer(Json, value, 200, [("Cache-Control", "no-store")])
    return answer


def made(value: T) -> Created[T]:
    """201 for what has no address of its own."""
    answer: Created[T] = json_answer(Created, value, 201)
    return answer


def made_unkept(value: T) -> Created[T]:
    """201 with a secret in it, for no cache to keep."""
    answer: Created[T] = json_answer(Created, value, 201, [("Cache-Control", "no-store")])
    return answer


def json_answer(
    kind: Any, value: Any, status: int, headers: Sequence[tuple[str, str]] = (), content_type: str = JSON
) -> Any:
    """An answer of this kind with `value` as its body."""
    body = dumps(value)
    listed = [("Content-Type", content_type), ("Content-Length", str(len(body))), *headers]
    return kind(status=status, headerlist=listed, app_iter=[body])


def address(request: Any, resource: Any) -> str:
    """The absolute URL of a resource, without a final slash."""
    url: str = request.resource_url(resource)
    return url.rstrip("/")


def no_content() -> NoContent:
    """204."""
    return NoContent(status=204, headerlist=[])


def json_view(view: Any, info: Any) -> Any:
    """View deriver: what a view returns that is no response yet becomes JSON with status 200.

    Cheaper than a Pyramid renderer, which builds a response object on the request first.
    """
    if info.options.get("renderer") is not None:
        return view

    def encoded_view(context: Any, request: Any) -> Any:
        result = view(context, request)
        return result if isinstance(result, Response) else json_response(result)

    return encoded_view


def includeme(config: Any) -> None:
    """Registers the deriver next to the view itself."""
    config.add_view_deriver(json_view, "json", under="rendered_view", over=VIEW)
