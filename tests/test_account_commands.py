"""`cinema superuser`, `cinema user`, `cinema role`, `cinema keys`, on a SQLite file."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cinema.accounts.passwords import verify_password
from cinema.scripts.cli import main

PASSWORD = "correct horse battery staple"


class Site:
    """An installation with one superuser, `boss`."""

    def __init__(self, folder: Path, template: Path) -> None:
        self.file = folder / "cinema.sqlite3"
        shutil.copy(template, self.file)
        self.ini = folder / "cinema.ini"
        self.ini.write_text(f"[app:main]\nuse = egg:cinema\ncinema.database_url = sqlite:///{self.file}\n")
        self.superuser("boss")

    def superuser(self, name: str) -> None:
        """One more superuser."""
        create = ("superuser", "create", "--username", name, "--email", f"{name}@cinema.example", "--password-stdin")
        assert self.run(*create, stdin=PASSWORD).exit_code == 0

    def run(self, *arguments: str, stdin: str | None = None) -> Result:
        """`cinema -c INI …`"""
        return CliRunner().invoke(main, ["-c", str(self.ini), *arguments], input=stdin, prog_name="cinema")

    def value(self, statement: str) -> Any:
        """The only value of a statement."""
        with closing(sqlite3.connect(self.file)) as connection:
            return connection.execute(statement).fetchone()[0]

    def refused(self, *arguments: str, stdin: str | None = None) -> str:
        """The one line that a command fails with."""
        result = self.run(*arguments, stdin=stdin)
        assert result.exit_code == 1
        [line] = result.stderr.splitlines()
        return line


@pytest.fixture
def site(tmp_path: Path, sqlite_template: Path) -> Site:
    return Site(tmp_path, sqlite_template)


def test_superusers_are_listed(site: Site) -> None:
    site.superuser("second")
    assert site.run("superuser", "list").stdout.splitlines() == ["boss (member)", "second (member)"]


def test_a_superuser_becomes_an_ordinary_account_again(site: Site) -> None:
    site.superuser("second")
    assert site.run("superuser", "revoke", "second").exit_code == 0
    assert site.run("superuser", "list").stdout == "boss (member)\n"
    assert site.value("SELECT count(*) FROM access_events WHERE kind = 'user-changed'") == 1


def test_the_last_superuser_stays_one(site: Site) -> None:
    assert "Nobody would be left" in site.refused("superuser", "revoke", "boss")


def test_a_disabled_account_is_enabled_again(site: Site) -> None:
    site.superuser("second")
    assert site.run("user", "disable", "SECOND@cinema.example").stdout == "SECOND@cinema.example disabled\n"
    assert site.value("SELECT is_active FROM users WHERE username = 'second'") == 0
    assert site.run("user", "enable", "second").exit_code == 0
    assert site.value("SELECT is_active FROM users WHERE username = 'second'") == 1


def test_the_last_administrator_cannot_be_disabled(site: Site) -> None:
    assert "Nobody would be left" in site.refused("user", "disable", "boss")


def test_a_password_is_set(site: Site) -> None:
    assert site.run("user", "password", "boss", "--password-stdin", stdin="another long password\n").exit_code == 0
    assert verify_password(site.value("SELECT password_hash FROM users"), "another long password")


@pytest.mark.parametrize("bad", ["short", "boss has a good password"])
def test_a_bad_password_is_refused(site: Site, bad: str) -> None:
    before = site.value("SELECT password_hash FROM users")
    site.refused("user", "password", "boss", "--password-stdin", stdin=bad)
    assert site.value("SELECT password_hash FROM users") == before


def test_a_role_is_granted_and_revoked_again_and_again(site: Site) -> None:
    for _again in range(2):
        assert site.run("role", "grant", "boss", "staff").stdout == "boss has the role staff\n"
        assert site.value("SELECT count(*) FROM user_roles") == 2
    for _again in range(2):
        assert site.run("role", "revoke", "boss", "staff").exit_code == 0
        assert site.value("SELECT count(*) FROM user_roles") == 1


def test_roles_are_listed_with_what_they_may_do(site: Site) -> None:
    listed = site.run("role", "list").stdout
    assert [line.split(":")[0] for line in listed.splitlines()] == ["admin", "anonymous", "member", "staff"]
    assert "movies:edit" in listed


@pytest.mark.parametrize(
    "arguments",
    [
        ("role", "grant", "nobody", "staff"),
        ("role", "grant", "boss", "king"),
        ("user", "disable", "nobody"),
        ("superuser", "revoke", "nobody"),
    ],
)
def test_what_does_not_exist_is_one_line(site: Site, arguments: tuple[str, ...]) -> None:
    assert "there is no" in site.refused(*arguments).lower()


def test_keys_rotate(site: Site) -> None:
    assert site.run("keys", "rotate").exit_code == 0
    assert site.run("keys", "rotate").exit_code == 0
    assert site.value("SELECT count(*) FROM signing_keys") == 2
    assert site.value("SELECT count(*) FROM access_events WHERE kind = 'keys-changed'") == 2
