"""`cinema demo`: a cinema to look around in."""

from typing import Any

import click

from cinema.core import CoreSettings, clock
from cinema.core.settings import read
from cinema.schedule.settings import ScheduleSettings
from cinema.scripts.demo.accounts import prepare
from cinema.scripts.demo.filling import fill, is_empty
from cinema.scripts.demo.summary import summary
from cinema.scripts.passwords import from_stdin


@click.command()
@click.option("--into-non-empty", is_flag=True, help="Fill a database that holds something already.")
@click.option("--if-empty", is_flag=True, help="Do nothing when the database holds something already.")
@click.option("--password-stdin", is_flag=True, help="Read one password for both accounts from stdin.")
@click.pass_obj
def demo(site: Any, into_non_empty: bool, if_empty: bool, password_stdin: bool) -> None:
    """Fill an empty database with films, halls, two weeks of screenings, cassettes and two accounts."""
    if into_non_empty and if_empty:
        raise click.UsageError("--into-non-empty and --if-empty exclude each other")
    schedule, currency = read(ScheduleSettings, site.settings), read(CoreSettings, site.settings).currency
    accounts = prepare(site.settings, from_stdin() if password_stdin else None)
    with site.session() as db:
        if not into_non_empty and not is_empty(db):
            if if_empty:
                return
            raise click.ClickException("the database is not empty; --into-non-empty fills it all the same")
        contents = fill(db, accounts, schedule, currency, clock.utcnow(), keep_taken=into_non_empty)
    click.echo(summary(contents, accounts))
