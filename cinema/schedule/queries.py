"""How halls and screenings are found: one statement for a page or a screening."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select

from cinema.catalogue.labels import BY_SIGHT, VISIBLE, sight
from cinema.catalogue.models import CATALOGUE_TOPIC, Movie
from cinema.catalogue.queries import ACTORS, GENRES
from cinema.core.db.base import Query, UtcDateTime
from cinema.core.db.prepared import Prepared
from cinema.core.db.sql import json_list
from cinema.core.listing import Filter, Listing, SortKey, contains, equals
from cinema.core.ready import Kept
from cinema.schedule.models import HALLS_TOPIC, HELD, SCREENINGS_TOPIC, Hall, Screening, ScreeningPrice, SeatClaim
from cinema.schedule.settings import ScheduleSettings

KEPT_SCREENINGS = Kept((SCREENINGS_TOPIC, HALLS_TOPIC, CATALOGUE_TOPIC), by=sight)
"""What answers about screenings rely on, besides who has which seats."""

NOW = bindparam("now", type_=UtcDateTime())

PRICES = json_list(
    select(ScreeningPrice.category, ScreeningPrice.amount_minor, ScreeningPrice.currency)
    .where(ScreeningPrice.screening_id == Screening.id)
    .order_by(ScreeningPrice.category),
    Screening.__table__,
).label("prices")


def live(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether a claim still counts: everything but a hold that has ended. Decided here, at the time of reading."""
    return or_(SeatClaim.state != HELD, SeatClaim.expires_at > now)


_TAKEN = (
    select(func.count())
    .select_from(SeatClaim)
    .where(SeatClaim.screening_id == Screening.id, live(NOW))
    .correlate(Screening)
    .scalar_subquery()
)

HOLDS_END = (
    select(func.min(SeatClaim.expires_at))
    .where(SeatClaim.screening_id == Screening.id, SeatClaim.expires_at.is_not(None), SeatClaim.expires_at > NOW)
    .correlate(Screening)
    .scalar_subquery()
    .label("holds_end")
)
"""When the next hold on a seat of a screening ends: until then, seats are taken and free as they are now."""

SCREENINGS: Query = (
    select(
        Screening.id,
        Screening.starts_at,
        Movie.id.label("movie_id"),
        Movie.title.label("movie_title"),
        Movie.duration,
        Hall.id.label("hall_id"),
        Hall.name.label("hall_name"),
        Hall.rows,
        Hall.seats_in_row,
        Hall.capacity,
        PRICES,
        _TAKEN.label("seats_taken"),
        HOLDS_END,
    )
    .join(Movie, Screening.movie_id == Movie.id)
    .join(Hall, Screening.hall_id == Hall.id)
    .where(VISIBLE)
)
"""Everything that is shown of screenings, one row each, with the number of seats taken at `now`.

Only those of films that the caller's `Sight` shows.
"""

TAKEN_PLACES = json_list(
    select(SeatClaim.row_number.label("row"), SeatClaim.seat_number.label("seat"))
    .where(SeatClaim.screening_id == Screening.id, live(NOW))
    .order_by(SeatClaim.row_number, SeatClaim.seat_number),
    Screening.__table__,
).label("taken_places")
"""The places that are taken, by row and seat."""

_WITH_PLACES: Query = SCREENINGS.add_columns(TAKEN_PLACES)

_SCREENING_ID = SortKey(Screening.__table__.c.id, "id")

SCREENINGS_WITH_PLACES = Listing(
    _WITH_PLACES,
    sorts={"id": _SCREENING_ID},
    tie=_SCREENING_ID,
    sort="id",
    filters={"sight": BY_SIGHT},
)
"""All screenings in the order of entry, each with the places that are taken, for older clients."""

SCREENING_WITH_PLACES = Prepared(
    _WITH_PLACES.add_columns(Movie.description, GENRES, ACTORS).where(Screening.id == bindparam("id"))
)
"""A screening with its whole film and hall, for older clients."""

SCREENING = Prepared(SCREENINGS.where(Screening.id == bindparam("id")))
HALL = Prepared(select(Hall.__table__).where(Hall.id == bindparam("id")))

_hall = Hall.__table__.c
_HALL_ID = SortKey(_hall.id, "id")

HALL_LIST = Listing(
    select(Hall.__table__),
    sorts={"id": _HALL_ID, "name": SortKey(_hall.name_key, "name_key")},
    tie=_HALL_ID,
    sort="id",
    filters={"name": contains("name", Hall.name_key)},
)


def screening_list(settings: ScheduleSettings) -> Listing:
    """The list of screenings, whose days are those of the cinema's time zone."""

    def day(value: Any) -> dict[str, datetime]:
        first, following = settings.day(value)
        return {"day": first, "following_day": following}

    columns = Screening.__table__.c
    starts_at, by_id = columns.starts_at, SortKey(columns.id, "id")
    within = and_(starts_at >= bindparam("day"), starts_at < bindparam("following_day"))
    return Listing(
        SCREENINGS,
        sorts={"starts_at": SortKey(starts_at, "starts_at"), "id": by_id},
        tie=by_id,
        sort="starts_at",
        filters={
            "sight": BY_SIGHT,
            "date": Filter(within, day),
            "from": Filter(starts_at >= bindparam("from"), lambda moment: {"from": moment}),
            "to": Filter(starts_at < bindparam("to"), lambda moment: {"to": moment}),
            "movie": equals("movie", columns.movie_id),
            "hall": equals("hall", columns.hall_id),
        },
    )
