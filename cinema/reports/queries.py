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
    Subquery,
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

_STARTS: BindParameter[datetime] = bindparam("starts", type_=UtcDateTime())
_ENDS: BindParameter[datetime] = bindparam("ends", type_=UtcDateTime())

_CASSETTES = (
    select(func.coalesce(func.sum(OrderCassette.quantity), 0))
    .where(OrderCassette.order_id == Payment.order_id)
    .correlate(Payment)
    .scalar_subquery()
)


def _payments(*also: ColumnElement[Any]) -> Query:
    """Payments, a row each, with what their orders hold: `tickets`, `cassettes`, and the `screening_id`."""
    return select(
        Payment.kind,
        Payment.amount_minor,
        Payment.cassettes_minor,
        func.count(Ticket.id).label("tickets"),
        func.min(Ticket.screening_id).label("screening_id"),
        _CASSETTES.label("cassettes"),
        *also,
    ).group_by(Payment.id, *also)


def _sums(payments: Subquery) -> list[Any]:
    """What is counted and added up of `_payments`."""

    def added(kind: str, name: str) -> ColumnElement[int]:
        return func.sum(case((payments.c.kind == kind, payments.c[name]), else_=0))

    return [
        added(CAPTURE, "tickets").label("tickets"),
        added(CAPTURE, "cassettes").label("cassettes"),
        added(CAPTURE, "amount_minor").label("gross"),
        added(REFUND, "amount_minor").label("refunds"),
        added(CAPTURE, "cassettes_minor").label("cassettes_gross"),
        added(REFUND, "cassettes_minor").label("cassettes_refunds"),
    ]


_PAYMENTS = (
    _payments()
    .outerjoin(Ticket, Ticket.order_id == Payment.order_id)
    .where(Payment.at >= _STARTS, Payment.at < _ENDS, Payment.currency == bindparam("currency"))
    .subquery("moved")
)


def _by(kind: type[Movie] | type[Hall], *columns: Any) -> Prepared:
    """Sums by film or hall; those of orders without a ticket have no `id`."""
    return Prepared(
        select(kind.id, *columns, *_sums(_PAYMENTS))
        .select_from(_PAYMENTS)
        .outerjoin(Screening, Screening.id == _PAYMENTS.c.screening_id)
        .outerjoin(Movie, Movie.id == Screening.movie_id)
        .outerjoin(Hall, Hall.id == Screening.hall_id)
        .group_by(kind.id)
    )


BY_FILM = _by(Movie, Movie.title.label("name"), VISIBLE.label("visible"))
BY_HALL = _by(Hall, Hall.name, literal(True).label("visible"))


def by_day(midnights: Sequence[datetime], currency: str) -> Query:
    """Sums by day: `number` is the place of the day's beginning in `midnights`, whose last one only ends a day.

    The beginnings go in as parameters: how long a day is, and where it begins in UTC, is the time zone's to say.
    """
    days = (
        values(column("number", Integer), column("starts", UtcDateTime), column("ends", UtcDateTime))
        .data([(number, *ends) for number, ends in enumerate(pairwise(midnights))])
        .cte("days")
    )
    payments = (
        _payments(days.c.number)
        .select_from(days)
        .join(Payment, and_(Payment.at >= days.c.starts, Payment.at < days.c.ends))
        .outerjoin(Ticket, Ticket.order_id == Payment.order_id)
        .where(Payment.currency == currency)
        .subquery("moved")
    )
    return select(payments.c.number, *_sums(payments)).group_by(payments.c.number).order_by(payments.c.number)
