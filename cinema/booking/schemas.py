"""What booking takes in."""

from typing import Any

import colander

from cinema.booking.models import CANCELLED, EXPIRED, HELD, PAID, REFUNDED, USED, VALID, VOID
from cinema.core.paging import PageQuery
from cinema.core.schemas import (
    LARGEST_ID,
    Body,
    Parameters,
    boolean,
    choice,
    flag,
    identifier,
    integer,
    list_of,
    numeral,
    refuse,
    required,
    text,
)
from cinema.schedule.layout import CATEGORIES

MAX_NUMBER = 1000


class SeatBody(Body):
    """A place in a hall."""

    row = integer(1, MAX_NUMBER)
    seat = integer(1, MAX_NUMBER)


class LineBody(Body):
    """So many of a cassette."""

    cassette = identifier()
    quantity = integer(1, MAX_NUMBER)


def _something_is_ordered(node: colander.SchemaNode, value: dict[str, Any]) -> None:
    problem = colander.Invalid(node)
    if not value.get("seats") and not value.get("cassettes"):
        problem.add(refuse(node["seats"], "required", "is required, or cassettes"))
    elif value.get("seats") and "screening" not in value:
        problem.add(refuse(node["screening"], "required", "is required for seats"))
    elif "screening" in value and not value.get("seats"):
        problem.add(refuse(node["seats"], "required", "is required for a screening"))
    if problem.children:
        raise problem


class OrderBody(Body):
    """POST orders: seats of one screening, cassettes, or both."""

    example = {"screening": 1, "seats": [{"row": 3, "seat": 7}, {"row": 3, "seat": 8}], "cassettes": []}
    screening = identifier(missing=colander.drop)
    seats = list_of(SeatBody(), missing=colander.drop)
    cassettes = list_of(LineBody(), missing=colander.drop)
    validator = staticmethod(_something_is_ordered)


class OrderPatch(Body):
    """PATCH orders/{id}: other seats, or a longer hold."""

    example = {"extend": True}
    seats = list_of(SeatBody(), least=1, missing=colander.drop)
    extend = boolean(missing=colander.drop)


class PaymentBody(Body):
    """POST orders/{id}/pay."""

    example = {"provider": "sandbox"}
    provider = text(1, 50, missing=None)


def _something_is_refunded(node: colander.SchemaNode, value: dict[str, Any]) -> None:
    if value and not any(value.values()):
        problem = colander.Invalid(node)
        problem.add(refuse(node["tickets"], "required", "is required, or cassettes, or nothing at all"))
        raise problem


class RefundBody(Body):
    """POST orders/{id}/refund: nothing means everything."""

    example = {"tickets": [1]}
    tickets = list_of(identifier(), missing=colander.drop, unique=True)
    cassettes = list_of(LineBody(), missing=colander.drop)
    validator = staticmethod(_something_is_refunded)


class OrderQuery(PageQuery):
    """GET orders. `user` is for those who may see everybody's."""

    user = numeral(1, LARGEST_ID)
    state = choice(HELD, PAID, CANCELLED, EXPIRED, REFUNDED)


class TicketQuery(PageQuery):
    """GET tickets. `user` is for those who may see everybody's."""

    user = numeral(1, LARGEST_ID)
    screening = numeral(1, LARGEST_ID)
    state = choice(HELD, VALID, USED, VOID)
    upcoming = flag()


class CheckInBody(Body):
    """POST tickets/check-in: a plain or a signed code, and the device's own name for this attempt."""

    example = {"code": "5f2lW8nqTg0mQyJc3uXv9A", "nonce": "door-2-000187"}
    code = text(1, 500)
    nonce = text(8, 64)
    screening = identifier(missing=colander.drop)


def _needed(node: colander.SchemaNode) -> colander.SchemaNode:
    node.missing = required
    return node


class BestAvailableQuery(Parameters):
    """GET screenings/{id}/best-available."""

    seats = _needed(numeral(1, MAX_NUMBER))
    category = choice(*CATEGORIES.values())
