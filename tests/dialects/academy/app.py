"""The dialect as its clients call it: keys instead of tokens, field maps instead of problems."""

import json
from functools import cached_property
from typing import Any, NamedTuple

from webtest import TestApp, TestResponse

from tests.app import PASSWORD, Cinema
from tests.databases import contents

PREFIX = "/api/"
COLLECTIONS = {
    name: f"cinema/{name}/" for name in ("genres", "actors", "cinema_halls", "movies", "movie_sessions", "orders")
}
GENRES, ACTORS, HALLS, MOVIES, SESSIONS, ORDERS = COLLECTIONS.values()
EVENING = "2026-05-01T19:30:00Z"


class Caller:
    """Somebody who calls the dialect; without a key a stranger. Every answer has to keep its conventions."""

    def __init__(self, http: TestApp, key: str | None = None, user_id: int = 0) -> None:
        self._http = http
        self.key = key
        self.id = user_id
        self.headers = {"Authorization": f"Token {key}"} if key else {}

    def call(self, method: str, path: str, body: Any = None, status: int | None = None, **more: Any) -> TestResponse:
        """A request; `path` is below `/api/` unless it is a whole address; bytes are sent as they are."""
        url = path if path.startswith("http:") else PREFIX + path
        headers = {"Content-Type": "application/json"} | self.headers | more.pop("headers", {})
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        answer = self._http.request(url, method=method, body=content, headers=headers, status=status or "*", **more)
        keeps_the_conventions(answer)
        return answer

    def get(self, path: str, status: int = 200) -> Any:
        """The JSON at `path`."""
        return self.call("GET", path, status=status).json

    def post(self, path: str, body: Any, status: int = 201) -> Any:
        """The JSON that posting answers."""
        return self.call("POST", path, body, status).json

    def put(self, path: str, body: Any, status: int = 200) -> Any:
        """The JSON that putting answers."""
        return self.call("PUT", path, body, status).json

    def patch(self, path: str, body: Any, status: int = 200) -> Any:
        """The JSON that patching answers."""
        return self.call("PATCH", path, body, status).json

    def refused(self, method: str, path: str, body: Any = None) -> set[str]:
        """The fields that the 400 to a request names."""
        return bad_fields(self.call(method, path, body, 400))


class Servers(NamedTuple):
    """Servers that run, all on the database at `url`."""

    url: str
    addresses: tuple[str, ...]


class Academy(Cinema):
    """An application that speaks the dialect, on an empty database."""

    @cached_property
    def nobody(self) -> Caller:
        """A stranger."""
        return Caller(self.http)

    @cached_property
    def user(self) -> Caller:
        """Somebody with an account."""
        return self.caller("user")

    @cached_property
    def rival(self) -> Caller:
        """Somebody else with an account."""
        return self.caller("rival")

    @cached_property
    def boss(self) -> Caller:
        """Somebody with the staff flag."""
        return self.caller("boss", "staff")

    def caller(self, username: str, *roles: str, superuser: bool = False) -> Caller:
        """A new account, signed in."""
        person = self.person(username, *roles, superuser=superuser)
        return Caller(self.http, super().key(person.id or 0), person.id or 0)

    def key(self, username: str, password: str = PASSWORD) -> str:
        """One more key."""
        return str(self.nobody.post("login/", {"username": username, "password": password}, 200)["token"])

    def with_key(self, key: str) -> Caller:
        """Whoever has this key."""
        return Caller(self.http, key)

    # -- things ----------------------------------------------------------------------------------------------

    def genre(self, name: str = "Драма") -> int:
        """A genre; answers its id."""
        return int(self.boss.post(GENRES, {"name": name})["id"])

    def actor(self, first_name: str = "Алиса", last_name: str = "Фрейндлих") -> int:
        """An actor; answers the id."""
        return int(self.boss.post(ACTORS, {"first_name": first_name, "last_name": last_name})["id"])

    def cinema_hall(self, rows: int = 5, seats_in_row: int = 10, name: str = "Красный") -> int:
        """A hall; answers its id."""
        return int(self.boss.post(HALLS, {"name": name, "rows": rows, "seats_in_row": seats_in_row})["id"])

    def film(self, title: str = "Сталкер", **values: Any) -> int:
        """A film; answers its id."""
        return int(self.boss.post(MOVIES, self.film_body() | {"title": title} | values)["id"])

    def film_body(self) -> dict[str, Any]:
        """What would do for a film."""
        about = {"title": "Сталкер", "description": "Комната исполняет желания.", "duration": 163}
        return about | {"genres": [self._a_genre], "actors": [self._an_actor]}

    def session(self, **values: Any) -> int:
        """A session; answers its id."""
        return int(self.boss.post(SESSIONS, self.session_body(**values))["id"])

    def session_body(self, **values: Any) -> dict[str, Any]:
        """What would do for a session; film and hall are made where `values` has none."""
        movie = values.get("movie") or self.film()
        hall = values.get("cinema_hall") or self.cinema_hall()
        return {"show_time": EVENING} | values | {"movie": movie, "cinema_hall": hall}

    def order(self, caller: Caller, *places: tuple[int, int, int]) -> Any:
        """An order of session, row and seat."""
        return caller.post(ORDERS, tickets(*places))

    @cached_property
    def _a_genre(self) -> int:
        return self.genre()

    @cached_property
    def _an_actor(self) -> int:
        return self.actor()

    # -- what is underneath ----------------------------------------------------------------------------------

    def stored(self) -> dict[str, list[str]]:
        """Everything in the database, by table."""
        return contents(self.database)


def tickets(*places: tuple[int, int, int]) -> dict[str, Any]:
    """An order's body, of session, row and seat."""
    return {"tickets": [{"row": row, "seat": seat, "movie_session": session} for session, row, seat in places]}


def places(order: dict[str, Any]) -> list[tuple[int, int]]:
    """Row and seat of an order's tickets, as listed."""
    return [(ticket["row"], ticket["seat"]) for ticket in order["tickets"]]


def ids(rows: list[dict[str, Any]]) -> list[int]:
    """The ids in a list."""
    return [row["id"] for row in rows]


def bad_fields(answer: TestResponse) -> set[str]:
    """The fields of a field map, each with sentences."""
    for sentences in answer.json.values():
        assert isinstance(sentences, list), answer.json
        assert sentences, answer.json
        assert all(isinstance(sentence, str) and sentence for sentence in sentences), answer.json
    return set(answer.json)


def is_sentence(answer: TestResponse) -> bool:
    """Whether a refusal says one sentence and nothing else."""
    return set(answer.json) == {"detail"} and isinstance(answer.json["detail"], str) and answer.json["detail"] != ""


def keeps_the_conventions(answer: TestResponse) -> None:
    """What holds for every answer."""
    status = answer.status_int
    assert status < 500, answer
    bodiless = status == 204 or answer.request.method == "HEAD"
    if bodiless:
        assert answer.body == b""
    else:
        assert answer.content_type == "application/json"
        json.loads(answer.body.decode("utf-8"))
    if status < 300 or status == 405:
        assert answer.headers["Allow"]
    if status == 401:
        assert answer.headers["WWW-Authenticate"].split()[0] == "Token"
    if status in (401, 403, 404, 405, 409) and not bodiless:
        assert is_sentence(answer), answer
