"""Cassettes, their stock, and the claims on it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, validates

from cinema.core.db.base import Base, BigId, UtcDateTime
from cinema.core.text import fold


class Cassette(Base):
    """A VHS tape. `quantity` is what lies in the shop; it never goes below zero."""

    __tablename__ = "cassettes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    title: Mapped[str] = mapped_column(String(255))
    title_key: Mapped[str] = mapped_column(Text)
    director: Mapped[str] = mapped_column(String(255))
    director_key: Mapped[str] = mapped_column(Text)
    released: Mapped[date] = mapped_column(Date)
    quantity: Mapped[int] = mapped_column(Integer, default=0)
    price_minor: Mapped[int | None] = mapped_column(BigId)
    currency: Mapped[str | None] = mapped_column(String(3))

    __table_args__ = (
        CheckConstraint("quantity >= 0", name="quantity"),
        CheckConstraint("price_minor >= 0", name="price"),
        CheckConstraint("(price_minor IS NULL) = (currency IS NULL)", name="price_has_currency"),
        Index(None, "title_key", "id"),
        Index(None, "released", "id"),
    )

    @validates("title", "director")
    def _key(self, name: str, value: str) -> str:
        setattr(self, f"{name}_key", fold(value))
        return value


class StockMovement(Base):
    """A change of a cassette's quantity, and why. The sum of them is the quantity."""

    __tablename__ = "stock_movements"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    cassette_id: Mapped[int] = mapped_column(ForeignKey("cassettes.id", ondelete="CASCADE"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    change: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (CheckConstraint("change <> 0", name="change"),)


class StockClaim(Base):
    """Cassettes that lie ready for an unpaid order until `expires_at`."""

    __tablename__ = "stock_claims"

    cassette_id: Mapped[int] = mapped_column(ForeignKey("cassettes.id", ondelete="CASCADE"), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True)
    quantity: Mapped[int] = mapped_column(Integer)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        Index(None, "order_id"),
    )
