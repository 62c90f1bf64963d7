"""The rules of screenings.

Locks are always taken in the order film, halls, screening, so that two changes cannot wait for each other.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select
from sqlalchemy.orm import Session

from cinema.catalogue.labels import VISIBLE, Sight
from cinema.catalogue.models import MAX_DURATION, Movie
from cinema.catalogue.queries import RUNNING_TIME
from cinema.core.db import rows
from cinema.core.db.base import Reader
from cinema.core.errors import Conflict, FieldError, Invalid, NotFound
from cinema.core.money import Money
from cinema.schedule.layout import CATEGORIES
from cinema.schedule.models import Hall, Screening, ScreeningPrice, SeatClaim
from cinema.schedule.queries import SCREENING, live
from cinema.schedule.settings import OpeningHours, Rules

_PLACE = ("movie", "hall", "starts_at")


def get_screening(db: Reader, screening_id: int, sight: Sight, now: datetime) -> Row[Any]:
    """A screening, for presenting. Raises NotFound."""
    row = SCREENING.run(db, id=screening_id, now=now, **sight.parameters).one_or_none()
    if row is None:
        raise NotFound
    return row


def create_screening(db: Session, values: Mapping[str, Any], rules: Rules, sight: Sight) -> int:
    """Schedules a film; answers the screening's id.

    Raises Invalid for an unknown film or hall; Conflict `no-duration`, `outside-opening-hours`, `overlap`.
    """
    screening = Screening(movie_id=values["movie"], hall_id=values["hall"], starts_at=values["starts_at"])
    _check_place(db, screening, rules, sight)
    db.add(screening)
    db.flush()
    _write_prices(db, screening.id, _prices(values))
    return screening.id


def change_screening(
    db: Session,
    screening_id: int,
    values: Mapping[str, Any],
    rules: Rules,
    sight: Sight,
    now: datetime,
) -> None:
    """Changes a screening. Prices change for whoever books next.

    Raises NotFound, what `create_screening` raises, and Conflict `screening-has-tickets` for a move after a seat
    was taken.
    """
    screening = _found(db, _IN_SIGHT, screening_id, sight)
    wanted = Screening(
        movie_id=values.get("movie", screening.movie_id),
        hall_id=values.get("hall", screening.hall_id),
        starts_at=values.get("starts_at", screening.starts_at),
        id=screening_id,
    )
    moves = _place(wanted) != _place(screening)
    if moves or rules.strict:
        _check_place(db, wanted, rules, sight, besides=screening.hall_id)
    screening = _as_it_was(db, screening)
    if moves or rules.strict:
        _refuse_with_tickets(db, screening_id, now)
    if moves:
        screening.movie_id, screening.hall_id, screening.starts_at = _place(wanted)
        db.flush()
    if "price" in values or "prices" in values:
        _write_prices(db, screening_id, _prices(values))


def lock_for_change(db: Session, screening_id: int, values: Mapping[str, Any]) -> None:
    """Locks what `change_screening` with these values is going to lock, in its order. Raises NotFound."""
    place = select(Screening.movie_id, Screening.hall_id).where(Screening.id == screening_id)
    found = db.execute(place).one_or_none()
    if found is None:
        raise NotFound
    movies = Movie.id.in_({found.movie_id, values.get("movie", found.movie_id)})
    halls = Hall.id.in_({found.hall_id, values.get("hall", found.hall_id)})
    db.execute(select(Movie.id).where(movies).order_by(Movie.id).with_for_update(read=True, key_share=True))
    db.execute(select(Hall.id).where(halls).order_by(Hall.id).with_for_update())
    rows.locked(db, Screening, screening_id)


def _as_it_was(db: Session, screening: Screening) -> Screening:
    """The screening, locked. Raises NotFound when it is gone; when it was moved meanwhile the request starts over."""
    place = _place(screening)
    again = select(Screening).where(Screening.id == screening.id).with_for_update()
    locked = db.scalars(again.execution_options(populate_existing=True)).one_or_none()
    if locked is None:
        raise NotFound
    if _place(locked) != place:
        raise rows.changed_meanwhile()
    return locked


def delete_screening(db: Session, screening_id: int, sight: Sight, now: datetime) -> None:
    """Deletes a screening that has no tickets. Raises NotFound, Conflict `screening-has-tickets` or `in-use`."""
    screening = _found(db, _IN_SIGHT.with_for_update(of=Screening), screening_id, sight)
    _refuse_with_tickets(db, screening_id, now)
    rows.delete(db, screening)


def is_scheduled(db: Reader, movie_id: int) -> bool:
    """Whether a film has any screening, past ones too."""
    return db.execute(select(Screening.id).where(Screening.movie_id == movie_id).limit(1)).first() is not None


def check_hall_is_free(db: Session, screening: Screening, seconds: int, cleaning: timedelta, sight: Sight) -> None:
    """Raises Conflict `overlap` with the other screening, whose film is named as far as `sight` shows it.

    The hall has to be locked.
    """
    begins, ends = screening.starts_at, screening.starts_at + timedelta(seconds=seconds) + cleaning
    longest = timedelta(minutes=MAX_DURATION) + cleaning
    nearby = (
        select(Screening.id, Screening.starts_at, Movie.title, RUNNING_TIME, Movie.label)
        .join(Movie, Screening.movie_id == Movie.id)
        .where(Screening.hall_id == screening.hall_id, Screening.starts_at.between(begins - longest, ends))
        .order_by(Screening.starts_at)
    )
    for other in db.execute(nearby):
        if other.id == screening.id:
            continue
        other_ends = other.starts_at + timedelta(seconds=other.running_time or 0)
        if begins < other_ends + cleaning and other.starts_at < ends:
            film = f"«{other.title}»" if sight.shows(other.label) else "Another film"
            raise Conflict(
                f"{film} has the hall from {other.starts_at:%Y-%m-%d %H:%M} to {other_ends:%H:%M} UTC, and it is "
                f"cleaned for {cleaning // _MINUTE} minutes afterwards. Choose another time or hall.",
                code="overlap",
                other={"id": other.id, "starts_at": other.starts_at, "ends_at": other_ends},
            )


_MINUTE = timedelta(minutes=1)


_IN_SIGHT = select(Screening).join(Movie, Screening.movie_id == Movie.id).where(VISIBLE)


def _found(db: Session, screenings: Select[Screening], screening_id: int, sight: Sight) -> Screening:
    screening = db.scalars(screenings.where(Screening.id == screening_id), sight.parameters).one_or_none()
    if screening is None:
        raise NotFound
    return screening


def _place(screening: Screening) -> tuple[int, int, datetime]:
    return screening.movie_id, screening.hall_id, screening.starts_at


def unknown_references(db: Reader, movie_id: int | None, hall_id: int | None, sight: Sight) -> list[FieldError]:
    """Which of film and hall there are not; None asks for nothing."""
    errors = []
    movie = select(Movie.id).where(Movie.id == movie_id, VISIBLE)
    if movie_id is not None and db.execute(movie, sight.parameters).first() is None:
        errors.append(FieldError("movie", "unknown", f"there is no movie {movie_id}"))
    if hall_id is not None and db.execute(select(Hall.id).where(Hall.id == hall_id)).first() is None:
        errors.append(FieldError("hall", "unknown", f"there is no hall {hall_id}"))
    return errors


def _check_place(db: Session, screening: Screening, rules: Rules, sight: Sight, besides: int | None = None) -> None:
    """Film, hall, opening hours; locks the film against a new length and the halls against each other."""
    movie = select(RUNNING_TIME).where(Movie.id == screening.movie_id, VISIBLE)
    found = db.execute(movie.with_for_update(read=True, key_share=True), sight.parameters).one_or_none()
    halls = select(Hall.id).where(Hall.id.in_({screening.hall_id, besides or screening.hall_id}))
    locked = db.scalars(halls.order_by(Hall.id).with_for_update()).all()
    if found is None or screening.hall_id not in locked:
        raise Invalid(unknown_references(db, screening.movie_id, screening.hall_id, sight))
    if rules.opening_hours:
        _check_hours(screening.starts_at, found.running_time, rules, rules.opening_hours)
        check_hall_is_free(db, screening, found.running_time, rules.cleaning, sight)


def _check_hours(starts_at: datetime, seconds: int | None, rules: Rules, hours: OpeningHours) -> None:
    if seconds is None:
        detail = "The movie has no duration yet, so nobody knows when it ends. Enter it first."
        raise Conflict(detail, code="no-duration")
    over = starts_at + timedelta(seconds=seconds) + rules.cleaning
    if not hours.include(starts_at, over, rules.zone):
        opens, closes = hours.on(starts_at.astimezone(rules.zone).date(), rules.zone)
        raise Conflict(
            "The screening, cleaning included, has to lie within the opening hours of its day: "
            f"{opens.astimezone(rules.zone):%H:%M} to {closes.astimezone(rules.zone):%H:%M} ({rules.zone.key}).",
            code="outside-opening-hours",
            opens=opens,
            closes=closes,
        )


def _refuse_with_tickets(db: Session, screening_id: int, now: datetime) -> None:
    claimed = select(SeatClaim.row_number).where(SeatClaim.screening_id == screening_id, live(now)).limit(1)
    if db.execute(claimed).first():
        raise Conflict(
            "Seats are held or sold, so it can be neither moved nor deleted. Cancel or refund those orders first.",
            code="screening-has-tickets",
        )


def _prices(values: Mapping[str, Any]) -> dict[str, Money]:
    if values.get("price") is not None:
        return dict.fromkeys(CATEGORIES.values(), values["price"])
    return dict(values.get("prices", {}))


def _write_prices(db: Session, screening_id: int, prices: Mapping[str, Money]) -> None:
    db.execute(delete(ScreeningPrice).where(ScreeningPrice.screening_id == screening_id))
    if prices:
        db.execute(
            insert(ScreeningPrice),
            [
                {
                    "screening_id": screening_id,
                    "category": category,
                    "amount_minor": price.minor,
                    "currency": price.currency,
                }
                for category, price in prices.items()
            ],
        )
