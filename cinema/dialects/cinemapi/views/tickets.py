"""Booking, tickets and paying."""

from collections.abc import Mapping
from typing import Any

from pyramid.response import Response
from pyramid.view import view_config, view_defaults
from sqlalchemy import Row

from cinema.accounts import services as accounts
from cinema.booking import orders, paying
from cinema.booking.claims import Seat
from cinema.booking.ledger import Till
from cinema.booking.models import HELD, VOID
from cinema.booking.outright import Spot, book
from cinema.booking.payments import CASH
from cinema.booking.queries import TICKET_LIST
from cinema.catalogue.labels import sight
from cinema.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from cinema.core.paging import rows_of
from cinema.core.rendering import Created, NoContent, made, no_content
from cinema.core.request import Request
from cinema.dialects.cinemapi import house_rules, schemas
from cinema.dialects.cinemapi.presenters import (
    BOOKED,
    PAID,
    CinemapiTicketJson,
    CinemapiTicketStatusJson,
    ticket_json,
)
from cinema.dialects.cinemapi.resources import Book, Payment, Ticket, Tickets, TicketStatuses
from cinema.dialects.translation import as_bad_requests
from cinema.schedule.screenings import get_screening
from cinema.security import Permission, Verb


def _unknown(request: Request, wanted: Mapping[str, Any]) -> list[FieldError]:
    """Which of user and session there are not, or not for the caller."""
    errors = []
    if "user" in wanted:
        try:
            accounts.get_user(request.reader, wanted["user"])
        except NotFound:
            errors.append(FieldError("user", "unknown", f"there is no user {wanted['user']}"))
    if "session" in wanted:
        try:
            get_screening(request.reader, wanted["session"], sight(request), request.now)
        except NotFound:
            errors.append(FieldError("session", "unknown", f"there is no session {wanted['session']}"))
    return errors


@view_config(
    context=Book,
    request_method="POST",
    permission=Verb.ORDER,
    query=None,
    schema=schemas.Booking,
    looks_up=_unknown,
    refuses=(403,),
)
def book_seat(_context: Book, request: Request) -> Created[CinemapiTicketJson]:
    """Books a seat, for oneself or, by staff, for anybody."""
    wanted = request.validated
    _check_customer(request, wanted)
    spot = Spot(wanted["session"], Seat(wanted["row"], wanted["seat"]))
    try:
        with as_bad_requests():
            ticket_id = book(request.db, wanted["user"], spot, house_rules.terms(request))
    except Invalid as invalid:
        raise Invalid(_in_our_words(error) for error in invalid.errors) from None
    return made(ticket_json(orders.get_ticket(request.db, ticket_id, request.now)))


def _check_customer(request: Request, wanted: Mapping[str, Any]) -> None:
    """Raises Invalid for somebody who cannot book, Forbidden for somebody else."""
    errors = _unknown(request, wanted)
    if errors:
        raise Invalid(errors)
    if wanted["user"] != request.identity.user_id and not _holds(request, Permission.ORDERS_EDIT_ANY):
        raise Forbidden(f"Booking for others is for holders of {Permission.ORDERS_EDIT_ANY}.")
    if not accounts.get_user(request.reader, wanted["user"]).is_active:
        raise Invalid.field("user", "disabled", "is a disabled account")


def _in_our_words(error: FieldError) -> FieldError:
    """`screening` → `session`, `seats.0.row` → `row`."""
    name = error.field.rpartition(".")[2]
    return FieldError("session" if name == "screening" else name, error.code, error.message)


def _holds(request: Request, permission: Permission) -> bool:
    return bool(request.registry.policy.holds(request, permission))


def _live_ticket(request: Request, ticket_id: int) -> Row[Any]:
    """A ticket that has been neither given up nor given back. Raises NotFound."""
    row = orders.get_ticket(request.reader, ticket_id, request.now)
    if row.state == VOID:
        raise NotFound
    return row


@view_config(context=Tickets, request_method="GET", permission=Verb.VIEW, query=None)
def tickets(_context: Tickets, request: Request) -> list[CinemapiTicketJson]:
    """The caller's tickets; staff see everybody's."""
    wanted = {"sort": "id", "live": True}
    if not _holds(request, Permission.ORDERS_VIEW_ANY):
        wanted["user"] = request.identity.user_id
    return [ticket_json(row) for row in rows_of(request, TICKET_LIST, wanted)]


@view_defaults(context=Ticket, query=None)
class TicketViews:
    """One ticket."""

    def __init__(self, context: Ticket, request: Request) -> None:
        self.id = context.id
        self.request = request

    @view_config(request_method="GET", permission=Verb.VIEW)
    def get(self) -> CinemapiTicketJson:
        """The ticket, to its owner and to staff."""
        row = _live_ticket(self.request, self.id)
        if row.user_id != self.request.identity.user_id and not _holds(self.request, Permission.ORDERS_VIEW_ANY):
            raise NotFound
        return ticket_json(row)

    @view_config(request_method="DELETE", permission=Verb.DELETE)
    def delete(self) -> NoContent:
        """Gives the booking up; the seat is free at once."""
        _live_ticket(self.request, self.id)
        with as_bad_requests():
            orders.cancel_ticket(self.request.db, self.id, self.request.now)
        return no_content()


@view_config(context=TicketStatuses, request_method="GET", permission=Verb.VIEW, query=None)
def ticket_statuses(_context: TicketStatuses, _request: Request) -> list[CinemapiTicketStatusJson]:
    """What a ticket can be."""
    return [BOOKED, PAID]


@view_config(context=Payment, request_method="PATCH", permission=Verb.ORDER, query=None, refuses=(403,))
def pay(context: Payment, request: Request) -> CinemapiTicketJson | Response:
    """Pays the ticket's order."""
    ticket = _live_ticket(request, context.id)
    if ticket.user_id != request.identity.user_id and not _holds(request, Permission.ORDERS_TAKE_PAYMENT):
        raise Forbidden(f"Paying for others is for holders of {Permission.ORDERS_TAKE_PAYMENT}.")
    house_rules.check_in_time(ticket.starts_at, request.now)
    if ticket.state != HELD:
        raise Conflict("The ticket is paid already.", code="already-paid")
    refused = paying.pay_order(request.db, ticket.order_id, _till(request), house_rules.terms(request))
    if refused:
        return request.refuse(refused)
    return ticket_json(orders.get_ticket(request.db, context.id, request.now))


def _till(request: Request) -> Till:
    """The default provider; without one the caller is believed, as if it were cash."""
    providers, default = request.registry.providers, request.registry.booking.payments
    name = default if default in providers else CASH
    return Till(name, providers[name])
