"""Proposing seats that are together, from the same statement as the seat map."""

from collections.abc import Collection
from typing import Any, Literal, TypedDict

import orjson

from cinema.booking.best_available import best_available, most_together
from cinema.booking.claims import Seat
from cinema.booking.seatmap import seats_of, version
from cinema.booking.terms import Terms, check_open
from cinema.core.db.base import Reader
from cinema.core.errors import Conflict, Invalid
from cinema.core.money import MoneyJson
from cinema.schedule import layout
from cinema.schedule.presenters import prices_json

ASKED_FOR_ONLY = "accessible"
"""The category that is kept for those who need it: it is proposed only to whoever asks for it."""


class ProposedSeatJson(TypedDict):
    """A free seat and its price."""

    row: int
    seat: int
    category: Literal["standard", "premium", "accessible"]
    price: MoneyJson | None


class ProposalJson(TypedDict):
    """Seats together in a row; nobody holds them yet. `version` is that of the seat map they were found in."""

    seats: list[ProposedSeatJson]
    version: str


def propose(db: Reader, screening_id: int, together: int, category: str | None, terms: Terms) -> ProposalJson:
    """The best free seats that are together and on sale, of one category or of whatever is not `ASKED_FOR_ONLY`.

    Raises NotFound; Invalid for more seats than an order takes; Conflict `booking-closed`, `not-on-sale`, and
    `no-such-seats` with how many there are together at the most.
    """
    limit = terms.settings.max_seats
    if together > limit:
        raise Invalid.field("seats", "out-of-range", f"must be from 1 to {limit}")
    row = seats_of(db, screening_id, terms.sight, terms.now)
    check_open(row.starts_at, terms)
    prices = {
        name: price
        for name, price in prices_json(row.prices).items()
        if price is not None and price["currency"] == terms.currency
    }
    categories = _on_sale(prices, category)
    hall = layout.parse(row.layout)
    taken = {Seat(claim["row_number"], claim["seat_number"]) for claim in orjson.loads(row.claims)}
    found = best_available(hall, taken, together, categories)
    if found is None:
        most = most_together(hall, taken, categories)
        raise Conflict(f"At the most {most} such seats are together.", code="no-such-seats", most=most)
    return {"seats": [_seat_json(hall, seat, prices) for seat in found], "version": version(row)}


def _on_sale(prices: Collection[str], category: str | None) -> set[str]:
    wanted = set(layout.CATEGORIES.values()) - {ASKED_FOR_ONLY} if category is None else {category}
    if not wanted & set(prices):
        names = category or "ordinary"
        raise Conflict(f"The {names} seats of this screening have no price: not on sale.", code="not-on-sale")
    return wanted & set(prices)


def _seat_json(hall: layout.Layout, seat: Seat, prices: dict[str, MoneyJson]) -> ProposedSeatJson:
    category: Any = hall.rows[seat.row - 1].categories[seat.seat - 1]
    return {"row": seat.row, "seat": seat.seat, "category": category, "price": prices[category]}
