"""Refunding paid orders, whole or in part."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cinema.booking import claims, ledger
from cinema.booking.claims import Seat
from cinema.booking.ledger import Sum, Till
from cinema.booking.models import CAPTURE, PAID, REFUNDED, USED, VOID, Order, OrderCassette, Payment, Ticket
from cinema.booking.payments import PaymentProvider
from cinema.booking.terms import Terms
from cinema.core.db import rows
from cinema.core.errors import Conflict, FieldError, Invalid
from cinema.shop import services as shop


def refund_order(
    db: Session, order_id: int, wanted: Mapping[str, Any], tills: Mapping[str, PaymentProvider], terms: Terms
) -> None:
    """Refunds a paid order, whole or the tickets and cassettes that `wanted` (a checked `RefundBody`) names.

    Seats are free at once, cassettes go back on the shelf. Raises NotFound; Conflict `not-paid`, `ticket-used`,
    `payments-not-set-up`; Invalid for what is not in the order.
    """
    order = rows.locked(db, Order, order_id)
    if order.state != PAID:
        raise Conflict(f"The order is {order.state}, not paid.", code="not-paid", state=order.state)
    tickets = _refundable_tickets(db, order_id, wanted)
    lines = _refundable_cassettes(db, order_id, wanted)
    cassettes_minor = sum(line.price_minor * number for line, number in lines)
    amount = Sum(sum(ticket.price_minor for ticket in tickets) + cassettes_minor, cassettes_minor)
    _void(db, order, tickets)
    for line, number in lines:
        line.refunded += number
    db.flush()
    shop.return_stock(db, order_id, {line.cassette_id: number for line, number in lines}, terms.now)
    _give_money_back(db, order, amount, tills, terms)
    order.total_minor -= amount.minor
    if not _anything_left(db, order_id):
        order.state = REFUNDED
    db.flush()


def _give_money_back(
    db: Session, order: Order, amount: Sum, tills: Mapping[str, PaymentProvider], terms: Terms
) -> None:
    """Where any was taken: what older clients order is sold without a payment."""
    captured = select(Payment).where(Payment.order_id == order.id, Payment.kind == CAPTURE)
    capture = db.execute(captured).scalar_one_or_none()
    if capture is None:
        return
    if capture.provider not in tills:
        detail = f"It was paid with {capture.provider}, which is not set up here any more."
        raise Conflict(detail, code="payments-not-set-up")
    till = Till(capture.provider, tills[capture.provider])
    ledger.refund(db, order, till, capture.reference, amount, terms.now)


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
