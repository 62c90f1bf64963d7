"""Booking over HTTP."""

from datetime import datetime
from typing import Any

from pyramid.response import Response
from pyramid.view import view_config, view_defaults
from sqlalchemy import Row

from cinema.booking import models, orders, paying, refunding, schemas
from cinema.booking.ledger import Till
from cinema.booking.payments import CASH
from cinema.booking.presenters import OrderJson, TicketJson, expires_in, order_json, ticket_json
from cinema.booking.proposing import ProposalJson, propose
from cinema.booking.queries import ORDER_LIST, TICKET_LIST
from cinema.booking.resources import OrderItem, Orders, TicketItem, Tickets
from cinema.booking.seatmap import SeatMapJson, seat_map, seats_of
from cinema.booking.terms import Terms
from cinema.catalogue.labels import sight
from cinema.core.db.base import Reader
from cinema.core.errors import Conflict, Forbidden, Invalid
from cinema.core.paging import Page, page
from cinema.core.rendering import Created, Json, NoContent, no_content
from cinema.core.request import Request
from cinema.core.showing import ObjectViews, Shown, show, show_created
from cinema.schedule.models import seats_topic
from cinema.schedule.queries import KEPT_SCREENINGS
from cinema.schedule.resources import Screening
from cinema.security import Permission, Verb


def terms(request: Request) -> Terms:
    """The terms that hold for this request."""
    registry = request.registry
    return Terms(registry.booking, registry.currency, request.now, sight(request), registry.booking.closes)


def listed_owner(request: Request) -> dict[str, int]:
    """Whose things a list shows: the caller's own; for staff those of `user`, or everybody's."""
    if request.registry.policy.holds(request, Permission.ORDERS_VIEW_ANY):
        return {}
    own: int = request.identity.user_id
    if request.query.get("user", own) != own:
        raise Forbidden(f"Other people's are for holders of {Permission.ORDERS_VIEW_ANY}.")
    return {"user": own}


def shown_order(row: Row[Any], now: datetime) -> Shown[OrderJson]:
    """An order. How long it is still held changes without anybody changing the order."""
    return Shown(row, lambda: order_json(row, now), moving=expires_in(row, now))


@view_config(context=Screening, name="seats", request_method="GET", permission=Verb.VIEW, kept=KEPT_SCREENINGS)
def seats(context: Screening, request: Request) -> Json[SeatMapJson]:
    """The seat map of a screening."""
    row = seats_of(request.reader, context.id, sight(request), request.now)
    request.relies_on([seats_topic(context.id)], row.holds_end)
    return show(request, Shown((row.layout, row.prices, row.claims), lambda: seat_map(row)))


@view_config(
    context=Screening,
    name="best-available",
    request_method="GET",
    permission=Verb.VIEW,
    query=schemas.BestAvailableQuery,
    refuses=("no-such-seats", "not-on-sale", "booking-closed"),
)
def best_available(context: Screening, request: Request) -> ProposalJson:
    """The best free seats that are together."""
    asked = request.query
    return propose(request.reader, context.id, asked["seats"], asked.get("category"), terms(request))


@view_defaults(context=Orders)
class OrdersViews:
    """Orders."""

    def __init__(self, _context: Orders, request: Request) -> None:
        self.request = request

    @view_config(request_method="GET", permission=Verb.VIEW, query=schemas.OrderQuery, refuses=("forbidden",))
    def get(self) -> Json[Page[OrderJson]]:
        """A page of the caller's orders; staff see everybody's."""
        request, now = self.request, self.request.now
        return page(
            request,
            ORDER_LIST,
            lambda row: order_json(row, now),
            listed_owner(request),
            besides=lambda row: expires_in(row, now),
        )

    @view_config(
        request_method="POST",
        permission=Verb.ORDER,
        schema=schemas.OrderBody,
        refuses=("seats-unavailable", "not-on-sale", "booking-closed", "out-of-stock", "too-many-unpaid"),
    )
    def post(self) -> Created[OrderJson]:
        """Takes seats, cassettes, or both."""
        request = self.request
        limited = not request.registry.policy.holds(request, Permission.ORDERS_EDIT_ANY)
        row = orders.take_order(
            request.db, request.identity.user_id, request.validated, terms(request), limited=limited
        )
        return show_created(request, row.id, shown_order(row, request.now))


