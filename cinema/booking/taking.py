"""What every way of ordering has in common: who orders, the order, its tickets."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.orm import Session

from cinema.accounts.models import User
from cinema.booking.models import HELD, Order, Ticket
from cinema.booking.places import Place
from cinema.booking.terms import Terms
from cinema.core.db.prepared import Prepared
from cinema.core.errors import Conflict, Unauthorized
from cinema.schedule.queries import NOW

_CODE_BYTES = 16

_CUSTOMER = select(User.is_active).where(User.id == bindparam("id"))
_CUSTOMER_FREE, _CUSTOMER_LOCKED = Prepared(_CUSTOMER), Prepared(_CUSTOMER.with_for_update(key_share=True))
_UNPAID = Prepared(
    select(func.count()).where(Order.user_id == bindparam("id"), Order.state == HELD, Order.expires_at > NOW)
)
_INSERT_ORDER = insert(Order).returning(Order.id)
_INSERT_TICKETS = insert(Ticket)


def check_customer(db: Session, user_id: int, terms: Terms, limited: bool) -> None:
    """Locks the customer against ordering twice at once. Raises Unauthorized, Conflict `too-many-unpaid`."""
    customer = _CUSTOMER_LOCKED if limited else _CUSTOMER_FREE
    active = customer.run(db, id=user_id).scalar_one_or_none()
    if not active:
        raise Unauthorized("This account cannot order.", code="token-invalid")
    if not limited:
        return
    most = terms.settings.max_unpaid
    if _UNPAID.run(db, id=user_id, now=terms.now).scalar_one() >= most:
        raise Conflict(f"Pay or cancel one of your {most} unpaid orders first.", code="too-many-unpaid", limit=most)


def open_order(
    db: Session, user_id: int, state: str, total_minor: int, expires_at: datetime | None, terms: Terms
) -> int:
    """Writes an order down; answers its id."""
    values = {
        "user_id": user_id,
        "state": state,
        "total_minor": total_minor,
        "currency": terms.currency,
        "expires_at": expires_at,
        "extended": False,
        "created_at": terms.now,
    }
    order_id: int = db.connection().execute(_INSERT_ORDER, values).scalar_one()
    return order_id


def write_tickets(
    db: Session, order_id: int, user_id: int, screening_id: int, places: Iterable[Place], state: str = HELD
) -> None:
    """Writes a ticket for each place."""
    values = [
        {
            "order_id": order_id,
            "user_id": user_id,
            "screening_id": screening_id,
            "row_number": place.seat.row,
            "seat_number": place.seat.seat,
            "category": place.category,
            "price_minor": place.price.minor,
            "currency": place.price.currency,
            "state": state,
            "code": secrets.token_urlsafe(_CODE_BYTES),
        }
        for place in places
    ]
    db.connection().execute(_INSERT_TICKETS, values)
