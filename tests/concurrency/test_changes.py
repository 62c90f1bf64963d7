"""What one process changes, every other shows soon: with notifications, without, and when some of them get lost."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, Engine, create_engine, insert, text

from cinema.core.changes.hearing import LONGEST_COMMIT, Hearing
from cinema.core.changes.versions import MAX_AGE, Versions
from cinema.core.db.changes import KEPT, Change, Changed, touch
from cinema.core.db.engines import Database
from tests.app import API, Cinema, Watch, euros, seats
from tests.concurrency.arena import noon
from tests.databases import PostgreSQL, open_database
from tests.processes import Server, enrol, serving, sign_in

SLACK = 1.0
"""Seconds that a busy machine may take beyond the bound."""
on_postgresql = pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
LISTENERS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
    "AND query LIKE '%FROM changes%' AND pid <> pg_backend_pid()"
)


class Neighbours:
    """Processes on one database, an administrator at each, and one of everything that changes."""

    def __init__(self, url: str, servers: list[Server], doors: list[httpx.Client]) -> None:
        self.url, self.servers, self.doors = url, servers, doors
        self.here, self.there = doors[:2]
        self.film = self.made("/movies", {"title": "A", "duration": 100})
        self.hall = self.made("/halls", {"name": "A", "rows": 5, "seats_in_row": 5})
        body = {"movie": self.film, "hall": self.hall, "starts_at": noon().isoformat(), "price": euros("9.50")}
        self.screening = self.made("/screenings", body)
        self.counter = 0

    def made(self, path: str, body: Any) -> int:
        answer = self.here.post(path, json=body)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    def renamed(self, door: httpx.Client | None = None) -> str:
        """A new title of the film, which is in force."""
        self.counter += 1
        title = f"title-{self.counter}"
        assert (door or self.here).patch(f"/movies/{self.film}", json={"title": title}).status_code == 200
        return title

    def title(self, door: httpx.Client) -> str:
        return str(door.get(f"/movies/{self.film}").json()["title"])


@pytest.fixture(scope="module")
def neighbours(new_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbours]:
    """Two processes; on PostgreSQL a third one that does not listen."""
    url, folder = new_database("changes"), tmp_path_factory.mktemp("changes")
    enrol(url, "admin", role="admin")
    with ExitStack() as stack:
        servers = stack.enter_context(serving(folder, url, 2))
        if url.startswith("postgresql"):
            servers = [*servers, *stack.enter_context(serving(folder / "bouncer", url, 1, pgbouncer="on"))]
        token = sign_in(servers[0], "admin")
        doors = [
            stack.enter_context(
                httpx.Client(
                    base_url=f"http://127.0.0.1:{server.port}{API}",
                    headers={"Authorization": f"Bearer {token}", "Host": "cinema.example"},
                    timeout=30,
                )
            )
            for server in servers
        ]
        yield Neighbours(url, servers, doors)


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """Somebody else at the database, whose changes nobody notices."""
    engine: Engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def soon(happened: Callable[[], bool], since: float | None = None, seconds: float = MAX_AGE + SLACK) -> None:
    """Waits until something has happened. Fails when that takes longer than it may."""
    deadline = (since or time.monotonic()) + seconds
    while not happened():
        assert time.monotonic() < deadline, "not within the bound"
        time.sleep(0.03)


def test_what_one_process_changes_every_other_shows_soon(neighbours: Neighbours) -> None:
    film, hall, screening = (
        f"/{name}/{key}"
        for name, key in (
            ("movies", neighbours.film),
            ("halls", neighbours.hall),
            ("screenings", neighbours.screening),
        )
    )
    order = {"screening": neighbours.screening, "seats": seats((1, 1))}
    writes: list[tuple[str, str, Any, str, Callable[[Any], object], object]] = [
        ("PATCH", film, {"title": "B"}, film, lambda json: json["title"], "B"),
        ("PATCH", film, {"title": "C"}, screening, lambda json: json["movie"]["title"], "C"),
        ("PATCH", hall, {"name": "B"}, screening, lambda json: json["hall"]["name"], "B"),
        (
            "PATCH",
            screening,
            {"price": euros("7.00")},
            f"{screening}/seats",
            lambda json: json["rows"][4]["seats"][4]["price"]["amount"],
            "7.00",
        ),
        ("POST", "/orders", order, f"{screening}/seats", lambda json: json["rows"][0]["seats"][0]["state"], "held"),
        ("POST", "/genres", {"name": "SF"}, "/genres", lambda json: [each["name"] for each in json["items"]], ["SF"]),
    ]
    paths = {shown for _method, _path, _body, shown, _read, _expected in writes}
    doors = neighbours.doors
    before = {(door, path): [door.get(path) for _again in range(2)][-1] for door in doors for path in paths}
    for method, path, body, shown, read, expected in writes:
        assert neighbours.here.request(method, path, json=body).status_code in (200, 201)
        mine = neighbours.here.get(shown, headers=known(before[neighbours.here, shown]))
        assert (mine.status_code, read(mine.json())) == (200, expected), shown
    written = time.monotonic()
    for path in paths:
        mine = neighbours.here.get(path)
        for door in doors[1:]:
            old = known(before[door, path])
            soon(lambda door=door, old=old, path=path: door.get(path, headers=old).status_code == 200, written)  # type: ignore[misc]
            soon(lambda door=door, mine=mine, path=path: door.get(path).content == mine.content, written)  # type: ignore[misc]
            assert door.get(path).headers["ETag"] == mine.headers["ETag"], path


def known(answer: httpx.Response) -> dict[str, str]:
    """Says that one knows an answer."""
    return {"If-None-Match": answer.headers["ETag"]}


def test_what_each_changes_all_show(neighbours: Neighbours) -> None:
    for writer in neighbours.doors:
        for door in neighbours.doors:
            neighbours.title(door)
        title = neighbours.renamed(writer)
        assert neighbours.title(writer) == title
        for door in neighbours.doors:
            soon(lambda door=door, title=title: neighbours.title(door) == title)  # type: ignore[misc]


@on_postgresql
def test_a_lost_connection_loses_no_change_and_comes_back(neighbours: Neighbours) -> None:
    doors = neighbours.doors
    with connected(neighbours.url) as other:
        for door in doors:
            neighbours.title(door)
        before = pids(other)
        assert len(before) == len(doors)
        for pid in before:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        title = neighbours.renamed()
        for door in doors:
            soon(lambda door=door: neighbours.title(door) == title)  # type: ignore[misc]
        soon(lambda: len(pids(other) - before) == len(doors), seconds=10)

        time.sleep(1.2)  # all have read the log by now
        for door in doors:
            neighbours.title(door)
        other.execute(text("UPDATE movies SET title = 'unnoticed'"))  # nobody writes that down
        other.execute(text("SELECT pg_notify('cinema_changes', :rows)"), {"rows": '[[4000000000, "catalogue"]]'})
        for door in (neighbours.here, neighbours.there):
            soon(lambda door=door: neighbours.title(door) == "unnoticed")  # type: ignore[misc]


def pids(connection: Connection) -> set[int]:
    """The server's processes that read changes."""
    return {pid for (pid,) in connection.execute(text(LISTENERS))}


