"""The application with the dialect at the root, on a database of its own, and people with the browser client."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.app import Cinema
from tests.conftest import opened
from tests.dialects.site.visitors import SITE, Visitor


@pytest.fixture(scope="session")
def database_url(new_database: Callable[[str], str]) -> str:
    """The URL of the dialect's own database."""
    return new_database("site")


@pytest.fixture(scope="session")
def application(database_url: str) -> Iterator[Any]:
    """The WSGI application with the dialect."""
    with opened(database_url, **SITE) as router:
        yield router


@pytest.fixture
def visitor(cinema: Cinema) -> Visitor:
    """Somebody who is logged out."""
    return Visitor(cinema.http)


@pytest.fixture
def member(cinema: Cinema) -> Visitor:
    """Somebody who is logged in."""
    return Visitor.of(cinema.http, cinema.member)


@pytest.fixture
def other(cinema: Cinema) -> Visitor:
    """Somebody else who is logged in."""
    return Visitor.of(cinema.http, cinema.other)
