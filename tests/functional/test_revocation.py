"""Access tokens that are no longer good: refused at once where that was decided, and soon everywhere else."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from cinema.accounts import access_events
from cinema.accounts.identity import Identity
from cinema.accounts.knowledge import STALE_SECONDS, Knowledge
from cinema.accounts.models import AccessEvent
from cinema.core.errors import Unavailable
from tests.app import PASSWORD, Cinema, Person, Watch
from tests.databases import PostgreSQL, open_database
from tests.processes import Answer, Client, Server, enrol, serving

NEW = "another long password"
on_postgresql = pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
LIFETIME = timedelta(minutes=10)


def sid(person: Person) -> int:
    """The session of a device."""
    return int((person.refresh_token or "").split(".")[0])


def refused(person: Person) -> bool:
    """Whether a device's access token is refused, because it was revoked."""
    answer = person.call("GET", "/me")
    assert (answer.status_int, answer.json.get("code")) in {(200, None), (401, "token-revoked")}
    return answer.status_int == 401


def wait_until(happened: Callable[[], bool], seconds: float = 30) -> int:
    """Asks until something has happened; answers how often it had to ask. Fails when it never happens."""
    deadline = time.monotonic() + seconds
    asked = 1
    while not happened():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)
        asked += 1
    return asked


# -- in the same process -------------------------------------------------------------------------------------


def test_a_revoked_token_is_refused_at_once_and_for_good(cinema: Cinema) -> None:
    member, phone = cinema.member, cinema.signed_in(cinema.member.id or 0)
    assert not refused(phone)
    member.delete(f"/me/sessions/{sid(phone)}")
    for _call in range(20):
        assert refused(phone)
        cinema.registry.knowledge.poll()
    assert not refused(member)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/movies"), ("POST", "/orders"), ("POST", "/auth/logout"), ("POST", "/permissions/check")],
)
def test_a_revoked_token_opens_nothing_and_asks_no_database(cinema: Cinema, method: str, path: str) -> None:
    member = cinema.member
    member.post("/auth/logout", status=204)
    with cinema.statements() as statements:
        answer = member.call(method, path, {"permission": "movies:view"} if method == "POST" else None)
    assert (answer.status_int, answer.json["code"]) == (401, "token-revoked")
    assert statements == []


def test_an_event_that_is_rolled_back_revokes_nothing(cinema: Cinema) -> None:
    member = cinema.member
    db = cinema.database.plain_session()
    with db:
        access_events.record(db, access_events.SESSION_ENDED, cinema.now, session_id=sid(member))
        db.rollback()
    cinema.registry.knowledge.poll()
    assert not refused(member)


def test_a_check_of_a_token_asks_no_database(cinema: Cinema) -> None:
    member = cinema.member
    with cinema.statements() as statements:
        member.post("/permissions/check", {"permission": "movies:edit"}, 200)
    assert statements == []


# -- what a process knows ------------------------------------------------------------------------------------


@pytest.fixture
def watch() -> Watch:
    """How time passes for `process`."""
    return Watch()


@pytest.fixture
def process(cinema: Cinema, watch: Watch) -> Knowledge:
    """What another process knows. It polls when it is told to."""
    return another_process(cinema, watch)


def another_process(cinema: Cinema, watch: Watch) -> Knowledge:
    """What a process that starts now knows."""
    return Knowledge(cinema.database, cinema.registry.secret, LIFETIME, lambda: cinema.now, watch)


def caller(person: Person) -> Identity:
    """Who an access token says is calling."""
    return Identity(person.id or 0, sid(person), ("member",), False, 2**40)


def test_a_process_hears_of_it_with_its_next_poll(cinema: Cinema, process: Knowledge) -> None:
    member, other = cinema.member, cinema.other
    member.post("/auth/logout", status=204)
    assert process.current(caller(member)) == caller(member)
    process.poll()
    assert process.current(caller(member)) is None
    assert process.current(caller(other)) == caller(other)


