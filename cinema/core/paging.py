"""Lists, a page at a time, by keyset: nothing is seen twice or missed while rows are inserted.

A cursor holds the sort key of the last row shown and is signed, so that it can only come from this server. It
belongs to one resource and one `sort`; the other parameters stay in `next` as they were.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, NotRequired, TypedDict, TypeVar
from urllib.parse import urlencode

import colander
import orjson
from sqlalchemy import Row

from cinema.core.errors import Invalid
from cinema.core.listing import Listing, SortKey, Values
from cinema.core.query_string import parse_query
from cinema.core.rendering import Json
from cinema.core.request import Request
from cinema.core.schemas import Parameters, Text, flag, numeral, refuse
from cinema.core.showing import Shown, show

T = TypeVar("T")

MAX_LIMIT = 100
DEFAULT_LIMIT = 20
_SIGNATURE_BYTES = 12
_NO_LIMIT = 2**62


class PageQuery(Parameters):
    """The parameters of every list."""

    limit = numeral(1, MAX_LIMIT)
    cursor = colander.SchemaNode(Text(), missing=colander.drop)
    count = flag()


def sort_field(words: Sequence[str]) -> colander.SchemaNode:
    """The `sort` parameter: some of `words`, by comma, `-` before a word for descending."""

    def validate(node: colander.SchemaNode, value: str) -> None:
        asked = [word.removeprefix("-") for word in value.split(",")]
        if not set(asked) <= set(words) or len(set(asked)) < len(asked):
            raise refuse(node, "not-a-choice", f"must be some of: {', '.join(words)}; «-» before one reverses it")

    word = f"-?({'|'.join(words)})"
    says = {"pattern": f"^{word}(,{word})*$"}
    return colander.SchemaNode(Text(), validator=validate, missing=colander.drop, also_says=says)


class Page(TypedDict, Generic[T]):
    """Some of a list; `next` is the address of what follows. `total` is there with `count=true`."""

    items: list[T]
    next: str | None
    total: NotRequired[int]


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of a page, the address of the next one, and how many there are altogether where that was asked for."""

    rows: Sequence[Any]
    next: str | None
    total: int | None

    @property
    def state(self) -> tuple[Any, ...]:
        """What the page looks like follows from this."""
        return self.rows, self.next, self.total

    def page(self, items: list[T]) -> Page[T]:
        """The page with these items."""
        answer: Page[T] = {"items": items, "next": self.next}
        if self.total is not None:
            answer["total"] = self.total
        return answer


def page(
    request: Request,
    listing: Listing,
    present: Callable[[Row[Any]], T],
    also: Values | None = None,
    besides: Callable[[Row[Any]], Any] | None = None,
) -> Json[Page[T]]:
    """One page, shown: `{"items": […], "next": url or null}`, and `total` where asked for.

    `besides` is what an item shows that its row does not say.
    """
    found = find_page(request, listing, also)
    state = found.state if besides is None else (found.state, [besides(row) for row in found.rows])
    return show(request, Shown(state, lambda: found.page([present(row) for row in found.rows])))


def find_page(request: Request, listing: Listing, also: Values | None = None) -> Found:
    """One page of rows.

    Filters and `sort` come from `request.query`, and from `also` for those that no caller may choose.
    Two statements at most: the page, and the count.
    """
    query = {**request.query, **(also or {})}
    filters, parameters = _filtered(request, listing, query)
    sort, cursor = query.get("sort", listing.sort), query.get("cursor")
    shape = listing.shape(filters, sort, cursor is not None)
    scope = f"{request.path_info.rstrip('/')}?{sort}".encode()
    limit = query.get("limit", DEFAULT_LIMIT)
    parameters["limit"] = limit + 1
    if cursor is not None:
        values = _read_cursor(request.registry.cursor_key, scope, cursor, shape.keys)
        parameters.update({f"after_{place}": value for place, value in enumerate(values)})
    rows = shape.page.run(request.reader, **parameters).all()
    following = None
    if len(rows) > limit:
        following = _cursor(request.registry.cursor_key, scope, rows[limit - 1], shape.keys)
    total = shape.count.run(request.reader, **parameters).scalar_one() if query.get("count") else None
    return Found(rows[:limit], _address(request, following), total)


def rows_of(
    request: Request, listing: Listing, query: Values, *, limit: int = _NO_LIMIT, offset: int = 0
) -> Sequence[Row[Any]]:
    """`limit` rows of a list from `offset` on, in one statement; every row has `total_count`, of all there are.

    For wire formats that count their pages, or have none. `query` holds filters and may hold `sort`.
    """
    filters, parameters = _filtered(request, listing, query)
    shape = listing.shape(filters, query.get("sort", listing.sort), follows=False)
    parameters |= {"limit": limit, "offset": min(offset, _NO_LIMIT)}
    return shape.slice.run(request.reader, **parameters).all()


def _filtered(request: Request, listing: Listing, query: Values) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Which filters of a list are asked for, and the parameters of its statement for them."""
    filters = tuple(name for name in listing.filters if name in query)
    parameters: dict[str, Any] = {"now": request.now}
    for name in filters:
        parameters.update(listing.filters[name].parameters(query[name]))
    return filters, parameters


def page_of(request: Request, items: Sequence[Any], present: Callable[[Any], T]) -> Json[Page[T]]:
    """One page of what is not in the database and hardly ever changes; its cursor is a place."""
    limit, cursor = request.query.get("limit", DEFAULT_LIMIT), request.query.get("cursor")
    scope = f"{request.path_info.rstrip('/')}?".encode()
    key = request.registry.cursor_key
    start = 0 if cursor is None else int(_payload(key, scope, cursor)[0])
    more = _encoded(key, scope, [start + limit]) if start + limit < len(items) else None
    total = len(items) if request.query.get("count") else None
    found = Found(items[start : start + limit], _address(request, more), total)
    return show(request, Shown(found.state, lambda: found.page([present(each) for each in found.rows])))


# -- cursors -------------------------------------------------------------------------------------------------


def _signature(key: bytes, scope: bytes, payload: bytes) -> bytes:
    return hmac.digest(key, scope + b"\0" + payload, hashlib.sha256)[:_SIGNATURE_BYTES]


def _cursor(key: bytes, scope: bytes, row: Row[Any], sort_keys: Sequence[SortKey]) -> str:
    return _encoded(key, scope, [getattr(row, each.label) for each in sort_keys])


def _encoded(key: bytes, scope: bytes, values: list[Any]) -> str:
    payload = orjson.dumps(values)
    return base64.urlsafe_b64encode(_signature(key, scope, payload) + payload).decode().rstrip("=")


def _read_cursor(key: bytes, scope: bytes, cursor: str, sort_keys: Sequence[SortKey]) -> list[Any]:
    values = _payload(key, scope, cursor)
    return [_value(sort_key, value) for sort_key, value in zip(sort_keys, values, strict=True)]


def _payload(key: bytes, scope: bytes, cursor: str) -> list[Any]:
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except ValueError:
        raw = b""
    signature, payload = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _signature(key, scope, payload)):
        raise Invalid.field("cursor", "bad-cursor", "is not one that this list gave out; start again without it")
    values: list[Any] = orjson.loads(payload)
    return values


def _value(sort_key: SortKey, value: Any) -> Any:
    kind = sort_key.column.type.python_type
    return kind.fromisoformat(value) if kind in (date, datetime) else value


def _address(request: Request, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    parameters = parse_query(request.environ.get("QUERY_STRING", "")) | {"cursor": cursor}
    return f"{request.path_url}?{urlencode(parameters)}"
