"""An application that speaks vhs at the root, on a database of its own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import opened
from tests.databases import empty
from tests.dialects.vhs.shop import Shop


@pytest.fixture(scope="session")
def application(new_database: Callable[[str], str]) -> Iterator[Any]:
    """The WSGI application."""
    with opened(new_database("vhs"), **{"cinema.dialects": "vhs = /"}) as router:
        yield router


@pytest.fixture
def shop(application: Any) -> Iterator[Shop]:
    """An empty shop, its clock and its people."""
    empty(application.registry.database)
    with Shop(application) as house:
        yield house
