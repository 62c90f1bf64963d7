"""The same seats, wanted through three dialects at once, over real sockets."""

from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import httpx
import pytest

from tests.app import PASSWORD, seats
from tests.concurrency.arena import Arena, arena, race
from tests.processes import Client

ROWS, SEATS_IN_ROW = 6, 10
DIALECTS = "academy = /\n cinemapi = /cinemapi"
Place = tuple[int, int]
Ask = Callable[[Place], int]


@pytest.fixture(scope="module")
def house(new_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """An arena whose servers speak academy and cinemapi besides."""
    with arena(tmp_path_factory.mktemp("dialects"), new_database("races"), dialects=DIALECTS) as opened:
        yield opened


@pytest.fixture
def old_client(house: Arena) -> Iterator[httpx.Client]:
    """Whoever speaks an older dialect, to the last of the servers."""
    with httpx.Client(base_url=f"http://127.0.0.1:{house.servers[-1].port}", timeout=30) as client:
        yield client


def sign_in(client: httpx.Client, path: str, name: str) -> Any:
    answer = client.post(path, json={"username": name, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return answer.json()


def in_academy(client: httpx.Client, name: str, screening: int) -> Ask:
    headers = {"Authorization": f"Token {sign_in(client, '/api/login/', name)['token']}"}

    def ask(place: Place) -> int:
        body = {"tickets": [{"row": place[0], "seat": place[1], "movie_session": screening}]}
        return client.post("/api/cinema/orders/", json=body, headers=headers).status_code

    return ask


def in_cinemapi(client: httpx.Client, name: str, screening: int) -> Ask:
    headers = {"Authorization": f"Bearer {sign_in(client, '/cinemapi/token/', name)['access']}"}
    user = client.get("/cinemapi/current_user/", headers=headers).json()["id"]

    def ask(place: Place) -> int:
        body = {"session": screening, "row": place[0], "seat": place[1], "user": user}
        return client.post("/cinemapi/book/", json=body, headers=headers).status_code

    return ask


def natively(client: Client, screening: int) -> Ask:
    return lambda place: client.call("POST", "/orders", {"screening": screening, "seats": seats(place)}).status


def test_each_seat_has_one_winner_whichever_way_it_is_asked_for(house: Arena, old_client: httpx.Client) -> None:
    screening = house.screening(house.hall(ROWS, SEATS_IN_ROW))
    ways = [
        *(in_academy(old_client, f"member-{number}", screening) for number in (0, 1)),
        *(in_cinemapi(old_client, f"member-{number}", screening) for number in (2, 3, 4)),
        *(natively(client, screening) for client in house.members[5:]),
    ]
    places = [(row, seat) for row in range(1, ROWS + 1) for seat in range(1, SEATS_IN_ROW + 1)]

    def want_all(number: int, _client: Client) -> list[tuple[Place, int]]:
        mine = places.copy()
        Random(number).shuffle(mine)
        return [(place, ways[number](place)) for place in mine]

    attempts = [each for part in race(house.members, want_all) for each in part]
    assert Counter(place for place, status in attempts if status == 201) == Counter(places)
    assert {status for _place, status in attempts} == {201, 400, 409}
    [(claims,)] = house.sql("SELECT count(*) FROM seat_claims WHERE screening_id = :id", id=screening)
    assert claims == len(places)
