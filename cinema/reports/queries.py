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

_STARTS: BindParameter[datetime] = bindparam("starts", type_=UtcDateTime())
_ENDS: BindParameter[datetime] = bindparam("ends", type_=UtcDateTime())

_TICKETS = (
    select(func.count())
    .select_from(Ticket)
    .where(Ticket.order_id == Payment.order_id)
    .correlate(Payment)
    .scalar_subquery()
)
_CASSETTES = (
    select(func.coalesce(func.sum(OrderCassette.quantity), 0))
    .where(OrderCassette.order_id == Payment.order_id)
    .correlate(Payment)
    .scalar_subquery()
)


_MOVED = (
    select(
        Payment.kind,
        Payment.amount_minor,
        Payment.cassettes_minor,
        func.count(Ticket.id).label("tickets"),
        func.min(Ticket.screening_id).label("screening_id"),
        _CASSETTES.label("cassettes"),
    )
    .outerjoin(Ticket, Ticket.order_id == Payment.order_id)
    .where(Payment.at >= _STARTS, Payment.at < _ENDS, Payment.currency == bindparam("currency"))
    .group_by(Payment.id)
    .subquery("moved")
)
"""Payments, a row each, with what their orders hold. A group of its own, so that nobody looks at it twice."""


def _sum(kind: str, name: str) -> ColumnElement[int]:
    return func.sum(case((_MOVED.c.kind == kind, _MOVED.c[name]), else_=0))


_SUMS: list[Any] = [
    _sum(CAPTURE, "tickets").label("tickets"),
    _sum(CAPTURE, "cassettes").label("cassettes"),
    _sum(CAPTURE, "amount_minor").label("gross"),
    _sum(REFUND, "amount_minor").label("refunds"),
    _sum(CAPTURE, "cassettes_minor").label("cassettes_gross"),
    _sum(REFUND, "cassettes_minor").label("cassettes_refunds"),
]


def _by(kind: type[Movie] | type[Hall], *columns: Any) -> Prepared:
    """Sums by film or hall; those of orders without a ticket have no `id`."""
    return Prepared(
        select(kind.id, *columns, *_SUMS)
        .select_from(_MOVED)
        .outerjoin(Screening, Screening.id == _MOVED.c.screening_id)
        .outerjoin(Movie, Movie.id == Screening.movie_id)
        .outerjoin(Hall, Hall.id == Screening.hall_id)
        .group_by(kind.id)
    )


BY_FILM = _by(Movie, Movie.title.label("name"), VISIBLE.label("visible"))
BY_HALL = _by(Hall, Hall.name, literal(True).label("visible"))


def by_day(midnights: Sequence[datetime], currency: str) -> Query:
    """Sums by day: `number` is the place of the day's beginning in `midnights`, whose last one only ends a day.

    The beginnings go in as parameters: how long a day is, and where it begins in UTC, is the time zone's to say. Each
    sum is a subquery of its day's payments: joined to days, every payment would be compared with every day.
    The kind is asked inside the sum: as a condition, PostgreSQL would read the whole index of captures for each day.
    """
    days = (
        values(column("number", Integer), column("starts", UtcDateTime), column("ends", UtcDateTime))
        .data([(number, *ends) for number, ends in enumerate(pairwise(midnights))])
        .cte("days")
    )

    def added(kind: str, counted: Any) -> ColumnElement[int]:
        found = select(func.coalesce(func.sum(case((Payment.kind == kind, counted), else_=0)), 0)).where(
            Payment.at >= days.c.starts, Payment.at < days.c.ends, Payment.currency == currency
        )
        return found.correlate(days).scalar_subquery()

    return select(
        days.c.number,
        added(CAPTURE, _TICKETS).label("tickets"),
        added(CAPTURE, _CASSETTES).label("cassettes"),
        added(CAPTURE, Payment.amount_minor).label("gross"),
        added(REFUND, Payment.amount_minor).label("refunds"),
    ).order_by(days.c.number)
