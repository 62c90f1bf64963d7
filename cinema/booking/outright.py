"""Orders that no deadline hangs over: sold at once, or booked until somebody pays or gives up. For older clients."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import orjson
from sqlalchemy.orm import Session

from cinema.booking import claims
from cinema.booking.claims import Seat
from cinema.booking.customers import check_customer, places_for
from cinema.booking.models import PAID, VALID
from cinema.booking.places import Place, places_on_sale
from cinema.booking.taking import hold, open_order, write_tickets
from cinema.booking.terms import Terms
from cinema.core.errors import Conflict, FieldError, Invalid
from cinema.schedule.models import SOLD


class Spot(NamedTuple):
    """A seat of a screening."""

    screening: int
    seat: Seat


def sell_outright(db: Session, user_id: int, spots: Sequence[Spot], terms: Terms) -> int:
    """Sells seats, of several screenings if need be, in one order that is paid with nothing; answers its id.

    Raises Invalid for `tickets.N` and its `screening`, `row` or `seat`, with every one that is wrong or taken.
    """
    errors = [
        FieldError(f"tickets.{position}", "duplicate", "is named twice")
        for position, spot in enumerate(spots)
        if spot in spots[:position]
    ]
    check_customer(db, user_id, terms, limited=False)
    order_id = open_order(db, user_id, PAID, 0, None, terms)
    for screening_id in sorted({spot.screening for spot in spots}):
        positions = [position for position, spot in enumerate(spots) if spot.screening == screening_id]
        places, wrong = _places(db, spots, positions, terms)
        errors += wrong
        if places:
            lost = _sell(db, screening_id, order_id, places, terms)
            errors += [_taken(each) for each in positions if spots[each].seat in lost]
            write_tickets(db, order_id, user_id, screening_id, places.values(), terms, VALID)
    if errors:
        raise Invalid(errors)
    return order_id


def book(db: Session, user_id: int, spot: Spot, terms: Terms) -> int:
    """Books one seat until it is paid or given up; answers the ticket's id.

    Raises Invalid for `screening`, `seats.0.row` and `seats.0.seat`; Conflict `booking-closed`, `seats-unavailable`.
    """
    places = places_for(db, user_id, spot.screening, [spot.seat], terms, limited=False)
    order = hold(db, user_id, spot.screening, places, None, terms)
    [ticket] = orjson.loads(order.tickets)
    ticket_id: int = ticket["id"]
    return ticket_id


def _places(
    db: Session, spots: Sequence[Spot], positions: Sequence[int], terms: Terms
) -> tuple[dict[Seat, Place], list[FieldError]]:
    """The places at these positions, all of one screening, by their seats; and what is wrong with the others."""
    good: list[int] = list(positions)
    errors: list[FieldError] = []
    while good:
        seats = [spots[each].seat for each in good]
        try:
            return dict(zip(seats, places_on_sale(db, spots[good[0]].screening, seats, terms), strict=True)), errors
        except Invalid as invalid:
            wrong = _where_it_stood(invalid, good)
            errors += wrong
            bad = {int(error.field.split(".")[1]) for error in wrong}
            good = [each for each in good if each not in bad]
    return {}, errors


def _sell(db: Session, screening_id: int, order_id: int, seats: Collection[Seat], terms: Terms) -> set[Seat]:
    """Sells seats; answers those that somebody else has."""
    try:
        claims.claim(db, screening_id, order_id, seats, terms.now, state=SOLD)
    except Conflict as conflict:
        return {Seat(each["row"], each["seat"]) for each in conflict.members["conflicts"]}
    return set()


def _taken(position: int) -> FieldError:
    return FieldError(f"tickets.{position}", "seats-unavailable", "is taken by somebody else")


def _where_it_stood(invalid: Invalid, positions: Sequence[int]) -> list[FieldError]:
    """Errors about a screening and its seats as errors about the tickets that named them."""
    moved = []
    for error in invalid.errors:
        path = error.field.split(".")
        if path[0] == "seats":
            moved.append(FieldError(f"tickets.{positions[int(path[1])]}.{path[2]}", error.code, error.message))
        else:
            moved += [FieldError(f"tickets.{each}.{error.field}", error.code, error.message) for each in positions]
    return moved
