"""Paying.

Paying, cancelling and refunding lock the order first, so they happen one after the other. Whatever an order still
holds is locked before the money moves, so that nobody takes it meanwhile. What a customer paid for and cannot have
is refunded in the same step, and the customer is told.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cinema.booking import claims, ledger
from cinema.booking.claims import Seat
from cinema.booking.ledger import Sum, Till
from cinema.booking.models import (
    CAPTURE,
    HELD,
    PAID,
    REFUNDED,
    VALID,
    VOID,
    Order,
    OrderCassette,
    Payment,
    Ticket,
)
from cinema.booking.terms import Terms, check_open
from cinema.core.db import rows
from cinema.core.errors import Conflict
from cinema.schedule import layout
from cinema.schedule.models import SOLD, Hall, Screening
from cinema.shop import services as shop


def pay_order(db: Session, order_id: int, till: Till, terms: Terms) -> Conflict | None:
    """Pays an order: its seats are sold, its tickets valid.

    After the deadline it still succeeds as long as everything is still free. Otherwise the payment is refunded at
    once, the order becomes `refunded`, and the Conflict that says so is *returned*: the refund has to be committed.
    Raises NotFound, Conflict `already-paid` or `not-held`.
    """
    order = rows.locked(db, Order, order_id)
    _check_payable(order)
    lines = _cassettes(db, order_id)
    sold = {line.cassette_id: line.quantity for line in lines}
    _lock_screenings(db, order_id)
    kept = claims.locked(db, order_id)
    shop.lock_stock(db, sold)
    ledger.capture(db, order, till, sum(line.quantity * line.price_minor for line in lines), terms.now)
    try:
        _sell_seats(db, order, kept, terms)
        if _has_expired(order, terms.now):
            shop.release_stock(db, order_id)
            shop.claim_stock(db, order_id, sold, order.currency, terms.now, terms.now)
        shop.sell_stock(db, order_id, sold, terms.now)
    except Conflict as conflict:
        return _give_back(db, order, till, conflict, terms.now)
    db.execute(update(Ticket).where(Ticket.order_id == order_id).values(state=VALID))
    order.state = PAID
    db.flush()
    return None


def _has_expired(order: Order, now: datetime) -> bool:
    return order.expires_at is not None and order.expires_at <= now


def _check_payable(order: Order) -> None:
    if order.state == PAID:
        raise Conflict("The order is paid already.", code="already-paid")
    if order.state != HELD:
        raise Conflict(f"The order is {order.state}: it cannot be paid.", code="not-held", state=order.state)


def _lock_screenings(db: Session, order_id: int) -> None:
    """For their halls to stay as they are."""
    screening_ids = select(Ticket.screening_id).where(Ticket.order_id == order_id)
    screenings = select(Screening.id).where(Screening.id.in_(screening_ids)).order_by(Screening.id)
    db.execute(screenings.with_for_update(read=True, key_share=True))


def _sell_seats(db: Session, order: Order, kept: Collection[tuple[int, Seat]], terms: Terms) -> None:
    """Sells what the order has kept and claims anew what it lost meanwhile. Raises Conflict."""
    found = db.execute(
        select(Ticket.screening_id, Ticket.row_number, Ticket.seat_number, Screening.starts_at, Hall.layout)
        .join(Screening, Ticket.screening_id == Screening.id)
        .join(Hall, Screening.hall_id == Hall.id)
        .where(Ticket.order_id == order.id)
    ).all()
    _check_still_there(found)
    if _has_expired(order, terms.now):
        for ticket in found:
            check_open(ticket.starts_at, terms)
    claims.sell(db, order.id)
    lost: dict[int, list[Seat]] = {}
    for ticket in found:
        seat = Seat(ticket.row_number, ticket.seat_number)
        if (ticket.screening_id, seat) not in kept:
            lost.setdefault(ticket.screening_id, []).append(seat)
    for screening_id, seats in sorted(lost.items()):
        claims.claim(db, screening_id, order.id, seats, terms.now, state=SOLD)


def _check_still_there(tickets: Iterable[Any]) -> None:
    """Raises Conflict for seats that the hall lost when nobody held them any more."""
    gone = [
        {"row": ticket.row_number, "seat": ticket.seat_number}
        for ticket in tickets
        if layout.parse(ticket.layout).category(ticket.row_number, ticket.seat_number) is None
    ]
    if gone:
        raise Conflict("The hall no longer has these seats.", code="seats-unavailable", conflicts=gone)


def _cassettes(db: Session, order_id: int) -> Sequence[Any]:
    columns = OrderCassette.cassette_id, OrderCassette.quantity, OrderCassette.price_minor
    return db.execute(select(*columns).where(OrderCassette.order_id == order_id)).all()


def _give_back(db: Session, order: Order, till: Till, conflict: Conflict, now: datetime) -> Conflict:
    claims.release(db, order.id)
    shop.release_stock(db, order.id)
    db.execute(update(Ticket).where(Ticket.order_id == order.id).values(state=VOID))
    lines = update(OrderCassette).where(OrderCassette.order_id == order.id)
    db.execute(lines.values(refunded=OrderCassette.quantity))
    captured = db.execute(select(Payment).where(Payment.order_id == order.id, Payment.kind == CAPTURE)).scalar_one()
    everything = Sum(captured.amount_minor, captured.cassettes_minor)
    ledger.refund(db, order, till, captured.reference, everything, now)
    order.state, order.total_minor = REFUNDED, 0
    db.flush()
    conflict.detail = (
        f"The order had expired, and it cannot be had any more; your payment is refunded. {conflict.detail}"
    )
    return conflict
