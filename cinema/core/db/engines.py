"""Two engines on one database: one for transactions, one that only reads.

SQLite: WAL, foreign keys, `synchronous=FULL`, and `BEGIN IMMEDIATE` for every transaction, so that a reader never
has to become a writer half-way (which fails at once, whatever the busy timeout). The threads of a process queue for
the one connection that writes: SQLite lets those who wait for its lock poll, and under load some never get it.
PostgreSQL: READ COMMITTED with a lock timeout. The readers run in autocommit: a read needs no transaction, and could
not write if it tried.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker
from transaction import TransactionManager
from zope.sqlalchemy import ZopeTransactionEvents

from cinema.core.db.changes import Recorder
from cinema.core.db.joining import JOINS, join_transactions
from cinema.core.db.pinging import ping_when_in_doubt
from cinema.core.events import forget_put_off, run_put_off
from cinema.core.settings import SettingError, read, setting, switch, whole

LOCK_TIMEOUT_MS = 3000
_STATEMENT_TIMEOUT_MS = 15_000


def _url(text: str) -> URL:
    """Reads a database URL: a SQLite file, or PostgreSQL through psycopg."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise ValueError("must be a database URL such as postgresql://user@host/cinema") from None
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise ValueError(f"must be sqlite or postgresql, not {url.drivername}")
    if url.drivername == "sqlite" and url.database in (None, "", ":memory:"):
        raise ValueError("needs a file: sqlite:////var/lib/cinema/cinema.sqlite3")
    return url


@dataclass(frozen=True)
class DatabaseSettings:
    """Where the data is."""

    url: URL = setting(
        "cinema.database_url",
        "",
        _url,
        "Where the data is: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`",
        environment="CINEMA_DATABASE_URL",
    )
    pool_size: int = setting(
        "cinema.database_pool",
        "10",
        whole(1, 200),
        "Connections each process keeps for writing (SQLite: always one), and again for reading",
    )
    pgbouncer: bool = setting(
        "cinema.pgbouncer", "off", switch, "`on` behind PgBouncer in transaction mode: prepares no statements"
    )


class Database:
    """The engines of one database and the sessions on them."""

    def __init__(self, settings: DatabaseSettings, notify: Callable[[Any], None] = lambda _event: None) -> None:
        """`notify` is told what services announce: see `core.events`."""
        logging.getLogger("sqlalchemy.engine.Engine").addFilter(_not_a_row)
        make = _sqlite_engine if settings.url.get_backend_name() == "sqlite" else _postgresql_engine
        self.writers = make(settings, reading=False)
        self.readers = make(settings, reading=True)
        self.background = make(settings, reading=True)
        """A pool of its own for what goes on beside requests, so that a rush cannot starve it."""
        self._sessions = sessionmaker(self.writers, expire_on_commit=False, autoflush=False, info={"notify": notify})
        self.notifies = settings.url.get_backend_name() == "postgresql" and not settings.pgbouncer
        """Whether processes can wake each other: PgBouncer hands a connection that listens to somebody else."""
        Recorder(self.writers, self._sessions)
        join_transactions(self._sessions)
        event.listen(self._sessions, "after_commit", run_put_off)
        event.listen(self._sessions, "after_transaction_end", forget_put_off)

    def session(self, tm: TransactionManager) -> Session:
        """A session that commits and rolls back with `tm`."""
        return self._sessions(info={JOINS: ZopeTransactionEvents("changed", tm)})

    def plain_session(self) -> Session:
        """A session for commands, which say themselves when to commit."""
        return self._sessions()

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A transaction that may rebuild tables.

        SQLite changes a table by making a new one and dropping the old, which would delete what refers to it: foreign
        keys are off meanwhile, and checked before the commit.
        """
        if self.writers.dialect.name != "sqlite":
            with self.writers.begin() as connection:
                yield connection
            return
        with self.writers.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    yield connection
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                    if broken:
                        raise SettingError(f"the migration would leave {len(broken)} references to nothing")
            finally:
                driver.execute("PRAGMA foreign_keys=ON")

    def dispose(self) -> None:
        """Closes every pooled connection."""
        self.writers.dispose()
        self.readers.dispose()
        self.background.dispose()


def _not_a_row(record: logging.LogRecord) -> bool:
    """Keeps out of the log what `hide_parameters` does not: at DEBUG, SQLAlchemy writes every row it reads."""
    return not str(record.msg).startswith("Row ")


def _sqlite_engine(settings: DatabaseSettings, *, reading: bool) -> Engine:
    engine = create_engine(
        settings.url,
        pool_timeout=LOCK_TIMEOUT_MS / 1000,
        hide_parameters=True,
        **(
            {"pool_size": settings.pool_size, "isolation_level": "AUTOCOMMIT", "pool_reset_on_return": None}
            if reading
            else {"pool_size": 1, "max_overflow": 0}
        ),
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver starts no transactions of its own
        connection.execute(f"PRAGMA busy_timeout={LOCK_TIMEOUT_MS}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        if reading:
            connection.execute("PRAGMA query_only=ON")

    if not reading:

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _postgresql_engine(settings: DatabaseSettings, *, reading: bool) -> Engine:
    engine = create_engine(
        settings.url,
        pool_size=settings.pool_size,
        pool_timeout=LOCK_TIMEOUT_MS / 1000,
        hide_parameters=True,
        connect_args=_connect_args(settings, reading),
        **(
            {"isolation_level": "AUTOCOMMIT", "pool_reset_on_return": None}
            if reading
            else {"isolation_level": "READ COMMITTED"}
        ),
    )
    ping_when_in_doubt(engine)
    if settings.pgbouncer and not reading:

        @event.listens_for(engine, "begin")
        def limit(connection: Connection) -> None:
            for name, value in _LIMITS.items():
                connection.exec_driver_sql(f"SET LOCAL {name} = {value}")

    return engine


_LIMITS = {
    "lock_timeout": LOCK_TIMEOUT_MS,
    "statement_timeout": _STATEMENT_TIMEOUT_MS,
    "idle_in_transaction_session_timeout": _STATEMENT_TIMEOUT_MS,
}


_GIVING_UP = {"connect_timeout": 3, "tcp_user_timeout": 3000, "keepalives_idle": 5, "keepalives_interval": 2}
"""When a server that does not even acknowledge what is sent counts as away: seconds, milliseconds for the second."""


def _connect_args(settings: DatabaseSettings, reading: bool) -> dict[str, Any]:
    """Limits as start-up options; PgBouncer knows none, and hands a connection from one client to another."""
    if settings.pgbouncer:
        return {**_GIVING_UP, "prepare_threshold": None}
    options = _LIMITS | {"timezone": "UTC", "default_transaction_read_only": "on" if reading else "off"}
    return {
        **_GIVING_UP,
        "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
    }


def database_settings(settings: Mapping[str, str]) -> DatabaseSettings:
    """The database settings alone, for commands that run before there is an application."""
    return read(DatabaseSettings, settings)
