"""Eight callers over real sockets who all want the same; on PostgreSQL through two servers."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, text

from tests.app import PASSWORD
from tests.concurrency.arena import CLIENTS, race
from tests.databases import open_database
from tests.processes import Client, Server, enrol, serving, sign_in

MEMBERS = [f"caller-{number}" for number in range(CLIENTS)]
ROUNDS = 4


class Ring:
    """Servers, eight members and eight times the same staff, spread over them."""

    def __init__(self, url: str, servers: Sequence[Server]) -> None:
        self.servers = servers
        self.database = open_database(url)
        enrol(url, *MEMBERS)
        enrol(url, "boss", role="staff")
        self.members = [self.caller(number, name) for number, name in enumerate(MEMBERS)]
        self.staff = [self.caller(number, "boss") for number in range(CLIENTS)]
        self.ids = [int(member.get("current_user/").json()["id"]) for member in self.members]
        self.native = Client(servers[0].port, sign_in(servers[0], "boss"))
        self._days = 0

    def caller(self, number: int, username: str) -> httpx.Client:
        """Somebody with a token of one of the servers, each in turn."""
        port = self.servers[number % len(self.servers)].port
        caller = httpx.Client(base_url=f"http://127.0.0.1:{port}/cinemapi/", timeout=30, trust_env=False)
        pair = caller.post("token/", json={"username": username, "password": PASSWORD}).json()
        caller.headers["Authorization"] = f"Bearer {pair['access']}"
        return caller

    def made(self, path: str, body: dict[str, Any]) -> int:
        """What staff make; answers its id."""
        answer = self.staff[0].post(path, json=body)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    def hall(self) -> int:
        """A hall; answers its id."""
        return int(self.native.create("/halls", {"name": "Red", "rows": 5, "seats_in_row": 10})["id"])

    def film(self) -> int:
        """A film with a name of its own; answers its id."""
        self._days += 1
        return self.made("movie/", {"name": f"film {self._days}", "duration": "01:30:00"})

    def session(self) -> int:
        """A session in a hall of its own; answers its id."""
        return self.made("session/", self.plan(self.hall(), self.film()))

    def plan(self, hall: int, film: int, **later: float) -> dict[str, Any]:
        """What would do for a session, the day after tomorrow at noon or so much later."""
        noon = (datetime.now(UTC) + timedelta(days=2)).replace(hour=12, minute=0, second=0, microsecond=0)
        return {"hall": hall, "movie": film, "started_at": (noon + timedelta(**later)).isoformat(), "price": "9.50"}

    def booking(self, number: int, session: int, row: int = 1, seat: int = 1) -> dict[str, int]:
        """What would do for a booking of one of the members."""
        return {"session": session, "row": row, "seat": seat, "user": self.ids[number]}

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        with self.database.readers.connect() as connection:
            return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())

    def close(self) -> None:
        """Closes every connection of ours."""
        for caller in (*self.members, *self.staff):
            caller.close()
        self.native.close()
        self.database.dispose()


@pytest.fixture(scope="module")
def ring(new_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ring]:
    """The servers that these races share, each race with things of its own."""
    url = new_database("cinemapi_races")
    count = 1 if url.startswith("sqlite") else 2
    with serving(tmp_path_factory.mktemp("races"), url, count, dialects="cinemapi = /cinemapi") as servers:
        opened = Ring(url, servers)
        try:
            yield opened
        finally:
            opened.close()


def outcomes(answers: Sequence[httpx.Response]) -> Counter[int]:
    """How often each status came."""
    return Counter(answer.status_code for answer in answers)


def test_one_place_is_booked_by_one_of_eight(ring: Ring) -> None:
    session, before = ring.session(), ring.rows("tickets")
    for seat in range(1, ROUNDS + 1):
        answers = race(
            ring.members,
            lambda number, caller, seat=seat: caller.post("book/", json=ring.booking(number, session, 1, seat)),
        )
        assert outcomes(answers) == {201: 1, 400: CLIENTS - 1}
        assert all(answer.json() for answer in answers)
    shown = ring.members[0].get(f"session/{session}/").json()["tickets"]
    assert shown == [{"row": 1, "seat": seat} for seat in range(1, ROUNDS + 1)]
    assert ring.rows("tickets") - before == ROUNDS


def test_a_place_of_one_person_on_eight_devices_is_booked_once(ring: Ring) -> None:
    devices = [ring.caller(number, MEMBERS[0]) for number in range(CLIENTS)]
    session = ring.session()
    body = ring.booking(0, session)
    answers = race(devices, lambda _number, caller: caller.post("book/", json=body))
    assert outcomes(answers) == {201: 1, 400: CLIENTS - 1}
    for device in devices:
        device.close()


def test_one_ticket_is_paid_once(ring: Ring) -> None:
    session = ring.session()
    payers = [ring.members[0], *ring.staff[1:]]
    for seat in range(1, ROUNDS + 1):
        ticket = ring.members[0].post("book/", json=ring.booking(0, session, 1, seat)).json()["id"]
        before = ring.rows("payments")
        answers = race(payers, lambda _number, caller, ticket=ticket: caller.patch(f"pay/{ticket}/"))
        assert outcomes(answers) == {200: 1, 409: CLIENTS - 1}
        assert ring.rows("payments") - before == 1


def test_one_slot_of_a_hall_goes_to_one_of_eight(ring: Ring) -> None:
    hall, film = ring.hall(), ring.film()
    for day in range(ROUNDS):
        plan = ring.plan(hall, film, days=day)
        answers = race(ring.staff, lambda _number, caller, plan=plan: caller.post("session/", json=plan))
        assert outcomes(answers) == {201: 1, 400: CLIENTS - 1}
    shown = [each for each in ring.staff[0].get("session/").json() if each["hall"] == hall]
    assert len(shown) == ROUNDS


def test_of_sessions_that_overlap_only_a_little_one_is_planned_too(ring: Ring) -> None:
    """Each wants to begin a quarter of an hour after the one before: of eight within two hours, one or two fit."""
    hall, film = ring.hall(), ring.film()
    plans = [ring.plan(hall, film, minutes=15 * number) for number in range(CLIENTS)]
    answers = race(ring.staff, lambda number, caller: caller.post("session/", json=plans[number]))
    assert set(outcomes(answers)) == {201, 400}
    starts = sorted(datetime.fromisoformat(each.json()["started_at"]) for each in answers if each.status_code == 201)
    held = timedelta(minutes=90 + 25)
    assert all(following - start >= held for start, following in pairwise(starts))


def test_a_session_is_deleted_or_booked_but_never_both(ring: Ring) -> None:
    for _round in range(ROUNDS):
        session = ring.session()

        def act(number: int, caller: httpx.Client, session: int = session) -> httpx.Response:
            if number == 0:
                return ring.staff[0].delete(f"session/{session}/")
            return caller.post("book/", json=ring.booking(number, session, 1, number))

        deletion, *bookings = race(ring.members, act)
        booked = [answer.json() for answer in bookings if answer.status_code == 201]
        assert set(outcomes(bookings)) <= {201, 400}
        assert deletion.status_code == (400 if booked else 204)
        assert ring.staff[0].get(f"session/{session}/").status_code == (200 if booked else 404)


def test_a_session_is_moved_or_booked_but_never_moved_under_its_tickets(ring: Ring) -> None:
    for _round in range(ROUNDS):
        hall, film = ring.hall(), ring.film()
        session, later = ring.made("session/", ring.plan(hall, film)), ring.plan(hall, film, hours=1)

        def act(number: int, caller: httpx.Client, session: int = session, later: Any = later) -> httpx.Response:
            if number == 0:
                return ring.staff[0].patch(f"session/{session}/", json=later)
            return caller.post("book/", json=ring.booking(number, session, 1, number))

        change, *bookings = race(ring.members, act)
        assert outcomes(bookings) == {201: CLIENTS - 1}
        assert change.status_code in (200, 400)
        shown = ring.staff[0].get(f"session/{session}/").json()
        assert (shown["started_at"] == later["started_at"].replace("+00:00", "Z")) == (change.status_code == 200)


@contextmanager
def changing(ring: Ring, session: int, hall: int, change: dict[str, str]) -> Iterator[tuple[Connection, Future[Any]]]:
    """A change of a session that has begun and waits for its hall, which somebody else's transaction has."""
    waiting = text("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
    with ThreadPoolExecutor(1) as pool, ring.database.writers.begin() as other:
        other.execute(text("SELECT 1 FROM halls WHERE id = :id FOR UPDATE"), {"id": hall})
        answer = pool.submit(ring.staff[0].patch, f"session/{session}/", json=change)
        while not answer.done():
            with ring.database.background.connect() as watcher:
                if watcher.execute(waiting).first():
                    break
        yield other, answer


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_a_session_that_is_deleted_while_it_is_being_changed_is_a_404(ring: Ring) -> None:
    hall = ring.hall()
    session = ring.made("session/", ring.plan(hall, ring.film()))
    with changing(ring, session, hall, {"price": "1.00"}) as (other, answer):
        for table, column in (("screening_prices", "screening_id"), ("screenings", "id")):
            other.execute(text(f"DELETE FROM {table} WHERE {column} = :id"), {"id": session})
        other.commit()
        assert answer.result().status_code == 404


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_of_two_changes_at_once_neither_takes_back_what_the_other_did(ring: Ring) -> None:
    hall, film, other_film = ring.hall(), ring.film(), ring.film()
    plan = ring.plan(hall, film)
    session = ring.made("session/", plan)
    later = datetime.fromisoformat(plan["started_at"]) + timedelta(hours=1)
    with changing(ring, session, hall, {"started_at": later.isoformat()}) as (other, answer):
        other.execute(
            text("UPDATE screenings SET movie_id = :film WHERE id = :id"), {"film": other_film, "id": session}
        )
        other.commit()
        assert answer.result().status_code == 200
    assert (answer.result().json()["movie"], answer.result().json()["started_at"]) == (
        other_film,
        later.isoformat().replace("+00:00", "Z"),
    )
