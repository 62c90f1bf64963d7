"""What all tests share: databases of both engines, applications on them, and people who call."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cinema import main
from tests.app import Cinema
from tests.databases import PostgreSQL, empty, migrated_sqlite

pytest_plugins = ["tests.skips"]
SECRET = "a-secret-of-the-tests-0123456789-abcdefghijklmnop"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves to `make test-long` what would only show on PostgreSQL again what it has shown on SQLite."""
    for item in items:
        engine = getattr(item, "callspec", None) and item.callspec.params.get("engine_name")  # type: ignore[attr-defined]
        if engine == "postgresql" and item.get_closest_marker("either_engine"):
            item.add_marker("slow")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL of our own, on a socket of its own, for the whole run."""
    with PostgreSQL.running() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    return migrated_sqlite(tmp_path_factory.mktemp("template") / "template.sqlite3")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """The engine a test runs on; everything that asks for it runs on both."""
    return str(request.param)


@pytest.fixture(scope="session")
def new_database(
    engine_name: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str]:
    """Makes one more migrated database, given a name for it; answers its URL."""
    if engine_name == "sqlite":
        return lambda name: f"sqlite:///{migrated_sqlite(tmp_path_factory.mktemp(name) / 'cinema.sqlite3')}"
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.migrated


@pytest.fixture(scope="session")
def database_url(new_database: Callable[[str], str]) -> str:
    """The URL of a migrated database, one per engine for the whole run; tests empty it."""
    return new_database("functional")


@pytest.fixture(scope="session")
def application(database_url: str) -> Iterator[Any]:
    """The WSGI application on that database."""
    with opened(database_url) as router:
        yield router


@pytest.fixture
def cinema(application: Any) -> Iterator[Cinema]:
    """An empty cinema, its clock and its people."""
    empty(application.registry.database)
    with Cinema(application) as house:
        yield house


@contextmanager
def opened(database_url: str, **more: str) -> Iterator[Any]:
    """The WSGI application on a database, with `more` settings."""
    router = main({}, **settings(database_url, **more))
    try:
        yield router
    finally:
        router.registry.knowledge.stop()
        router.registry.hearing.stop()
        router.registry.database.dispose()


def settings(database_url: str, **more: str) -> dict[str, str]:
    """Settings for an application in a test."""
    return {
        "cinema.database_url": database_url,
        "cinema.jwt_secret": SECRET,
        "cinema.payments": "sandbox",
        "cinema.login_limits": "off",
        **more,
    }
