"""The arena that the races run in, one per engine."""

from collections.abc import Callable, Iterator

import pytest

from tests.concurrency.arena import Arena, arena


@pytest.fixture(scope="package")
def house(new_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """A cinema with its servers; races share it, each with halls and cassettes of its own."""
    with arena(tmp_path_factory.mktemp("arena"), new_database("arena")) as opened:
        yield opened