@view_defaults(context=OrderItem)
class OrderViews(ObjectViews):
    """One order."""

    model = models.Order

    def current(self, db: Reader) -> Shown[OrderJson]:
        """The order with its tickets and cassettes."""
        return shown_order(orders.get_order(db, self.id, self.request.now), self.request.now)

    @view_config(request_method="GET", permission=Verb.VIEW)
    def get(self) -> Json[OrderJson]:
        """The order with its tickets and cassettes."""
        return show(self.request, self.current(self.request.reader))

    @view_config(
        request_method="PATCH",
        permission=Verb.EDIT,
        schema=schemas.OrderPatch,
        refuses=(
            "not-held",
            "already-extended",
            "does-not-expire",
            "no-screening",
            "seats-unavailable",
            "not-on-sale",
            "booking-closed",
        ),
    )
    def patch(self) -> Json[OrderJson]:
        """Changes the seats, or extends the hold once."""
        orders.change_order(self.request.db, self.id, self.request.validated, terms(self.request))
        return self._changed()

    @view_config(request_method="DELETE", permission=Verb.DELETE, refuses=("already-paid",))
    def delete(self) -> NoContent:
        """Gives the order up."""
        orders.cancel_order(self.request.db, self.id)
        return no_content()

    @view_config(
        name="pay",
        request_method="POST",
        permission=Verb.PAY,
        schema=schemas.PaymentBody,
        refuses=(
            "forbidden",
            "already-paid",
            "not-held",
            "payments-not-set-up",
            "seats-unavailable",
            "not-on-sale",
            "booking-closed",
            "out-of-stock",
        ),
    )
    def pay(self) -> Json[OrderJson] | Response:
        """Pays the order."""
        till = self._till(self.request.validated["provider"])
        refused = paying.pay_order(self.request.db, self.id, till, terms(self.request))
        return self.request.refuse(refused) if refused else self._changed()

    @view_config(
        name="refund",
        request_method="POST",
        permission=Verb.REFUND,
        schema=schemas.RefundBody,
        refuses=("not-paid", "ticket-used", "payments-not-set-up"),
    )
    def refund(self) -> Json[OrderJson]:
        """Refunds the order, whole or in part."""
        request = self.request
        refunding.refund_order(request.db, self.id, request.validated, request.registry.providers, terms(request))
        return self._changed()

    def _changed(self) -> Json[OrderJson]:
        return show(self.request, self.current(self.request.db))

    def _till(self, name: str | None) -> Till:
        registry = self.request.registry
        default = registry.booking.payments
        if name is None and default == "none":
            raise Conflict("This cinema takes no payments online.", code="payments-not-set-up")
        name = name or default
        if name not in registry.providers:
            raise Invalid.field("provider", "unknown", f"must be one of: {', '.join(registry.providers)}")
        if name == CASH and not registry.policy.holds(self.request, Permission.ORDERS_TAKE_PAYMENT):
            raise Forbidden(f"Cash is taken by holders of {Permission.ORDERS_TAKE_PAYMENT}.")
        return Till(name, registry.providers[name])


@view_config(
    context=Tickets,
    request_method="GET",
    permission=Verb.VIEW,
    query=schemas.TicketQuery,
    refuses=("forbidden",),
)
def tickets(_context: Tickets, request: Request) -> Json[Page[TicketJson]]:
    """A page of the caller's tickets; staff see everybody's."""
    return page(request, TICKET_LIST, ticket_json, listed_owner(request))


@view_config(context=TicketItem, request_method="GET", permission=Verb.VIEW)
def ticket(context: TicketItem, request: Request) -> Json[TicketJson]:
    """A ticket."""
    row = orders.get_ticket(request.reader, context.id, request.now)
    return show(request, Shown(row, lambda: ticket_json(row)))
