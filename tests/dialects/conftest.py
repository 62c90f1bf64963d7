"""An application that speaks every dialect, on a database of its own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import opened
from tests.databases import empty
from tests.dialects.everything import DIALECTS, Everything


@pytest.fixture(scope="session")
def polyglot(new_database: Callable[[str], str]) -> Iterator[Any]:
    """The WSGI application."""
    with opened(new_database("everything"), **{"cinema.dialects": DIALECTS}) as router:
        yield router


@pytest.fixture
def everything(polyglot: Any) -> Iterator[Everything]:
    """An empty cinema, its clock and its people."""
    empty(polyglot.registry.database)
    with Everything(polyglot) as house:
        yield house
