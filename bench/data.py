"""What the benchmark runs on: a catalogue, and halls with more seats than it can sell."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from cinema.accounts import services as accounts
from cinema.accounts.passwords import hash_password
from cinema.core.db.engines import Database

PASSWORD = "benchmark benchmark"
MOVIES = 200
SCREENINGS = 40
BIG_HALL = {"name": "Big", "rows": 200, "seats_in_row": 200}
SMALL_HALL = {"name": "Small", "rows": 6, "seats_in_row": 10}
EURO = {"amount": "9.50", "currency": "EUR"}


@dataclass
class Data:
    """Who calls, and what there is to call for."""

    token: str
    screening: int
    big_screenings: list[int]

    def seat_pairs(self) -> Iterator[tuple[int, int, int]]:
        """Screening, row and first seat of pairs that nobody has taken yet."""
        for screening in self.big_screenings:
            for row in range(1, 201):
                for seat in range(1, 200, 2):
                    yield screening, row, seat


def add_staff(database: Database) -> None:
    """An account that may do everything, from before the application runs."""
    hashed = hash_password(PASSWORD)
    with database.plain_session() as db, db.begin():
        accounts.register(
            db,
            username="bench",
            email="bench@example.com",
            password_hash=hashed,
            now=datetime.now(UTC),
            superuser=True,
        )


def fill(port: int) -> Data:
    """Enters everything through the API."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=30) as http:
        signed_in = http.post("/auth/login", json={"login": "bench", "password": PASSWORD}).json()
        http.headers["Authorization"] = f"Bearer {signed_in['access_token']}"
        genres = [_new(http, "genres", name=f"Genre {number}") for number in range(12)]
        actors = [_new(http, "actors", first_name="Given", last_name=f"Name {number}") for number in range(60)]
        directors = [_new(http, "directors", name=f"Director {number}") for number in range(30)]
        movies = [_movie(http, number, genres, directors, actors) for number in range(MOVIES)]
        small, big = _new(http, "halls", **SMALL_HALL), _new(http, "halls", **BIG_HALL)
        small_screenings = _screenings(http, movies, small, SCREENINGS)
        sold = [{"row": row, "seat": seat} for row in (3, 4) for seat in range(3, 8)]
        http.post("/orders", json={"screening": small_screenings[0], "seats": sold}).raise_for_status()
        return Data(signed_in["access_token"], small_screenings[0], _screenings(http, movies, big, 10))


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


def _new(http: httpx.Client, path: str, **values: Any) -> int:
    answer = http.post(f"/{path}", json=values)
    answer.raise_for_status()
    return int(answer.json()["id"])
