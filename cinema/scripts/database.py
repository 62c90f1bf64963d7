"""`cinema db`: the tables."""

from typing import Any

import click
from alembic import command
from alembic.migration import MigrationContext

from cinema.core.db.revision import alembic_config


@click.group()
def db() -> None:
    """Create, upgrade and downgrade the tables."""


@db.command()
@click.argument("revision", default="head")
@click.pass_obj
def upgrade(site: Any, revision: str) -> None:
    """Bring the tables up to REVISION (default: this version's)."""
    _run(site, command.upgrade, revision)


@db.command()
@click.argument("revision")
@click.pass_obj
def downgrade(site: Any, revision: str) -> None:
    """Take the tables down to REVISION (-1: one step; base: nothing left)."""
    _run(site, command.downgrade, revision)


@db.command()
@click.pass_obj
def current(site: Any) -> None:
    """Show the revision the tables are at."""
    database = site.database()
    with database.readers.connect() as connection:
        click.echo(MigrationContext.configure(connection).get_current_revision() or "no tables yet")
    database.dispose()


def _run(site: Any, action: Any, revision: str) -> None:
    database = site.database()
    config = alembic_config()
    with database.migrating() as connection:
        config.attributes["connection"] = connection
        action(config, revision)
    database.dispose()