@pytest.mark.parametrize(("minutes", "known"), [(0, True), (10, True), (12, False)])
def test_a_process_knows_before_it_serves_what_can_still_matter(cinema: Cinema, minutes: int, known: bool) -> None:
    member = cinema.member
    member.post("/auth/logout", status=204)
    cinema.later(minutes=minutes)
    assert (another_process(cinema, Watch()).current(caller(member)) is None) is known


def test_nothing_is_forgotten_while_a_token_could_be_good(cinema: Cinema, process: Knowledge, watch: Watch) -> None:
    member = cinema.member
    member.post("/auth/logout", status=204)
    process.poll()
    for _second in range(int(LIFETIME.total_seconds()) + 1):
        watch.seconds += 1
        process.poll()
        assert process.current(caller(member)) is None
    watch.seconds += 120
    process.poll()
    assert process.current(caller(member)) is not None  # by now every token of the session has expired


def test_changed_roles_are_heard_of(cinema: Cinema, process: Knowledge) -> None:
    member = cinema.member
    cinema.admin.put(f"/users/{member.id}/roles/staff", status=204)
    process.poll()
    assert process.current(caller(member)).roles == ("member", "staff")  # type: ignore[union-attr]
    cinema.admin.delete(f"/users/{member.id}/roles/staff")
    process.poll()
    assert process.current(caller(member)).roles == ("member",)  # type: ignore[union-attr]


# -- events that are committed late --------------------------------------------------------------------------


def end_slowly(connection: Connection, cinema: Cinema, person: Person) -> int:
    """Writes down that a session has ended, as some other process does; answers the id of the event."""
    event = {"kind": access_events.SESSION_ENDED, "at": cinema.now, "session_id": sid(person)}
    return int(connection.execute(insert(AccessEvent).returning(AccessEvent.id), event).scalar_one())


def end_at_once(cinema: Cinema) -> int:
    """Ends a session of somebody else's; answers the id of the event."""
    cinema.signed_in(cinema.other.id or 0).post("/auth/logout", status=204)
    return int(cinema.sql("SELECT max(id) FROM access_events")[0][0])


@on_postgresql
def test_an_event_committed_late_is_not_lost(cinema: Cinema) -> None:
    member = cinema.member
    knowledge = cinema.registry.knowledge
    with cinema.database.writers.begin() as slow:
        early = end_slowly(slow, cinema, member)
        assert end_at_once(cinema) > early
        knowledge.poll()
        assert not refused(member)
    knowledge.poll()
    assert refused(member)


@on_postgresql
def test_an_event_committed_very_late_is_not_lost(cinema: Cinema, process: Knowledge, watch: Watch) -> None:
    member = cinema.member
    with cinema.database.writers.begin() as slow:
        early = end_slowly(slow, cinema, member)
        for second in range(50):
            watch.seconds += 1
            if second % 10 == 0:
                assert end_at_once(cinema) > early
            process.poll()
            assert process.current(caller(member)) is not None
    process.poll()
    assert process.current(caller(member)) is None


@on_postgresql
@pytest.mark.parametrize("seconds", [70, 3600])
def test_an_event_committed_while_a_process_was_cut_off_is_not_lost(
    cinema: Cinema, process: Knowledge, watch: Watch, seconds: int
) -> None:
    member = cinema.member
    with cinema.database.writers.begin() as slow:
        early = end_slowly(slow, cinema, member)
        assert end_at_once(cinema) > early
        watch.seconds += 1
        process.poll()
    watch.seconds += seconds
    process.poll()
    assert process.current(caller(member)) is None


# -- a process that knows too little -------------------------------------------------------------------------


def test_old_knowledge_is_told_from_fresh(process: Knowledge, watch: Watch) -> None:
    watch.seconds += STALE_SECONDS
    process.require_fresh()
    watch.seconds += 0.1
    with pytest.raises(Unavailable):
        process.require_fresh()
    process.poll()
    process.require_fresh()


@pytest.fixture
def stale_cinema(cinema: Cinema, process: Knowledge, watch: Watch) -> Iterator[Cinema]:
    """A cinema that has heard nothing of its database for a while."""
    assert cinema.member.id
    fresh = cinema.registry.before_transaction
    watch.seconds += STALE_SECONDS + 1
    cinema.registry.before_transaction = process.require_fresh
    yield cinema
    cinema.registry.before_transaction = fresh


