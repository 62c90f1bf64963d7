"""Halls, screenings, and the claims on their seats."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from cinema.core.db.base import Base, BigId, UtcDateTime
from cinema.core.db.changes import about

HALLS_TOPIC, SCREENINGS_TOPIC = "halls", "screenings"
"""Topics: the halls; what is shown when and for how much."""


def seats_topic(screening_id: int) -> str:
    """The topic of a screening's seats. Whoever writes claims says so: `touch(db, seats_topic(screening_id))`."""
    return f"seats:{screening_id}"


class Hall(Base):
    """A room with seats. `layout` is the truth; `rows`, `seats_in_row` and `capacity` follow from it."""

    __tablename__ = "halls"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    name_key: Mapped[str] = mapped_column(Text)
    layout: Mapped[str] = mapped_column(Text)
    rows: Mapped[int] = mapped_column(Integer)
    seats_in_row: Mapped[int] = mapped_column(Integer)
    capacity: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        CheckConstraint("capacity > 0", name="has_seats"),
        Index(None, "name_key", "id"),
        {"info": about(HALLS_TOPIC)},
    )


class Screening(Base):
    """One showing of a film in a hall. When it ends follows from the film."""

    __tablename__ = "screenings"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    movie_id: Mapped[int] = mapped_column(ForeignKey("movies.id", info={"needed_by": "screenings"}))
    hall_id: Mapped[int] = mapped_column(ForeignKey("halls.id", info={"needed_by": "screenings"}))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(None, "starts_at", "id"),
        Index(None, "hall_id", "starts_at"),
        Index(None, "movie_id", "starts_at"),
        {"info": about(SCREENINGS_TOPIC)},
    )


class ScreeningPrice(Base):
    """What a seat of a category costs. Without a row the category is not on sale."""

    __tablename__ = "screening_prices"

    screening_id: Mapped[int] = mapped_column(ForeignKey("screenings.id", ondelete="CASCADE"), primary_key=True)
    category: Mapped[str] = mapped_column(String(20), primary_key=True)
    amount_minor: Mapped[int] = mapped_column(BigId)
    currency: Mapped[str] = mapped_column(String(3))

    __table_args__ = (CheckConstraint("amount_minor >= 0", name="amount"), {"info": about(SCREENINGS_TOPIC)})


HELD, BOOKED, SOLD = "held", "booked", "sold"
_HOLDS = text("expires_at IS NOT NULL")


class SeatClaim(Base):
    """Somebody's claim on a seat of a screening: the only place where availability lives.

    The primary key is the last judge of who has a seat. *held* ends at `expires_at`, *booked* and *sold* do not
    end by themselves.
    """

    __tablename__ = "seat_claims"

    screening_id: Mapped[int] = mapped_column(ForeignKey("screenings.id", ondelete="CASCADE"), primary_key=True)
    row_number: Mapped[int] = mapped_column(Integer, primary_key=True)
    seat_number: Mapped[int] = mapped_column(Integer, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("row_number > 0 AND seat_number > 0", name="numbers"),
        CheckConstraint("state IN ('held', 'booked', 'sold')", name="state"),
        CheckConstraint("(state = 'held') = (expires_at IS NOT NULL)", name="only_holds_expire"),
        Index(None, "screening_id", "expires_at", sqlite_where=_HOLDS, postgresql_where=_HOLDS),
    )
