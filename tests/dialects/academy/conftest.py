"""The application with the dialect at the root, on a database of its own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import opened
from tests.databases import empty
from tests.dialects.academy.app import Academy, Servers
from tests.processes import enrol, serving


@pytest.fixture(scope="session")
def academy_url(new_database: Callable[[str], str]) -> str:
    """The URL of the database, one per engine for the whole run."""
    return new_database("academy")


@pytest.fixture(scope="session")
def academy_application(academy_url: str) -> Iterator[Any]:
    """The WSGI application on that database."""
    with opened(academy_url, **{"cinema.dialects": "academy = /"}) as router:
        yield router


@pytest.fixture
def academy(academy_application: Any) -> Iterator[Academy]:
    """An empty cinema, its clock and its people."""
    empty(academy_application.registry.database)
    with Academy(academy_application) as house:
        yield house


@pytest.fixture(scope="session")
def academy_servers(
    new_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Servers]:
    """Real servers that speak the dialect: one on SQLite, two on PostgreSQL. Whoever calls them takes a new name."""
    url = new_database("academy_servers")
    enrol(url, "boss", role="staff")
    count = 1 if url.startswith("sqlite") else 2
    with serving(tmp_path_factory.mktemp("academy"), url, count, dialects="academy = /") as servers:
        yield Servers(url, tuple(f"http://127.0.0.1:{server.port}" for server in servers))
