"""Claiming seats: the heart of the matter.

A seat is claimed by inserting its row, which the primary key allows once. What others hold past its deadline is
taken over by an update that only an ended hold meets. Seats are always touched in the order of row and seat,
inserts before updates, so that two orders never wait for each other in a circle.
"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Delete, Insert, delete, select, tuple_, update
from sqlalchemy.orm import Session

from cinema.core.db.sql import insert_ignoring
from cinema.core.errors import Conflict
from cinema.schedule.models import BOOKED, HELD, SOLD, SeatClaim
from cinema.schedule.queries import live


class Seat(NamedTuple):
    """A place in a hall."""

    row: int
    seat: int


def state_until(expires_at: datetime | None) -> str:
    """The state of an unpaid claim: held until a moment, or booked without one."""
    return BOOKED if expires_at is None else HELD


def claim(
    db: Session,
    screening_id: int,
    order_id: int,
    seats: Collection[Seat],
    now: datetime,
    *,
    state: str = HELD,
    expires_at: datetime | None = None,
) -> None:
    """Claims all of `seats` for an order, or none.

    Raises Conflict `seats-unavailable` with the seats that somebody else has; the transaction must be rolled back.
    """
    wanted = sorted(seats)
    values = [
        {
            "screening_id": screening_id,
            "row_number": row,
            "seat_number": seat,
            "order_id": order_id,
            "state": state,
            "expires_at": expires_at,
        }
        for row, seat in wanted
    ]
    won = {Seat(row, seat) for row, seat in db.connection().execute(_insert(db), values)}
    lost = [seat for seat in wanted if seat not in won]
    if lost:
        lost = _take_over(db, screening_id, order_id, lost, now, state, expires_at)
    if lost:
        raise _lost(db, screening_id, lost)


def _lost(db: Session, screening_id: int, seats: Collection[Seat]) -> Conflict:
    """The refusal that names the seats, and until when those that are only held are."""
    held = (
        select(SeatClaim.row_number, SeatClaim.seat_number, SeatClaim.expires_at)
        .where(SeatClaim.screening_id == screening_id, _among(seats), SeatClaim.expires_at.is_not(None))
        .order_by(SeatClaim.row_number, SeatClaim.seat_number)
    )
    names = ", ".join(f"seat {seat} in row {row}" for row, seat in seats)
    return Conflict(
        f"Somebody else has {names}. Choose other seats.",
        code="seats-unavailable",
        conflicts=[{"row": row, "seat": seat} for row, seat in seats],
        held=[{"row": row, "seat": seat, "until": until} for row, seat, until in db.execute(held)],
    )


def _insert(db: Session) -> Insert:
    table = SeatClaim.__table__
    return insert_ignoring(db, table).returning(table.c.row_number, table.c.seat_number)


def _take_over(
    db: Session,
    screening_id: int,
    order_id: int,
    seats: Collection[Seat],
    now: datetime,
    state: str,
    expires_at: datetime | None,
) -> list[Seat]:
    """Takes over the holds among `seats` that have ended; answers the seats that stay lost.

    The rows are locked in order first: an update alone locks them in whatever order it finds them.
    """
    ended = (
        select(SeatClaim.row_number, SeatClaim.seat_number)
        .where(SeatClaim.screening_id == screening_id, _among(seats), ~live(now))
        .order_by(SeatClaim.row_number, SeatClaim.seat_number)
        .with_for_update()
    )
    free = {Seat(row, seat) for row, seat in db.execute(ended)}
    if free:
        db.execute(
            update(SeatClaim)
            .where(SeatClaim.screening_id == screening_id, _among(free))
            .values(order_id=order_id, state=state, expires_at=expires_at)
            .execution_options(synchronize_session=False)
        )
    return sorted(set(seats) - free)


def sell(db: Session, order_id: int) -> set[tuple[int, Seat]]:
    """Turns what an order still holds into sales, ended holds that nobody took over included.

    Answers the screening and seat of each.
    """
    sold = (
        update(SeatClaim)
        .where(SeatClaim.order_id == order_id, SeatClaim.state != SOLD)
        .values(state=SOLD, expires_at=None)
        .returning(SeatClaim.screening_id, SeatClaim.row_number, SeatClaim.seat_number)
        .execution_options(synchronize_session=False)
    )
    return {(screening_id, Seat(row, seat)) for screening_id, row, seat in db.execute(sold)}


def extend(db: Session, order_id: int, expires_at: datetime) -> None:
    """Lets an order's holds live longer."""
    db.execute(
        update(SeatClaim)
        .where(SeatClaim.order_id == order_id, SeatClaim.state == HELD)
        .values(expires_at=expires_at)
        .execution_options(synchronize_session=False)
    )


def release(db: Session, order_id: int) -> None:
    """Gives up all seats of an order; they are free at once."""
    db.execute(_gone(order_id))


def release_some(db: Session, order_id: int, screening_id: int, seats: Collection[Seat]) -> None:
    """Gives up some seats of an order."""
    db.execute(_gone(order_id).where(SeatClaim.screening_id == screening_id, _among(seats)))


def _gone(order_id: int) -> Delete:
    return delete(SeatClaim).where(SeatClaim.order_id == order_id).execution_options(synchronize_session=False)


def _among(seats: Collection[Seat]) -> ColumnElement[bool]:
    return tuple_(SeatClaim.row_number, SeatClaim.seat_number).in_([tuple(seat) for seat in seats])
