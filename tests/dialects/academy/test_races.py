"""Eight people who want the same at the same moment, over real sockets; on PostgreSQL through two servers."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier
from typing import Any

import httpx
import pytest

from tests.app import PASSWORD
from tests.dialects.academy.app import ACTORS, GENRES, HALLS, MOVIES, ORDERS, PREFIX, SESSIONS, Servers, tickets
from tests.processes import enrol

PEOPLE = 8
ROUNDS = 5
_number = count()


class Crowd:
    """Members and one of the staff, each with a connection of their own, spread over the servers."""

    def __init__(self, servers: Servers) -> None:
        self._clients: list[httpx.Client] = []
        names = [f"crowd-{next(_number)}" for _place in range(PEOPLE)]
        enrol(servers.url, *names)
        addresses = servers.addresses
        self.strangers = [self._client(addresses[place % len(addresses)]) for place in range(PEOPLE)]
        self.members = [self._signed_in(addresses[place % len(addresses)], name) for place, name in enumerate(names)]
        self.staff = [self._signed_in(addresses[place % len(addresses)], "boss") for place in range(PEOPLE)]

    def make(self, path: str, body: Any) -> int:
        """Something that the staff make; answers its id."""
        answer = self.staff[0].post(f"{PREFIX}{path}", json=body)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    def sessions(self, number: int) -> list[int]:
        """So many sessions of a new film."""
        mark = f"{next(_number)}"
        lists = {
            "genres": [self.make(GENRES, {"name": f"genre {mark}"})],
            "actors": [self.make(ACTORS, {"first_name": "Joan", "last_name": "Crawford"})],
        }
        movie = self.make(MOVIES, {"title": "Possessed", "description": "1947", "duration": 108} | lists)
        hall = self.make(HALLS, {"name": "Blue", "rows": 3, "seats_in_row": 4})
        body = {"show_time": "2030-05-01T20:00:00Z", "movie": movie, "cinema_hall": hall}
        return [self.make(SESSIONS, body) for _time in range(number)]

    def taken(self, session: int) -> list[tuple[int, int]]:
        """The places of a session that are sold."""
        found = self.members[0].get(f"{PREFIX}{SESSIONS}{session}/").json()["taken_places"]
        return [(place["row"], place["seat"]) for place in found]

    def orders(self) -> int:
        """How many orders all members have together."""
        return sum(member.get(f"{PREFIX}{ORDERS}").json()["count"] for member in self.members)

    def close(self) -> None:
        """Closes every connection."""
        for client in self._clients:
            client.close()

    def _client(self, address: str, **headers: str) -> httpx.Client:
        self._clients.append(httpx.Client(base_url=address, timeout=60, headers=headers, trust_env=False))
        return self._clients[-1]

    def _signed_in(self, address: str, username: str) -> httpx.Client:
        answer = self._client(address).post("/api/login/", json={"username": username, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return self._client(address, Authorization=f"Token {answer.json()['token']}")


@pytest.fixture(scope="module")
def crowd(academy_servers: Servers) -> Iterator[Crowd]:
    people = Crowd(academy_servers)
    try:
        yield people
    finally:
        people.close()


def race(clients: list[httpx.Client], act: Callable[[int, httpx.Client], httpx.Response]) -> list[httpx.Response]:
    """Lets every client do `act(number, client)` at once; answers what each came to."""
    start = Barrier(len(clients))

    def run(number: int) -> httpx.Response:
        start.wait()
        return act(number, clients[number])

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(run, range(len(clients))))


def statuses(answers: list[httpx.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


ONE_WINS = Counter({201: 1, 400: PEOPLE - 1})


def test_a_place_that_all_want_has_one_buyer(crowd: Crowd) -> None:
    before = crowd.orders()
    for session in crowd.sessions(ROUNDS):
        body = tickets((session, 1, 1))
        answers = race(crowd.members, lambda _number, client, body=body: client.post(f"{PREFIX}{ORDERS}", json=body))
        assert statuses(answers) == ONE_WINS
        for answer in answers:
            if answer.status_code == 400:
                [entry] = answer.json()["tickets"]
                assert list(entry) == ["non_field_errors"]
        assert crowd.taken(session) == [(1, 1)]
    assert crowd.orders() == before + ROUNDS


def test_orders_for_the_same_sessions_in_different_order_are_all_or_nothing(crowd: Crowd) -> None:
    before = crowd.orders()
    first, second = crowd.sessions(2)
    for seat in range(1, 5):
        wanted = [(first, 1, seat), (second, 1, seat), (first, 2, seat), (second, 2, seat)]
        bodies = [tickets(*wanted[place % 4 :], *wanted[: place % 4]) for place in range(PEOPLE)]
        answers = race(
            crowd.members, lambda place, client, bodies=bodies: client.post(f"{PREFIX}{ORDERS}", json=bodies[place])
        )
        assert statuses(answers) == ONE_WINS
        everything = [(row, number) for row in (1, 2) for number in range(1, seat + 1)]
        assert crowd.taken(first) == crowd.taken(second) == everything
    assert crowd.orders() == before + 4


def test_a_username_that_all_want_is_one_persons(crowd: Crowd) -> None:
    for _round in range(ROUNDS):
        name = f"wanted-{next(_number)}"
        spelled = [name, name.upper()]

        def register(place: int, client: httpx.Client, spelled: list[str] = spelled) -> httpx.Response:
            body = {"username": spelled[place % 2], "password": "12345"}
            return client.post(f"{PREFIX}register/", json=body)

        answers = race(crowd.strangers, register)
        assert statuses(answers) == ONE_WINS
        assert {tuple(answer.json()) for answer in answers if answer.status_code == 400} == {("username",)}


def test_a_genre_that_all_make_is_there_once(crowd: Crowd) -> None:
    for _round in range(ROUNDS):
        body = {"name": f"wanted {next(_number)}"}
        answers = race(crowd.staff, lambda _place, client, body=body: client.post(f"{PREFIX}{GENRES}", json=body))
        assert statuses(answers) == ONE_WINS
        assert {tuple(answer.json()) for answer in answers if answer.status_code == 400} == {("name",)}
        listed = [genre["name"] for genre in crowd.members[0].get(f"{PREFIX}{GENRES}").json()]
        assert listed.count(body["name"]) == 1


def test_a_session_is_either_deleted_or_sold(crowd: Crowd) -> None:
    for session in crowd.sessions(ROUNDS):
        body, clients = tickets((session, 1, 1)), [crowd.members[0], crowd.staff[1]]

        def act(place: int, client: httpx.Client, session: int = session, body: Any = body) -> httpx.Response:
            if place == 0:
                return client.post(f"{PREFIX}{ORDERS}", json=body)
            return client.delete(f"{PREFIX}{SESSIONS}{session}/")

        ordered, deleted = (answer.status_code for answer in race(clients, act))
        assert (ordered, deleted) in {(201, 409), (400, 204)}
