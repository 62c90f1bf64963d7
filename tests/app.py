"""The application as a test calls it: WebTest, people with tokens, a clock to set, statements to count."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event, text
from webtest import TestApp, TestResponse

from cinema.accounts import services as accounts
from cinema.accounts import sessions
from cinema.accounts.administration import CONSOLE, grant_role
from cinema.accounts.passwords import hash_password
from tests.contract_check import CheckedApp

API = "/api/v1"
PASSWORD = "correct horse battery staple"
NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
_ORIGIN = sessions.Origin("127.0.0.1", "tests", "Tests")
_PASSWORD_HASH = hash_password(PASSWORD)


class Watch:
    """A timer that tests set."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class Person:
    """Somebody who calls the API; `Person(…, token=None)` is a stranger."""

    def __init__(
        self, http: TestApp, user_id: int | None = None, token: str | None = None, refresh_token: str | None = None
    ) -> None:
        self._http = http
        self.id = user_id
        self.refresh_token = refresh_token
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def call(self, method: str, path: str, body: Any = None, status: int | None = None, **more: Any) -> TestResponse:
        """A request; `path` is below the API's prefix unless it is a whole address."""
        url = path if path.startswith(("http:", "/health")) else API + path
        headers = self.headers | more.pop("headers", {})
        if body is None:
            return self._http.request(url, method=method, headers=headers, status=status or "*", **more)
        call = getattr(self._http, f"{method.lower()}_json")
        return call(url, body, headers=headers, status=status or "*", **more)

    def get(self, path: str, status: int | None = 200) -> Any:
        """The JSON at `path`."""
        return self.call("GET", path, status=status).json

    def post(self, path: str, body: Any = None, status: int | None = 201) -> Any:
        """The JSON that posting answers."""
        answer = self.call("POST", path, {} if body is None else body, status)
        return answer.json if answer.body else None

    def put(self, path: str, body: Any = None, status: int | None = 200) -> Any:
        """The JSON that putting answers."""
        answer = self.call("PUT", path, body, status)
        return answer.json if answer.body else None

    def patch(self, path: str, body: Any, status: int | None = 200) -> Any:
        """The JSON that patching answers."""
        return self.call("PATCH", path, body, status).json

    def delete(self, path: str, status: int | None = 204) -> Any:
        """The JSON that deleting answers, if any."""
        answer = self.call("DELETE", path, status=status)
        return answer.json if answer.body else None

    def walk(self, path: str) -> Iterator[Any]:
        """Every item of a list, page by page."""
        following: str | None = path
        while following:
            page = self.get(following)
            yield from page["items"]
            following = page["next"]


