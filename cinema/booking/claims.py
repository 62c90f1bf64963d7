"""Claiming seats: the heart of the matter.

A seat is claimed by inserting its row, which the primary key allows once. What others hold past its deadline is
taken over by an update that only an ended hold meets. Seats are always touched in the order of row and seat,
inserts before updates, so that two orders never wait for each other in a circle.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import (
    ColumnElement,
    Delete,
    Insert,
    Integer,
    String,
    Update,
    bindparam,
    delete,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from cinema.core.db.base import BigId, UtcDateTime
from cinema.core.db.changes import touch
from cinema.core.db.prepared import Prepared
from cinema.core.db.sql import given_rows, insert_if_new
from cinema.core.errors import Conflict
from cinema.schedule.models import BOOKED, HELD, SOLD, SeatClaim, seats_topic
from cinema.schedule.queries import live


class Seat(NamedTuple):
    """A place in a hall."""

    row: int
    seat: int


_claim: Any = SeatClaim.__table__
_place = given_rows("places", row_number=Integer(), seat_number=Integer())


def insertion(order_id: ColumnElement[Any]) -> Insert:
    """Claims the `places` that nobody has, in order, for an order; answers which these are."""
    of_all: dict[str, ColumnElement[Any]] = {
        "order_id": order_id,
        "screening_id": bindparam("screening_id", type_=BigId),
        "state": bindparam("claim_state", type_=String()),
        "expires_at": bindparam("expires_at", type_=UtcDateTime()),
    }
    places = select(*_place.c, *of_all.values()).order_by(_place.c.row_number, _place.c.seat_number)
    claims = insert_if_new(_claim).from_select([*_place.c.keys(), *of_all], places)
    return claims.returning(_claim.c.row_number, _claim.c.seat_number)


_INSERT = Prepared(insertion(bindparam("order_id", type_=BigId)))


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
    state: str | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Claims all of `seats` for an order, or none: in `state`, or until `expires_at` (see `state_until`).

    Raises Conflict `seats-unavailable` with the seats that somebody else has; the transaction must be rolled back.
    """
    touch(db, seats_topic(screening_id))
    inserted = _INSERT.run(
        db,
        screening_id=screening_id,
        order_id=order_id,
        claim_state=state or state_until(expires_at),
        expires_at=expires_at,
        places=orjson.dumps([{"row_number": row, "seat_number": seat} for row, seat in seats]).decode(),
    )
    won = {Seat(place.row_number, place.seat_number) for place in inserted}
    take_over(db, screening_id, order_id, set(seats) - won, now, state=state, expires_at=expires_at)


def take_over(
    db: Session,
    screening_id: int,
    order_id: int,
    seats: Collection[Seat],
    now: datetime,
    *,
    state: str | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Takes over all of `seats`, which somebody has claimed, as far as their holds have ended. Raises as `claim`."""
    if not seats:
        return
    touch(db, seats_topic(screening_id))
    lost = set(seats) - _ended(db, screening_id, seats, now)
    if lost:
        raise _lost(db, screening_id, sorted(lost))
    db.execute(
        update(SeatClaim)
        .where(SeatClaim.screening_id == screening_id, _among(seats))
        .values(order_id=order_id, state=state or state_until(expires_at), expires_at=expires_at)
        .execution_options(synchronize_session=False)
    )


def _ended(db: Session, screening_id: int, seats: Collection[Seat], now: datetime) -> set[Seat]:
    """Those whose holds have ended, locked in order: an update alone locks them in whatever order it finds them."""
    ended = (
        select(SeatClaim.row_number, SeatClaim.seat_number)
        .where(SeatClaim.screening_id == screening_id, _among(seats), ~live(now))
        .order_by(SeatClaim.row_number, SeatClaim.seat_number)
        .with_for_update()
    )
    return {Seat(row, seat) for row, seat in db.execute(ended)}


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


def sell(db: Session, order_id: int) -> set[tuple[int, Seat]]:
    """Turns what an order still holds into sales, ended holds that nobody took over included.

    Answers the screening and seat of each.
    """
    changed = update(SeatClaim).where(SeatClaim.order_id == order_id, SeatClaim.state != SOLD)
    return _written(db, changed.values(state=SOLD, expires_at=None))


def extend(db: Session, order_id: int, expires_at: datetime) -> None:
    """Lets an order's holds live longer."""
    changed = update(SeatClaim).where(SeatClaim.order_id == order_id, SeatClaim.state == HELD)
    _written(db, changed.values(expires_at=expires_at))


def release(db: Session, order_id: int) -> None:
    """Gives up all seats of an order; they are free at once."""
    _written(db, delete(SeatClaim).where(SeatClaim.order_id == order_id))


def release_some(db: Session, order_id: int, screening_id: int, seats: Collection[Seat]) -> None:
    """Gives up some seats of an order."""
    gone = delete(SeatClaim).where(SeatClaim.order_id == order_id, SeatClaim.screening_id == screening_id)
    _written(db, gone.where(_among(seats)))


def _written(db: Session, statement: Update | Delete) -> set[tuple[int, Seat]]:
    """Writes claims, and says whose seats it has changed; answers the screening and seat of each."""
    result = db.execute(
        statement.returning(SeatClaim.screening_id, SeatClaim.row_number, SeatClaim.seat_number),
        execution_options={"synchronize_session": False},
    )
    written = {(screening_id, Seat(row, seat)) for screening_id, row, seat in result}
    touch(db, *(seats_topic(screening_id) for screening_id, _seat in written))
    return written


def _among(seats: Collection[Seat]) -> ColumnElement[bool]:
    return tuple_(SeatClaim.row_number, SeatClaim.seat_number).in_([tuple(seat) for seat in seats])
