"""What the benchmark runs on: a catalogue, a schedule with tickets sold, and more free seats than it can sell."""

import math
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import ColumnElement, Connection, Text, cast, func, insert, select

from cinema.accounts import services as accounts
from cinema.accounts.passwords import hash_password
from cinema.booking.models import Order, Ticket
from cinema.core.db.engines import Database
from cinema.schedule.models import Screening, ScreeningPrice, SeatClaim

PASSWORD = "benchmark benchmark"
MOVIES = 200
LISTED = 40
"""Screenings that the list begins with."""
SOLD = 20_000
"""Screenings with ten seats sold: more than are asked for, so that every seat map is asked for once."""
FREE = 1_000
"""Screenings to order for, to begin with; before a round that may need more, as many more are made."""
ROWS, SEATS_IN_ROW = 6, 10
PAIRS = ROWS * SEATS_IN_ROW // 2
"""Orders of two seats that one screening has room for."""
EURO = {"amount": "9.50", "currency": "EUR"}


_screening, _price, _claim = Screening.__table__, ScreeningPrice.__table__, SeatClaim.__table__
_order, _ticket = Order.__table__, Ticket.__table__


@dataclass
class Data:
    """The caller, and what there is to call for."""

    user_id: int
    token: str
    screening: int
    sold: range
    seats: "FreeSeats"


class FreeSeats:
    """Pairs of seats side by side that nobody has taken, each given out once; more are made when they run short."""

    def __init__(self, database: Database, original: int, free: range) -> None:
        self._database = database
        self._original = original
        self._pairs = deque(_pairs(free))
        self._days = FREE + SOLD

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        """Screening, row and first seat of each pair."""
        while self._pairs:
            yield self._pairs.popleft()
        raise SystemExit("more seats were ordered in a round than bench/scenarios.py foresees")

    def reserve(self, count: int) -> None:
        """Makes sure that at least `count` pairs are left."""
        screenings = math.ceil((count - len(self._pairs)) / PAIRS)
        if screenings > 0:
            made = _copies(self._database, self._original, screenings, after=self._days)
            self._days += screenings
            self._pairs.extend(_pairs(made))


def _pairs(screenings: range) -> Iterator[tuple[int, int, int]]:
    return (
        (screening, row, seat)
        for screening in screenings
        for row in range(1, ROWS + 1)
        for seat in range(1, SEATS_IN_ROW, 2)
    )


def add_staff(database: Database) -> int:
    """An account that may do everything, from before the application runs; answers its id."""
    with database.plain_session() as db, db.begin():
        return accounts.register(
            db,
            username="bench",
            email="bench@example.com",
            password_hash=hash_password(PASSWORD),
            now=datetime.now(UTC),
            superuser=True,
        )


