"""Lists, a page at a time, by keyset: nothing is seen twice or missed while rows are inserted.

A cursor holds the sort key of the last row shown and is signed, so that it can only come from this server. It
belongs to one resource and one `sort`; the other parameters stay in `next` as they were.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import colander
import orjson
from sqlalchemy import ColumnElement, Row, and_, func, literal, or_, select, tuple_

from cinema.core.db.base import Query
from cinema.core.errors import Invalid
from cinema.core.request import Request
from cinema.core.schemas import Parameters, Text, flag, numeral, refuse

MAX_LIMIT = 100
DEFAULT_LIMIT = 20
_SIGNATURE_BYTES = 12


class PageQuery(Parameters):
    """The parameters of every list."""

    limit = numeral(1, MAX_LIMIT)
    cursor = colander.SchemaNode(Text(), missing=colander.drop)
    count = flag()


@dataclass(frozen=True)
class SortKey:
    """A column to sort by. Where it can be null, `column` is a coalesce, so that every row has a place.

    `label` is the name under which the statement selects it.
    """

    column: ColumnElement[Any]
    label: str


Sorts = Mapping[str, SortKey]
"""What a list can be sorted by: the caller's word → the column."""


def sort_field(sorts: Sequence[str]) -> colander.SchemaNode:
    """The `sort` parameter: words from `sorts`, by comma, `-` before a word for descending."""

    def validate(node: colander.SchemaNode, value: str) -> None:
        words = [word.removeprefix("-") for word in value.split(",")]
        if not set(words) <= set(sorts) or len(set(words)) < len(words):
            raise refuse(node, "not-a-choice", f"must be some of: {', '.join(sorts)}; «-» before one reverses it")

    return colander.SchemaNode(Text(), validator=validate, missing=colander.drop)


@dataclass(frozen=True)
class Order:
    """How one list is sorted: keys with their direction, the unique one last."""

    keys: tuple[tuple[SortKey, bool], ...]
    text: str

    @classmethod
    def of(cls, sorts: Sorts, text: str, tie: SortKey) -> "Order":
        """`text` is a checked `sort` parameter; `tie` is unique and goes the way of the first key."""
        parsed = [(sorts[word.removeprefix("-")], word.startswith("-")) for word in text.split(",")]
        return cls((*parsed, (tie, parsed[0][1])), text)

    def clauses(self) -> list[ColumnElement[Any]]:
        """For ORDER BY."""
        return [key.column.desc() if descending else key.column.asc() for key, descending in self.keys]

    def after(self, values: Sequence[Any]) -> ColumnElement[bool]:
        """Rows behind the one with these key values."""
        directions = {descending for _key, descending in self.keys}
        columns = [key.column for key, _descending in self.keys]
        bound = [literal(value, column.type) for value, column in zip(values, columns, strict=True)]
        if len(directions) == 1:  # one row comparison, which an index can answer
            here, there = tuple_(*columns), tuple_(*bound)
            return here < there if directions == {True} else here > there
        steps = []
        for position, (key, descending) in enumerate(self.keys):
            equal = [columns[before] == bound[before] for before in range(position)]
            beyond = key.column < bound[position] if descending else key.column > bound[position]
            steps.append(and_(*equal, beyond))
        return or_(*steps)

    def values(self, row: Row[Any]) -> list[Any]:
        """The key values of a row."""
        return [getattr(row, key.label) for key, _descending in self.keys]


def page(
    request: Request,
    statement: Query,
    order: Order,
    present: Callable[[Row[Any]], Mapping[str, Any]],
) -> dict[str, Any]:
    """One page of `statement`, presented: `{"items": […], "next": url or null}`, and `total` where asked for.

    `statement` selects the sort keys by their labels. Two statements at most: the page, and the count.
    """
    query = request.query
    limit = query.get("limit", DEFAULT_LIMIT)
    paged = statement.order_by(*order.clauses()).limit(limit + 1)
    cursor = query.get("cursor")
    if cursor is not None:
        paged = paged.where(order.after(_read_cursor(request, order, cursor)))
    rows = request.reader.execute(paged).all()
    shown = rows[:limit]
    more = _cursor(request, order, shown[-1]) if len(rows) > limit else None
    answer: dict[str, Any] = {"items": [present(row) for row in shown], "next": _address(request, more)}
    if query.get("count"):
        counted = select(func.count()).select_from(statement.order_by(None).subquery())
        answer["total"] = request.reader.execute(counted).scalar_one()
    return answer


def _scope(request: Request, order: Order) -> bytes:
    return f"{request.path_info.rstrip('/')}?{order.text}".encode()


def _signature(request: Request, order: Order, payload: bytes) -> bytes:
    key: bytes = request.registry.cursor_key
    return hmac.digest(key, _scope(request, order) + b"\0" + payload, hashlib.sha256)[:_SIGNATURE_BYTES]


def _cursor(request: Request, order: Order, row: Row[Any]) -> str:
    payload = orjson.dumps(order.values(row))
    return base64.urlsafe_b64encode(_signature(request, order, payload) + payload).decode().rstrip("=")


def _read_cursor(request: Request, order: Order, cursor: str) -> list[Any]:
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except ValueError:
        raw = b""
    signature, payload = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _signature(request, order, payload)):
        raise Invalid.field("cursor", "bad-cursor", "is not one that this list gave out; start again without it")
    values: list[Any] = orjson.loads(payload)
    moments = [key.column.type.python_type is datetime for key, _descending in order.keys]
    return [datetime.fromisoformat(value) if moment else value for value, moment in zip(values, moments, strict=True)]


def _address(request: Request, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    from cinema.core.validation import parse_query

    parameters = parse_query(request.environ.get("QUERY_STRING", "")) | {"cursor": cursor}
    return f"{request.path_url}?{urlencode(parameters)}"