# -- what a process hears, poll by poll ----------------------------------------------------------------------


class Process:
    """Another process on the database of a cinema. It polls when it is told to."""

    def __init__(self, database: Database) -> None:
        self.database, self.watch = database, Watch()
        self.versions = Versions(self.watch)
        self.hearing = Hearing(database, self.versions, self.watch)

    def poll(self) -> None:
        with self.database.background.connect() as connection:
            self.hearing.poll(connection)

    def heard(self, topic: str, since: int) -> bool:
        return not self.versions.untouched([topic], since)


@pytest.fixture
def process(cinema: Cinema, database_url: str) -> Iterator[Process]:
    assert cinema.registry
    database = open_database(database_url)
    found = Process(database)
    yield found
    found.hearing.stop()
    database.dispose()


def write_down(connection: Connection, topic: str, ago: timedelta = timedelta(0)) -> int:
    """Writes a change down, as some other process does; answers its id."""
    change = {"at": datetime.now(UTC) - ago, "topic": topic}
    return int(connection.execute(insert(Change).returning(Change.id), change).scalar_one())


def test_a_process_hears_of_each_change_once(cinema: Cinema, process: Process) -> None:
    process.poll()
    moment = process.versions.moment()
    process.poll()
    assert not process.heard("catalogue", moment)
    cinema.movie()
    process.poll()
    assert process.heard("catalogue", moment)
    assert not process.heard("halls", moment)
    moment = process.versions.moment()
    for _again in range(3):
        process.watch.seconds += LONGEST_COMMIT / 2
        process.poll()
        assert not process.heard("catalogue", moment)


def test_a_process_does_not_hear_again_of_its_own(cinema: Cinema, process: Process) -> None:
    process.poll()
    moment = process.versions.moment()
    with cinema.database.writers.begin() as connection:
        mine = write_down(connection, "mine")
        write_down(connection, "theirs")
    process.hearing.committed(Changed({mine: "mine"}))
    assert process.heard("mine", moment)
    moment = process.versions.moment()
    process.poll()
    assert (process.heard("mine", moment), process.heard("theirs", moment)) == (False, True)


