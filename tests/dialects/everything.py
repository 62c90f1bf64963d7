"""A cinema that speaks every dialect at once, and somebody who is signed in to all of them."""

from dataclasses import dataclass
from typing import Any

from webtest import TestResponse

from tests.app import PASSWORD, Cinema

DIALECTS = "academy = /\nsite = /\nvhs = /\ncinemapi = /cinemapi"


@dataclass(frozen=True)
class Caller:
    """Somebody who calls whole addresses with one Authorization header."""

    house: "Everything"
    authorization: str | None = None

    def call(self, method: str, path: str, body: Any = None, status: int | str = "*") -> TestResponse:
        """A request, whatever comes of it."""
        headers = {"Authorization": self.authorization} if self.authorization else {}
        if body is None:
            return self.house.http.request(path, method=method, headers=headers, status=status)
        call = getattr(self.house.http, f"{method.lower()}_json")
        answer: TestResponse = call(path, body, headers=headers, status=status)
        return answer

    def get(self, path: str) -> Any:
        """The JSON at `path`."""
        return self.call("GET", path, status=200).json

    def post(self, path: str, body: Any, status: int = 201) -> Any:
        """The JSON that posting answers."""
        return self.call("POST", path, body, status).json


class Everything(Cinema):
    """The cinema."""

    @property
    def anybody(self) -> Caller:
        """Somebody without credentials."""
        return Caller(self)

    def academy(self, username: str, password: str = PASSWORD) -> Caller:
        """Somebody, signed in to academy; vhs takes the same keys."""
        answer = self.anybody.post("/api/login/", {"username": username, "password": password}, 200)
        return Caller(self, f"Token {answer['token']}")

    def cinemapi(self, username: str, password: str = PASSWORD) -> Caller:
        """Somebody, signed in to cinemapi."""
        answer = self.anybody.post("/cinemapi/token/", {"username": username, "password": password}, 200)
        return Caller(self, f"Bearer {answer['access']}")

    def site(self, email: str, password: str = PASSWORD) -> Caller:
        """Somebody, signed in to site."""
        answer = self.anybody.post("/auth/login", {"email": email, "password": password})
        return Caller(self, f"Bearer {answer['access_token']}")

    def native(self, login: str, password: str = PASSWORD) -> Caller:
        """Somebody, signed in natively."""
        answer = self.anybody.post("/api/v1/auth/login", {"login": login, "password": password}, 200)
        return Caller(self, f"Bearer {answer['access_token']}")
