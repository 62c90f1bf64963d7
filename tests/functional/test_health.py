"""Whether the process is there, and whether it can work."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event

from cinema.accounts.knowledge import STALE_SECONDS, Knowledge
from cinema.core import health
from cinema.core.health import DatabaseCheck
from tests.app import Cinema
from tests.conftest import SECRET
from tests.databases import open_database
from tests.processes import free_port

LIVE, READY = "/health/live", "/health/ready"


@pytest.fixture
def away(cinema: Cinema, engine_name: str) -> Iterator[Cinema]:
    """A cinema whose database is gone."""
    url = "sqlite:////no/such/folder.sqlite3"
    if engine_name == "postgresql":
        url = f"postgresql://nobody@127.0.0.1:{free_port()}/nowhere"
    nowhere, here = open_database(url), cinema.registry.database_check
    cinema.registry.database_check = DatabaseCheck(nowhere)
    yield cinema
    cinema.registry.database_check = here
    nowhere.dispose()


@pytest.fixture
def stuck(cinema: Cinema, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A database that takes questions and gives no answers, until the event is set."""
    answering = threading.Event()

    def wait(*_statement: Any) -> None:
        answering.wait(30)

    monkeypatch.setattr(health, "PATIENCE", 0.05)
    event.listen(cinema.database.readers, "before_cursor_execute", wait)
    yield answering
    event.remove(cinema.database.readers, "before_cursor_execute", wait)
    answering.set()
    for thread in asking():
        thread.join()


def asking() -> list[threading.Thread]:
    """Whoever waits for a database to answer."""
    return [thread for thread in threading.enumerate() if thread.name == "database-check"]


def refused(cinema: Cinema, *failed: str) -> Any:
    """The checks, of which exactly these have failed."""
    answer = cinema.stranger.call("GET", READY, status=503)
    assert answer.content_type == "application/problem+json"
    problem = answer.json
    assert (problem["code"], problem["detail"]) == ("not-ready", f"Not well: {', '.join(failed)}.")
    assert [name for name, check in problem["checks"].items() if not check["ok"]] == list(failed)
    assert int(answer.headers["Retry-After"]) > 0
    return problem["checks"]


# -- live ----------------------------------------------------------------------------------------------------


def test_a_process_that_answers_is_live(cinema: Cinema) -> None:
    with cinema.statements() as seen:
        assert cinema.stranger.get(LIVE) == {"status": "ok"}
    assert seen == []


def test_it_is_live_without_a_database(away: Cinema) -> None:
    assert away.stranger.get(LIVE) == {"status": "ok"}


# -- ready ---------------------------------------------------------------------------------------------------


def test_a_process_that_can_work_is_ready(cinema: Cinema) -> None:
    [(revision,)] = cinema.sql("SELECT version_num FROM alembic_version")
    with cinema.statements() as seen:
        answer = cinema.stranger.get(READY)
    assert len(seen) == 1
    age = answer["checks"]["access"].pop("age")
    assert 0 <= age <= STALE_SECONDS
    assert answer == {
        "status": "ok",
        "checks": {
            "database": {"ok": True},
            "migrations": {"ok": True, "revision": revision},
            "access": {"ok": True},
        },
    }


def test_without_a_database_it_is_not_ready(away: Cinema) -> None:
    checks = refused(away, "database", "migrations")
    assert checks["migrations"]["revision"] is None


def test_with_the_tables_of_another_version_it_is_not_ready(cinema: Cinema) -> None:
    [(revision,)] = cinema.sql("SELECT version_num FROM alembic_version")
    cinema.sql("UPDATE alembic_version SET version_num = '9999'")
    try:
        assert refused(cinema, "migrations")["migrations"] == {"ok": False, "revision": "9999"}
    finally:
        cinema.sql("UPDATE alembic_version SET version_num = :revision", revision=revision)
    assert cinema.stranger.get(READY)["status"] == "ok"


def test_a_database_that_does_not_answer_is_not_waited_for(cinema: Cinema, stuck: threading.Event) -> None:
    refused(cinema, "database", "migrations")
    refused(cinema, "database", "migrations")
    [question] = asking()
    stuck.set()
    question.join()
    assert cinema.stranger.get(READY)["status"] == "ok"


def test_with_old_knowledge_of_who_may_what_it_is_not_ready(cinema: Cinema) -> None:
    seconds = 0.0
    registry = cinema.registry
    old, fresh = (
        Knowledge(
            cinema.database,
            SECRET.encode(),
            registry.accounts.access_lifetime,
            lambda: cinema.now,
            lambda: time.monotonic() + seconds,
        ),
        registry.knowledge,
    )
    seconds = STALE_SECONDS + 1
    registry.knowledge = old
    try:
        assert refused(cinema, "access")["access"]["age"] >= STALE_SECONDS + 1
        old.poll()
        assert cinema.stranger.get(READY)["status"] == "ok"
    finally:
        registry.knowledge = fresh


@pytest.mark.parametrize("path", [LIVE, READY])
def test_health_is_for_everybody_and_only_read(cinema: Cinema, path: str) -> None:
    people: list[Callable[..., Any]] = [cinema.stranger.call, cinema.member.call]
    for call in people:
        assert call("GET", path).status_int == 200
        assert call("HEAD", path).status_int == 200
        assert call("POST", path, {}).status_int == 405
