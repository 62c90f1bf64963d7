"""How orders, tickets and seat maps look from outside."""

import math
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import orjson
from sqlalchemy import Row

from cinema.booking.models import HELD
from cinema.core.money import money_json
from cinema.schedule.presenters import short_screening_json


def order_json(row: Row[Any], now: datetime) -> dict[str, Any]:
    """An order, from a row of `queries.orders`."""
    tickets = [_listed_ticket_json(ticket) for ticket in orjson.loads(row.tickets)]
    expires_in: int | None = 0
    if row.state == HELD:
        expires_in = None if row.expires_at is None else math.ceil((row.expires_at - now).total_seconds())
    return {
        "id": row.id,
        "user": row.user_id,
        "state": row.state,
        "total": money_json(row.total_minor, row.currency),
        "expires_at": row.expires_at,
        "expires_in": expires_in,
        "screening": tickets[0]["screening"] if tickets else None,
        "tickets": tickets,
        "cassettes": [_line_json(line) for line in orjson.loads(row.cassettes)],
        "created_at": row.created_at,
    }


def ticket_json(row: Any) -> dict[str, Any]:
    """A ticket, from a row of `queries.tickets`."""
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


def _listed_ticket_json(ticket: dict[str, Any]) -> dict[str, Any]:
    """A ticket inside an order: the engines write times into JSON each in their own way."""
    starts_at = datetime.fromisoformat(ticket["starts_at"])
    ticket["starts_at"] = starts_at.astimezone(UTC) if starts_at.tzinfo else starts_at.replace(tzinfo=UTC)
    return ticket_json(SimpleNamespace(**ticket))


def _line_json(line: dict[str, Any]) -> dict[str, Any]:
    return {
        "cassette": line["cassette_id"],
        "title": line["title"],
        "quantity": line["quantity"],
        "refunded": line["refunded"],
        "price": money_json(line["price_minor"], line["currency"]),
    }
