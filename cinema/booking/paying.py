"""Paying and refunding.

Both lock the order first, so a payment, its double and a refund happen one after the other. What a customer paid
for and cannot have is refunded in the same step, and the customer is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from cinema.booking import claims
from cinema.booking.claims import Seat
from cinema.booking.models import (
    CAPTURE,
    HELD,
    PAID,
    REFUND,
    REFUNDED,
    USED,
    VALID,
    VOID,
    Order,
    OrderCassette,
    Payment,
    Ticket,
)
from cinema.booking.orders import Terms, check_open
from cinema.booking.payments import PaymentProvider
from cinema.core.db import rows
from cinema.core.errors import Conflict, FieldError, Invalid
from cinema.core.money import Money
from cinema.schedule.models import SOLD, Screening
from cinema.shop import services as shop


@dataclass(frozen=True, slots=True)
class Till:
    """Who takes the money."""

    name: str
    provider: PaymentProvider


def pay_order(db: Session, order_id: int, till: Till, terms: Terms) -> Conflict | None:
    """Pays an order: its seats are sold, its tickets valid.

    After the deadline it still succeeds as long as everything is still free. Otherwise the payment is refunded at
    once, the order becomes `refunded`, and the Conflict that says so is *returned*: the refund has to be committed.
    Raises NotFound, Conflict `already-paid` or `not-held`.
    """
    order = rows.locked(db, Order, order_id)
    _check_payable(order)
    _capture(db, order, till, terms.now)
    sold = _sold_cassettes(db, order_id)
    try:
        _sell_seats(db, order, terms)
        if order.expires_at <= terms.now:
            shop.release_stock(db, order_id)
            shop.claim_stock(db, order_id, sold, terms.now, terms.now)
    except Conflict as conflict:
        return _give_back(db, order, till, conflict, terms.now)
    shop.sell_stock(db, order_id, sold, terms.now)
    db.execute(update(Ticket).where(Ticket.order_id == order_id).values(state=VALID))
    order.state = PAID
    db.flush()
    return None


def refund_order(
    db: Session, order_id: int, wanted: Mapping[str, Any], tills: Mapping[str, PaymentProvider], terms: Terms
) -> None:
    """Refunds a paid order, whole or the tickets and cassettes that `wanted` (a checked `RefundBody`) names.

    Seats are free at once, cassettes go back on the shelf. Raises NotFound; Conflict `not-paid`, `ticket-used`;
    Invalid for what is not in the order.
    """
    order = rows.locked(db, Order, order_id)
    if order.state != PAID:
        raise Conflict(f"The order is {order.state}, not paid.", code="not-paid", state=order.state)
    tickets = _refundable_tickets(db, order_id, wanted)
    lines = _refundable_cassettes(db, order_id, wanted)
    amount = sum(ticket.price_minor for ticket in tickets)
    amount += sum(line.price_minor * number for line, number in lines)
    _void(db, order, tickets)
    for line, number in lines:
        line.refunded += number
    db.flush()
    shop.return_stock(db, order_id, {line.cassette_id: number for line, number in lines}, terms.now)
    capture = db.execute(select(Payment).where(Payment.order_id == order_id, Payment.kind == CAPTURE)).scalar_one()
    provider = tills[capture.provider]
    _refund(db, order, Till(capture.provider, provider), capture.reference, amount, terms.now)
    order.total_minor -= amount
    if not _anything_left(db, order_id):
        order.state = REFUNDED
    db.flush()


# -- paying --------------------------------------------------------------------------------------------------


def _check_payable(order: Order) -> None:
    if order.state == PAID:
        raise Conflict("The order is paid already.", code="already-paid")
    if order.state != HELD:
        raise Conflict(f"The order is {order.state}: it cannot be paid.", code="not-held", state=order.state)


def _sell_seats(db: Session, order: Order, terms: Terms) -> None:
    """Sells what the order still holds and claims anew what it lost meanwhile. Raises Conflict."""
    found = db.execute(
        select(Ticket.screening_id, Ticket.row_number, Ticket.seat_number, Screening.starts_at)
        .join(Screening)
        .where(Ticket.order_id == order.id)
    ).all()
    if order.expires_at <= terms.now:
        for ticket in found:
            check_open(ticket.starts_at, terms)
    sold = claims.sell(db, order.id)
    lost: dict[int, list[Seat]] = {}
    for ticket in found:
        seat = Seat(ticket.row_number, ticket.seat_number)
        if (ticket.screening_id, seat) not in sold:
            lost.setdefault(ticket.screening_id, []).append(seat)
    for screening_id, seats in sorted(lost.items()):
        claims.claim(db, screening_id, order.id, seats, terms.now, state=SOLD)


def _sold_cassettes(db: Session, order_id: int) -> dict[int, int]:
    lines = select(OrderCassette.cassette_id, OrderCassette.quantity).where(OrderCassette.order_id == order_id)
    return {line.cassette_id: line.quantity for line in db.execute(lines)}


def _give_back(db: Session, order: Order, till: Till, conflict: Conflict, now: datetime) -> Conflict:
    claims.release(db, order.id)
    shop.release_stock(db, order.id)
    db.execute(update(Ticket).where(Ticket.order_id == order.id).values(state=VOID))
    captured = db.execute(select(Payment).where(Payment.order_id == order.id, Payment.kind == CAPTURE)).scalar_one()
    _refund(db, order, till, captured.reference, captured.amount_minor, now)
    order.state, order.total_minor = REFUNDED, 0
    db.flush()
    conflict.detail = (
        f"The order had expired, and it cannot be had any more; your payment is refunded. {conflict.detail}"
    )
    return conflict


# -- refunding -----------------------------------------------------------------------------------------------


def _refundable_tickets(db: Session, order_id: int, wanted: Mapping[str, Any]) -> list[Ticket]:
    found = db.execute(select(Ticket).where(Ticket.order_id == order_id, Ticket.state != VOID)).scalars().all()
    if wanted:
        ids = wanted.get("tickets", ())
        known = {ticket.id: ticket for ticket in found}
        strangers = [position for position, key in enumerate(ids) if key not in known]
        if strangers:
            raise Invalid(
                FieldError(f"tickets.{position}", "unknown", "is no refundable ticket of this order")
                for position in strangers
            )
        found = [known[key] for key in ids]
    used = [ticket.id for ticket in found if ticket.state == USED]
    if used:
        raise Conflict("Somebody was admitted with these tickets.", code="ticket-used", tickets=used)
    return list(found)


def _refundable_cassettes(db: Session, order_id: int, wanted: Mapping[str, Any]) -> list[tuple[OrderCassette, int]]:
    lines = db.execute(select(OrderCassette).where(OrderCassette.order_id == order_id)).scalars().all()
    left = {line.cassette_id: line for line in lines if line.quantity > line.refunded}
    if not wanted:
        return [(line, line.quantity - line.refunded) for line in left.values()]
    refundable = []
    for position, each in enumerate(wanted.get("cassettes", ())):
        line = left.pop(each["cassette"], None)
        if line is None:
            field = f"cassettes.{position}.cassette"
            raise Invalid.field(field, "unknown", "is no refundable cassette of this order, or is named twice")
        if each["quantity"] > line.quantity - line.refunded:
            field = f"cassettes.{position}.quantity"
            raise Invalid.field(field, "too-many", f"only {line.quantity - line.refunded} are left to refund")
        refundable.append((line, each["quantity"]))
    return refundable


def _void(db: Session, order: Order, tickets: list[Ticket]) -> None:
    by_screening: dict[int, list[Seat]] = {}
    for ticket in tickets:
        ticket.state = VOID
        by_screening.setdefault(ticket.screening_id, []).append(Seat(ticket.row_number, ticket.seat_number))
    db.flush()
    for screening_id, seats in by_screening.items():
        claims.release_some(db, order.id, screening_id, seats)


def _anything_left(db: Session, order_id: int) -> bool:
    tickets = select(Ticket.id).where(Ticket.order_id == order_id, Ticket.state != VOID)
    lines = select(OrderCassette.cassette_id).where(
        OrderCassette.order_id == order_id, OrderCassette.quantity > OrderCassette.refunded
    )
    return any(db.execute(found.limit(1)).first() for found in (tickets, lines))


# -- money ---------------------------------------------------------------------------------------------------


def _capture(db: Session, order: Order, till: Till, now: datetime) -> None:
    amount = Money.from_minor(order.total_minor, order.currency)
    reference = till.provider.capture(f"{order.id}-capture", amount)
    _write_payment(db, order, CAPTURE, till.name, reference, order.total_minor, now)


def _refund(db: Session, order: Order, till: Till, captured: str, minor: int, now: datetime) -> None:
    amount = Money.from_minor(minor, order.currency)
    reference = till.provider.refund(f"{order.id}-refund-{order.total_minor}", captured, amount)
    _write_payment(db, order, REFUND, till.name, reference, minor, now)


def _write_payment(
    db: Session, order: Order, kind: str, provider: str, reference: str, minor: int, now: datetime
) -> None:
    db.execute(
        insert(Payment).values(
            order_id=order.id,
            kind=kind,
            provider=provider,
            reference=reference,
            amount_minor=minor,
            currency=order.currency,
            at=now,
        )
    )
