"""The arena that the races run in, one per engine."""

from collections.abc import Iterator

import pytest

from tests.concurrency.arena import Arena, arena
from tests.databases import PostgreSQL, migrated_sqlite


@pytest.fixture(scope="package")
def house(
    engine_name: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Arena]:
    """A cinema with its servers; races share it, each with halls and cassettes of its own."""
    folder = tmp_path_factory.mktemp("arena")
    if engine_name == "sqlite":
        url = f"sqlite:///{migrated_sqlite(folder / 'cinema.sqlite3')}"
    else:
        server: PostgreSQL = request.getfixturevalue("postgresql")
        url = server.migrated("arena")
    with arena(folder, url) as opened:
        yield opened
