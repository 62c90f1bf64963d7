"""Money that moves, and the line that is written for it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from cinema.booking.models import CAPTURE, REFUND, Order, Payment
from cinema.booking.payments import PaymentProvider
from cinema.core.money import Money


@dataclass(frozen=True, slots=True)
class Till:
    """Who takes the money."""

    name: str
    provider: PaymentProvider


def capture(db: Session, order: Order, till: Till, now: datetime) -> None:
    """Takes the order's total."""
    amount = Money.from_minor(order.total_minor, order.currency)
    reference = till.provider.capture(f"{order.id}-capture", amount)
    _write(db, order, CAPTURE, till.name, reference, order.total_minor, now)


def refund(db: Session, order: Order, till: Till, captured: str, minor: int, now: datetime) -> None:
    """Gives back `minor` of what was captured under the reference `captured`. The order has to be locked."""
    amount = Money.from_minor(minor, order.currency)
    before = db.execute(select(func.count()).where(Payment.order_id == order.id)).scalar_one()
    reference = till.provider.refund(f"{order.id}-refund-{before}", captured, amount)
    _write(db, order, REFUND, till.name, reference, minor, now)


def _write(db: Session, order: Order, kind: str, provider: str, reference: str, minor: int, now: datetime) -> None:
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
