"""Taking, changing and giving up orders.

An order is taken whole or not at all. Whatever a booking relies on (the screening, its hall's seats, its prices)
stays as it is until the transaction ends: it locks the screening against change, not against other bookings.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from cinema.accounts.models import User
from cinema.booking import claims
from cinema.booking.claims import Seat
from cinema.booking.models import CANCELLED, HELD, VOID, Order, OrderCassette, Ticket
from cinema.booking.places import Place, places_on_sale, seats_wanted
from cinema.booking.queries import ORDER, TICKET
from cinema.booking.terms import Terms, check_open
from cinema.core.db import rows
from cinema.core.db.base import Reader
from cinema.core.db.prepared import Prepared
from cinema.core.errors import Conflict, Invalid, NotFound, Unauthorized
from cinema.schedule.models import Screening
from cinema.schedule.queries import NOW
from cinema.shop import services as shop

_CODE_BYTES = 16

_CUSTOMER = select(User.is_active).where(User.id == bindparam("id"))
_CUSTOMER_FREE, _CUSTOMER_LOCKED = Prepared(_CUSTOMER), Prepared(_CUSTOMER.with_for_update(key_share=True))
_UNPAID = Prepared(
    select(func.count()).where(Order.user_id == bindparam("id"), Order.state == HELD, Order.expires_at > NOW)
)
_INSERT_ORDER = insert(Order).returning(Order.id)
_INSERT_TICKETS = insert(Ticket)


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


def create_order(db: Session, user_id: int, wanted: Mapping[str, Any], terms: Terms, *, limited: bool = True) -> int:
    """Takes seats of a screening, cassettes, or both, for a user; answers the order's id.

    `wanted` is a checked `OrderBody`; `limited` says whether the limit on unpaid orders counts.
    Raises Invalid for seats and cassettes that do not exist; Conflict `seats-unavailable`, `not-on-sale`,
    `booking-closed`, `out-of-stock`, `too-many-unpaid`.
    """
    seats = seats_wanted(wanted.get("seats", ()), terms)
    places = places_on_sale(db, wanted["screening"], seats, terms) if seats else []
    _check_customer(db, user_id, terms, limited)
    expires_at = terms.now + terms.settings.hold
    values = {
        "user_id": user_id,
        "state": HELD,
        "total_minor": sum(place.price.minor for place in places),
        "currency": terms.currency,
        "expires_at": expires_at,
        "extended": False,
        "created_at": terms.now,
    }
    order_id: int = db.connection().execute(_INSERT_ORDER, values).scalar_one()
    if places:
        claims.claim(db, wanted["screening"], order_id, seats, terms.now, expires_at=expires_at)
        _write_tickets(db, order_id, user_id, wanted["screening"], places)
    if wanted.get("cassettes"):
        _take_cassettes(db, order_id, wanted["cassettes"], expires_at, terms)
    return order_id


def change_order(db: Session, order_id: int, changes: Mapping[str, Any], terms: Terms) -> None:
    """Changes the seats of a held order, or extends its hold once.

    Raises NotFound; Conflict `not-held`, `already-extended`, `no-screening`, and what `create_order` raises.
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
        raise Conflict("The order is paid: it can only be refunded.", code="already-paid", state=order.state)
    order.state = CANCELLED
    db.flush()
    claims.release(db, order_id)
    shop.release_stock(db, order_id)
    db.execute(update(Ticket).where(Ticket.order_id == order_id).values(state=VOID))


# -- seats ---------------------------------------------------------------------------------------------------


def _write_tickets(db: Session, order_id: int, user_id: int, screening_id: int, places: Iterable[Place]) -> None:
    values = [
        {
            "order_id": order_id,
            "user_id": user_id,
            "screening_id": screening_id,
            "row_number": place.seat.row,
            "seat_number": place.seat.seat,
            "category": place.category,
            "price_minor": place.price.minor,
            "currency": place.price.currency,
            "state": HELD,
            "code": secrets.token_urlsafe(_CODE_BYTES),
        }
        for place in places
    ]
    db.connection().execute(_INSERT_TICKETS, values)


def _change_seats(db: Session, order: Order, seats: Sequence[Seat], terms: Terms) -> None:
    found = db.execute(select(Ticket).where(Ticket.order_id == order.id)).scalars().all()
    screening_ids = {ticket.screening_id for ticket in found}
    if len(screening_ids) != 1:
        raise Conflict("This order has no seats of one screening to change.", code="no-screening")
    screening_id = screening_ids.pop()
    places = places_on_sale(db, screening_id, seats, terms)
    had = {Seat(ticket.row_number, ticket.seat_number): ticket for ticket in found}
    gone = had.keys() - set(seats)
    new = [place for place in places if place.seat not in had]
    if new:
        fresh = [place.seat for place in new]
        claims.claim(db, screening_id, order.id, fresh, terms.now, expires_at=order.expires_at)
        _write_tickets(db, order.id, order.user_id, screening_id, new)
    if gone:  # only now: two orders that want each other's seats would wait for each other to give up theirs
        claims.release_some(db, order.id, screening_id, gone)
        db.execute(delete(Ticket).where(Ticket.id.in_([had[seat].id for seat in gone])))
    order.total_minor += sum(place.price.minor for place in new) - sum(had[seat].price_minor for seat in gone)
    db.flush()


# -- the rest ------------------------------------------------------------------------------------------------


def _check_customer(db: Session, user_id: int, terms: Terms, limited: bool) -> None:
    """Locks the customer against ordering twice at once. Raises Unauthorized, Conflict `too-many-unpaid`."""
    customer = _CUSTOMER_LOCKED if limited else _CUSTOMER_FREE
    active = customer.run(db, id=user_id).scalar_one_or_none()
    if not active:
        raise Unauthorized("This account cannot order.", code="token-invalid")
    if not limited:
        return
    most = terms.settings.max_unpaid
    if _UNPAID.run(db, id=user_id, now=terms.now).scalar_one() >= most:
        raise Conflict(f"Pay or cancel one of your {most} unpaid orders first.", code="too-many-unpaid", limit=most)


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
    if order.state != HELD or order.expires_at <= now:
        state = "expired" if order.state == HELD else order.state
        raise Conflict(f"The order is {state}: it cannot be changed.", code="not-held", state=state)
    return order


def _extend(db: Session, order: Order, terms: Terms) -> None:
    """Once, and not beyond the time when booking closes. Raises Conflict."""
    if order.extended:
        raise Conflict("The hold has been extended before.", code="already-extended")
    starts = select(Screening.starts_at).join(Ticket, Ticket.screening_id == Screening.id)
    for starts_at in db.scalars(starts.where(Ticket.order_id == order.id).distinct()):
        check_open(starts_at, terms)
    order.extended = True
    order.expires_at = terms.now + terms.settings.hold
    db.flush()
    claims.extend(db, order.id, order.expires_at)
    shop.extend_stock_claims(db, order.id, order.expires_at)
