"""How halls and screenings look from outside."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypedDict

import orjson
from sqlalchemy import Row

from cinema.catalogue.presenters import ActorJson, NameJson
from cinema.core.db.sql import raw_json
from cinema.core.money import MoneyJson, money_json
from cinema.core.rendering import Moment, dumps
from cinema.schedule.layout import CATEGORIES


class HallJson(TypedDict):
    """A hall. `layout` has a line per row, from the screen back; `rows` × `seats_in_row` is the box round it."""

    id: int
    name: str
    rows: int
    seats_in_row: int
    capacity: int
    layout: str


class ScreenedMovieJson(TypedDict):
    """The film of a screening."""

    id: int
    title: str


class ScreenedHallJson(TypedDict):
    """The hall of a screening."""

    id: int
    name: str


class ShortScreeningJson(TypedDict):
    """A screening, as orders and tickets show it. `ends_at` is when the film is over."""

    id: int
    movie: ScreenedMovieJson
    hall: ScreenedHallJson
    starts_at: Moment
    ends_at: Moment


class ScreeningJson(ShortScreeningJson):
    """A screening. `price` is that of all seats where they cost the same; a category without one is not on sale."""

    price: MoneyJson | None
    prices: dict[str, MoneyJson | None]
    seats_total: int
    seats_left: int


class ExpandableMovieJson(ScreenedMovieJson, total=False):
    """The film of a screening; whole with `expand=movie`."""

    description: str | None
    trailer: str | None
    year: int | None
    rating: float | None
    duration: int | None
    poster: str | None
    age_rating: str | None
    label: str | None
    genres: list[NameJson]
    directors: list[NameJson]
    actors: list[ActorJson]


class ExpandableHallJson(ScreenedHallJson, total=False):
    """The hall of a screening; whole with `expand=hall`."""

    rows: int
    seats_in_row: int
    capacity: int
    layout: str


class ExpandableScreeningJson(TypedDict):
    """A screening. `price` is that of all seats where they cost the same; a category without one is not on sale."""

    id: int
    movie: ExpandableMovieJson
    hall: ExpandableHallJson
    starts_at: Moment
    ends_at: Moment
    price: MoneyJson | None
    prices: dict[str, MoneyJson | None]
    seats_total: int
    seats_left: int


def hall_json(row: Any) -> HallJson:
    """A hall: a row or an object."""
    return {
        "id": row.id,
        "name": row.name,
        "rows": row.rows,
        "seats_in_row": row.seats_in_row,
        "capacity": row.capacity,
        "layout": row.layout,
    }


def prices_json(prices: str) -> dict[str, MoneyJson | None]:
    """`{category: money}`, from the JSON text of `queries.PRICES`."""
    return {price["category"]: money_json(price["amount_minor"], price["currency"]) for price in orjson.loads(prices)}


def ends_at(starts_at: datetime, duration: int | None) -> datetime:
    """When the film is over, cleaning not included."""
    return starts_at + timedelta(minutes=duration or 0)


def screening_json(row: Row[Any]) -> ScreeningJson:
    """A screening, from a row of `queries.SCREENINGS`."""
    price, prices = _prices(row.prices)
    return {
        **short_screening_json(row),
        "price": price,
        "prices": prices,
        "seats_total": row.capacity,
        "seats_left": max(row.capacity - row.seats_taken, 0),
    }


@lru_cache(maxsize=256)
def _prices(text: str) -> tuple[Any, Any]:
    """`price` and `prices` of a screening, as JSON that is ready: most screenings cost what many others cost."""
    prices = prices_json(text)
    one_price = len(prices) == len(CATEGORIES) and len({str(price) for price in prices.values()}) == 1
    return raw_json(dumps(next(iter(prices.values())) if one_price else None)), raw_json(dumps(prices))


def short_screening_json(row: Any) -> ShortScreeningJson:
    """What tickets and orders say of their screening."""
    return {
        "id": row.id,
        "movie": {"id": row.movie_id, "title": row.movie_title},
        "hall": {"id": row.hall_id, "name": row.hall_name},
        "starts_at": row.starts_at,
        "ends_at": ends_at(row.starts_at, row.duration),
    }
