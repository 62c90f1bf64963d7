"""`cinema -c development.ini COMMAND`: everything an operator does outside HTTP.

Commands talk to the database that the ini (or CINEMA_DATABASE_URL) names. What cannot be done ends in one line on
stderr and exit status 1.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import plaster
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cinema.core.db.engines import Database, DatabaseSettings
from cinema.core.db.revision import NotReady, require_head
from cinema.core.errors import Problem
from cinema.core.settings import SettingError, read
from cinema.scripts import accounts, database, demo, importing, superuser


@dataclass
class Site:
    """What the ini says; what every command works on."""

    ini: str

    @property
    def settings(self) -> dict[str, str]:
        """The `[app:main]` section."""
        if not Path(self.ini).is_file():
            raise click.ClickException(f"there is no file {self.ini}")
        loaded: dict[str, str] = plaster.get_settings(self.ini, "app:main")
        return loaded

    def database(self) -> Database:
        """The database, whatever state it is in."""
        return Database(read(DatabaseSettings, self.settings))

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session on a database that is up to date. Commits at the end; an exception undoes everything."""
        opened = self.database()
        try:
            require_head(opened.readers, self.ini)
            with opened.plain_session() as session, session.begin():
                yield session
        finally:
            opened.dispose()


class OneLineErrors(click.Group):
    """A group whose commands fail with one line instead of a traceback."""

    def invoke(self, context: click.Context) -> object:
        """Runs the command."""
        try:
            return super().invoke(context)
        except (SettingError, NotReady) as error:
            raise click.ClickException(str(error)) from None
        except Problem as problem:
            raise click.ClickException(problem.detail) from None
        except DBAPIError as error:
            raise click.ClickException(f"the database refused: {str(error.orig).splitlines()[0]}") from None


@click.group(cls=OneLineErrors, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cinema")
@click.option(
    "-c",
    "--config",
    "ini",
    default="development.ini",
    show_default=True,
    help="The ini file of the installation.",
)
@click.pass_context
def main(context: click.Context, ini: str) -> None:
    """Run and look after a cinema."""
    context.obj = Site(ini)


main.add_command(database.db)
main.add_command(demo.demo)
main.add_command(importing.import_)
main.add_command(superuser.superuser)
main.add_command(accounts.user)
main.add_command(accounts.role)
main.add_command(accounts.signing_keys)
