"""Objects into answers, with orjson."""

from typing import Any

import orjson
from pyramid.response import Response
from pyramid.viewderivers import VIEW

JSON = "application/json"
_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC


def dumps(value: Any) -> bytes:
    """JSON of `value`; times in UTC with a `Z`."""
    return orjson.dumps(value, option=_OPTIONS)


def json_response(value: Any, status: int = 200, content_type: str = JSON) -> Response:
    """An answer with `value` as its body."""
    body = dumps(value)
    headers = [("Content-Type", content_type), ("Content-Length", str(len(body)))]
    return Response(status=status, headerlist=headers, app_iter=[body])


def unkept_response(value: Any, status: int = 200) -> Response:
    """An answer with a secret in it, for no cache to keep."""
    response = json_response(value, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def address(request: Any, resource: Any) -> str:
    """The absolute URL of a resource, without a final slash."""
    url: str = request.resource_url(resource)
    return url.rstrip("/")


def created(request: Any, segment: int | str, value: Any) -> Response:
    """201 with `value` and the address of what was made: `segment` below the current resource."""
    response = json_response(value, status=201)
    response.headers["Location"] = f"{address(request, request.context)}/{segment}"
    return response


def no_content() -> Response:
    """204."""
    return Response(status=204, headerlist=[])


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
