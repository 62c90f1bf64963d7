"""Lists, a page at a time, by keyset: nothing is seen twice or missed while rows are inserted.

A `Listing` says once what a list holds, what it can be filtered by and sorted by. Its statements are built once for
each combination of filters and sort, and kept.

A cursor holds the sort key of the last row shown and is signed, so that it can only come from this server. It
belongs to one resource and one `sort`; the other parameters stay in `next` as they were.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import colander
import orjson
from sqlalchemy import ColumnElement, Row, and_, bindparam, func, or_, select, tuple_

from cinema.core.cache import BoundedCache
from cinema.core.db.base import Query
from cinema.core.db.prepared import Prepared
from cinema.core.errors import Invalid
from cinema.core.query_string import parse_query
from cinema.core.request import Request
from cinema.core.schemas import Parameters, Text, flag, numeral, refuse
from cinema.core.text import LIKE_ESCAPE, contains_pattern

MAX_LIMIT = 100
DEFAULT_LIMIT = 20
_SIGNATURE_BYTES = 12
_SHAPES_KEPT = 200

Values = Mapping[str, Any]


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

    return colander.SchemaNode(Text(), validator=validate, missing=colander.drop)


@dataclass(frozen=True)
class SortKey:
    """A column to sort by. Where it can be null, `column` is a coalesce, so that every row has a place.

    `label` is the name under which the statement selects it.
    """

    column: ColumnElement[Any]
    label: str


@dataclass(frozen=True)
class Filter:
    """A condition with parameters, and how the parameters follow from what the caller gave."""

    condition: ColumnElement[bool]
    parameters: Callable[[Any], Values]


def equals(name: str, column: Any) -> Filter:
    """`column` is what the caller gave."""
    return Filter(column == bindparam(name), lambda value: {name: value})


def contains(name: str, column: Any) -> Filter:
    """The folded text in `column` contains what the caller gave, in any case."""
    condition = column.like(bindparam(name), escape=LIKE_ESCAPE)
    return Filter(condition, lambda value: {name: contains_pattern(value)})


@dataclass(frozen=True)
class Listing:
    """A list: what a row holds, what filters there are, what it can be sorted by.

    `tie` is unique and goes the way of the first sort key. The statement may use the parameter `now`.
    """

    statement: Query
    sorts: Mapping[str, SortKey]
    tie: SortKey
    sort: str
    filters: Mapping[str, Filter] = field(default_factory=dict)
    _shapes: BoundedCache[Any, "Shape"] = field(default_factory=lambda: BoundedCache(_SHAPES_KEPT))

    def shape(self, filters: tuple[str, ...], sort: str, follows: bool) -> "Shape":
        """The statements for these filters and this sort; `follows` a cursor or is the first page."""
        key = filters, sort, follows
        shape = self._shapes.get(key)
        if shape is None:
            shape = Shape.build(self, filters, sort, follows)
            self._shapes.put(key, shape)
        return shape


@dataclass(frozen=True)
class Shape:
    """The statements of a list for one combination of filters and sort."""

    page: Prepared
    count: Prepared
    keys: tuple[SortKey, ...]

    @classmethod
    def build(cls, listing: Listing, filters: tuple[str, ...], sort: str, follows: bool) -> "Shape":
        """Builds them."""
        parsed = [(listing.sorts[word.removeprefix("-")], word.startswith("-")) for word in sort.split(",")]
        order = [*parsed, (listing.tie, parsed[0][1])]
        found = listing.statement.where(*(listing.filters[name].condition for name in filters))
        counted = select(func.count().label("total")).select_from(found.order_by(None).subquery())
        paged = found.order_by(*(key.column.desc() if down else key.column.asc() for key, down in order))
        if follows:
            paged = paged.where(_after(order))
        limit = paged.limit(bindparam("limit"))
        return cls(Prepared(limit), Prepared(counted), tuple(key for key, _down in order))


def _after(order: Sequence[tuple[SortKey, bool]]) -> ColumnElement[bool]:
    """Rows behind the one whose key values are the parameters after_0, after_1, …"""
    columns = [key.column for key, _down in order]
    bound = [bindparam(f"after_{place}", type_=column.type) for place, column in enumerate(columns)]
    directions = {down for _key, down in order}
    if len(directions) == 1:  # one row comparison, which an index can answer
        here, there = tuple_(*columns), tuple_(*bound)
        return here < there if directions == {True} else here > there
    steps = []
    for place, (key, down) in enumerate(order):
        equal = [columns[before] == bound[before] for before in range(place)]
        steps.append(and_(*equal, key.column < bound[place] if down else key.column > bound[place]))
    return or_(*steps)


def page(
    request: Request,
    listing: Listing,
    present: Callable[[Row[Any]], Mapping[str, Any]],
    also: Values | None = None,
) -> dict[str, Any]:
    """One page, presented: `{"items": […], "next": url or null}`, and `total` where asked for.

    Filters and `sort` come from `request.query`, and from `also` for those that no caller may choose.
    Two statements at most: the page, and the count.
    """
    query = {**request.query, **(also or {})}
    filters = tuple(name for name in listing.filters if name in query)
    sort, cursor = query.get("sort", listing.sort), query.get("cursor")
    shape = listing.shape(filters, sort, cursor is not None)
    scope = f"{request.path_info.rstrip('/')}?{sort}".encode()
    limit = query.get("limit", DEFAULT_LIMIT)
    parameters: dict[str, Any] = {"now": request.now, "limit": limit + 1}
    for name in filters:
        parameters.update(listing.filters[name].parameters(query[name]))
    if cursor is not None:
        values = _read_cursor(request.registry.cursor_key, scope, cursor, shape.keys)
        parameters.update({f"after_{place}": value for place, value in enumerate(values)})
    rows = shape.page.run(request.reader, **parameters).all()
    following = None
    if len(rows) > limit:
        following = _cursor(request.registry.cursor_key, scope, rows[limit - 1], shape.keys)
    answer: dict[str, Any] = {"items": [present(row) for row in rows[:limit]], "next": _address(request, following)}
    if query.get("count"):
        answer["total"] = shape.count.run(request.reader, **parameters).scalar_one()
    return answer


# -- cursors -------------------------------------------------------------------------------------------------


def _signature(key: bytes, scope: bytes, payload: bytes) -> bytes:
    return hmac.digest(key, scope + b"\0" + payload, hashlib.sha256)[:_SIGNATURE_BYTES]


def _cursor(key: bytes, scope: bytes, row: Row[Any], sort_keys: Sequence[SortKey]) -> str:
    payload = orjson.dumps([getattr(row, each.label) for each in sort_keys])
    return base64.urlsafe_b64encode(_signature(key, scope, payload) + payload).decode().rstrip("=")


def _read_cursor(key: bytes, scope: bytes, cursor: str, sort_keys: Sequence[SortKey]) -> list[Any]:
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except ValueError:
        raw = b""
    signature, payload = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _signature(key, scope, payload)):
        raise Invalid.field("cursor", "bad-cursor", "is not one that this list gave out; start again without it")
    return [_value(sort_key, value) for sort_key, value in zip(sort_keys, orjson.loads(payload), strict=True)]


def _value(sort_key: SortKey, value: Any) -> Any:
    kind = sort_key.column.type.python_type
    return kind.fromisoformat(value) if kind in (date, datetime) else value


def _address(request: Request, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    parameters = parse_query(request.environ.get("QUERY_STRING", "")) | {"cursor": cursor}
    return f"{request.path_url}?{urlencode(parameters)}"
