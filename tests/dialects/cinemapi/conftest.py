"""The application with the dialect at its usual prefix, on a database of its own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import opened
from tests.databases import empty
from tests.dialects.cinemapi.house import House


@pytest.fixture(scope="session")
def cinemapi_application(new_database: Callable[[str], str]) -> Iterator[Any]:
    """The WSGI application, one per engine for the whole run."""
    with opened(new_database("cinemapi"), **{"cinema.dialects": "cinemapi = /cinemapi"}) as router:
        yield router


@pytest.fixture
def house(cinemapi_application: Any) -> Iterator[House]:
    """An empty cinema, its clock and its people."""
    empty(cinemapi_application.registry.database)
    with House(cinemapi_application) as opened_house:
        yield opened_house
