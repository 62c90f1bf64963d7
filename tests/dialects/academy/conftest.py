"""The application with the dialect at the root, on a database of its own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import opened
from tests.databases import empty
from tests.dialects.academy.app import Academy


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
