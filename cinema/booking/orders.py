"""Taking, changing and giving up orders.

An order is taken whole or not at all. Whatever a booking relies on (the screening, its hall's seats, its prices)
stays as it is until the transaction ends: it locks the screening against change, not against other bookings.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, union_all, update
from sqlalchemy.orm import Session

from cinema.booking import claims
from cinema.booking.claims import Seat
from cinema.booking.customers import check_customer, places_for
from cinema.booking.models import CANCELLED, HELD, VOID, Order, OrderCassette, Ticket
from cinema.booking.places import places_on_sale, seats_wanted
from cinema.booking.queries import ORDER, TICKET
from cinema.booking.taking import hold, open_order, write_tickets
from cinema.booking.terms import Terms, check_open
from cinema.core.db import rows
from cinema.core.db.base import Reader
from cinema.core.errors import Conflict, Invalid, NotFound
from cinema.schedule.models import Screening
from cinema.shop import services as shop


def get_order(db: Reader, order_id: int, now: datetime) -> Row[Any]:
    """An order, for presenting. Raises NotFound."""
    row = ORDER.run(db, id=order_id, now=now).one_or_none()
    if row is None:
        raise NotFound
    return row


def get_ticket(db: Reader, ticket_id: int, now: datetime) -> Row[Any]:
    """A ticket, for presenting. Raises NotFound."""
    row = TICKET.run(db, id=ticket_id, now=now).one_or_none()
    if row is None:
        raise NotFound
    return row


def take_order(
    db: Session, user_id: int, wanted: Mapping[str, Any], terms: Terms, *, limited: bool = True
) -> Row[Any]:
    """Takes seats of a screening, cassettes, or both, for a user; answers the order, for presenting.

    `wanted` is a checked `OrderBody`; `limited` says whether the limit on unpaid orders counts.
    Raises Invalid for seats and cassettes that do not exist; Conflict `seats-unavailable`, `not-on-sale`,
    `booking-closed`, `out-of-stock`, `too-many-unpaid`.
    """
    seats = seats_wanted(wanted.get("seats", ()), terms)
    cassettes = wanted.get("cassettes")
    expires_at = terms.now + terms.settings.hold
    if seats:
        places = places_for(db, user_id, wanted["screening"], seats, terms, limited)
        order = hold(db, user_id, wanted["screening"], places, expires_at, terms)
        if not cassettes:
            return order
        order_id = order.id
    else:
        check_customer(db, user_id, terms, limited)
        order_id = open_order(db, user_id, HELD, 0, expires_at, terms)
    if cassettes:
        _take_cassettes(db, order_id, cassettes, expires_at, terms)
    return get_order(db, order_id, terms.now)


def change_order(db: Session, order_id: int, changes: Mapping[str, Any], terms: Terms) -> None:
    """Changes the seats of a held order, or extends its hold once.

    Raises NotFound; Conflict `not-held`, `already-extended`, `no-screening`, and what `take_order` raises.
    """
    order = _held(rows.locked(db, Order, order_id), terms.now)
    if changes.get("extend"):
        _extend(db, order, terms)
    if "seats" in changes:
        _change_seats(db, order, seats_wanted(changes["seats"], terms), terms)


def cancel_order(db: Session, order_id: int) -> None:
    """Gives up an unpaid order; its seats and cassettes are free at once. Again changes nothing.

    Raises NotFound, Conflict `already-paid`.
    """
    order = rows.locked(db, Order, order_id)
    if order.state == CANCELLED:
        return
    if order.state != HELD:
        raise Conflict(
            f"The order is {order.state}: it cannot be cancelled any more.", code="already-paid", state=order.state
        )
    order.state = CANCELLED
    db.flush()
    claims.release(db, order_id)
    shop.release_stock(db, order_id)
    db.execute(update(Ticket).where(Ticket.order_id == order_id).values(state=VOID))


def cancel_ticket(db: Session, ticket_id: int, now: datetime) -> None:
    """Gives up one seat of an unpaid order, and the order with its last one. The seat is free at once.

    Raises NotFound, Conflict `already-paid`.
    """
    order_id = get_ticket(db, ticket_id, now).order_id
    order = rows.locked(db, Order, order_id)
    ticket = get_ticket(db, ticket_id, now)
    if order.state != HELD:
        raise Conflict("The ticket is paid.", code="already-paid", state=order.state)
    claims.release_some(db, order_id, ticket.screening_id, [Seat(ticket.row_number, ticket.seat_number)])
    db.execute(delete(Ticket).where(Ticket.id == ticket_id))
    order.total_minor -= ticket.price_minor
    db.flush()
    if not _holds_anything(db, order_id):
        cancel_order(db, order_id)


def _holds_anything(db: Session, order_id: int) -> bool:
    held = union_all(
        select(Ticket.id).where(Ticket.order_id == order_id),
        select(OrderCassette.cassette_id).where(OrderCassette.order_id == order_id),
    )
    return db.execute(held.limit(1)).first() is not None


# -- seats ---------------------------------------------------------------------------------------------------


def _change_seats(db: Session, order: Order, seats: Sequence[Seat], terms: Terms) -> None:
    found = db.execute(select(Ticket).where(Ticket.order_id == order.id)).scalars().all()
    screening_ids = {ticket.screening_id for ticket in found}
    if len(screening_ids) != 1:
        raise Conflict("This order has no seats of one screening to change.", code="no-screening")
    screening_id = screening_ids.pop()
    places = places_on_sale(db, screening_id, seats, terms)
    _check_kept(db, order, len(found))
    had = {Seat(ticket.row_number, ticket.seat_number): ticket for ticket in found}
    gone = had.keys() - set(seats)
    new = [place for place in places if place.seat not in had]
    if new:
        fresh = [place.seat for place in new]
        claims.claim(db, screening_id, order.id, fresh, terms.now, expires_at=order.expires_at)
        write_tickets(db, order.id, order.user_id, screening_id, new, terms)
    if gone:  # only now: two orders that want each other's seats would wait for each other to give up theirs
        claims.release_some(db, order.id, screening_id, gone)
        db.execute(delete(Ticket).where(Ticket.id.in_([had[seat].id for seat in gone])))
    order.total_minor += sum(place.price_minor for place in new) - sum(had[seat].price_minor for seat in gone)
    db.flush()


# -- the rest ------------------------------------------------------------------------------------------------


def _take_cassettes(
    db: Session, order_id: int, wanted: Sequence[Mapping[str, int]], expires_at: datetime, terms: Terms
) -> None:
    quantities = {each["cassette"]: each["quantity"] for each in wanted}
    if len(quantities) < len(wanted):
        raise Invalid.field("cassettes", "duplicate", "names a cassette twice")
    try:
        prices = shop.claim_stock(db, order_id, quantities, terms.currency, expires_at, terms.now)
    except shop.UnknownCassette as unknown:
        position = list(quantities).index(unknown.args[0])
        field = f"cassettes.{position}.cassette"
        raise Invalid.field(field, "unknown", f"there is no cassette {unknown.args[0]}") from None
    lines = [
        {
            "order_id": order_id,
            "cassette_id": key,
            "quantity": number,
            "price_minor": prices[key].minor,
            "currency": prices[key].currency,
        }
        for key, number in quantities.items()
    ]
    db.execute(insert(OrderCassette), lines)
    cost = sum(prices[key].minor * number for key, number in quantities.items())
    db.execute(update(Order).where(Order.id == order_id).values(total_minor=Order.total_minor + cost))


def _held(order: Order, now: datetime) -> Order:
    if order.state != HELD or (order.expires_at and order.expires_at <= now):
        raise _not_held("expired" if order.state == HELD else order.state)
    return order


def _not_held(state: str) -> Conflict:
    return Conflict(f"The order is {state}: it cannot be changed.", code="not-held", state=state)


def _extend(db: Session, order: Order, terms: Terms) -> None:
    """Once, and not beyond the time when booking closes. Raises Conflict."""
    if order.expires_at is None:
        raise Conflict("This order has no deadline: there is nothing to extend.", code="does-not-expire")
    if order.extended:
        raise Conflict("A hold can be extended once. Pay before it ends.", code="already-extended")
    starts = select(Screening.starts_at).join(Ticket, Ticket.screening_id == Screening.id)
    seats = db.scalars(starts.where(Ticket.order_id == order.id)).all()
    for starts_at in set(seats):
        check_open(starts_at, terms)
    _check_kept(db, order, len(seats))
    order.extended = True
    order.expires_at = terms.now + terms.settings.hold
    db.flush()
    claims.extend(db, order.id, order.expires_at)
    if not shop.extend_stock_claims(db, order.id, order.expires_at, terms.now):
        raise _not_held("expired")


def _check_kept(db: Session, order: Order, seats: int) -> None:
    """Locks the order's seats. Raises Conflict `not-held` where others have some of them.

    That the deadline has not passed says little: the request may have waited, and others came after the deadline.
    """
    if len(claims.locked(db, order.id)) < seats:
        raise _not_held("expired")
