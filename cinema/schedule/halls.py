"""The rules of halls."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from cinema.core.db import rows
from cinema.core.db.base import Reader
from cinema.core.errors import Conflict, NotFound
from cinema.core.text import fold
from cinema.schedule import layout
from cinema.schedule.models import Hall, Screening, SeatClaim
from cinema.schedule.queries import HALL, live

_STILL_RUNNING = timedelta(days=1)  # a screening that began longer ago needs its seats no more


def get_hall(db: Reader, hall_id: int) -> Row[Any]:
    """A hall, for presenting. Raises NotFound."""
    row = HALL.run(db, id=hall_id).one_or_none()
    if row is None:
        raise NotFound
    return row


def create_hall(db: Session, values: Mapping[str, Any]) -> Hall:
    """Makes a hall of a checked `HallBody`."""
    hall = Hall()
    _write(hall, values)
    db.add(hall)
    db.flush()
    return hall


def change_hall(db: Session, hall_id: int, values: Mapping[str, Any], now: datetime) -> Hall:
    """Changes a hall.

    Raises NotFound, and Conflict `seats-taken` with the seats when one that somebody holds or bought, for a
    screening to come, would be gone.
    """
    hall = rows.locked(db, Hall, hall_id)
    if seats := _layout(values):
        _keep_taken_seats(db, hall_id, seats, now)
    _write(hall, values)
    db.flush()
    return hall


def delete_hall(db: Session, hall_id: int) -> None:
    """Deletes a hall without screenings. Raises NotFound, Conflict `in-use`."""
    rows.delete(db, rows.locked(db, Hall, hall_id))


def _layout(values: Mapping[str, Any]) -> layout.Layout | None:
    if "layout" in values:
        return layout.parse(values["layout"])
    if "rows" in values:
        return layout.rectangle(values["rows"], values["seats_in_row"])
    return None


def _write(hall: Hall, values: Mapping[str, Any]) -> None:
    if "name" in values:
        hall.name, hall.name_key = values["name"], fold(values["name"])
    if seats := _layout(values):
        hall.layout = seats.text
        hall.rows, hall.seats_in_row, hall.capacity = len(seats.rows), seats.seats_in_row, seats.capacity


def _keep_taken_seats(db: Session, hall_id: int, seats: layout.Layout, now: datetime) -> None:
    """Locks the hall's screenings to come, which keeps bookings out, and looks at what is taken there."""
    coming = select(Screening.id).where(Screening.hall_id == hall_id, Screening.starts_at > now - _STILL_RUNNING)
    screening_ids = db.scalars(coming.order_by(Screening.id).with_for_update()).all()
    taken = (
        select(SeatClaim.row_number, SeatClaim.seat_number, SeatClaim.screening_id)
        .where(SeatClaim.screening_id.in_(screening_ids), live(now))
        .order_by(SeatClaim.screening_id, SeatClaim.row_number, SeatClaim.seat_number)
    )
    lost = [
        {"row": row, "seat": seat, "screening": screening_id}
        for row, seat, screening_id in db.execute(taken)
        if seats.category(row, seat) is None
    ]
    if lost:
        first = f"seat {lost[0]['seat']} in row {lost[0]['row']} for screening {lost[0]['screening']}"
        raise Conflict(
            f"Seats that would be gone are held or sold: {first}, {len(lost)} altogether. Keep them, or cancel or "
            "refund those orders first.",
            code="seats-taken",
            seats=lost,
        )