def fill(port: int, database: Database, user_id: int) -> Data:
    """Enters a catalogue and a schedule through the API, and copies of a screening into the tables."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=30) as http:
        signed_in = http.post("/auth/login", json={"login": "bench", "password": PASSWORD}).json()
        http.headers["Authorization"] = f"Bearer {signed_in['access_token']}"
        genres = [_new(http, "genres", name=f"Genre {number}") for number in range(12)]
        actors = [_new(http, "actors", first_name="Given", last_name=f"Name {number}") for number in range(60)]
        directors = [_new(http, "directors", name=f"Director {number}") for number in range(30)]
        movies = [_movie(http, number, genres, directors, actors) for number in range(MOVIES)]
        hall = _new(http, "halls", name="Blue", rows=ROWS, seats_in_row=SEATS_IN_ROW)
        screenings = _screenings(http, movies, hall, LISTED)
        seats = [{"row": row, "seat": seat} for row in (3, 4) for seat in range(3, 8)]
        order = _new(http, "orders", screening=screenings[0], seats=seats)
        http.post(f"/orders/{order}/pay").raise_for_status()
    sold = _copies(database, screenings[0], SOLD)
    _sell(database, screenings[0], sold)
    free = _copies(database, screenings[0], FREE, after=SOLD)
    return Data(user_id, signed_in["access_token"], screenings[0], sold, FreeSeats(database, screenings[0], free))


def _movie(http: httpx.Client, number: int, genres: list[int], directors: list[int], actors: list[int]) -> int:
    return _new(
        http,
        "movies",
        title=f"Film number {number}",
        description="Somebody wants something badly and is having trouble getting it. " * 3,
        year=1950 + number % 70,
        rating=5 + number % 5,
        duration=90 + number % 40,
        genres=[genres[number % 12], genres[(number + 5) % 12]],
        directors=[directors[number % 30]],
        actors=[actors[(number * 3 + place) % 60] for place in range(4)],
    )


def _screenings(http: httpx.Client, movies: list[int], hall: int, number: int) -> list[int]:
    first = (datetime.now(UTC) + timedelta(days=2)).replace(hour=0, minute=0, second=0, microsecond=0)
    starts = [first + timedelta(days=slot // 6, hours=slot % 6 * 3) for slot in range(number)]
    return [
        _new(http, "screenings", movie=movies[slot], hall=hall, starts_at=start.isoformat(), price=EURO)
        for slot, start in enumerate(starts)
    ]


def _copies(database: Database, screening_id: int, count: int, after: int = 0) -> range:
    """Later showings of a screening, with its prices, `after` so many others; answers their ids."""
    with _filling(database) as connection:
        original = connection.execute(select(_screening).where(_screening.c.id == screening_id)).one()
        starts = [original.starts_at + timedelta(days=30, hours=3 * (after + number)) for number in range(count)]
        copies = _insert(connection, _screening, [{**original._asdict(), "starts_at": start} for start in starts])
        _copy(connection, _price, _price.c.screening_id == screening_id, copies)
    return copies


def _sell(database: Database, screening_id: int, screenings: range) -> None:
    """Sells the same seats in others of its showings as are sold in `screening_id`."""
    with _filling(database) as connection:
        order = connection.execute(select(_order).join(_ticket).where(_ticket.c.screening_id == screening_id)).first()
        orders = _insert(connection, _order, [order._asdict()] * len(screenings))
        order_of = {"order_id": _screening.c.id + (orders[0] - screenings[0])}
        _copy(connection, _claim, _claim.c.screening_id == screening_id, screenings, order_of)
        code = cast(_screening.c.id, Text) + "-" + cast(_ticket.c.id, Text)
        _copy(connection, _ticket, _ticket.c.screening_id == screening_id, screenings, order_of | {"code": code})


@contextmanager
def _filling(database: Database) -> Iterator[Connection]:
    """A transaction for bulk inserts: the time limits on serving do not hold for it."""
    with database.writers.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        yield connection
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")  # as it does by itself, a minute later


def _insert(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> range:
    """Writes rows, each under a new id; answers the ids."""
    last = connection.execute(select(func.max(table.c.id))).scalar_one()
    connection.execute(insert(table), [{name: row[name] for name in row if name != "id"} for row in rows])
    ids = select(func.min(table.c.id), func.max(table.c.id)).where(table.c.id > last)
    first, final = connection.execute(ids).one()
    assert final - first + 1 == len(rows)
    return range(first, final + 1)


def _copy(
    connection: Connection, table: Any, which: ColumnElement[bool], screenings: range, instead: Any = None
) -> None:
    """Writes the rows of one screening once more for each of others; `instead` says what is not the same there."""
    instead = {"screening_id": _screening.c.id} | (instead or {})
    columns = {column.name: column for column in table.c if column.name != "id"} | instead
    among = _screening.c.id.between(screenings[0], screenings[-1])
    rows = select(*columns.values()).select_from(table.join(_screening, among)).where(which)
    connection.execute(insert(table).from_select(list(columns), rows))


def _new(http: httpx.Client, path: str, **values: Any) -> int:
    answer = http.post(f"/{path}", json=values)
    answer.raise_for_status()
    return int(answer.json()["id"])
