"""What comes in, checked before a view sees it: the `schema=` and `query=` options of every view.

`schema` reads the body into `request.validated`, `query` the query string into `request.query`. A view that
names no `query` takes no parameters. `query=None` leaves the query string to the view.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import colander

from cinema.core import strict_json
from cinema.core.cache import BoundedCache
from cinema.core.errors import FieldError, Invalid, TooLarge, UnsupportedMediaType
from cinema.core.query_string import parse_query
from cinema.core.request import Request
from cinema.core.schemas import Body, Parameters, deserialize, readable

MAX_BODY = 1 << 20
_QUERIES_KEPT = 1000
_LONGEST_QUERY_KEPT = 1000  # what a caller makes long is not kept in memory


class NoParameters(Parameters):
    """A query string that has to be empty."""


LookUp = Callable[[Request, Mapping[str, Any]], Iterable[FieldError]]
"""What the database has against values that are good by themselves."""


def body_view(view: Any, info: Any) -> Any:
    """View deriver for `schema=`: a colander schema, instance or class; and `looks_up=`, a `LookUp`.

    A service says what the database has against a body, but never hears of one that is bad already. Where callers are
    promised all bad fields at once, `looks_up` is asked about the others.
    """
    option = info.options.get("schema")
    if option is None:
        return view
    schema = _bound(option, info)
    looks_up = info.options.get("looks_up")

    def checked_view(context: Any, request: Request) -> Any:
        request.validated = checked(request, schema, looks_up)
        return view(context, request)

    return checked_view


def query_view(view: Any, info: Any) -> Any:
    """View deriver for `query=`. What a query string means never changes, so it is remembered."""
    option = info.options.get("query", NoParameters)
    if option is None or info.exception_only:
        return view
    schema = _bound(option, info)
    parse = getattr(schema, "parse", parse_query)
    known: BoundedCache[str, dict[str, Any]] = BoundedCache(_QUERIES_KEPT)

    def checked_view(context: Any, request: Request) -> Any:
        text = request.environ.get("QUERY_STRING", "")
        query = known.get(text)
        if query is None:
            query = deserialize(schema, parse(text))
            if len(text) <= _LONGEST_QUERY_KEPT:
                known.put(text, query)
        request.query = query
        return view(context, request)

    return checked_view


body_view.options = ("schema", "looks_up")  # type: ignore[attr-defined]  # how Pyramid learns a deriver's options
query_view.options = ("query",)  # type: ignore[attr-defined]


def checked(request: Request, schema: colander.SchemaNode, looks_up: LookUp | None = None) -> dict[str, Any]:
    """What `schema` makes of the body. Raises Invalid, and what `read_body` raises."""
    body = read_body(request)
    try:
        return deserialize(schema, body)
    except Invalid as invalid:
        if looks_up is None:
            raise
        raise Invalid([*invalid.errors, *looks_up(request, readable(schema, body))]) from None


def read_body(request: Request) -> dict[str, Any]:
    """The JSON object in the body; a body of no bytes reads as `{}`, so that each required field is named.

    Raises TooLarge, UnsupportedMediaType, BadRequest.
    """
    if (request.content_length or 0) > MAX_BODY:
        raise TooLarge(f"The body is larger than {MAX_BODY} bytes.")
    body = request.body
    if not body:
        return {}
    if len(body) > MAX_BODY:
        raise TooLarge(f"The body is larger than {MAX_BODY} bytes.")
    if request.content_type.lower() != "application/json" or (request.charset or "utf-8").lower() not in (
        "utf-8",
        "utf8",
    ):
        raise UnsupportedMediaType("Send the body as application/json in UTF-8.")
    return strict_json.parse(body)


def _bound(option: Any, info: Any) -> colander.SchemaNode:
    schema = option() if isinstance(option, type) and issubclass(option, Body) else option
    return schema.bind(currency=info.registry.currency)


def includeme(config: Any) -> None:
    """Registers both derivers."""
    config.add_view_deriver(body_view, "body")
    config.add_view_deriver(query_view, "query")
