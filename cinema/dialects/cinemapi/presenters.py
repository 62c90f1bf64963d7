"""How the dialect shows things. Rows come from the queries of the rooms below."""

from decimal import Decimal
from typing import Any, Literal, TypedDict

import orjson
from sqlalchemy import Row

from cinema.booking.models import HELD
from cinema.core.db.sql import raw_json
from cinema.core.money import Money
from cinema.core.rendering import Moment

_CENT = Decimal("0.01")
_DAY = 24 * 60 * 60


class CinemapiUserJson(TypedDict):
    """An account."""

    id: int
    username: str
    email: str


class CinemapiTokenPairJson(TypedDict):
    """An access token, for `Authorization: Bearer <access>`, and the refresh token to get more of them with."""

    access: str
    refresh: str


class CinemapiAccessJson(TypedDict):
    """An access token, for `Authorization: Bearer <access>`."""

    access: str


class CinemapiHallJson(TypedDict):
    """A hall; one with gaps as the rectangle round it."""

    id: int
    name: str
    row_count: int
    seat_count: int


class CinemapiMovieJson(TypedDict):
    """A film. `duration` is `HH:MM:SS`, from a day on `D HH:MM:SS`."""

    id: int
    name: str
    duration: str


class CinemapiPlaceJson(TypedDict):
    """A seat."""

    row: int
    seat: int


class CinemapiSessionJson(TypedDict):
    """A session: hall and film by their ids, `price` as decimal text, and the places that are taken."""

    id: int
    hall: int
    movie: int
    started_at: Moment
    price: str
    tickets: list[CinemapiPlaceJson]


class CinemapiTicketStatusJson(TypedDict):
    """What a ticket can be: booked (1) or paid (2)."""

    id: Literal[1, 2]
    name: Literal["booked", "paid"]


class CinemapiTicketJson(TypedDict):
    """A ticket for a seat; user and session by their ids."""

    id: int
    user: int
    session: int
    ticket_status: CinemapiTicketStatusJson
    row: int
    seat: int


BOOKED: CinemapiTicketStatusJson = {"id": 1, "name": "booked"}
PAID: CinemapiTicketStatusJson = {"id": 2, "name": "paid"}


def user_json(row: Row[Any]) -> CinemapiUserJson:
    """An account."""
    return {"id": row.id, "username": row.username or "", "email": row.email or ""}


def hall_json(row: Row[Any]) -> CinemapiHallJson:
    """A hall; one with gaps as the rectangle round it."""
    return {"id": row.id, "name": row.name, "row_count": row.rows, "seat_count": row.seats_in_row}


def movie_json(row: Row[Any]) -> CinemapiMovieJson:
    """A film."""
    return {"id": row.id, "name": row.title, "duration": duration_text(row.running_time or 0)}


def duration_text(seconds: int) -> str:
    """`HH:MM:SS`; from a day on `D HH:MM:SS`."""
    days, rest = divmod(seconds, _DAY)
    clock = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days} {clock}" if days else clock


def session_json(row: Row[Any]) -> CinemapiSessionJson:
    """A session with the places that are taken."""
    return {
        "id": row.id,
        "hall": row.hall_id,
        "movie": row.movie_id,
        "started_at": row.starts_at,
        "price": _price(row.prices),
        "tickets": raw_json(row.taken_places),
    }


def ticket_json(row: Row[Any]) -> CinemapiTicketJson:
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
