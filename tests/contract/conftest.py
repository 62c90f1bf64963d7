"""An application that speaks every dialect, as development.ini has it, on a fresh database."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.write import application


@pytest.fixture(scope="package")
def everything_on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The WSGI application. Its built-in roles stay as they are."""
    with application(tmp_path_factory.mktemp("contract")) as router:
        yield router
