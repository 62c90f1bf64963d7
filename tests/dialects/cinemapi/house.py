"""The dialect as its clients call it: tokens from `token/`, paths below `/cinemapi`, refusals as field maps."""

import json
from datetime import timedelta
from functools import cached_property
from typing import Any

from webtest import TestApp, TestResponse

from cinema.catalogue.labels import EVERYTHING
from cinema.dialects.academy.views.movie_sessions import ANY_MOMENT
from cinema.schedule import screenings
from tests.app import PASSWORD, Cinema, Person
from tests.databases import contents

PREFIX = "/cinemapi/"
JSON = "application/json"
EVENING = "2026-05-01T18:00:00Z"
BOOKED, PAID = {"id": 1, "name": "booked"}, {"id": 2, "name": "paid"}


class Caller:
    """Somebody who calls the dialect; without a token a stranger. Every answer has to keep its conventions."""

    def __init__(self, http: TestApp, token: str | None = None, user_id: int = 0) -> None:
        self._http = http
        self.id = user_id
        self.token = token
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def call(self, method: str, path: str, body: Any = None, status: int | None = None, **more: Any) -> TestResponse:
        """A request; `path` is below `/cinemapi/` unless it begins with a slash; bytes are sent as they are."""
        url = path if path.startswith("/") else PREFIX + path
        headers = ({"Content-Type": JSON} if body is not None else {}) | self.headers | more.pop("headers", {})
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

    def patch(self, path: str, body: Any = None, status: int = 200) -> Any:
        """The JSON that patching answers."""
        return self.call("PATCH", path, body, status).json

    def delete(self, path: str, status: int = 204) -> TestResponse:
        """The answer to a deletion."""
        return self.call("DELETE", path, status=status)

    def refused(self, method: str, path: str, body: Any = None) -> set[str]:
        """The fields that the 400 to a request names."""
        return bad_fields(self.call(method, path, body, 400))

    def warned(self, method: str, path: str, body: Any = None, status: int = 400) -> str:
        """The sentence that a refusal about no field says."""
        return detail(self.call(method, path, body, status))


