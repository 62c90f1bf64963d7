"""Whether the database has the tables this version needs."""

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError


class NotReady(Exception):
    """The database cannot be used as it is; the message says what to run."""


def alembic_config() -> Config:
    """alembic's configuration: the migrations inside this package. No ini of its own is needed."""
    config = Config()
    config.set_main_option("script_location", "cinema:migrations")
    config.set_main_option("path_separator", "os")
    return config


def require_head(engine: Engine, ini: str) -> None:
    """Raises NotReady, in one line, when the database is away, empty, too old or too new."""
    wanted = ScriptDirectory.from_config(alembic_config()).get_current_head()
    try:
        with engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as error:
        raise NotReady(f"cannot open the database: {error.orig}".splitlines()[0]) from None
    if found != wanted:
        state = f"is at revision {found}, this version needs {wanted}" if found else "has no tables yet"
        raise NotReady(f"the database {state}; run: cinema -c {ini} db upgrade")
