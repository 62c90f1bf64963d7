"""Orders, their tickets and cassettes, and the money that moved."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from cinema.core.db.base import Base, BigId, UtcDateTime

HELD, PAID, CANCELLED, EXPIRED, REFUNDED = "held", "paid", "cancelled", "expired", "refunded"
VALID, USED, VOID = "valid", "used", "void"
CAPTURE, REFUND = "capture", "refund"


class Order(Base):
    """What one person takes together.

    `state` is held, paid, cancelled or refunded; a held order whose `expires_at` has passed reads as expired. Without
    `expires_at` it is held until somebody pays it or gives it up.
    """

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    state: Mapped[str] = mapped_column(String(10))
    total_minor: Mapped[int] = mapped_column(BigId)
    currency: Mapped[str] = mapped_column(String(3))
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    extended: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("state IN ('held', 'paid', 'cancelled', 'refunded')", name="state"),
        CheckConstraint("total_minor >= 0", name="total"),
        Index(None, "user_id", "id"),
        Index(
            "ix_orders_unpaid",
            "user_id",
            "expires_at",
            sqlite_where=text("state = 'held'"),
            postgresql_where=text("state = 'held'"),
        ),
    )


class Ticket(Base):
    """One seat in an order, at the price it was taken for. A ticket is never deleted once it was paid.

    `used_at` is when somebody was admitted with it, `check_in_nonce` what the device at the door called that attempt.
    """

    __tablename__ = "tickets"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    screening_id: Mapped[int] = mapped_column(ForeignKey("screenings.id", info={"needed_by": "tickets"}), index=True)
    row_number: Mapped[int] = mapped_column(Integer)
    seat_number: Mapped[int] = mapped_column(Integer)
    category: Mapped[str] = mapped_column(String(20))
    price_minor: Mapped[int] = mapped_column(BigId)
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    check_in_nonce: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        CheckConstraint("state IN ('held', 'valid', 'used', 'void')", name="state"),
        CheckConstraint("price_minor >= 0", name="price"),
        CheckConstraint(
            "(check_in_nonce IS NULL) = (used_at IS NULL) AND (used_at IS NULL OR state = 'used')", name="check_in"
        ),
        Index(None, "user_id", "id"),
    )


class OrderCassette(Base):
    """Cassettes in an order, at the price each was taken for."""

    __tablename__ = "order_cassettes"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    cassette_id: Mapped[int] = mapped_column(
        ForeignKey("cassettes.id", info={"needed_by": "orders"}), primary_key=True
    )
    quantity: Mapped[int] = mapped_column(Integer)
    refunded: Mapped[int] = mapped_column(Integer, default=0)
    price_minor: Mapped[int] = mapped_column(BigId)
    currency: Mapped[str] = mapped_column(String(3))

    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("refunded BETWEEN 0 AND quantity", name="refunded"),
        CheckConstraint("price_minor >= 0", name="price"),
        Index(None, "cassette_id"),
    )


class Payment(Base):
    """Money that moved for an order: captured or refunded. An order is captured at most once.

    `cassettes_minor` is how much of the amount was for cassettes; the rest was for tickets.
    """

    __tablename__ = "payments"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    provider: Mapped[str] = mapped_column(String(50))
    reference: Mapped[str] = mapped_column(String(255))
    amount_minor: Mapped[int] = mapped_column(BigId)
    cassettes_minor: Mapped[int] = mapped_column(BigId, server_default=text("0"))
    currency: Mapped[str] = mapped_column(String(3))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("kind IN ('capture', 'refund')", name="kind"),
        CheckConstraint("amount_minor >= 0", name="amount"),
        CheckConstraint("cassettes_minor BETWEEN 0 AND amount_minor", name="cassettes"),
        Index(None, "at"),
        Index(
            "uq_payments_capture",
            "order_id",
            unique=True,
            sqlite_where=text("kind = 'capture'"),
            postgresql_where=text("kind = 'capture'"),
        ),
    )
