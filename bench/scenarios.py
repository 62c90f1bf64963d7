"""What is asked. *unchanged* is the same request again and again, whose answer nothing has changed since.

*from the database* is a request that nobody has made before, so that no server can remember its answer: a filter that
lets everything through, with another value each time, or the seat map of another screening.
"""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import httpx

from bench.contenders import BARE, Contender
from bench.data import Data

_MOST_ORDERS = 3_000
"""More orders in a second than anything that keeps them takes here."""
_EARLIEST = datetime(2001, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Ask:
    """A path to get, or to post a body to."""

    path: str
    body: bytes | None = None

    def headers(self, contender: Contender, tag: str | None) -> dict[str, str]:
        """What goes along. With `tag`, the caller knows an answer already."""
        headers = {"Host": f"127.0.0.1:{contender.server.port}", "Authorization": f"Bearer {contender.token}"}
        if tag:
            headers["If-None-Match"] = tag
        if self.body is not None:
            headers["Content-Type"] = "application/json"
        return headers


@dataclass
class Scenario:
    """Requests to make; `tagged` ones carry the tag of the answer before. `status` is that of an answer in full.

    `prepare` makes sure that there is enough to ask for in so many seconds.
    """

    name: str
    asks: Iterator[Ask]
    status: int = 200
    tagged: bool = False
    prepare: Callable[[float], None] = lambda _seconds: None

    def requests(self, contender: Contender, tag: str | None, seconds: float) -> Callable[[], bytes]:
        """What gives the next request, as bytes, for a round of so many seconds."""
        asks = self.asks
        if contender.name == BARE:  # it keeps nothing: the same few requests again and again do
            asks = itertools.cycle([next(self.asks) for _ask in range(100)])
        else:
            self.prepare(seconds)
        headers = next(asks).headers(contender, tag)
        rest = " HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())

        def request() -> bytes:
            one = next(asks)
            if one.body is None:
                return f"GET {one.path}{rest}\r\n".encode()
            return f"POST {one.path}{rest}Content-Length: {len(one.body)}\r\n\r\n".encode() + one.body

        return request


def ask(contender: Contender, one: Ask, tag: str | None = None) -> httpx.Response:
    """One answer, read at leisure."""
    url = f"http://127.0.0.1:{contender.server.port}{one.path}"
    method = "GET" if one.body is None else "POST"
    return httpx.request(method, url, headers=one.headers(contender, tag), content=one.body, timeout=30)


def scenarios(data: Data) -> list[Scenario]:
    """All of them, in the order of the report."""
    movies, screenings = "/api/v1/movies?limit=12", "/api/v1/screenings"
    seats = f"/api/v1/screenings/{data.screening}/seats"
    return [
        Scenario("movie page, unchanged", _same(movies)),
        Scenario("movie page, 304", _same(movies), tagged=True),
        Scenario("movie page, from the database", _movies(movies)),
        Scenario("screening list, unchanged", _same(screenings)),
        Scenario("screening list, from the database", _screenings(screenings)),
        Scenario("seat map, unchanged", _same(seats)),
        Scenario("seat map, 304", _same(seats), tagged=True),
        Scenario("seat map, from the database", _seat_maps(data)),
        Scenario("order of 2 seats", _orders(data), status=201, prepare=partial(_enough_seats, data)),
    ]


def _same(path: str) -> Iterator[Ask]:
    return itertools.repeat(Ask(path))


def _movies(path: str) -> Iterator[Ask]:
    years = itertools.product(range(1949, 0, -1), range(2020, 10_000))
    return (Ask(f"{path}&year_from={first}&year_to={last}") for first, last in years)


def _screenings(path: str) -> Iterator[Ask]:
    moments = (_EARLIEST + timedelta(seconds=number) for number in itertools.count())
    return (Ask(f"{path}?from={moment:%Y-%m-%dT%H:%M:%SZ}") for moment in moments)


def _seat_maps(data: Data) -> Iterator[Ask]:
    return (Ask(f"/api/v1/screenings/{screening}/seats") for screening in itertools.cycle(data.sold))


def _orders(data: Data) -> Iterator[Ask]:
    for screening, row, seat in data.seats:
        wanted = [{"row": row, "seat": seat}, {"row": row, "seat": seat + 1}]
        yield Ask("/api/v1/orders", json.dumps({"screening": screening, "seats": wanted}).encode())


def _enough_seats(data: Data, seconds: float) -> None:
    data.seats.reserve(int(seconds * _MOST_ORDERS) + 1_000)
