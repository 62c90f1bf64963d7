"""Callers of the dialect, as its browser client calls, and what they may find in an answer."""

import json
from datetime import timedelta
from typing import Any

from webtest import TestApp, TestResponse

from cinema.accounts.keys import Key, KeyRing
from cinema.accounts.tokens import AccessTokens
from tests.app import Cinema, Person

SITE = {"cinema.dialects": "site = /"}
LOGGED_OUT = "Bearer undefined"
MOVIE_FIELDS = {
    *("id", "title", "description", "trailer", "year", "rating"),
    *("genre_id", "director_id", "genre", "director"),
}
NOTHING = {"id": None, "name": ""}
PROFILE_FIELDS = {"id", "email", "name", "surname", "favorite_genre", "favourite_genre"}


class Visitor:
    """Somebody with the browser client: it sends a token with every call, though it may have none."""

    def __init__(self, http: TestApp, header: str = LOGGED_OUT, refresh_token: str = "undefined") -> None:
        self._http = http
        self.header = header
        self.refresh_token = refresh_token

    @classmethod
    def of(cls, http: TestApp, person: Person) -> "Visitor":
        """The same person, in this dialect."""
        return cls(http, person.headers["Authorization"], person.refresh_token or "")

    @property
    def token(self) -> str:
        """The access token."""
        return self.header.removeprefix("Bearer ")

    @property
    def pair(self) -> dict[str, str]:
        """Both tokens, as the client sends them for new ones."""
        return {"access_token": self.token, "refresh_token": self.refresh_token}

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> TestResponse:
        """A request, whatever comes of it; a body that is no bytes goes as JSON."""
        headers = {"Accept": "application/json, text/plain, */*", "Authorization": self.header}
        if body is not None:
            headers["Content-Type"] = "application/json"
            more["body"] = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._http.request(path, method=method, headers=headers | more.pop("headers", {}), status="*", **more)

    def get(self, path: str) -> Any:
        """The JSON at `path`."""
        return ok(self.call("GET", path), 200)

    def login(self, email: str, password: str) -> "Visitor":
        """The same browser, logged in."""
        pair = ok(self.call("POST", "/auth/login/", {"email": email, "password": password}), 201)
        return Visitor(self._http, f"Bearer {pair['access_token']}", pair["refresh_token"])


def ok(answer: TestResponse, status: int) -> Any:
    """The JSON of an answer that has to be good."""
    assert answer.status_int == status, answer.text
    assert answer.content_type == "application/json"
    return answer.json


def refused(answer: TestResponse, status: int) -> str:
    """The message of a refusal: the only thing in it, and a text, or the client's page breaks. HEAD hears none."""
    assert answer.status_int == status, answer.text
    assert answer.content_type == "application/json"
    if status == 401:
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    if answer.request.method == "HEAD":
        return ""
    assert set(answer.json) == {"message"}
    message = answer.json["message"]
    assert isinstance(message, str)
    assert message.endswith(".")
    return message


def expired(cinema: Cinema, person: Person) -> str:
    """An access token of somebody's that was good until a second ago."""
    session_id = int((person.refresh_token or "").split(".")[0])
    lifetime = timedelta(seconds=-1)
    return str(cinema.registry.tokens.issue(person.id, session_id, ["member"], False, lifetime=lifetime))


def forged(person: Person) -> str:
    """An access token of somebody's, signed with another key."""
    ring = KeyRing([Key("first", b"a key that is not the server's, 32 bytes", None)])
    session_id = int((person.refresh_token or "").split(".")[0])
    return AccessTokens(lambda: ring, "cinema", timedelta(minutes=10)).issue(person.id or 0, session_id, [], True)