class Cinema:
    """An application on an empty database."""

    def __init__(self, application: Any) -> None:
        self.registry = application.registry
        self.database = self.registry.database
        self.http = CheckedApp(application)
        self.now = NOON
        self.stranger = Person(self.http)

    def __enter__(self) -> "Cinema":
        self._real_clock = self.registry.clock
        self.registry.clock = lambda: self.now
        self.registry.knowledge.load()  # what an earlier test ended may have had the same id
        self.registry.versions.touch_all()  # and so may what it looked at
        return self

    def __exit__(self, *_error: object) -> None:
        self.registry.clock = self._real_clock

    def later(self, **duration: float) -> None:
        """Lets time pass, as for `timedelta`."""
        self.now += timedelta(**duration)

    def person(self, username: str, *roles: str, superuser: bool = False) -> Person:
        """A new account, signed in."""
        with self.database.plain_session() as db, db.begin():
            user_id = accounts.register(
                db,
                username=username,
                email=f"{username}@example.com",
                password_hash=_PASSWORD_HASH,
                now=self.now,
                superuser=superuser,
            )
            for role in roles:
                grant_role(db, user_id, role, CONSOLE, self.now)
        return self.signed_in(user_id)

    def signed_in(self, user_id: int) -> Person:
        """Somebody on one more device."""
        registry = self.registry
        with self.database.plain_session() as db, db.begin():
            grant = sessions.begin(
                db, user_id, _PASSWORD_HASH, _ORIGIN, registry.refresh_key, registry.accounts.lease, self.now
            )
        assert grant is not None
        token = registry.tokens.issue(user_id, grant.session_id, grant.roles, grant.superuser)
        return Person(self.http, user_id, token, grant.refresh_token)

    def key(self, user_id: int) -> str:
        """A key for somebody's older client."""
        registry = self.registry
        with self.database.plain_session() as db, db.begin():
            lease = registry.accounts.key_lease
            grant = sessions.begin(db, user_id, _PASSWORD_HASH, _ORIGIN, registry.refresh_key, lease, self.now)
        assert grant is not None
        return str(grant.key)

    @property
    def member(self) -> Person:
        """Somebody with an account."""
        return self._known("member")

    @property
    def other(self) -> Person:
        """Somebody else with an account."""
        return self._known("other")

    @property
    def admin(self) -> Person:
        """An administrator."""
        return self._known("admin", "admin")

    def _known(self, name: str, *roles: str) -> Person:
        if name not in self.__dict__.setdefault("_people", {}):
            self._people: dict[str, Person]
            self._people[name] = self.person(name, *roles)
        return self._people[name]

    # -- things ----------------------------------------------------------------------------------------------

    def movie(self, title: str = "Сталкер", **values: Any) -> int:
        """A film; answers its id."""
        return int(self.admin.post("/movies", {"title": title, "duration": 100, **values})["id"])

    def hall(self, rows: int = 5, seats: int = 10, **values: Any) -> int:
        """A hall; answers its id."""
        body = {"name": "Red", **(values or {"rows": rows, "seats_in_row": seats})}
        return int(self.admin.post("/halls", body)["id"])

    def screening(self, **values: Any) -> int:
        """A screening this evening, for 9.50 a seat, of a new film in a new hall; answers its id."""
        body = {
            "movie": values.get("movie") or self.movie(),
            "hall": values.get("hall") or self.hall(),
            "starts_at": (self.now + timedelta(hours=6)).isoformat(),
            "price": euros("9.50"),
        }
        return int(self.admin.post("/screenings", body | values)["id"])

    def cassette(self, quantity: int = 3, **values: Any) -> int:
        """A cassette for 5.00; answers its id."""
        body = {"title": "Jaws", "director": "Steven Spielberg", "released": "1975-06-20", "quantity": quantity}
        return int(self.admin.post("/cassettes", body | {"price": euros("5.00")} | values)["id"])

    # -- what happens underneath -----------------------------------------------------------------------------

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """Every SQL statement that runs inside."""
        seen: list[str] = []

        def record(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            seen.append(statement)

        engines = (self.database.readers, self.database.writers)
        for engine in engines:
            event.listen(engine, "before_cursor_execute", record)
        try:
            yield seen
        finally:
            for engine in engines:
                event.remove(engine, "before_cursor_execute", record)

    def sql(self, statement: str, **values: Any) -> list[Any]:
        """Rows straight from the database."""
        try:
            with self.database.writers.begin() as connection:
                result = connection.execute(text(statement), values)
                return list(result) if result.returns_rows else []
        finally:
            self.registry.versions.touch_all()  # nobody notices what a statement in plain text does


def euros(amount: str) -> dict[str, str]:
    """Money as the API shows it."""
    return {"amount": amount, "currency": "EUR"}


def seats(*places: tuple[int, int]) -> list[dict[str, int]]:
    """Seats as the API takes them."""
    return [{"row": row, "seat": seat} for row, seat in places]


def fields(problem: dict[str, Any]) -> set[str]:
    """The fields that a 400 names."""
    return {error["field"] for error in problem["errors"]}


def failure(cinema: Cinema, headers: dict[str, str]) -> TestResponse:
    """What a fault of ours answers: a clock that stands still in the worst way."""

    def broken() -> datetime:
        raise ZeroDivisionError

    working, cinema.registry.clock = cinema.registry.clock, broken
    try:
        return cinema.stranger.call("POST", "/auth/login", {"login": "x", "password": "x"}, headers=headers)
    finally:
        cinema.registry.clock = working
