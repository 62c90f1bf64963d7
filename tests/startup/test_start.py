"""`pserve`, as an operator runs it: it serves, or it says in one line why not."""

import http.client
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import SECRET
from tests.databases import PostgreSQL, migrate, migrated_sqlite
from tests.processes import environment, free_port, script, started, write_ini

REPOSITORY = Path(__file__).parents[2]


def complaint(folder: Path, settings: dict[str, str], **variables: str) -> str:
    """The one line that `pserve` writes when it refuses these settings; it has to exit with 1."""
    ini = write_ini(folder / "refused.ini", settings)
    command = [script("pserve"), str(ini), f"http_port={free_port()}"]
    ended = subprocess.run(
        command, capture_output=True, text=True, timeout=30, env=environment(**variables), check=False
    )
    assert (ended.returncode, ended.stdout) == (1, ""), ended.stderr
    [line] = ended.stderr.splitlines()
    assert line.startswith("cinema: ")
    return line


def good(database: Path | str) -> dict[str, str]:
    """Settings that nothing is wrong with."""
    url = database if isinstance(database, str) else f"sqlite:///{database}"
    return {"cinema.database_url": url, "cinema.jwt_secret": SECRET}


# -- the secret ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("secret", "what"),
    [
        ("", "is missing"),
        ("0123456789abcdefghijklmnopqrstu", "has 31 bytes; it needs at least 32"),
        ("change-me-change-me-change-me-change-me", "is a placeholder"),
        ("x" * 40, "is a placeholder"),
    ],
    ids=["missing", "short", "placeholder", "typed"],
)
def test_a_secret_that_protects_nothing_stops_the_start(tmp_path: Path, secret: str, what: str) -> None:
    line = complaint(tmp_path, good(tmp_path / "never-opened.sqlite3") | {"cinema.jwt_secret": secret})
    assert f"setting cinema.jwt_secret {what}" in line
    assert not secret or secret not in line


def test_a_short_secret_in_the_environment_stops_the_start_as_well(tmp_path: Path) -> None:
    line = complaint(tmp_path, good(tmp_path / "never-opened.sqlite3"), CINEMA_JWT_SECRET="short")
    assert "setting cinema.jwt_secret has 5 bytes" in line


def test_production_does_not_start_as_it_comes(tmp_path: Path) -> None:
    """`production.ini` brings no secret."""
    shutil.copy(REPOSITORY / "production.ini", tmp_path)
    command = [script("pserve"), str(tmp_path / "production.ini")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, env=environment(), check=False)
    assert (ended.returncode, len(ended.stderr.splitlines())) == (1, 1)
    assert "cinema.jwt_secret is missing" in ended.stderr


# -- other settings ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("cinema.currency", "euro", "setting cinema.currency: must be three capital letters"),
        ("cinema.timezone", "Mars/X", "setting cinema.timezone: must be a time zone"),
        ("cinema.opening_hours", "8-23", "setting cinema.opening_hours: must be like 08:00-23:00"),
        ("cinema.curency", "EUR", "setting cinema.curency is unknown; did you mean cinema.currency?"),
        ("cinema.database_url", "mysql://x/y", "setting cinema.database_url: must be sqlite or postgresql"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    tmp_path: Path, sqlite_template: Path, name: str, value: str, what: str
) -> None:
    assert what in complaint(tmp_path, good(sqlite_template) | {name: value})


# -- the database --------------------------------------------------------------------------------------------


def test_missing_tables_are_told_with_the_command_that_makes_them(tmp_path: Path) -> None:
    line = complaint(tmp_path, good(tmp_path / "empty.sqlite3"))
    assert line == f"cinema: the database has no tables yet; run: cinema -c {tmp_path}/refused.ini db upgrade"


def test_the_command_that_the_complaint_names_makes_the_tables(tmp_path: Path) -> None:
    settings = good(tmp_path / "empty.sqlite3")
    command = complaint(tmp_path, settings).partition("run: ")[2].split()
    subprocess.run([script(command[0]), *command[1:]], check=True, timeout=30, env=environment())
    with started(tmp_path / "refused.ini") as servers:
        assert len(servers) == 1


def test_tables_of_another_version_are_told_with_both_revisions(tmp_path: Path) -> None:
    database = migrated_sqlite(tmp_path / "newer.sqlite3")
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "the database is at revision 9999, this version needs " in complaint(tmp_path, good(database))


def test_missing_tables_on_postgresql_are_told_alike(tmp_path: Path, postgresql: PostgreSQL) -> None:
    assert "the database has no tables yet; run: " in complaint(tmp_path, good(postgresql.empty("untouched")))


def test_a_postgresql_that_is_away_is_one_line(tmp_path: Path) -> None:
    url = f"postgresql://cinema:canary-word@127.0.0.1:{free_port()}/cinema"
    line = complaint(tmp_path, good(url))
    assert "cannot open the database" in line
    assert "canary-word" not in line


def test_a_postgresql_without_that_database_is_one_line(tmp_path: Path, postgresql: PostgreSQL) -> None:
    line = complaint(tmp_path, good(postgresql.url("nowhere")))
    assert "cannot open the database" in line
    assert "nowhere" in line


def test_a_folder_that_does_not_exist_is_one_line(tmp_path: Path) -> None:
    assert "cannot open the database" in complaint(tmp_path, good(tmp_path / "no" / "folder.sqlite3"))


def test_a_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "text.sqlite3").write_text("This is not a database. " * 100)
    assert "cannot open the database" in complaint(tmp_path, good(tmp_path / "text.sqlite3"))


# -- the settings files that come along ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["development.ini", "production.ini"])
def test_the_settings_files_serve_on_the_port_of_the_command_line(tmp_path: Path, name: str) -> None:
    ini = Path(shutil.copy(REPOSITORY / name, tmp_path))
    migrate(f"sqlite:///{tmp_path / 'cinema.sqlite3'}")
    with started(ini, CINEMA_JWT_SECRET=SECRET) as [server]:
        client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        client.request("GET", "/api/v1/movies")
        answer = client.getresponse()
        assert (answer.status, answer.headers["Content-Type"]) == (401, "application/problem+json")
        assert answer.headers["Server"] is None
        client.close()
    assert "Traceback" not in server.log.read_text()


def test_development_makes_its_own_secret_beside_the_settings(tmp_path: Path) -> None:
    ini = Path(shutil.copy(REPOSITORY / "development.ini", tmp_path))
    migrate(f"sqlite:///{tmp_path / 'cinema.sqlite3'}")
    with started(ini):
        pass
    secret = tmp_path / "development.secret"
    assert secret.stat().st_mode & 0o777 == 0o600
    assert len(secret.read_bytes()) >= 32
