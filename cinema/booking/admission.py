"""At the door: each ticket admits once.

Admitting locks the ticket's order, as paying and refunding do, so a ticket is either used or refunded.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.orm import Session

from cinema.booking.models import USED, VALID, Order, Ticket
from cinema.booking.presenters import ticket_json
from cinema.booking.queries import TICKETS
from cinema.core.db.prepared import Prepared
from cinema.core.errors import Conflict, NotFound

_LOCKED = Prepared(select(Order.id).join(Ticket).where(Ticket.code == bindparam("code")).with_for_update(of=Order))
_AT_THE_DOOR = Prepared(
    TICKETS.add_columns(Ticket.used_at, Ticket.check_in_nonce).where(Ticket.code == bindparam("code"))
)


class UnknownTicket(NotFound):
    """404: no ticket has this code."""

    default_code = "unknown-ticket"


def admit(db: Session, code: str, nonce: str, screening_id: int | None, now: datetime) -> Row[Any]:
    """Admits somebody with the ticket that has the plain code `code`; answers the ticket, with `used_at`.

    The same `nonce` again is the same attempt, whose answer got lost. `screening_id` is the screening at this door,
    where one is known. Raises UnknownTicket; Conflict `other-screening`, `already-used`, `ticket-not-valid`.
    """
    _LOCKED.run(db, code=code)
    _use(db, code, nonce, screening_id, now)
    ticket = _AT_THE_DOOR.run(db, code=code, now=now).one_or_none()
    if ticket is None:
        raise UnknownTicket("No ticket has this code.")
    _check(ticket, nonce, screening_id)
    return ticket


def _use(db: Session, code: str, nonce: str, screening_id: int | None, now: datetime) -> None:
    here = [] if screening_id is None else [Ticket.screening_id == screening_id]
    db.execute(
        update(Ticket)
        .where(Ticket.code == code, Ticket.state == VALID, *here)
        .values(state=USED, used_at=now, check_in_nonce=nonce)
        .execution_options(synchronize_session=False)
    )


def _check(ticket: Row[Any], nonce: str, screening_id: int | None) -> None:
    """Raises Conflict unless the ticket was used with this nonce, just now or before."""
    if screening_id is not None and ticket.screening_id != screening_id:
        right = ticket_json(ticket)["screening"]
        raise Conflict("This ticket is for another screening.", code="other-screening", screening=right)
    if ticket.state != USED:
        raise Conflict(f"This ticket is {ticket.state}.", code="ticket-not-valid", state=ticket.state)
    if ticket.check_in_nonce != nonce:
        detail = "Somebody was admitted with this ticket before."
        raise Conflict(detail, code="already-used", used_at=ticket.used_at)
