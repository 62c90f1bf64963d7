"""How orders and tickets look from outside."""

import math
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Literal, TypedDict

import orjson
from sqlalchemy import Row

from cinema.booking.models import HELD
from cinema.core.money import MoneyJson, money_json
from cinema.core.rendering import Moment
from cinema.schedule.presenters import ShortScreeningJson, short_screening_json


class TicketJson(TypedDict):
    """One seat in an order. `code` is checked at the door."""

    id: int
    order: int
    screening: ShortScreeningJson
    row: int
    seat: int
    category: Literal["standard", "premium", "accessible"]
    price: MoneyJson | None
    state: Literal["held", "valid", "used", "void"]
    code: str


class LineJson(TypedDict):
    """So many of a cassette, at the price it was taken for."""

    cassette: int
    title: str
    quantity: int
    refunded: int
    price: MoneyJson | None


class OrderJson(TypedDict):
    """An order. It is held for `expires_in` seconds; without a deadline where an older client booked it."""

    id: int
    user: int
    state: Literal["held", "paid", "cancelled", "expired", "refunded"]
    total: MoneyJson | None
    expires_at: Moment | None
    expires_in: int | None
    screening: ShortScreeningJson | None
    tickets: list[TicketJson]
    cassettes: list[LineJson]
    created_at: Moment


def expires_in(row: Row[Any], now: datetime) -> int | None:
    """For how many more seconds an order is held: None where it has no deadline, 0 where it is held no more."""
    if row.state != HELD:
        return 0
    return None if row.expires_at is None else math.ceil((row.expires_at - now).total_seconds())


def order_json(row: Row[Any], now: datetime) -> OrderJson:
    """An order, from a row of `queries.ORDERS`."""
    tickets = [_listed_ticket_json(ticket) for ticket in orjson.loads(row.tickets)]
    return {
        "id": row.id,
        "user": row.user_id,
        "state": row.state,
        "total": money_json(row.total_minor, row.currency),
        "expires_at": row.expires_at,
        "expires_in": expires_in(row, now),
        "screening": tickets[0]["screening"] if tickets else None,
        "tickets": tickets,
        "cassettes": [_line_json(line) for line in orjson.loads(row.cassettes)],
        "created_at": row.created_at,
    }


def ticket_json(row: Any) -> TicketJson:
    """A ticket, from a row of `queries.TICKETS`."""
    screening = SimpleNamespace(
        id=row.screening_id,
        movie_id=row.movie_id,
        movie_title=row.movie_title,
        hall_id=row.hall_id,
        hall_name=row.hall_name,
        starts_at=row.starts_at,
        duration=row.duration,
    )
    return {
        "id": row.id,
        "order": row.order_id,
        "screening": short_screening_json(screening),
        "row": row.row_number,
        "seat": row.seat_number,
        "category": row.category,
        "price": money_json(row.price_minor, row.currency),
        "state": row.state,
        "code": row.code,
    }


def _listed_ticket_json(ticket: dict[str, Any]) -> TicketJson:
    """A ticket inside an order: the engines write times into JSON each in their own way."""
    starts_at = datetime.fromisoformat(ticket["starts_at"])
    ticket["starts_at"] = starts_at.astimezone(UTC) if starts_at.tzinfo else starts_at.replace(tzinfo=UTC)
    return ticket_json(SimpleNamespace(**ticket))


def _line_json(line: dict[str, Any]) -> LineJson:
    return {
        "cassette": line["cassette_id"],
        "title": line["title"],
        "quantity": line["quantity"],
        "refunded": line["refunded"],
        "price": money_json(line["price_minor"], line["currency"]),
    }
