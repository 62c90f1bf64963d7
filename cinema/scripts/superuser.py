"""`cinema superuser`: accounts that may do everything, the first of a new installation among them."""

from collections.abc import Mapping
from typing import Any

import click

from cinema.accounts import services
from cinema.accounts.administration import set_superuser
from cinema.accounts.password_rules import check_new_password
from cinema.accounts.passwords import hash_password
from cinema.accounts.schemas import Registration
from cinema.accounts.settings import AccountSettings
from cinema.core import clock
from cinema.core.errors import Invalid
from cinema.core.schemas import deserialize
from cinema.core.settings import read
from cinema.scripts.accounts import find, superusers
from cinema.scripts.passwords import answer_for, asked_for, from_stdin


@click.group()
def superuser() -> None:
    """Accounts that may do everything."""


@superuser.command()
@click.option("--username", help="Asked for when it is missing.")
@click.option("--email", help="Asked for when it is missing.")
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin, one line.")
@click.pass_obj
def create(site: Any, username: str | None, email: str | None, password_stdin: bool) -> None:
    """Make an account that may do everything."""
    wanted = {
        "username": answer_for("username") if username is None else username,
        "email": answer_for("email") if email is None else email,
        "password": from_stdin() if password_stdin else asked_for(),
    }
    account = checked_account(wanted, site.settings)
    with site.session() as db:
        services.register(db, **account, now=clock.utcnow(), superuser=True)
    click.echo(f"superuser {account['username']} created")


@superuser.command("list")
@click.pass_obj
def list_superusers(site: Any) -> None:
    """List the accounts that may do everything."""
    with site.session() as db:
        for each in superusers(db):
            click.echo(each)


@superuser.command()
@click.argument("login")
@click.pass_obj
def revoke(site: Any, login: str) -> None:
    """Make the superuser LOGIN an ordinary account again."""
    with site.session() as db:
        set_superuser(db, find(db, login).id, False, clock.utcnow())
    click.echo(f"{login} is no superuser any more")


def checked_account(wanted: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, Any]:
    """What `services.register` takes, made of a username, an e-mail address and a password, which is hashed.

    The rules are those of registration over HTTP. Raises ClickException with every bad field and its reason.
    """
    least = read(AccountSettings, settings).password_min_length
    try:
        account = deserialize(Registration(), wanted)
        password = account.pop("password")
        check_new_password(password, least=least, own=account.values())
    except Invalid as invalid:
        reasons = "; ".join(f"{error.field}: {error.message}" for error in invalid.errors)
        raise click.ClickException(reasons) from None
    return account | {"password_hash": hash_password(password)}
