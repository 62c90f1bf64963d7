"""Lists as data: what a row holds, what there is to filter and sort by.

The statements of a `Listing` are built once for each combination of filters and sort, and kept.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, tuple_

from cinema.core.cache import BoundedCache
from cinema.core.db.base import Query
from cinema.core.db.prepared import Prepared
from cinema.core.text import LIKE_ESCAPE, contains_pattern

_SHAPES_KEPT = 200

Values = Mapping[str, Any]


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
    slice: Prepared
    """By `limit` and `offset`, with how many there are altogether as `total_count`: for older clients."""
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
        total = func.count().over().label("total_count")
        sliced = paged.add_columns(total).limit(bindparam("limit")).offset(bindparam("offset"))
        if follows:
            paged = paged.where(_after(order))
        limit = paged.limit(bindparam("limit"))
        return cls(Prepared(limit), Prepared(sliced), Prepared(counted), tuple(key for key, _down in order))


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
