"""Claiming seats: the heart of the matter.

A seat is claimed by inserting its row, which the primary key allows once. What others hold past its deadline is
taken over by an update that only an ended hold meets. Claims are inserted in the order of row and seat, and those
that exist are locked in this order before they change, so that orders hardly ever wait for each other in a circle.
Where they do, the database ends one of them, and its request is tried again.
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

from cinema.core.db import rows
from cinema.core.db.base import BigId, Query, UtcDateTime
from cinema.core.db.changes import touch
from cinema.core.db.prepared import Lock, Prepared
from cinema.core.db.sql import given_rows, insert_if_new
from cinema.core.errors import Conflict, Problem
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


_OF_ORDER: Query = (
    select(SeatClaim.screening_id, SeatClaim.row_number, SeatClaim.seat_number)
    .where(SeatClaim.order_id == bindparam("order_id", type_=BigId))
    .order_by(SeatClaim.screening_id, SeatClaim.row_number, SeatClaim.seat_number)
    .with_for_update()
)

_INSERT = Prepared(insertion(bindparam("order_id", type_=BigId)))
_LOCK = Lock(_OF_ORDER)
_READ_LOCKED = Prepared(_OF_ORDER)


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

    Raises Conflict `seats-unavailable` with the seats that somebody else has, or has the request start over where
    nobody has them any more; the transaction must be rolled back.
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
        raise _lost(db, screening_id, lost)
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


def _lost(db: Session, screening_id: int, seats: Collection[Seat]) -> Problem:
    """The refusal that names the seats, and until when those that are only held are.

    What was given up since they were lost is named no more; once that is all of them, the request is to start over.
    """
    claimed = (
        select(SeatClaim.row_number, SeatClaim.seat_number, SeatClaim.expires_at)
        .where(SeatClaim.screening_id == screening_id, _among(seats))
        .order_by(SeatClaim.row_number, SeatClaim.seat_number)
    )
    found = db.execute(claimed).all()
    if not found:
        return rows.changed_meanwhile()
    names = ", ".join(f"seat {seat} in row {row}" for row, seat, _until in found)
    return Conflict(
        f"Somebody else has {names}. Choose other seats.",
        code="seats-unavailable",
        conflicts=[{"row": row, "seat": seat} for row, seat, _until in found],
        held=[{"row": row, "seat": seat, "until": until} for row, seat, until in found if until],
    )


def locked(db: Session, order_id: int) -> set[tuple[int, Seat]]:
    """Locks what an order still holds, ended holds that nobody took over included: the screening and seat of each."""
    held = _READ_LOCKED.run(db, order_id=order_id)
    return {(claim.screening_id, Seat(claim.row_number, claim.seat_number)) for claim in held}


def sell(db: Session, order_id: int) -> None:
    """Turns what an order holds into sales. It has to be `locked`."""
    changed = update(SeatClaim).where(SeatClaim.order_id == order_id, SeatClaim.state != SOLD)
    _write(db, changed.values(state=SOLD, expires_at=None))


def extend(db: Session, order_id: int, expires_at: datetime) -> None:
    """Lets an order's holds live longer. They have to be `locked`."""
    changed = update(SeatClaim).where(SeatClaim.order_id == order_id, SeatClaim.state == HELD)
    _write(db, changed.values(expires_at=expires_at))


def release(db: Session, order_id: int) -> None:
    """Gives up all seats of an order; they are free at once."""
    _LOCK.take(db, order_id=order_id)
    _write(db, delete(SeatClaim).where(SeatClaim.order_id == order_id))


def release_some(db: Session, order_id: int, screening_id: int, seats: Collection[Seat]) -> None:
    """Gives up some seats of an order."""
    _LOCK.take(db, order_id=order_id)
    gone = delete(SeatClaim).where(SeatClaim.order_id == order_id, SeatClaim.screening_id == screening_id)
    _write(db, gone.where(_among(seats)))


def _write(db: Session, statement: Update | Delete) -> None:
    """Writes claims, and says whose seats it has changed."""
    options = {"synchronize_session": False}
    written = db.execute(statement.returning(SeatClaim.screening_id), execution_options=options)
    touch(db, *{seats_topic(screening_id) for (screening_id,) in written})


def _among(seats: Collection[Seat]) -> ColumnElement[bool]:
    return tuple_(SeatClaim.row_number, SeatClaim.seat_number).in_([tuple(seat) for seat in seats])
