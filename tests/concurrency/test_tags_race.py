"""Tags under concurrent writes: one names one state, and none from before a write stands for what comes after it."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from threading import Thread
from typing import Any

import httpx
import pytest

from tests.app import API, seats
from tests.concurrency.arena import Arena, race
from tests.processes import sign_in

SECONDS = 1.0


def door(house: Arena, server: int, username: str) -> httpx.Client:
    """Somebody at one of the servers."""
    chosen = house.servers[server % len(house.servers)]
    headers = {"Authorization": f"Bearer {sign_in(chosen, username)}", "Host": "cinema.example"}
    return httpx.Client(base_url=f"http://127.0.0.1:{chosen.port}{API}", headers=headers, timeout=30)


# -- If-Match ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_of_all_who_change_it_as_they_know_it_one_succeeds(house: Arena, method: str) -> None:
    doors = [door(house, number, "admin") for number in range(6)]
    try:
        for _round in range(5):
            path = f"/movies/{house.movie()}"
            tags = {each.get(path).headers["ETag"] for each in doors}
            assert len(tags) == 1
            headers = {"If-Match": tags.pop()}

            def change(number: int, each: httpx.Client, path: str = path, headers: dict[str, str] = headers) -> Any:
                body = {"title": f"by {number}"} if method == "PATCH" else None
                return each.request(method, path, json=body, headers=headers)

            answers: list[httpx.Response] = race(doors, change)  # type: ignore[type-var]
            statuses = Counter(answer.status_code for answer in answers)
            assert statuses == ({200: 1, 412: 5} if method == "PATCH" else {204: 1, 404: 5})
            if method == "PATCH":
                [won] = [answer for answer in answers if answer.status_code == 200]
                for answer in answers:
                    assert answer is won or answer.json()["current"] == won.json()
                    assert answer.headers["ETag"] == won.headers["ETag"]
    finally:
        for each in doors:
            each.close()


def screening_moves(house: Arena) -> tuple[str, Callable[[int], Any]]:
    """The path of a screening, and bodies that move it."""
    path = f"/screenings/{house.screening(house.hall())}"
    starts_at = house.admin.get(path)["starts_at"]
    return path, lambda turn: {"starts_at": starts_at.replace("T12:00", f"T12:{turn:02}")}


def account_changes(house: Arena) -> tuple[str, Callable[[int], Any]]:
    """The path of an account, and bodies that disable and enable it."""
    house.newcomer("switched")
    [user] = house.admin.get("/users?q=switched")["items"]
    return f"/users/{user['id']}", lambda turn: {"is_active": turn % 2 == 0}


DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
@pytest.mark.parametrize("what", [screening_moves, account_changes])
def test_changes_with_and_without_if_match_do_not_wait_for_each_other_in_a_circle(house: Arena, what: Any) -> None:
    path, body = what(house)
    doors = [door(house, number, "admin") for number in range(4)]
    [(before,)] = house.sql(DEADLOCKS)

    def change(number: int, each: httpx.Client) -> set[int]:
        headers = {"If-Match": "*"} if number % 2 else {}
        return {each.patch(path, json=body(6 * number + turn), headers=headers).status_code for turn in range(2)}

    try:
        statuses = set().union(*race(doors, change))  # type: ignore[type-var]
    finally:
        for each in doors:
            each.close()
    assert statuses <= {200, 503}
    time.sleep(1.2)  # the server counts with a delay
    [(after,)] = house.sql(DEADLOCKS)
    assert after == before


# -- If-None-Match -------------------------------------------------------------------------------------------


@dataclass
class Reader:
    """Somebody who asks one process for the same things again and again, saying what they know."""

    client: httpx.Client
    paths: list[str]
    number: Callable[[str, Any], int]
    """The count that a body shows; it never goes back."""
    written: Callable[[str], int]
    """The count that has been answered to a writer at the same process."""
    answers: list[tuple[str, str, bytes]] = field(default_factory=list)
    wrong: list[Any] = field(default_factory=list)
    unchanged: int = 0
    _known: dict[str, tuple[str, int]] = field(default_factory=dict)
    """By path: the last tag, and what its body shows."""

    def read(self, random: Random) -> None:
        path = random.choice(self.paths)
        tag, shown = self._known.get(path, ("", -1))
        least = max(self.written(path), shown)
        answer = self.client.get(path, headers={"If-None-Match": tag} if tag else {})
        if answer.status_code == 304:
            self.unchanged += 1
            if answer.headers["ETag"] != tag or answer.content:
                self.wrong.append((path, "a 304 of another tag", tag, answer.headers["ETag"]))
        elif answer.status_code == 200:
            tag, shown = answer.headers["ETag"], self.number(path, answer.json())
            self._known[path] = tag, shown
            self.answers.append((path, tag, answer.content))
        else:
            self.wrong.append((path, answer.status_code))
        if shown < least:
            self.wrong.append((path, answer.status_code, "shows", shown, "after", least))


class Rush:
    """A film that is renamed and a screening that is booked, at one process, while others look."""

    def __init__(self, house: Arena) -> None:
        self.film = house.movie()
        self.screening = house.screening(house.hall(), self.film)
        self.seats = f"/screenings/{self.screening}/seats"
        self.titles = self.booked = 0
        self.failed: list[str] = []
        house.admin.call("PATCH", f"/movies/{self.film}", {"title": self._title(0)})
        self.over = time.monotonic() + SECONDS

    @property
    def paths(self) -> list[str]:
        """What shows the title."""
        lists = [f"/movies?q=race-{self.film}", f"/screenings?movie={self.film}"]
        screening = f"/screenings/{self.screening}"
        return [f"/movies/{self.film}", screening, f"{screening}?expand=movie", *lists]

    def _title(self, number: int) -> str:
        return f"race-{self.film}-{number}"

    @staticmethod
    def title_number(path: str, body: Any) -> int:
        """The number in the title that is shown."""
        [shown] = body.get("items", [body])
        title = shown["movie"]["title"] if path.startswith("/screenings") else shown["title"]
        return int(title.rsplit("-", 1)[-1])

    @staticmethod
    def booked_number(_path: str, body: Any) -> int:
        """How many seats of the first row are taken: none of them is given up."""
        return sum(seat["state"] != "free" for seat in body["rows"][0]["seats"])

    def rename(self, client: httpx.Client) -> None:
        """Counts the title up."""
        while time.monotonic() < self.over:
            number = self.titles + 1
            self._expect(200, client.patch(f"/movies/{self.film}", json={"title": self._title(number)}))
            self.titles = number

    def book(self, client: httpx.Client) -> None:
        """Takes the seats of the first row one by one, and takes and gives up one in the last row in between."""
        for number in range(1, 11):
            extra = self._order(client, (5, 1))
            self._order(client, (1, number))
            self.booked = number
            self._expect(204, client.delete(f"/orders/{extra}"))
            time.sleep(SECONDS / 12)

    def _order(self, client: httpx.Client, place: tuple[int, int]) -> int:
        answer = client.post("/orders", json={"screening": self.screening, "seats": seats(place)})
        self._expect(201, answer)
        return int(answer.json()["id"])

    def _expect(self, status: int, answer: httpx.Response) -> None:
        if answer.status_code != status:
            self.failed.append(answer.text)

    def read(self, reader: Reader) -> None:
        """Looks all the time."""
        random = Random(id(reader))
        while time.monotonic() < self.over:
            reader.read(random)


def test_readers_see_every_write_and_no_tag_names_two_states(house: Arena) -> None:
    rush = Rush(house)
    doors = [door(house, 0, name) for name in ("admin", "member-0", "member-1", "member-2", "member-3")]
    readers = [
        Reader(doors[2], rush.paths, rush.title_number, lambda _path: rush.titles),
        Reader(doors[3], rush.paths, rush.title_number, lambda _path: rush.titles),
        Reader(doors[4], [rush.seats], rush.booked_number, lambda _path: rush.booked),
    ]
    threads = [Thread(target=rush.rename, args=[doors[0]]), Thread(target=rush.book, args=[doors[1]])]
    threads += [Thread(target=rush.read, args=[reader]) for reader in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in doors:
        each.close()
    assert rush.failed == []
    assert [wrong for reader in readers for wrong in reader.wrong] == []
    assert rush.booked == 10
    assert rush.titles > 10
    assert all(reader.unchanged for reader in readers[2:])
    bodies: dict[tuple[str, str], set[bytes]] = {}
    for path, tag, body in (answer for reader in readers for answer in reader.answers):
        bodies.setdefault((path, tag), set()).add(body)
    assert [key for key, found in bodies.items() if len(found) > 1] == []
