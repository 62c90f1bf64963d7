"""Who orders: whether they may, and how much they have not paid yet."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from cinema.accounts.models import User
from cinema.booking.claims import Seat
from cinema.booking.models import HELD, Order
from cinema.booking.places import LOCKED_SCREENING, ON_SALE, Place, chosen
from cinema.booking.terms import Terms
from cinema.core.db.base import BigId, Query
from cinema.core.db.prepared import Lock, Prepared
from cinema.core.errors import Conflict, Unauthorized
from cinema.schedule.queries import NOW

_USER_ID: ColumnElement[int] = bindparam("user_id", type_=BigId)
_HELD: ColumnElement[str] = literal_column(f"'{HELD}'")  # no parameter: the index is of held orders only

_unpaid = (
    select(literal_column("1"))
    .where(Order.user_id == _USER_ID, Order.state == _HELD, Order.expires_at > NOW)
    .limit(bindparam("most"))
    .subquery()
)
_CUSTOMER = (
    select(User.is_active).where(User.id == _USER_ID).scalar_subquery().label("is_active"),
    select(func.count()).select_from(_unpaid).scalar_subquery().label("unpaid"),
)
_LOCKED: Query = select(User.id).where(User.id == _USER_ID).with_for_update(key_share=True)

_LOCK_CUSTOMER = Lock(_LOCKED)
_READ_CUSTOMER = Prepared(select(*_CUSTOMER))


def _both(first: Query, second: Query) -> Query:
    """Two locks in one statement, taken in this order. PostgreSQL runs what locks rows as it stands."""
    return select(select(first.cte("first")).scalar_subquery(), select(second.cte("second")).scalar_subquery())


_LOCK_SCREENING = Lock(LOCKED_SCREENING)
_LOCK_BOTH = Lock(_both(LOCKED_SCREENING, _LOCKED))
_READ_BOTH = Prepared(ON_SALE.add_columns(*_CUSTOMER))


def check_customer(db: Session, user_id: int, terms: Terms, limited: bool) -> None:
    """Raises Unauthorized, Conflict `too-many-unpaid`.

    Whose unpaid orders are limited is locked first, against ordering twice at once.
    """
    if limited:
        _LOCK_CUSTOMER.take(db, user_id=user_id)
    _check(_READ_CUSTOMER.run(db, **_customer(user_id, terms, limited)).one(), terms, limited)


def places_for(
    db: Session, user_id: int, screening_id: int, seats: Sequence[Seat], terms: Terms, limited: bool
) -> list[Place]:
    """What `places_on_sale` answers and `check_customer` checks, in two statements for both."""
    (_LOCK_BOTH if limited else _LOCK_SCREENING).take(db, screening_id=screening_id, user_id=user_id)
    parameters = {**terms.sight.parameters, **_customer(user_id, terms, limited)}
    row = _READ_BOTH.run(db, screening_id=screening_id, **parameters).one_or_none()
    found = chosen(row, screening_id, seats, terms)
    _check(row, terms, limited)
    return found


def _customer(user_id: int, terms: Terms, limited: bool) -> dict[str, Any]:
    return {"user_id": user_id, "now": terms.now, "most": terms.settings.max_unpaid if limited else 0}


def _check(customer: Any, terms: Terms, limited: bool) -> None:
    if not customer.is_active:
        raise Unauthorized("This account cannot order.", code="token-invalid")
    most = terms.settings.max_unpaid
    if limited and customer.unpaid >= most:
        raise Conflict(f"Pay or cancel one of your {most} unpaid orders first.", code="too-many-unpaid", limit=most)
