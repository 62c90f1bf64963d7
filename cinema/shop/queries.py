"""How cassettes are found."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from cinema.core.db.base import Query
from cinema.core.paging import Order, SortKey
from cinema.core.text import contains_pattern
from cinema.shop.models import Cassette, StockClaim

_cassette = Cassette.__table__.c
_BY_ID = SortKey(_cassette.id, "id")
_SORTS = {
    "id": _BY_ID,
    "title": SortKey(_cassette.title_key, "title_key"),
    "released": SortKey(_cassette.released, "released"),
}


def cassettes(now: datetime) -> Query:
    """Everything that is shown of cassettes, with how many are claimed at `now`."""
    claimed = (
        select(func.coalesce(func.sum(StockClaim.quantity), 0))
        .where(StockClaim.cassette_id == Cassette.id, StockClaim.expires_at > now)
        .correlate(Cassette)
        .scalar_subquery()
    )
    return select(Cassette.__table__, claimed.label("claimed"))


def find_cassettes(query: Mapping[str, Any], now: datetime) -> tuple[Query, Order]:
    """The statement and the order that a checked `CassetteQuery` asks for."""
    conditions = _conditions(query)
    return cassettes(now).where(*conditions), Order.of(_SORTS, query.get("sort", "id"), _BY_ID)


def _conditions(query: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    if "title" in query:
        yield Cassette.title_key.like(contains_pattern(query["title"]), escape="\\")
    if "director" in query:
        yield Cassette.director_key.like(contains_pattern(query["director"]), escape="\\")
    if "released" in query:
        yield Cassette.released == query["released"]
    if "released_from" in query:
        yield Cassette.released >= query["released_from"]
    if "released_to" in query:
        yield Cassette.released <= query["released_to"]
    if "quantity" in query:
        yield Cassette.quantity == query["quantity"]
    if "price" in query:
        yield Cassette.currency == query["price"].currency
        yield Cassette.price_minor == query["price"].minor
