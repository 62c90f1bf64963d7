"""The log: one line a request, in words that give nobody away."""

import io
import json
import logging
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from webtest import TestApp

from cinema.core.observing.logs import JsonFormatter
from tests.app import API, PASSWORD, failure
from tests.conftest import SECRET, opened
from tests.databases import empty, migrate
from tests.dialects.everything import DIALECTS, Everything
from tests.functional.test_headers import PREFLIGHT, SHOP, uncontracted
from tests.processes import Client, started

pytestmark = pytest.mark.either_engine

REPOSITORY = Path(__file__).parents[2]
READABLE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
FIELDS = {"time", "level", "logger", "id", "method", "resource", "path", "status", "ms", "user", "bytes"}
CANARY = "canary"


class Log:
    """What `cinema` writes, as production writes it and as development does."""

    def __init__(self) -> None:
        self._handlers = [logging.StreamHandler(io.StringIO()) for _format in range(2)]
        self._handlers[0].setFormatter(JsonFormatter())
        self._handlers[1].setFormatter(logging.Formatter(READABLE))

    def __enter__(self) -> "Log":
        self._logger = logging.getLogger("cinema")
        self._level = self._logger.level
        self._logger.setLevel(logging.DEBUG)
        for handler in self._handlers:
            self._logger.addHandler(handler)
        return self

    def __exit__(self, *_error: object) -> None:
        self._logger.setLevel(self._level)
        for handler in self._handlers:
            self._logger.removeHandler(handler)

    @property
    def json(self) -> str:
        """Everything so far, as machines read it."""
        return str(self._handlers[0].stream.getvalue())

    @property
    def readable(self) -> str:
        """Everything so far, as people read it."""
        return str(self._handlers[1].stream.getvalue())

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The lines about requests."""
        lines = [json.loads(line) for line in self.json.splitlines()]
        return [line for line in lines if line["logger"] == "cinema.access"]

    def last(self, *names: str) -> dict[str, Any]:
        """The line about the last request, or some of its fields."""
        line = self.requests[-1]
        return {name: line[name] for name in names or line}


@pytest.fixture(scope="module")
def application(new_database: Callable[[str], str]) -> Iterator[Any]:
    """An application that speaks every dialect, and that pages of another origin may call."""
    more = {"cinema.dialects": DIALECTS, "cinema.cors_origins": SHOP}
    with opened(new_database("observing"), **more) as router:
        yield router


@pytest.fixture
def house(application: Any) -> Iterator[Everything]:
    """A cinema with people in it, before anybody listens."""
    empty(application.registry.database)
    with uncontracted(Everything(application)) as found:
        assert found.member.id
        assert found.admin.id
        yield found


@pytest.fixture
def log(house: Everything) -> Iterator[Log]:
    """What is written from here on."""
    with Log() as found:
        yield found


# -- what a line says ----------------------------------------------------------------------------------------


def test_a_request_is_one_line(house: Everything, log: Log) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    answer = house.member.call("GET", "/me?", headers={"X-Request-ID": "mine"})
    [line] = log.requests
    assert line.keys() == FIELDS
    assert before < datetime.fromisoformat(line.pop("time")) < datetime.now(UTC) + timedelta(seconds=1)
    milliseconds = line.pop("ms")
    assert milliseconds == round(milliseconds, 1) >= 0
    assert line == {
        "level": "INFO",
        "logger": "cinema.access",
        "id": "mine",
        "method": "GET",
        "resource": "Me",
        "path": f"{API}/me",
        "status": 200,
        "user": house.member.id,
        "bytes": len(answer.body),
    }


def test_people_read_the_same_on_one_line(house: Everything, log: Log) -> None:
    answer = house.member.call("GET", "/me", headers={"X-Request-ID": "mine"})
    [line] = log.readable.splitlines()
    assert f" INFO cinema.access: GET {API}/me 200 " in line
    assert line.endswith(f" ms, Me, user {house.member.id}, {len(answer.body)} bytes, id mine")


def test_a_stranger_is_nobody(house: Everything, log: Log) -> None:
    house.stranger.call("GET", "/me", status=401)
    assert log.last("resource", "status", "user") == {"resource": "Me", "status": 401, "user": None}
    house.stranger.call("GET", "/me", headers={"Authorization": "Bearer x.y.z"}, status=401)
    assert log.last("user") == {"user": None}


def test_a_resource_goes_by_its_class_its_view_and_its_dialect(house: Everything, log: Log) -> None:
    screening = house.screening()
    for path, resource in (
        (f"{API}/screenings/{screening}", "Screening"),
        (f"{API}/screenings/{screening}/seats", "Screening/seats"),
        (f"{API}/genres/1", "GenreItem"),
        ("/api/cinema/movies/", "academy.Movies"),
        ("/movies/", "site.Movies"),
        ("/health/live", "Live"),
    ):
        house.member.call("GET", f"http://localhost{path}")
        assert log.last("path", "resource") == {"path": path, "resource": resource}


def test_what_leads_nowhere_is_none_and_is_not_repeated(house: Everything, log: Log) -> None:
    for path, shown in (
        ("/nothing", "/…"),
        (API, API),
        (f"{API}/movies/{CANARY}", f"{API}/movies/…"),
        (f"{API}/movies/5/{CANARY}/{CANARY}", f"{API}/movies/5/…"),
        (f"{API}/screenings/5/seats/{CANARY}", f"{API}/screenings/5/…"),
        (f"{API}/{CANARY}/%FF", "/…"),
    ):
        answer = house.member.call("GET", f"http://localhost{path}")
        assert answer.status_int in (400, 404)
        assert log.last("path", "resource") == {"path": shown, "resource": "none"}
    assert CANARY not in log.json + log.readable


def test_of_a_segment_only_an_id_is_repeated(house: Everything, log: Log) -> None:
    for path, shown in (
        (f"/favorites/movies/{CANARY}", "/favorites/movies/…"),
        (f"/favorites/movies/{CANARY}@example.com", "/favorites/movies/…"),
        ("/favorites/movies/4111111111111111111", "/favorites/movies/…"),
        ("/favorites/movies/41", "/favorites/movies/41"),
        (f"{API}/roles/{CANARY}", f"{API}/roles/…"),
        (f"/{CANARY}/..{API}/me/", f"{API}/me/"),
        (f"{API}/users/7/roles/{CANARY}", f"{API}/users/7/roles/…"),
    ):
        house.admin.call("PUT", f"http://localhost{path}", {})
        assert log.last("path") == {"path": shown}
    assert CANARY not in log.json + log.readable


@pytest.mark.parametrize("method", ["BREW", CANARY, "GETT"])
def test_a_method_that_somebody_made_up_is_not_repeated(house: Everything, log: Log, method: str) -> None:
    TestApp(house.http.app, lint=False).request(f"{API}/me", method=method, status="*")
    assert log.last("method", "resource") == {"method": "other", "resource": "Me"}
    assert method not in log.json + log.readable


def test_bytes_are_those_of_the_body(house: Everything, log: Log) -> None:
    movie = house.movie()
    for method, path, body in (
        ("GET", "", None),
        ("HEAD", "", None),
        ("PATCH", "", {"year": 1979}),
        ("GET", "x", None),
    ):
        answer = house.admin.call(method, f"/movies/{movie}{path}", body)
        assert log.last("bytes") == {"bytes": len(answer.body)}
    house.admin.call("DELETE", f"/movies/{movie}", status=204)
    assert log.last("bytes", "status") == {"bytes": 0, "status": 204}


def test_a_preflight_is_a_request_too(house: Everything, log: Log) -> None:
    house.stranger.call("OPTIONS", "/me", headers=PREFLIGHT, status=204)
    assert log.last("method", "status", "bytes") == {"method": "OPTIONS", "status": 204, "bytes": 0}


def test_a_fault_of_ours_and_its_request_have_the_same_id(house: Everything, log: Log) -> None:
    assert failure(house, {"X-Request-ID": "broken"}).status_int == 500
    fault, request = [json.loads(line) for line in log.json.splitlines()]
    assert (fault["level"], fault["logger"], fault["id"]) == ("ERROR", "cinema.core.error_views", "broken")
    assert "ZeroDivisionError" in fault["exception"]
    assert "\n" in fault["exception"]
    assert (request["resource"], request["status"], request["id"]) == ("Login", 500, "broken")


# -- nothing that was not meant for it -----------------------------------------------------------------------

LINE_BREAKS = ["%0d%0a", "%0a", "%0d", "%E2%80%A8", "%C2%85", "%0b", "%00"]


@pytest.mark.parametrize("line_break", LINE_BREAKS)
@pytest.mark.parametrize("path", ["/movies/{}", "/movies/5/{}", "/favorites/movies/{}", "/{}", "/movies?{}"])
def test_nobody_writes_a_line_of_his_own(house: Everything, log: Log, path: str, line_break: str) -> None:
    forged = f'{line_break}{{"logger": "cinema.access", "{CANARY}": 1}}'
    for prefix in (API, ""):
        house.member.call("GET", f"http://localhost{prefix}{path.format(forged)}")
    assert len(log.json.splitlines()) == len(log.readable.splitlines()) == len(log.requests) == 2
    assert CANARY not in log.json + log.readable


def test_no_line_holds_what_callers_send(house: Everything, log: Log) -> None:
    pair = house.stranger.post("/auth/login", {"login": "admin", "password": PASSWORD}, 200)
    tokens = [pair["access_token"], pair["refresh_token"]]
    house.stranger.post("/auth/login", {"login": f"{CANARY}@example.com", "password": CANARY}, 401)
    for headers in (
        {"Authorization": f"Bearer {tokens[0]}"},
        {"Authorization": f"Bearer {CANARY}"},
        {"Authorization": f"Token {CANARY}", "Cookie": CANARY, "User-Agent": CANARY, "Referer": f"http://{CANARY}/"},
        {"X-Request-ID": f"{CANARY}@example.com", "Origin": f"http://{CANARY}.example.com", "If-Match": CANARY},
    ):
        for path in (f"/movies?q={CANARY}", f"/users?q={CANARY}@example.com", f"/movies?{tokens[1]}"):
            house.stranger.call("GET", path, headers=headers)
            house.stranger.call("POST", path, {"title": CANARY, CANARY: 1}, headers=headers)
        for token in tokens:
            house.stranger.call("GET", f"/me/sessions/{token}", headers=headers)
            house.stranger.call("DELETE", f"/{token}", headers=headers)
            house.http.get(f"/favorites/movies/{token}", headers=headers, status="*")
    assert len(log.json.splitlines()) == len(log.readable.splitlines()) >= len(log.requests) == 2 + 4 * 12
    assert {line["status"] for line in log.requests} >= {200, 400, 401, 404}
    secrets = [PASSWORD, CANARY, *tokens, *(token.rpartition(".")[2] for token in tokens)]
    assert [each for each in secrets if each in log.json + log.readable] == []


# -- as it is served -----------------------------------------------------------------------------------------


def logged(name: str, folder: Path) -> str:
    """What a server with one of the ini files that come along wrote about two requests."""
    ini = Path(shutil.copy(REPOSITORY / name, folder))
    migrate(f"sqlite:///{folder / 'cinema.sqlite3'}")
    with started(ini, CINEMA_JWT_SECRET=SECRET) as [server]:
        client = Client(server.port, "x.y.z")
        assert client.call("GET", f"/movies?q={CANARY}").status == 401
        assert client.call("POST", f"/auth/{CANARY}", {"password": CANARY}).status == 404
        client.close()
    found = server.log.read_text(encoding="utf-8")
    assert CANARY not in found
    return found


def test_production_writes_json(tmp_path: Path) -> None:
    lines = [json.loads(line) for line in logged("production.ini", tmp_path).splitlines() if line.startswith("{")]
    found = [(line["method"], line["path"], line["status"]) for line in lines if line["logger"] == "cinema.access"]
    assert found[-2:] == [("GET", f"{API}/movies", 401), ("POST", f"{API}/auth/…", 404)]


def test_development_writes_for_people(tmp_path: Path) -> None:
    found = [line for line in logged("development.ini", tmp_path).splitlines() if " cinema.access: " in line]
    assert f" GET {API}/movies 401 " in found[-2]
    assert f" POST {API}/auth/… 404 " in found[-1]
