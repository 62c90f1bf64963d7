"""Which seats somebody wants, and what they are and cost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from cinema.booking.claims import Seat
from cinema.booking.terms import Charges, Terms, check_open
from cinema.catalogue.labels import VISIBLE
from cinema.catalogue.models import Movie
from cinema.core.db.base import Query
from cinema.core.db.prepared import Lock, Prepared
from cinema.core.errors import Conflict, FieldError, Invalid
from cinema.schedule import layout
from cinema.schedule.models import Hall, Screening
from cinema.schedule.queries import PRICES


@dataclass(frozen=True, slots=True)
class Place:
    """A seat with its category, and its price in minor units of the cinema's currency."""

    seat: Seat
    category: str
    price_minor: int


LOCKED_SCREENING: Query = (
    select(Screening.id).where(Screening.id == bindparam("screening_id")).with_for_update(read=True, key_share=True)
)
"""Keeps a screening as it is: against change, not against other bookings."""

ON_SALE: Query = (
    select(Screening.starts_at, Hall.layout, PRICES)
    .select_from(Screening)
    .join(Movie, Screening.movie_id == Movie.id)
    .join(Hall, Screening.hall_id == Hall.id)
    .where(Screening.id == bindparam("screening_id"), VISIBLE)
)
"""What there is to book in a screening, for who books: see `chosen`."""

_LOCK = Lock(LOCKED_SCREENING)
_READ = Prepared(ON_SALE)


def seats_wanted(wanted: Sequence[Mapping[str, int]], terms: Terms) -> list[Seat]:
    """The seats, each once and not too many. Raises Invalid."""
    seats = [Seat(each["row"], each["seat"]) for each in wanted]
    most = terms.settings.max_seats
    if len(seats) > most:
        raise Invalid.field("seats", "too-many", f"an order takes at most {most} seats")
    doubles = [position for position, seat in enumerate(seats) if seat in seats[:position]]
    if doubles:
        raise Invalid(FieldError(f"seats.{position}", "duplicate", "is named twice") for position in doubles)
    return seats


def places_on_sale(db: Session, screening_id: int, seats: Sequence[Seat], terms: Terms) -> list[Place]:
    """What the seats are and cost. Raises Invalid, Conflict `booking-closed` or `not-on-sale`.

    Locks the screening first and reads afterwards: one statement for both would wait for the lock, and then show
    hall and prices as they were before the wait.
    """
    _LOCK.take(db, screening_id=screening_id)
    on_sale = _READ.run(db, screening_id=screening_id, **terms.sight.parameters).one_or_none()
    return chosen(on_sale, screening_id, seats, terms)


def chosen(on_sale: Row[Any] | None, screening_id: int, seats: Sequence[Seat], terms: Terms) -> list[Place]:
    """What `places_on_sale` answers, from a row of `ON_SALE`; None where there is no such screening."""
    if on_sale is None:
        raise Invalid.field("screening", "unknown", f"there is no screening {screening_id}")
    check_open(on_sale.starts_at, terms)
    prices = {
        price["category"]: price["amount_minor"]
        for price in orjson.loads(on_sale.prices)
        if price["currency"] == terms.currency
    }
    return [
        Place(seat, category, _price(prices, category, terms))
        for seat, category in zip(seats, _categories(layout.parse(on_sale.layout), seats), strict=True)
    ]


def _categories(seats: layout.Layout, wanted: Iterable[Seat]) -> list[str]:
    categories, errors = [], []
    for position, (row, seat) in enumerate(wanted):
        category = seats.category(row, seat)
        if category is not None:
            categories.append(category)
        elif not 1 <= row <= len(seats.rows):
            errors.append(FieldError(f"seats.{position}.row", "out-of-range", f"rows are 1 to {len(seats.rows)}"))
            if not 1 <= seat <= seats.seats_in_row:
                message = f"rows have at most {seats.seats_in_row} seats"
                errors.append(FieldError(f"seats.{position}.seat", "out-of-range", message))
        else:
            last = len(seats.rows[row - 1].categories)
            errors.append(FieldError(f"seats.{position}.seat", "out-of-range", f"row {row} has seats 1 to {last}"))
    if errors:
        raise Invalid(errors)
    return categories


def _price(prices: Mapping[str, int], category: str, terms: Terms) -> int:
    """Of a seat. Older clients know one price: of what has none, they pay that."""
    if terms.charges is Charges.NEVER:
        return 0
    if category in prices:
        return prices[category]
    if terms.charges is Charges.WHERE_PRICED:
        return prices.get("standard", min(prices.values(), default=0))
    raise Conflict(f"The {category} seats of this screening have no price: not on sale.", code="not-on-sale")
