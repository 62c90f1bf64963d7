"""How orders and tickets are found: one statement for a page or an order, tickets and cassettes included.

Everything here takes the parameter `now`: what has expired is decided at the time of reading.
"""

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, case, literal, or_, select

from cinema.booking.models import EXPIRED, HELD, VOID, Order, OrderCassette, Ticket
from cinema.catalogue.models import Movie
from cinema.core.db.base import Query
from cinema.core.db.prepared import Prepared
from cinema.core.db.sql import json_list
from cinema.core.listing import Filter, Listing, SortKey, equals
from cinema.schedule.models import Hall, Screening
from cinema.schedule.queries import NOW
from cinema.shop.models import Cassette

_HAS_EXPIRED = and_(Order.state == HELD, Order.expires_at <= NOW)

_ORDER_STATE = case((_HAS_EXPIRED, literal(EXPIRED)), else_=Order.state)
_TICKET_STATE: ColumnElement[str] = case(
    (and_(Ticket.state == HELD, _HAS_EXPIRED), literal(VOID)), else_=Ticket.state
)

_TICKET_COLUMNS: list[Any] = [
    Ticket.id,
    Ticket.order_id,
    Ticket.row_number,
    Ticket.seat_number,
    Ticket.category,
    Ticket.price_minor,
    Ticket.currency,
    _TICKET_STATE.label("state"),
    Ticket.code,
    Screening.id.label("screening_id"),
    Screening.starts_at,
    Movie.id.label("movie_id"),
    Movie.title.label("movie_title"),
    Movie.duration,
    Hall.id.label("hall_id"),
    Hall.name.label("hall_name"),
    (Hall.rows * Hall.seats_in_row).label("hall_places"),
]


def _with_screening(statement: Query) -> Query:
    return (
        statement.join(Screening, Ticket.screening_id == Screening.id)
        .join(Movie, Screening.movie_id == Movie.id)
        .join(Hall, Screening.hall_id == Hall.id)
    )


_ORDERS_TICKETS = (
    _with_screening(select(*_TICKET_COLUMNS).select_from(Ticket))
    .where(Ticket.order_id == Order.id)
    .order_by(Ticket.screening_id, Ticket.row_number, Ticket.seat_number)
)

_ORDERS_CASSETTES = (
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

ORDERS: Query = select(
    Order.id,
    Order.user_id,
    _ORDER_STATE.label("state"),
    Order.total_minor,
    Order.currency,
    Order.expires_at,
    Order.created_at,
    json_list(_ORDERS_TICKETS, Order.__table__).label("tickets"),
    json_list(_ORDERS_CASSETTES, Order.__table__).label("cassettes"),
)
"""Everything that is shown of orders, one row each."""

TICKETS: Query = _with_screening(select(*_TICKET_COLUMNS, Ticket.user_id).select_from(Ticket).join(Order))
"""Everything that is shown of tickets, one row each."""

ORDER = Prepared(ORDERS.where(Order.id == bindparam("id")))
TICKET = Prepared(TICKETS.where(Ticket.id == bindparam("id")))

_ORDER_ID = SortKey(Order.__table__.c.id, "id")
_TICKET_ID = SortKey(Ticket.__table__.c.id, "id")
_UPCOMING: BindParameter[int] = bindparam("upcoming")

_WITH_TICKETS = select(Ticket.id).where(Ticket.order_id == Order.id, _TICKET_STATE != VOID).correlate(Order).exists()

ORDER_LIST = Listing(
    ORDERS,
    sorts={"id": _ORDER_ID},
    tie=_ORDER_ID,
    sort="-id",
    filters={
        "user": equals("user", Order.user_id),
        "state": equals("state", _ORDER_STATE),
        "with_tickets": Filter(_WITH_TICKETS, lambda _yes: {}),
    },
)

TICKET_LIST = Listing(
    TICKETS,
    sorts={"id": _TICKET_ID},
    tie=_TICKET_ID,
    sort="-id",
    filters={
        "user": equals("user", Ticket.user_id),
        "screening": equals("screening", Ticket.screening_id),
        "state": equals("state", _TICKET_STATE),
        "live": Filter(_TICKET_STATE != VOID, lambda _yes: {}),
        "upcoming": Filter(
            or_(
                and_(literal(1) == _UPCOMING, Screening.starts_at > NOW),
                and_(literal(0) == _UPCOMING, Screening.starts_at <= NOW),
            ),
            lambda upcoming: {"upcoming": int(upcoming)},
        ),
    },
)
