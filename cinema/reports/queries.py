"""How sales are found: one statement for a report, from the payments in its period.

A sale counts when it was paid, a refund when it was given back. Money for cassettes is told apart from money for
tickets, which belongs to the one screening of its order.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    and_,
    bindparam,
    case,
    column,
    func,
    literal,
    select,
    values,
)

from cinema.booking.models import CAPTURE, REFUND, OrderCassette, Payment, Ticket
from cinema.catalogue.labels import VISIBLE
from cinema.catalogue.models import Movie
from cinema.core.db.base import Query, UtcDateTime
from cinema.core.db.prepared import Prepared
from cinema.schedule.models import Hall, Screening

_TICKETS = (
    select(func.count()).select_from(Ticket).where(Ticket.order_id == Payment.order_id).correlate(Payment)
).scalar_subquery()
_CASSETTES = (
    select(func.coalesce(func.sum(OrderCassette.quantity), 0))
    .where(OrderCassette.order_id == Payment.order_id)
    .correlate(Payment)
).scalar_subquery()
_SCREENING = (
    select(func.min(Ticket.screening_id)).where(Ticket.order_id == Payment.order_id).correlate(Payment)
).scalar_subquery()


def _sum(kind: str, counted: Any) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((Payment.kind == kind, counted), else_=0)), 0)


_SUMS = (
    _sum(CAPTURE, _TICKETS).label("tickets"),
    _sum(CAPTURE, _CASSETTES).label("cassettes"),
    _sum(CAPTURE, Payment.amount_minor).label("gross"),
    _sum(REFUND, Payment.amount_minor).label("refunds"),
    _sum(CAPTURE, Payment.cassettes_minor).label("cassettes_gross"),
    _sum(REFUND, Payment.cassettes_minor).label("cassettes_refunds"),
)
_STARTS: BindParameter[datetime] = bindparam("starts", type_=UtcDateTime())
_ENDS: BindParameter[datetime] = bindparam("ends", type_=UtcDateTime())


def _within(statement: Query) -> Query:
    """Of the payments from `starts` to before `ends`, those in `currency`."""
    return (
        statement.select_from(Payment)
        .outerjoin(Screening, Screening.id == _SCREENING)
        .outerjoin(Movie, Movie.id == Screening.movie_id)
        .outerjoin(Hall, Hall.id == Screening.hall_id)
        .where(Payment.at >= _STARTS, Payment.at < _ENDS, Payment.currency == bindparam("currency"))
    )


BY_FILM = Prepared(
    _within(select(Movie.id, Movie.title.label("name"), VISIBLE.label("visible"), *_SUMS)).group_by(Movie.id)
)
BY_HALL = Prepared(_within(select(Hall.id, Hall.name, literal(True).label("visible"), *_SUMS)).group_by(Hall.id))


def by_day(midnights: Sequence[datetime], currency: str) -> Query:
    """Sums by day: `number` is the place of the day's beginning in `midnights`, whose last one only ends a day.

    The beginnings go in as parameters: how long a day is, and where it begins in UTC, is the time zone's to say.
    """
    days = (
        values(column("number", Integer), column("starts", UtcDateTime), column("ends", UtcDateTime))
        .data([(number, *ends) for number, ends in enumerate(pairwise(midnights))])
        .cte("days")
    )
    return (
        select(days.c.number, *_SUMS)
        .join(Payment, and_(Payment.at >= days.c.starts, Payment.at < days.c.ends))
        .where(Payment.currency == currency)
        .group_by(days.c.number)
        .order_by(days.c.number)
    )
