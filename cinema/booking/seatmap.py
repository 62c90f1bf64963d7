"""The seat map of a screening: layout, prices and claims in one statement, and the rows they make.

Most rows of most screenings are free, and a free row looks the same every time: it is built once for a layout and
its prices, and only rows with a claim are built anew.
"""

import hashlib
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, TypedDict

import orjson
from sqlalchemy import Row, bindparam, select

from cinema.catalogue.labels import VISIBLE, Sight
from cinema.catalogue.models import Movie
from cinema.core.db.base import Reader
from cinema.core.db.prepared import Prepared
from cinema.core.db.sql import json_list
from cinema.core.errors import NotFound
from cinema.core.money import MoneyJson
from cinema.schedule import layout
from cinema.schedule.models import SOLD, Hall, Screening, SeatClaim
from cinema.schedule.presenters import prices_json
from cinema.schedule.queries import HOLDS_END, NOW, PRICES, live

_CLAIMS = (
    select(SeatClaim.row_number, SeatClaim.seat_number, SeatClaim.state)
    .where(SeatClaim.screening_id == Screening.id, live(NOW))
    .order_by(SeatClaim.row_number, SeatClaim.seat_number)
)

_SEATS = Prepared(
    select(
        Screening.starts_at,
        Hall.layout,
        PRICES,
        json_list(_CLAIMS, Screening.__table__).label("claims"),
        HOLDS_END,
    )
    .select_from(Screening)
    .join(Movie, Screening.movie_id == Movie.id)
    .join(Hall, Screening.hall_id == Hall.id)
    .where(Screening.id == bindparam("id"), VISIBLE)
)


class SeatJson(TypedDict):
    """A seat, and whether it can be had; what somebody booked without paying counts as held."""

    seat: int
    category: Literal["standard", "premium", "accessible"]
    state: Literal["free", "held", "sold"]
    price: MoneyJson | None


class SeatRowJson(TypedDict):
    """A row of seats."""

    row: int
    name: str
    seats: list[SeatJson]


class SeatMapJson(TypedDict):
    """The seats of a screening, from the screen back. `version` changes when anything in it does."""

    rows: list[SeatRowJson]
    version: str


Taken = dict[int, str]
"""Seat number → state, of one row."""


def seat_map(row: Row[Any]) -> SeatMapJson:
    """`{"rows": […], "version"}` from a row of `seats_of`; the version changes when anything in the map does."""
    return {"rows": _present(row.layout, row.prices, row.claims), "version": version(row)}


def seats_of(db: Reader, screening_id: int, sight: Sight, now: datetime) -> Row[Any]:
    """`starts_at`, `layout`, `prices`, `claims` and `holds_end` of a screening. Raises NotFound.

    Prices and claims are JSON text; what the claims are is true until `holds_end`, if nobody claims anything.
    """
    row = _SEATS.run(db, id=screening_id, now=now, **sight.parameters).one_or_none()
    if row is None:
        raise NotFound
    return row


def version(row: Row[Any]) -> str:
    """What changes when anything in the map does that a row of `seats_of` makes."""
    content = f"{row.layout}\n{row.prices}\n{row.claims}".encode()
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def _present(seats: str, prices: str, claims: str) -> list[Any]:
    taken: dict[int, Taken] = {}
    for claim in orjson.loads(claims):
        # what somebody booked without paying is, to everybody else, held
        state = SOLD if claim["state"] == SOLD else "held"
        taken.setdefault(claim["row_number"], {})[claim["seat_number"]] = state
    rows: list[Any] = list(_free_rows(seats, prices))
    for number, states in taken.items():
        if number <= len(rows):
            rows[number - 1] = _row(layout.parse(seats).rows[number - 1], prices_json(prices), states)
    return rows


@lru_cache(maxsize=256)
def _free_rows(seats: str, prices: str) -> tuple[orjson.Fragment, ...]:
    known = prices_json(prices)
    return tuple(_row(row, known, {}) for row in layout.parse(seats).rows)


def _row(row: layout.SeatRow, prices: dict[str, Any], taken: Taken) -> orjson.Fragment:
    seats = [
        {
            "seat": number,
            "category": category,
            "state": taken.get(number, "free"),
            "price": prices.get(category),
        }
        for number, category in enumerate(row.categories, start=1)
    ]
    return orjson.Fragment(orjson.dumps({"row": row.number, "name": row.name, "seats": seats}))
