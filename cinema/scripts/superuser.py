"""`cinema superuser`: the first account of a new installation.

Passwords never come from the arguments: those end up in the shell's history and in the list of processes.
"""

import sys
from collections.abc import Mapping
from typing import Any

import click

from cinema.accounts import services
from cinema.accounts.password_rules import check_new_password
from cinema.accounts.passwords import hash_password
from cinema.accounts.schemas import Registration
from cinema.accounts.settings import AccountSettings
from cinema.core import clock
from cinema.core.errors import Invalid
from cinema.core.schemas import deserialize
from cinema.core.settings import read


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
        "username": _asked_for("username") if username is None else username,
        "email": _asked_for("email") if email is None else email,
        "password": password_from_stdin() if password_stdin else _password_asked_for(),
    }
    account = checked_account(wanted, site.settings)
    with site.session() as db:
        services.register(db, **account, now=clock.utcnow(), superuser=True)
    click.echo(f"superuser {account['username']} created")


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


def password_from_stdin() -> str:
    """One line of stdin, in UTF-8, without its newline. Raises ClickException when it is not UTF-8."""
    line = sys.stdin.buffer.readline() if sys.stdin else b""
    try:
        return line.removesuffix(b"\n").decode()
    except UnicodeDecodeError:
        raise click.ClickException("password: is not UTF-8") from None


def _asked_for(name: str) -> str:
    if not _on_terminal():
        raise click.ClickException(f"--{name} is missing, and there is no terminal to ask for it")
    answer: str = click.prompt(name.capitalize(), err=True)
    return answer


def _password_asked_for() -> str:
    if not _on_terminal():
        raise click.ClickException("there is no terminal to ask for the password; use --password-stdin")
    answer: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return answer


def _on_terminal() -> bool:
    return bool(sys.stdin and sys.stdin.isatty())