def test_without_fresh_knowledge_nothing_is_changed(stale_cinema: Cinema) -> None:
    member = stale_cinema.member
    password = {"old_password": PASSWORD, "new_password": NEW}
    for method, path, body in (
        ("POST", "/auth/login", {"login": "member", "password": PASSWORD}),
        ("POST", "/auth/refresh", {"refresh_token": member.refresh_token}),
        ("POST", "/auth/logout", None),
        ("PUT", "/me", {"name": "x"}),
        ("PUT", "/me/password", password),
        ("DELETE", f"/me/sessions/{sid(member)}", None),
        ("PUT", "/me/bookmarks/1", None),
    ):
        answer = member.call(method, path, body)
        assert (path, answer.status_int, answer.json["code"]) == (path, 503, "unavailable")
        assert int(answer.headers["Retry-After"]) > 0
    assert stale_cinema.sql("SELECT generation, ended_at FROM sessions") == [(0, None)]


def test_without_fresh_knowledge_questions_are_answered(stale_cinema: Cinema) -> None:
    member = stale_cinema.member
    assert member.get("/me")["name"] == ""
    assert member.post("/permissions/check", {"permission": "movies:edit"}, 200)["allowed"] is False
    assert stale_cinema.stranger.call("GET", "/me").status_int == 401


# -- in other processes --------------------------------------------------------------------------------------


WAYS = ("by-logout", "by-id", "by-another", "by-password", "by-disabling", "by-admin")
"""How sessions end: each is somebody whose first session ends so."""


class Neighbours:
    """Two processes on one database."""

    def __init__(self, servers: list[Server]) -> None:
        self.here, self.there = (server.port for server in servers)

    def sign_in(self, username: str, password: str = PASSWORD) -> tuple[str, str]:
        """A new device: its access token and its refresh token."""
        answer = self.ask(self.here, "POST", "/auth/login", {"login": username, "password": password})
        assert answer.status == 200, answer
        return answer.body["access_token"], answer.body["refresh_token"]

    @staticmethod
    def ask(port: int, method: str, path: str, body: Any = None, token: str | None = None) -> Answer:
        """What one of the processes answers."""
        client = Client(port, token)
        try:
            return client.call(method, path, body)
        finally:
            client.close()

    def revoked(self, port: int, token: str) -> bool:
        """Whether a process refuses a token, because it was revoked."""
        answer = self.ask(port, "GET", "/me", token=token)
        assert (answer.status, answer.code) in {(200, ""), (401, "token-revoked")}, answer
        return answer.status == 401


@pytest.fixture(scope="module")
def neighbours(new_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbours]:
    """Two processes on one database, with people who have accounts."""
    url = new_database("neighbours")
    enrol(url, "member", *WAYS)
    enrol(url, "admin", role="admin")
    with serving(tmp_path_factory.mktemp("neighbours"), url, count=2) as servers:
        yield Neighbours(servers)


def test_what_one_process_revokes_every_other_refuses_soon_and_for_good(neighbours: Neighbours) -> None:
    here, there = neighbours.here, neighbours.there
    admin, _refresh = neighbours.sign_in("admin")
    first = {name: neighbours.sign_in(name) for name in WAYS}
    second = {name: neighbours.sign_in(name)[0] for name in WAYS}
    ids = {name: neighbours.ask(here, "GET", "/me", token=second[name]).body["id"] for name in WAYS}
    assert not any(neighbours.revoked(there, token) for token, _refresh in first.values())
    session = first["by-id"][1].split(".")[0]
    password = {"old_password": PASSWORD, "new_password": NEW}
    acts: dict[str, tuple[str, str, Any, str]] = {
        "by-logout": ("POST", "/auth/logout", None, first["by-logout"][0]),
        "by-id": ("DELETE", f"/me/sessions/{session}", None, second["by-id"]),
        "by-another": ("POST", "/auth/logout-others", None, second["by-another"]),
        "by-password": ("PUT", "/me/password", password, second["by-password"]),
        "by-disabling": ("PATCH", f"/users/{ids['by-disabling']}", {"is_active": False}, admin),
        "by-admin": ("DELETE", f"/users/{ids['by-admin']}/sessions", None, admin),
    }
    for name, (method, path, body, token) in acts.items():
        assert neighbours.ask(here, method, path, body, token).status in (200, 204), name
        assert neighbours.revoked(here, first[name][0]), name
    for token, _refresh in first.values():
        wait_until(lambda token=token: neighbours.revoked(there, token))
    for port in [here, there] * 10:
        assert all(neighbours.revoked(port, token) for token, _refresh in first.values())
    for _token, refresh in first.values():
        answer = neighbours.ask(there, "POST", "/auth/refresh", {"refresh_token": refresh})
        assert (answer.status, answer.code) == (401, "token-revoked")
    assert not any(neighbours.revoked(there, second[name]) for name in ("by-id", "by-another", "by-password"))


