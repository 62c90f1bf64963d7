"""How the dialect shows things. Rows come from the queries of the rooms below."""

from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy import Row

from cinema.booking.models import HELD
from cinema.core.db.sql import raw_json
from cinema.core.money import Money

BOOKED = {"id": 1, "name": "booked"}
PAID = {"id": 2, "name": "paid"}
_CENT = Decimal("0.01")
_DAY = 24 * 60 * 60


def user_json(row: Row[Any]) -> dict[str, Any]:
    """An account."""
    return {"id": row.id, "username": row.username or "", "email": row.email or ""}


def hall_json(row: Row[Any]) -> dict[str, Any]:
    """A hall; one with gaps as the rectangle round it."""
    return {"id": row.id, "name": row.name, "row_count": row.rows, "seat_count": row.seats_in_row}


def movie_json(row: Row[Any]) -> dict[str, Any]:
    """A film."""
    return {"id": row.id, "name": row.title, "duration": duration_text(row.running_time or 0)}


def duration_text(seconds: int) -> str:
    """`HH:MM:SS`; from a day on `D HH:MM:SS`."""
    days, rest = divmod(seconds, _DAY)
    clock = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days} {clock}" if days else clock


def session_json(row: Row[Any]) -> dict[str, Any]:
    """A session with the places that are taken."""
    return {
        "id": row.id,
        "hall": row.hall_id,
        "movie": row.movie_id,
        "started_at": row.starts_at,
        "price": _price(row.prices),
        "tickets": raw_json(row.taken_places),
    }


def ticket_json(row: Row[Any]) -> dict[str, Any]:
    """A ticket. What is held for a while is, here, booked."""
    return {
        "id": row.id,
        "user": row.user_id,
        "session": row.screening_id,
        "ticket_status": BOOKED if row.state == HELD else PAID,
        "row": row.row_number,
        "seat": row.seat_number,
    }


def _price(prices: str) -> str:
    """That of a standard seat, or of the cheapest; nothing where there is none."""
    amounts = {
        price["category"]: Money.from_minor(price["amount_minor"], price["currency"]).amount
        for price in orjson.loads(prices)
    }
    amount = amounts.get("standard", min(amounts.values(), default=Decimal()))
    return str(amount.quantize(_CENT))