class House(Cinema):
    """An application that speaks the dialect, on an empty database."""

    @cached_property
    def nobody(self) -> Caller:
        """A stranger."""
        return Caller(self.http)

    @cached_property
    def anna(self) -> Caller:
        """Somebody with an account."""
        return self.caller("anna")

    @cached_property
    def boris(self) -> Caller:
        """Somebody else with an account."""
        return self.caller("boris")

    @cached_property
    def boss(self) -> Caller:
        """Somebody with the staff flag."""
        return self.caller("boss", "staff")

    @cached_property
    def root(self) -> Caller:
        """The superuser of the command line."""
        return self.caller("root", superuser=True)

    def caller(self, username: str, *roles: str, superuser: bool = False) -> Caller:
        """A new account with the password of all tests, and a token for it."""
        return self.of(self.person(username, *roles, superuser=superuser))

    def of(self, person: Person) -> Caller:
        """A person of the native API, calling here with the same token."""
        token = person.headers["Authorization"].removeprefix("Bearer ")
        return Caller(self.http, token, person.id or 0)

    def natively(self, caller: Caller) -> Person:
        """A caller of the dialect, calling the native API with the same token."""
        return Person(self.http, caller.id, caller.token)

    def pair(self, username: str, password: str = PASSWORD) -> dict[str, str]:
        """Both tokens, as the dialect gives them out."""
        pair: dict[str, str] = self.nobody.post("token/", {"username": username, "password": password}, 200)
        return pair

    def signed_in_here(self, username: str, password: str = PASSWORD) -> Caller:
        """Whoever has this password, with a token of the dialect's."""
        return self.with_token(self.pair(username, password)["access"])

    def with_token(self, token: str) -> Caller:
        """Whoever has this token."""
        return Caller(self.http, token)

    # -- things ----------------------------------------------------------------------------------------------

    def film(self, duration: Any = "01:30:00", name: str | None = None) -> int:
        """A film entered here, with a name of its own; answers its id."""
        self._films = getattr(self, "_films", 0) + 1
        body = {"name": name or f"Сталкер {self._films}", "duration": duration}
        return int(self.boss.post("movie/", body)["id"])

    def named_hall(self, name: str, rows: int = 2, seats: int = 3) -> int:
        """A hall with a name of its own; answers its id."""
        return int(self.admin.post("/halls", {"name": name, "rows": rows, "seats_in_row": seats})["id"])

    def session_body(self, **values: Any) -> dict[str, Any]:
        """What would do for a session this evening; film and hall are made where `values` has none."""
        movie = values.get("movie") or self.film()
        hall = values.get("hall") or self.hall()
        return {"started_at": EVENING, "price": "9.50"} | values | {"movie": movie, "hall": hall}

    def session(self, **values: Any) -> int:
        """A session; answers its id."""
        return int(self.boss.post("session/", self.session_body(**values))["id"])

    def academys_session(self, movie: int, hall: int, starts_at: Any) -> int:
        """A session that no rule of this house was asked about, and that has no price; answers its id."""
        values = {"movie": movie, "hall": hall, "starts_at": starts_at}
        with self.database.plain_session() as db, db.begin():
            return screenings.create_screening(db, values, ANY_MOMENT, EVERYTHING)

    def ticket(self, caller: Caller, session: int, row: int = 1, seat: int = 1) -> int:
        """A booking of the caller's; answers the ticket's id."""
        return int(caller.post("book/", booking(caller, session, row, seat))["id"])

    def paid_ticket(self, caller: Caller, session: int, row: int = 1, seat: int = 1) -> int:
        """A ticket that the caller has booked and paid; answers its id."""
        ticket = self.ticket(caller, session, row, seat)
        caller.patch(f"pay/{ticket}/")
        return ticket

    def native_order(self, person: Person, session: int, *places: tuple[int, int]) -> Any:
        """An order of the native API, held for a quarter of an hour."""
        wanted = [{"row": row, "seat": seat} for row, seat in places]
        return person.post("/orders", {"screening": session, "seats": wanted})

    # -- what is underneath ----------------------------------------------------------------------------------

    def stored(self) -> dict[str, list[str]]:
        """Everything in the database, by table. Everybody is there first, so that nobody turns up later."""
        assert all(each.id for each in (self.anna, self.boris, self.boss, self.root))
        return contents(self.database)

    def expired_token(self, person: Person) -> str:
        """An access token of somebody's that was good until a second ago."""
        session_id = int((person.refresh_token or "").split(".")[0])
        lifetime = timedelta(seconds=-1)
        return str(self.registry.tokens.issue(person.id, session_id, ["member"], False, lifetime=lifetime))


def booking(caller: Caller, session: int, row: int = 1, seat: int = 1) -> dict[str, int]:
    """What would do for a booking of the caller's."""
    return {"session": session, "row": row, "seat": seat, "user": caller.id}


def ids(rows: list[dict[str, Any]]) -> list[int]:
    """The ids in a list."""
    return [row["id"] for row in rows]


def bad_fields(answer: TestResponse) -> set[str]:
    """The fields of a field map, each with sentences."""
    assert answer.json, answer.json
    for sentences in answer.json.values():
        assert isinstance(sentences, list), answer.json
        assert sentences, answer.json
        assert all(isinstance(each, str) and each[:1].isupper() and each.endswith(".") for each in sentences)
    return set(answer.json)


def detail(answer: TestResponse) -> str:
    """The sentence of a refusal that says one and nothing else."""
    assert list(answer.json) == ["detail"], answer.json
    sentence = answer.json["detail"]
    assert isinstance(sentence, str)
    assert sentence
    return sentence


def keeps_the_conventions(answer: TestResponse) -> None:
    """What holds for every answer."""
    status = answer.status_int
    assert status < 500, answer
    if status == 204 or answer.request.method == "HEAD":
        assert answer.body == b""
        return
    assert answer.content_type == JSON, answer
    answer.body.decode("utf-8")
    if status == 405:
        assert answer.headers["Allow"]
    if status == 401:
        assert answer.headers["WWW-Authenticate"].split()[0] == "Bearer"
    if status > 400:
        detail(answer)
