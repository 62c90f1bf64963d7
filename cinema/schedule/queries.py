"""How halls and screenings are found: one statement for a page or a screening."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from cinema.catalogue.models import Movie
from cinema.core.db.base import Query
from cinema.core.db.sql import json_list
from cinema.core.paging import Order, SortKey
from cinema.core.text import contains_pattern
from cinema.schedule.models import HELD, Hall, Screening, ScreeningPrice, SeatClaim
from cinema.schedule.settings import ScheduleSettings

_hall = Hall.__table__.c
_screening = Screening.__table__.c

PRICES = json_list(
    select(ScreeningPrice.category, ScreeningPrice.amount_minor, ScreeningPrice.currency)
    .where(ScreeningPrice.screening_id == Screening.id)
    .order_by(ScreeningPrice.category),
    Screening.__table__,
).label("prices")


def live(now: datetime) -> ColumnElement[bool]:
    """Whether a claim still counts: everything but a hold that has ended. Decided here, at the time of reading."""
    return or_(SeatClaim.state != HELD, SeatClaim.expires_at > now)


def find_halls(query: Mapping[str, Any]) -> tuple[Query, Order]:
    """The statement and the order that a checked `HallQuery` asks for."""
    statement = select(Hall.__table__)
    if "name" in query:
        statement = statement.where(Hall.name_key.like(contains_pattern(query["name"]), escape="\\"))
    by_id = SortKey(_hall.id, "id")
    return statement, Order.of(
        {"id": by_id, "name": SortKey(_hall.name_key, "name_key")}, query.get("sort", "id"), by_id
    )


def screenings(now: datetime) -> Query:
    """Everything that is shown of screenings, one row each, with the number of seats taken at `now`."""
    taken = (
        select(func.count())
        .select_from(SeatClaim)
        .where(SeatClaim.screening_id == Screening.id, live(now))
        .correlate(Screening)
        .scalar_subquery()
    )
    return (
        select(
            Screening.id,
            Screening.starts_at,
            Movie.id.label("movie_id"),
            Movie.title.label("movie_title"),
            Movie.duration,
            Hall.id.label("hall_id"),
            Hall.name.label("hall_name"),
            Hall.capacity,
            taken.label("seats_taken"),
            PRICES,
        )
        .join(Movie, Screening.movie_id == Movie.id)
        .join(Hall, Screening.hall_id == Hall.id)
    )


def find_screenings(query: Mapping[str, Any], settings: ScheduleSettings, now: datetime) -> tuple[Query, Order]:
    """The statement and the order that a checked `ScreeningQuery` asks for."""
    conditions = []
    if "date" in query:
        first, next_day = settings.day(query["date"])
        conditions += [Screening.starts_at >= first, Screening.starts_at < next_day]
    if "from" in query:
        conditions.append(Screening.starts_at >= query["from"])
    if "to" in query:
        conditions.append(Screening.starts_at < query["to"])
    if "movie" in query:
        conditions.append(Screening.movie_id == query["movie"])
    if "hall" in query:
        conditions.append(Screening.hall_id == query["hall"])
    by_id = SortKey(_screening.id, "id")
    sorts = {"id": by_id, "starts_at": SortKey(_screening.starts_at, "starts_at")}
    return screenings(now).where(*conditions), Order.of(sorts, query.get("sort", "starts_at"), by_id)
