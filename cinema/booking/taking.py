"""Writing an order down: itself, its claims and its tickets."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import BindParameter, ColumnElement, Integer, Row, String, bindparam, insert, select
from sqlalchemy.orm import Session

from cinema.booking import claims
from cinema.booking.claims import Seat
from cinema.booking.models import HELD, Order, Ticket
from cinema.booking.places import Place
from cinema.booking.queries import ORDER, ORDERS
from cinema.booking.terms import Terms
from cinema.core.db.base import BigId, Query
from cinema.core.db.changes import touch
from cinema.core.db.prepared import Prepared
from cinema.core.db.sql import given_rows
from cinema.schedule.models import seats_topic

_CODE_BYTES = 16

_order: Any = Order.__table__
_ticket: Any = Ticket.__table__
_place = given_rows(
    "places", row_number=Integer(), seat_number=Integer(), category=String(), price_minor=BigId, code=String()
)


def _parameter(name: str, kind: Any) -> BindParameter[Any]:
    return bindparam(name, type_=kind)


_new_order = insert(_order).values({each: _parameter(each.name, each.type) for each in _order.c if each.name != "id"})


def _new_tickets(order_id: ColumnElement[Any], places: Query) -> Any:
    """Writes tickets for `places`, which have the columns of `_place`."""
    of_all: dict[str, ColumnElement[Any]] = {
        "order_id": order_id,
        "user_id": _parameter("user_id", BigId),
        "screening_id": _parameter("screening_id", BigId),
        "currency": _parameter("currency", String()),
        "state": _parameter("ticket_state", String()),
    }
    return insert(_ticket).from_select([*_place.c.keys(), *of_all], places.add_columns(*of_all.values()))


def _at_once() -> Query:
    """Writes an order, its claims and its tickets, and reads the order, all in one statement.

    What it writes has the names of the tables, so that `ORDERS` finds it there: in the tables themselves it is only
    for the next statement to see. Tickets are written for the seats that were won.
    """
    order = _new_order.returning(*_order.c).cte("orders")
    won = claims.insertion(order.c.id).cte("seat_claims")
    both = (_place.c.row_number == won.c.row_number) & (_place.c.seat_number == won.c.seat_number)
    tickets = _new_tickets(order.c.id, select(*_place.c).join(won, both))
    return ORDERS.add_cte(order, won, tickets.returning(*_ticket.c).cte("tickets"))


_INSERT_ORDER = Prepared(_new_order.returning(_order.c.id))
_INSERT_TICKETS = Prepared(_new_tickets(_parameter("order_id", BigId), select(*_place.c)))
_AT_ONCE = Prepared(_at_once())


def open_order(
    db: Session, user_id: int, state: str, total_minor: int, expires_at: datetime | None, terms: Terms
) -> int:
    """Writes an order down; answers its id."""
    order_id: int = _INSERT_ORDER.run(db, **_values(user_id, state, total_minor, expires_at, terms)).scalar_one()
    return order_id


def write_tickets(
    db: Session,
    order_id: int,
    user_id: int,
    screening_id: int,
    places: Iterable[Place],
    terms: Terms,
    state: str = HELD,
) -> None:
    """Writes a ticket for each place."""
    _INSERT_TICKETS.run(
        db,
        order_id=order_id,
        user_id=user_id,
        screening_id=screening_id,
        currency=terms.currency,
        ticket_state=state,
        places=_with_codes(places),
    )


def hold(
    db: Session, user_id: int, screening_id: int, places: Sequence[Place], expires_at: datetime | None, terms: Terms
) -> Row[Any]:
    """Takes all these places, or none, in a new order that is not paid; answers the order as `ORDER` reads it.

    Raises Conflict `seats-unavailable`; the transaction must be rolled back then: the order is already written.
    """
    way = _hold_at_once if db.get_bind().dialect.name == "postgresql" else _hold_by_steps
    return way(db, user_id, screening_id, places, expires_at, terms)


def _hold_by_steps(
    db: Session, user_id: int, screening_id: int, places: Sequence[Place], expires_at: datetime | None, terms: Terms
) -> Row[Any]:
    """On SQLite, where a statement writes to one table, and one more costs little."""
    order_id = open_order(db, user_id, HELD, _total(places), expires_at, terms)
    claims.claim(db, screening_id, order_id, [place.seat for place in places], terms.now, expires_at=expires_at)
    write_tickets(db, order_id, user_id, screening_id, places, terms)
    return ORDER.run(db, id=order_id, now=terms.now).one()


def _hold_at_once(
    db: Session, user_id: int, screening_id: int, places: Sequence[Place], expires_at: datetime | None, terms: Terms
) -> Row[Any]:
    """On PostgreSQL, where every statement is a round trip. What somebody else has claimed comes after."""
    touch(db, seats_topic(screening_id))
    order = _AT_ONCE.run(
        db,
        **_values(user_id, HELD, _total(places), expires_at, terms),
        screening_id=screening_id,
        claim_state=claims.state_until(expires_at),
        ticket_state=HELD,
        places=_with_codes(places),
        now=terms.now,
    ).one()
    won = {Seat(ticket["row_number"], ticket["seat_number"]) for ticket in orjson.loads(order.tickets)}
    others = [place for place in places if place.seat not in won]
    if not others:
        return order
    claims.take_over(db, screening_id, order.id, [place.seat for place in others], terms.now, expires_at=expires_at)
    write_tickets(db, order.id, user_id, screening_id, others, terms)
    return ORDER.run(db, id=order.id, now=terms.now).one()


def _total(places: Iterable[Place]) -> int:
    return sum(place.price_minor for place in places)


def _values(user_id: int, state: str, total_minor: int, expires_at: datetime | None, terms: Terms) -> dict[str, Any]:
    """Of a new order."""
    return {
        "user_id": user_id,
        "state": state,
        "total_minor": total_minor,
        "currency": terms.currency,
        "expires_at": expires_at,
        "extended": False,
        "created_at": terms.now,
    }


def _with_codes(places: Iterable[Place]) -> str:
    """The parameter `places`, each with a code for its ticket."""
    rows = [
        {
            "row_number": place.seat.row,
            "seat_number": place.seat.seat,
            "category": place.category,
            "price_minor": place.price_minor,
            "code": secrets.token_urlsafe(_CODE_BYTES),
        }
        for place in places
    ]
    return orjson.dumps(rows).decode()
