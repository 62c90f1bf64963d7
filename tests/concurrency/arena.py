"""A cinema on real servers, eight people who all want the same, and what the database says afterwards."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar

from sqlalchemy import Connection, text

from tests.app import euros
from tests.databases import open_database
from tests.processes import Answer, Client, Server, enrol, serving, sign_in

CLIENTS = 8
T = TypeVar("T")


class Arena:
    """Servers on one database. `members` and `admins` are spread over them; the admins share one account."""

    def __init__(self, url: str, servers: Sequence[Server]) -> None:
        self.url = url
        self.servers = servers
        self._clients: list[Client] = []
        self._database = open_database(url)
        names = [f"member-{number}" for number in range(CLIENTS)]
        enrol(url, *names)
        enrol(url, "admin", role="admin")
        self.members = [self.client(number, sign_in(servers[0], name)) for number, name in enumerate(names)]
        self.admins = self.clients_of("admin")
        self.admin = self.admins[0]

    def client(self, number: int, token: str) -> Client:
        """A client of one of the servers, each in turn."""
        self._clients.append(Client(self.servers[number % len(self.servers)].port, token))
        return self._clients[-1]

    def clients_of(self, username: str) -> list[Client]:
        """One person in eight places at once."""
        token = sign_in(self.servers[0], username)
        return [self.client(number, token) for number in range(CLIENTS)]

    def newcomer(self, username: str) -> list[Client]:
        """A new member in eight places at once."""
        enrol(self.url, username)
        return self.clients_of(username)

    def movie(self, minutes: int = 100) -> int:
        """A film; answers its id."""
        return int(self.admin.create("/movies", {"title": "Сталкер", "duration": minutes})["id"])

    def hall(self, rows: int = 5, seats_in_row: int = 10) -> int:
        """A hall; answers its id."""
        body = {"name": "Red", "rows": rows, "seats_in_row": seats_in_row}
        return int(self.admin.create("/halls", body)["id"])

    def screening(self, hall: int, movie: int | None = None) -> int:
        """A screening tomorrow; answers its id."""
        body = {"movie": movie or self.movie(), "hall": hall, "starts_at": noon().isoformat(), "price": euros("9.50")}
        return int(self.admin.create("/screenings", body)["id"])

    def cassette(self, quantity: int) -> int:
        """A cassette; answers its id."""
        body = {"title": "Jaws", "director": "Steven Spielberg", "released": "1975-06-20", "price": euros("5.00")}
        return int(self.admin.create("/cassettes", body | {"quantity": quantity})["id"])

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Somebody else's transaction, for holding locks."""
        with self._database.writers.begin() as connection:
            yield connection

    def sql(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Rows straight from the database; a statement without rows answers none."""
        with self.transaction() as connection:
            result = connection.execute(text(statement), values)
            return [tuple(row) for row in result] if result.returns_rows else []

    def close(self) -> None:
        """Closes every connection of ours."""
        for client in self._clients:
            client.close()
        self._database.dispose()


@contextmanager
def arena(folder: Path, url: str, **settings: str) -> Iterator[Arena]:
    """An arena: one server on SQLite, two on PostgreSQL."""
    count = 1 if url.startswith("sqlite") else 2
    with serving(folder, url, count, **{"max_unpaid_orders": "10000"} | settings) as servers:
        opened = Arena(url, servers)
        try:
            yield opened
        finally:
            opened.close()


def race(clients: Sequence[Client], act: Callable[[int, Client], T]) -> list[T]:
    """Lets every client do `act(number, client)` in a thread of its own, all at once; answers what each came to."""
    start = Barrier(len(clients))

    def run(number: int) -> T:
        start.wait()
        return act(number, clients[number])

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(run, range(len(clients))))


def outcomes(answers: Sequence[Answer]) -> Counter[tuple[int, str]]:
    """How often each status came, with the code of the problem."""
    return Counter((answer.status, answer.code) for answer in answers)


def noon() -> datetime:
    """Noon, the day after tomorrow."""
    return (datetime.now(UTC) + timedelta(days=2)).replace(hour=12, minute=0, second=0, microsecond=0)
