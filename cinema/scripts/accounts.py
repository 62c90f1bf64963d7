"""`cinema user`, `cinema role`, `cinema keys`: accounts and access."""

from typing import Any

import click
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from cinema.accounts import administration, keys, services
from cinema.accounts.administration import CONSOLE
from cinema.accounts.models import User
from cinema.accounts.password_rules import check_new_password
from cinema.accounts.passwords import hash_password
from cinema.accounts.queries import ROLES
from cinema.accounts.roles import ROLE_NAMES, role_names
from cinema.accounts.settings import AccountSettings
from cinema.core import clock
from cinema.core.errors import Invalid
from cinema.core.settings import read
from cinema.scripts.passwords import asked_for, from_stdin


@click.group()
def user() -> None:
    """Disable and enable accounts, set passwords."""


@user.command()
@click.argument("login")
@click.pass_obj
def disable(site: Any, login: str) -> None:
    """Disable the account LOGIN (username or e-mail address); all its sessions end."""
    _set_active(site, login, active=False)


@user.command()
@click.argument("login")
@click.pass_obj
def enable(site: Any, login: str) -> None:
    """Enable the account LOGIN again."""
    _set_active(site, login, active=True)


@user.command()
@click.argument("login")
@click.option("--password-stdin", "given", is_flag=True, help="Read the new password from standard input.")
@click.pass_obj
def password(site: Any, login: str, given: bool) -> None:
    """Set a new password for the account LOGIN; all its sessions end."""
    new = from_stdin() if given else asked_for()
    with site.session() as db:
        found = find(db, login)
    _check(site, new, found)
    hashed = hash_password(new)
    with site.session() as db:
        services.change_password(db, found.id, found.password_hash, hashed, clock.utcnow())
    click.echo(f"password of {login} set")


@click.group()
def role() -> None:
    """List, grant and revoke roles."""


@role.command("list")
@click.pass_obj
def list_roles(site: Any) -> None:
    """List the roles and what they may do."""
    with site.session() as db:
        for each in db.execute(ROLES.order_by("name")):
            click.echo(f"{each.name}: {each.description} {each.permissions}")


@role.command()
@click.argument("login")
@click.argument("role_name", metavar="ROLE")
@click.pass_obj
def grant(site: Any, login: str, role_name: str) -> None:
    """Give the account LOGIN a ROLE."""
    with site.session() as db:
        administration.grant_role(db, find(db, login).id, role_name, CONSOLE, clock.utcnow())
    click.echo(f"{login} has the role {role_name}")


@role.command()
@click.argument("login")
@click.argument("role_name", metavar="ROLE")
@click.pass_obj
def revoke(site: Any, login: str, role_name: str) -> None:
    """Take a ROLE from the account LOGIN."""
    with site.session() as db:
        administration.revoke_role(db, find(db, login).id, role_name, CONSOLE, clock.utcnow())
    click.echo(f"{login} no longer has the role {role_name}")


@click.group("keys")
def signing_keys() -> None:
    """Look after the keys that sign access tokens."""


@signing_keys.command()
@click.pass_obj
def rotate(site: Any) -> None:
    """Make a new signing key. Nobody is signed out: tokens of the old one stay good as long as they live."""
    with site.session() as db:
        key_id = keys.rotate(db, clock.utcnow())
    click.echo(f"key {key_id} made; it signs in a few seconds, when every process has heard of it")


def find(db: Session, login: str) -> Row[Any]:
    """Whoever signs in as LOGIN. Raises ClickException."""
    found = services.find_for_login(db, login)
    if found is None:
        raise click.ClickException(f"there is no account {login}")
    return found


def superusers(db: Session) -> list[str]:
    """The names of all superusers, with their roles."""
    rows = db.execute(select(User.username, User.email, ROLE_NAMES).where(User.is_superuser).order_by(User.id))
    return [f"{row.username or row.email} ({', '.join(role_names(row))})" for row in rows]


def _set_active(site: Any, login: str, *, active: bool) -> None:
    with site.session() as db:
        administration.set_active(db, find(db, login).id, active, CONSOLE, clock.utcnow())
    click.echo(f"{login} {'enabled' if active else 'disabled'}")


def _check(site: Any, new: str, found: Row[Any]) -> None:
    least = read(AccountSettings, site.settings).password_min_length
    own = (found.username, found.email, found.name, found.surname)
    try:
        check_new_password(new, least=least, own=own)
    except Invalid as invalid:
        raise click.ClickException("; ".join(error.message for error in invalid.errors)) from None