def test_a_process_knows_nothing_before_it_has_heard(process: Process) -> None:
    assert not process.versions.current
    moment = process.versions.moment()
    process.poll()
    assert process.versions.current
    assert process.heard("anything", moment)
    process.watch.seconds += MAX_AGE + 0.1
    assert not process.versions.current
    process.poll()
    assert process.versions.current


def test_a_process_that_was_cut_off_for_long_starts_over(cinema: Cinema, process: Process) -> None:
    """The log may have been swept by then."""
    process.poll()
    process.watch.seconds += 60
    process.poll()
    moment = process.versions.moment()
    process.watch.seconds += KEPT.total_seconds() / 2
    process.poll()
    assert not process.heard("anything", moment)
    with cinema.database.writers.begin() as connection:
        write_down(connection, "early", ago=timedelta(minutes=5))
    process.watch.seconds += KEPT.total_seconds() / 2 + 1
    process.poll()
    assert process.heard("early", moment)
    assert process.heard("anything", moment)


@on_postgresql
@pytest.mark.parametrize("seconds", [0, 10, 19, 100])
def test_a_change_that_is_committed_late_is_heard(cinema: Cinema, process: Process, seconds: int) -> None:
    """Ids are taken before the commit: a lower one may turn up below one that was heard long ago."""
    process.poll()
    with cinema.database.writers.begin() as slow:
        moment = process.versions.moment()
        early = write_down(slow, "late")
        for _second in range(min(seconds, 20) or 1):
            with cinema.database.writers.begin() as quick:
                assert write_down(quick, "early") > early
            process.watch.seconds += 1
            process.poll()
        process.watch.seconds += max(seconds - 20, 0)  # cut off meanwhile, which must not count
        assert process.heard("early", moment)
        assert not process.heard("late", moment)
    process.poll()
    assert process.heard("late", moment)


@pytest.mark.parametrize(("setting", "value"), [("_SWEPT_EVERY", 0.0), ("_SWEPT_AFTER", 1)])
def test_the_log_is_swept(
    cinema: Cinema, database_url: str, monkeypatch: pytest.MonkeyPatch, setting: str, value: float
) -> None:
    with cinema.database.writers.begin() as connection:
        old = write_down(connection, "old", ago=KEPT + timedelta(seconds=1))
        young = write_down(connection, "young", ago=KEPT - timedelta(seconds=30))
    monkeypatch.setattr(f"cinema.core.db.changes.{setting}", value)
    database = open_database(database_url)
    with database.plain_session() as db, db.begin():
        touch(db, "new")
    database.dispose()
    left = {row.id: row.topic for row in cinema.sql("SELECT id, topic FROM changes")}
    assert old not in left
    assert left[young] == "young"
    assert "new" in left.values()


# -- a commit whose answer is lost ---------------------------------------------------------------------------


@pytest.fixture
def waiting_commits(postgresql: PostgreSQL, cinema: Cinema) -> Iterator[Connection]:
    """Commits wait for a standby that never answers, until their connection is cut: then they have committed."""
    assert cinema.admin
    assert cinema.member
    with connected(postgresql.url()) as admin:
        yield admin
        admin.execute(text("ALTER SYSTEM RESET synchronous_standby_names"))
        admin.execute(text("SELECT pg_reload_conf()"))
        time.sleep(0.1)


@on_postgresql
def test_a_commit_whose_answer_got_lost_is_shown_too(cinema: Cinema, waiting_commits: Connection) -> None:
    film = cinema.movie("before")
    path = f"/movies/{film}"
    for _again in range(2):
        assert cinema.member.get(path)["title"] == "before"
    waiting_commits.execute(text("ALTER SYSTEM SET synchronous_standby_names = 'nobody'"))
    waiting_commits.execute(text("SELECT pg_reload_conf()"))
    waits = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    answers: list[int] = []
    body = {"title": "after"}
    writer = Thread(target=lambda: answers.append(cinema.admin.call("PATCH", path, body).status_int))
    writer.start()
    deadline = time.monotonic() + 20
    cut: list[int] = []
    while writer.is_alive() and time.monotonic() < deadline:
        for (pid,) in list(waiting_commits.execute(text(waits))):
            waiting_commits.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            cut.append(pid)
        time.sleep(0.05)
    writer.join(1)
    assert cut
    assert answers == [503]
    with cinema.database.readers.connect() as connection:
        title = text("SELECT title FROM movies WHERE id = :id")
        assert connection.execute(title, {"id": film}).scalar_one() == "after"
    soon(lambda: cinema.member.get(path)["title"] == "after")
