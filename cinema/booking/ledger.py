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


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount in minor units, and how much of it is for cassettes."""

    minor: int
    cassettes_minor: int


def capture(db: Session, order: Order, till: Till, cassettes_minor: int, now: datetime) -> None:
    """Takes the order's total, of which `cassettes_minor` is for cassettes."""
    amount = Money.from_minor(order.total_minor, order.currency)
    reference = till.provider.capture(f"{order.id}-capture", amount)
    _write(db, order, CAPTURE, till.name, reference, Sum(order.total_minor, cassettes_minor), now)


def refund(db: Session, order: Order, till: Till, captured: str, moved: Sum, now: datetime) -> None:
    """Gives back some of what was captured under the reference `captured`. The order has to be locked."""
    amount = Money.from_minor(moved.minor, order.currency)
    before = db.execute(select(func.count()).where(Payment.order_id == order.id)).scalar_one()
    reference = till.provider.refund(f"{order.id}-refund-{before}", captured, amount)
    _write(db, order, REFUND, till.name, reference, moved, now)


def _write(db: Session, order: Order, kind: str, provider: str, reference: str, moved: Sum, now: datetime) -> None:
    db.execute(
        insert(Payment).values(
            order_id=order.id,
            kind=kind,
            provider=provider,
            reference=reference,
            amount_minor=moved.minor,
            cassettes_minor=moved.cassettes_minor,
            currency=order.currency,
            at=now,
        )
    )
