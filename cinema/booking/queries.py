"""How orders and tickets are found: one statement for a page or an order, tickets and cassettes included."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, literal, select

from cinema.booking.models import EXPIRED, HELD, VOID, Order, OrderCassette, Ticket
from cinema.catalogue.models import Movie
from cinema.core.db.base import Query
from cinema.core.db.sql import json_list
from cinema.core.paging import Order as SortOrder
from cinema.core.paging import SortKey
from cinema.schedule.models import Hall, Screening
from cinema.shop.models import Cassette

_ORDER_ID = SortKey(Order.__table__.c.id, "id")
_TICKET_ID = SortKey(Ticket.__table__.c.id, "id")


def order_state(now: datetime) -> ColumnElement[str]:
    """An order's state as it reads at `now`."""
    return case((_has_expired(now), literal(EXPIRED)), else_=Order.state)


def ticket_state(now: datetime) -> ColumnElement[str]:
    """A ticket's state as it reads at `now`: the tickets of an expired order are void."""
    return case((and_(Ticket.state == HELD, _has_expired(now)), literal(VOID)), else_=Ticket.state)


def _has_expired(now: datetime) -> ColumnElement[bool]:
    return and_(Order.state == HELD, Order.expires_at <= now)


def _ticket_columns(now: datetime) -> list[Any]:
    return [
        Ticket.id,
        Ticket.order_id,
        Ticket.row_number,
        Ticket.seat_number,
        Ticket.category,
        Ticket.price_minor,
        Ticket.currency,
        ticket_state(now).label("state"),
        Ticket.code,
        Screening.id.label("screening_id"),
        Screening.starts_at,
        Movie.id.label("movie_id"),
        Movie.title.label("movie_title"),
        Movie.duration,
        Hall.id.label("hall_id"),
        Hall.name.label("hall_name"),
    ]


def _with_screening(statement: Query) -> Query:
    return (
        statement.join(Screening, Ticket.screening_id == Screening.id)
        .join(Movie, Screening.movie_id == Movie.id)
        .join(Hall, Screening.hall_id == Hall.id)
    )


def orders(now: datetime) -> Query:
    """Everything that is shown of orders, one row each."""
    tickets = (
        _with_screening(select(*_ticket_columns(now)).select_from(Ticket))
        .where(Ticket.order_id == Order.id)
        .order_by(Ticket.screening_id, Ticket.row_number, Ticket.seat_number)
    )
    cassettes = (
        select(
            OrderCassette.cassette_id,
            Cassette.title,
            OrderCassette.quantity,
            OrderCassette.refunded,
            OrderCassette.price_minor,
            OrderCassette.currency,
        )
        .join(Cassette)
        .where(OrderCassette.order_id == Order.id)
        .order_by(OrderCassette.cassette_id)
    )
    return select(
        Order.id,
        Order.user_id,
        order_state(now).label("state"),
        Order.total_minor,
        Order.currency,
        Order.expires_at,
        Order.created_at,
        json_list(tickets, Order.__table__).label("tickets"),
        json_list(cassettes, Order.__table__).label("cassettes"),
    )


def find_orders(query: Mapping[str, Any], now: datetime, owner: int | None) -> tuple[Query, SortOrder]:
    """Orders newest first: those of `owner`, or of everybody."""
    statement = orders(now)
    if owner is not None:
        statement = statement.where(Order.user_id == owner)
    if "state" in query:
        statement = statement.where(order_state(now) == query["state"])
    return statement, SortOrder.of({"id": _ORDER_ID}, "-id", _ORDER_ID)


def tickets(now: datetime) -> Query:
    """Everything that is shown of tickets, one row each."""
    statement = select(*_ticket_columns(now), Ticket.user_id).select_from(Ticket).join(Order)
    return _with_screening(statement)


def find_tickets(query: Mapping[str, Any], now: datetime, owner: int | None) -> tuple[Query, SortOrder]:
    """Tickets newest first: those of `owner`, or of everybody."""
    statement = tickets(now)
    if owner is not None:
        statement = statement.where(Ticket.user_id == owner)
    if "screening" in query:
        statement = statement.where(Ticket.screening_id == query["screening"])
    if "state" in query:
        statement = statement.where(ticket_state(now) == query["state"])
    if "upcoming" in query:
        coming = Screening.starts_at > now
        statement = statement.where(coming if query["upcoming"] else ~coming)
    return statement, SortOrder.of({"id": _TICKET_ID}, "-id", _TICKET_ID)