def test_changed_roles_are_in_force_everywhere_soon(neighbours: Neighbours) -> None:
    admin, _refresh = neighbours.sign_in("admin")
    member, _refresh = neighbours.sign_in("member")
    user_id = neighbours.ask(neighbours.here, "GET", "/me", token=member).body["id"]

    def allowed(port: int) -> bool:
        answer = neighbours.ask(port, "POST", "/permissions/check", {"permission": "movies:edit"}, member)
        return bool(answer.body["allowed"])

    for method, expected in (("PUT", True), ("DELETE", False)):
        assert neighbours.ask(neighbours.here, method, f"/users/{user_id}/roles/staff", token=admin).status == 204
        assert allowed(neighbours.here) is expected
        wait_until(lambda expected=expected: allowed(neighbours.there) is expected)


# -- without a database --------------------------------------------------------------------------------------


@on_postgresql
def test_the_poller_outlives_its_connections(cinema: Cinema) -> None:
    """As when the database server was restarted: every connection of ours is gone."""
    member, phone = cinema.member, cinema.signed_in(cinema.member.id or 0)
    assert cinema.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    wait_until(lambda: phone.call("GET", "/me").status_int == 200)
    wait_until(lambda: member.call("PUT", "/me", {"name": "x"}).status_int == 200)
    with cinema.database.writers.begin() as connection:
        end_slowly(connection, cinema, phone)
    wait_until(lambda: refused(phone))
    assert not refused(member)


@pytest.mark.slow
def test_a_cinema_survives_the_absence_of_its_database(tmp_path: Path) -> None:
    with PostgreSQL.running() as postgresql:
        url = postgresql.migrated("absent")
        enrol(url, "member")
        with serving(tmp_path, url) as (server,):
            _outlive(postgresql, url, server)


def _outlive(postgresql: PostgreSQL, url: str, server: Server) -> None:
    signed_in = Neighbours([server, server])
    (member, _refresh), (phone, phones_refresh) = (signed_in.sign_in("member") for _device in range(2))

    def ask(method: str, path: str, body: Any = None) -> int:
        return signed_in.ask(server.port, method, path, body, member).status

    def check() -> int:
        return ask("POST", "/permissions/check", {"permission": "movies:edit"})

    assert (check(), ask("PUT", "/me", {"name": "x"})) == (200, 200)
    postgresql.server.stop()
    away_since = time.monotonic()
    while time.monotonic() < away_since + STALE_SECONDS + 2:
        assert (check(), ask("PUT", "/me", {"name": "y"}), ask("GET", "/me")) == (200, 503, 503)
    postgresql.server.ensure_postgres_running()
    wait_until(lambda: ask("PUT", "/me", {"name": "z"}) == 200)
    wait_until(lambda: ask("GET", "/me") == 200)
    database = open_database(url)
    with database.writers.begin() as connection:
        ended = int(phones_refresh.split(".")[0])
        event = {"kind": access_events.SESSION_ENDED, "at": datetime.now(UTC), "session_id": ended}
        connection.execute(insert(AccessEvent), event)
    database.dispose()
    wait_until(lambda: signed_in.revoked(server.port, phone))
    assert (check(), ask("GET", "/me")) == (200, 200)
