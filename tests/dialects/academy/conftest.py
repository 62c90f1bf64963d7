"""The application with the dialect at the root, on a database of its own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import opened
from tests.databases import empty
from tests.dialects.academy.app import Academy


@pytest.fixture(scope="session")
def academy_application(new_database: Callable[[str], str]) -> Iterator[Any]:
    """The WSGI application, one per engine for the whole run."""
    with opened(new_database("academy"), **{"cinema.dialects": "academy = /"}) as router:
        yield router


@pytest.fixture
def academy(academy_application: Any) -> Iterator[Academy]:
    """An empty cinema, its clock and its people."""
    empty(academy_application.registry.database)
    with Academy(academy_application) as house:
        yield house
