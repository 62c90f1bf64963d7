"""The cassette shop as its clients call it: keys instead of tokens, paths from the root, an own form of refusals."""

import json
from functools import cached_property
from typing import Any

from webtest import TestApp, TestResponse

from cinema.accounts import sessions
from tests.app import PASSWORD, Cinema, Person
from tests.databases import contents

JSON = "application/json"
SHELF = "/api/cassetes/"
RAMBO = {"title": "Rambo", "director": "Ted Kotcheff", "released": "1992-10-22"}
_ORIGIN = sessions.Origin("127.0.0.1", "tests", "Tests")


class Caller:
    """Somebody who calls the dialect; without a key, a stranger."""

    def __init__(self, http: TestApp, key: str | None = None, user_id: int | None = None) -> None:
        self._http = http
        self.key = key
        self.id = user_id
        self.headers = {"Authorization": f"Token {key}"} if key else {}

    def send(
        self,
        method: str,
        path: str,
        data: bytes = b"",
        status: int | None = None,
        content_type: str = JSON,
        **headers: str,
    ) -> TestResponse:
        """A request with these bytes as its body."""
        typed = {"Content-Type": content_type} if data else {}
        spelled = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._http.request(
            path, method=method, body=data, headers=self.headers | typed | spelled, status=status or "*"
        )

    def call(self, method: str, path: str, body: Any = None, status: int | None = None, **more: str) -> TestResponse:
        """A request with this JSON as its body."""
        return self.send(method, path, b"" if body is None else json.dumps(body).encode(), status, **more)

    def get(self, path: str = SHELF, status: int = 200) -> Any:
        """The JSON at `path`."""
        return self.call("GET", path, status=status).json

    def post(self, path: str, body: Any, status: int = 201) -> Any:
        """The JSON that posting answers."""
        return self.call("POST", path, body, status).json


class Shop(Cinema):
    """A cinema that also speaks vhs."""

    @property
    def anybody(self) -> Caller:
        """Somebody without a key."""
        return Caller(self.http)

    @cached_property
    def rick(self) -> Caller:
        """Somebody with a key."""
        return self.customer("rick")

    @cached_property
    def jimmy(self) -> Caller:
        """Somebody else with a key."""
        return self.customer("jimmy")

    def customer(self, username: str) -> Caller:
        """A new account that signs in with the password of all tests, and a key for it."""
        return self.with_key(self.person(username).id or 0)

    def with_key(self, user_id: int) -> Caller:
        """Somebody's account on one more device that keeps a key."""
        [[known]] = self.sql("SELECT password_hash FROM users WHERE id = :id", id=user_id)
        registry = self.registry
        lease = registry.accounts.key_lease
        with self.database.plain_session() as db, db.begin():
            grant = sessions.begin(db, user_id, known, _ORIGIN, registry.refresh_key, lease, self.now)
        assert grant is not None
        return Caller(self.http, grant.key, user_id)

    def natively(self, username: str, password: str = PASSWORD) -> Person:
        """The same account, signed in over the native API."""
        pair = self.stranger.post("/auth/login", {"login": username, "password": password}, 200)
        return Person(self.http, None, pair["access_token"], pair["refresh_token"])

    def tape(self, **values: Any) -> int:
        """A cassette on the shelf; answers its id."""
        return int(self.rick.post(SHELF, RAMBO | values)["id"])

    def stored(self) -> dict[str, list[str]]:
        """Everything in the database, by table."""
        return contents(self.database)


def item(cassette_id: int | str) -> str:
    """The address of a cassette."""
    return f"{SHELF}{cassette_id}"


def bad_fields(answer: TestResponse) -> set[str]:
    """The fields that a 400 names, each with whole sentences."""
    assert (answer.status_int, answer.content_type) == (400, JSON), answer
    for sentences in answer.json.values():
        assert sentences
        assert all(sentence[:1].isupper() and sentence.endswith(".") for sentence in sentences), sentences
    return set(answer.json)


def assert_detail(answer: TestResponse, status: int) -> None:
    """A refusal about no field: one sentence under `detail`, nothing else."""
    assert (answer.status_int, answer.content_type) == (status, JSON), answer
    assert list(answer.json) == ["detail"]
    assert answer.json["detail"].endswith(".")
