"""The `cinema` command line, on a SQLite file."""

import fcntl
import json
import os
import pty
import sqlite3
import subprocess
import sys
import termios
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from cinema.accounts.passwords import verify_password
from cinema.accounts.services import find_for_login
from cinema.scripts.cli import Site, main
from cinema.shop import services as shop

NOW = datetime(2026, 10, 20, 20, tzinfo=UTC)  # in Kathmandu it is the 21st; Berlin's clocks change on the 25th
PASSWORD = "correct horse battery staple"
SUPERUSER = (
    "superuser",
    "create",
    "--username",
    "Boss",
    "--email",
    "boss@cinema.example",
    "--password-stdin",
)

MakeCinema = Callable[..., "Cinema"]


class Cinema:
    """An ini and its database file in a folder."""

    def __init__(self, folder: Path, **settings: str) -> None:
        folder.mkdir(exist_ok=True)
        self.ini = str(folder / "cinema.ini")
        self.file = folder / "cinema.sqlite3"
        lines = ["[app:main]", "use = egg:cinema", f"cinema.database_url = sqlite:///{self.file}"]
        lines += [f"cinema.{name} = {value}" for name, value in settings.items()]
        Path(self.ini).write_text("\n".join(lines) + "\n")

    def run(self, *arguments: str, stdin: str | bytes | None = None) -> Result:
        """`cinema -c INI …`"""
        return CliRunner().invoke(main, ["-c", self.ini, *arguments], input=stdin, prog_name="cinema")

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What the database holds."""
        with closing(sqlite3.connect(self.file)) as connection:
            return connection.execute(statement).fetchall()

    def value(self, statement: str) -> Any:
        """The only value of a statement."""
        return self.rows(statement)[0][0]

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every table with all its rows, without password hashes; not the log, which says who wrote when."""
        tables = [name for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
        return {table: self._all_but_hashes(table) for table in tables if table != "changes"}

    def _all_but_hashes(self, table: str) -> list[tuple[Any, ...]]:
        columns = [row[1] for row in self.rows(f'PRAGMA table_info("{table}")') if row[1] != "password_hash"]
        return sorted(self.rows(f'SELECT {", ".join(columns)} FROM "{table}"'), key=repr)


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands at NOW, and the environment says nothing."""
    monkeypatch.delenv("CINEMA_DATABASE_URL", raising=False)
    monkeypatch.setattr("cinema.core.clock.utcnow", lambda: NOW)


@pytest.fixture
def new_cinema(tmp_path: Path) -> MakeCinema:
    """Makes an upgraded, empty cinema with the given settings."""

    def make(name: str = "cinema", **settings: str) -> Cinema:
        cinema = Cinema(tmp_path / name, **settings)
        succeeded(cinema.run("db", "upgrade"))
        return cinema

    return make


@pytest.fixture
def cinema(new_cinema: MakeCinema) -> Cinema:
    """An upgraded, empty cinema with the default settings."""
    return new_cinema()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Cinema:
    """A cinema with the demo in it, only to be looked at."""
    cinema = Cinema(tmp_path_factory.mktemp("filled"))
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("CINEMA_DATABASE_URL", raising=False)
        succeeded(cinema.run("db", "upgrade"))
        succeeded(cinema.run("demo"))
    return cinema


def succeeded(result: Result) -> str:
    """What a command printed; it has to have succeeded, without a word on stderr."""
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    return result.stdout


def refused(result: Result) -> str:
    """The one line with which a command failed."""
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    return result.stderr.removeprefix("Error: ").rstrip("\n")


def signs_in(cinema: Cinema, login: str, password: str) -> Any:
    """Whoever signs in so, or None."""
    database = Site(cinema.ini).database()
    with database.readers.connect() as connection:
        user = find_for_login(connection, login)
    database.dispose()
    return user if user and verify_password(user.password_hash, password) else None


# -- demo ----------------------------------------------------------------------------------------------------


def test_demo_fills_an_empty_database(cinema: Cinema) -> None:
    said = succeeded(cinema.run("demo"))
    films, screenings = (cinema.value(f"SELECT count(*) FROM {table}") for table in ("movies", "screenings"))
    assert f"{films} films, 3 halls, {screenings} screenings" in said
    assert "POST /api/v1/auth/login" in said
    assert cinema.value("SELECT count(*) FROM halls") == 3
    assert cinema.value("SELECT count(*) FROM cassettes WHERE price_minor > 0") == 8
    assert cinema.rows("SELECT username, email, is_superuser FROM users ORDER BY username") == [
        ("admin", "admin@cinema.example", 0),
        ("member", "member@cinema.example", 0),
    ]


def test_demo_prints_passwords_that_sign_in(cinema: Cinema) -> None:
    said = succeeded(cinema.run("demo"))
    passwords = {line.split()[0]: line.split()[-1] for line in said.splitlines() if line.startswith("  ")}
    assert len(set(passwords.values())) == 2
    assert signs_in(cinema, "member", passwords["member"]).roles == '["member"]'
    admin = signs_in(cinema, "admin@cinema.example", passwords["admin"])
    assert json.loads(admin.roles) == ["admin", "member"]


def test_demo_draws_other_passwords_each_time(new_cinema: MakeCinema) -> None:
    said = [succeeded(new_cinema(name).run("demo")) for name in ("first", "second")]
    assert said[0] != said[1]


def test_demo_takes_one_password_for_both_accounts_and_does_not_repeat_it(cinema: Cinema) -> None:
    said = succeeded(cinema.run("demo", "--password-stdin", stdin=f"{PASSWORD}\n"))
    assert PASSWORD not in said
    assert signs_in(cinema, "admin", PASSWORD)
    assert signs_in(cinema, "member", PASSWORD)


def test_demo_passwords_are_as_long_as_the_setting_wants(new_cinema: MakeCinema) -> None:
    strict = new_cinema(password_min_length="128")
    assert refused(strict.run("demo", "--password-stdin", stdin=PASSWORD)).startswith("password: needs at least 128")
    succeeded(strict.run("demo"))


def test_demo_refuses_a_database_with_data(cinema: Cinema) -> None:
    succeeded(cinema.run(*SUPERUSER, stdin=PASSWORD))
    before = cinema.contents()
    assert "not empty" in refused(cinema.run("demo"))
    assert cinema.contents() == before


def test_demo_is_quiet_about_a_database_with_data_when_it_need_not_be_empty(cinema: Cinema) -> None:
    assert succeeded(cinema.run("demo", "--if-empty"))
    before = cinema.contents()
    assert succeeded(cinema.run("demo", "--if-empty")) == ""
    assert cinema.contents() == before


def test_demo_into_a_non_empty_database_leaves_accounts_alone(cinema: Cinema) -> None:
    succeeded(cinema.run("demo", "--password-stdin", stdin=PASSWORD))
    genres = cinema.rows("SELECT name FROM genres")
    said = succeeded(cinema.run("demo", "--into-non-empty"))
    assert said.count("was there already") == 2
    assert signs_in(cinema, "admin", PASSWORD)
    assert cinema.value("SELECT count(*) FROM halls") == 6
    assert cinema.rows("SELECT name FROM genres") == genres


def test_demo_into_a_non_empty_database_makes_nobody_an_admin(cinema: Cinema) -> None:
    stranger = ("superuser", "create", "--username", "ADMIN", "--email", "stranger@cinema.example")
    succeeded(cinema.run(*stranger, "--password-stdin", stdin=PASSWORD))
    succeeded(cinema.run("demo", "--into-non-empty"))
    assert signs_in(cinema, "admin", PASSWORD).roles == '["member"]'
    assert cinema.value("SELECT count(*) FROM users") == 2


def test_demo_wants_either_an_empty_database_or_not(cinema: Cinema) -> None:
    assert cinema.run("demo", "--into-non-empty", "--if-empty").exit_code == 2


def test_demo_leaves_nothing_behind_when_it_fails(cinema: Cinema, monkeypatch: pytest.MonkeyPatch) -> None:
    before, create, made = cinema.contents(), shop.create_cassette, []

    def fail_at_the_last(*arguments: Any) -> int:
        made.append(arguments)
        if len(made) == 8:
            raise RuntimeError("out of tape")
        return create(*arguments)

    monkeypatch.setattr("cinema.scripts.demo.cassettes.create_cassette", fail_at_the_last)
    assert isinstance(cinema.run("demo").exception, RuntimeError)
    assert cinema.contents() == before


def test_demo_is_the_same_twice(new_cinema: MakeCinema) -> None:
    first, second = (new_cinema(name) for name in ("first", "second"))
    for each in (first, second):
        succeeded(each.run("demo"))
    assert first.contents() == second.contents()


def test_demo_is_the_same_on_another_day_but_for_the_dates(
    new_cinema: MakeCinema, monkeypatch: pytest.MonkeyPatch
) -> None:
    programme = "SELECT hall_id, movie_id, julianday(starts_at) - {} FROM screenings ORDER BY id"
    today, later = new_cinema("today"), new_cinema("later")
    succeeded(today.run("demo"))
    monkeypatch.setattr("cinema.core.clock.utcnow", lambda: NOW + timedelta(days=100, hours=-19))
    succeeded(later.run("demo"))
    assert today.rows(programme.format(0)) == later.rows(programme.format(100))


def test_demo_has_sixty_films_and_cyrillic_titles(filled: Cinema) -> None:
    titles = [title for (title,) in filled.rows("SELECT title FROM movies")]
    assert len(titles) >= 60
    assert "Ирония судьбы, или С лёгким паром!" in titles
    assert filled.value("SELECT count(*) FROM movies WHERE title_key LIKE '%иван васильевич%'") == 1


def test_demo_keeps_the_lists_of_films_in_order_and_enters_nobody_twice(filled: Cinema) -> None:
    source = Path(__file__).parent.parent / "cinema" / "scripts" / "demo" / "films.json"
    film = next(each for each in json.loads(source.read_text("utf-8")) if each["title"] == "Metropolis")
    listed = "SELECT {} FROM movies m JOIN movie_{}s l ON m.id = movie_id JOIN {}s n ON n.id = {}_id"
    where = " WHERE title = 'Metropolis' ORDER BY position"
    kinds = {"actor": "first_name, last_name", "genre": "name", "director": "name"}
    found = {kind: filled.rows(listed.format(names, kind, kind, kind) + where) for kind, names in kinds.items()}
    assert [list(row) for row in found["actor"]] == film["actors"]
    assert [name for (name,) in found["genre"]] == film["genres"]
    assert [name for (name,) in found["director"]] == film["directors"]
    for kind, names in kinds.items():
        assert filled.rows(f"SELECT {names} FROM {kind}s GROUP BY {names} HAVING count(*) > 1") == []


def test_demo_halls_are_unlike(filled: Cinema) -> None:
    great, studio, lounge = filled.rows("SELECT rows, capacity, layout FROM halls ORDER BY id")
    assert great[0] == 12
    assert 35 <= studio[1] <= 45
    assert set(lounge[2]) & {".", "A"} == {"A"}, "the row's name"
    first, *_middle, last = great[2].splitlines()
    assert "A" in first.partition("|")[2]
    assert set(last.partition("|")[2]) == {"P", "_"}


def test_cassettes_are_of_films_of_the_catalogue(filled: Cinema) -> None:
    matched = filled.value(
        "SELECT count(*) FROM cassettes c"
        " JOIN movies m ON m.title = c.title AND m.year = substr(released, 1, 4) + 0"
        " JOIN movie_directors l ON l.movie_id = m.id"
        " JOIN directors d ON d.id = director_id AND d.name = c.director"
    )
    assert matched == 8


@pytest.mark.parametrize(
    ("zone", "hours", "opens", "open_for", "today"),
    [
        ("UTC", "08:00-23:00", time(8), timedelta(hours=15), date(2026, 10, 20)),
        ("Europe/Berlin", "17:00-04:00", time(17), timedelta(hours=11), date(2026, 10, 20)),
        ("Asia/Kathmandu", "09:10-22:40", time(9, 10), timedelta(hours=13, minutes=30), date(2026, 10, 21)),
    ],
)
def test_screenings_lie_in_opening_hours_and_do_not_overlap(
    new_cinema: MakeCinema, zone: str, hours: str, opens: time, open_for: timedelta, today: date
) -> None:
    cinema = new_cinema(timezone=zone, opening_hours=hours, cleaning_minutes="20")
    succeeded(cinema.run("demo"))
    days: dict[int, set[date]] = {}
    last_ends: dict[int, datetime] = {}
    for hall, text, minutes in cinema.rows(
        "SELECT hall_id, starts_at, duration FROM screenings JOIN movies ON movies.id = movie_id ORDER BY starts_at"
    ):
        starts = datetime.fromisoformat(text).replace(tzinfo=UTC)
        over = starts + timedelta(minutes=minutes + 20)
        assert last_ends.get(hall, starts) <= starts
        last_ends[hall] = over
        wall = starts.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        opening_day = (wall - timedelta(hours=opens.hour, minutes=opens.minute)).date()
        opened = datetime.combine(opening_day, opens)
        assert opened <= wall
        assert over.astimezone(ZoneInfo(zone)).replace(tzinfo=None) <= opened + open_for
        assert wall.minute % 15 == 0
        days.setdefault(hall, set()).add(opening_day)
    assert list(days.values()) == [{today + timedelta(days=number) for number in range(14)}] * 3


def test_prices_are_in_the_cinemas_currency_and_higher_in_the_evening(new_cinema: MakeCinema) -> None:
    cinema = new_cinema(currency="JPY")
    succeeded(cinema.run("demo"))
    assert cinema.rows("SELECT DISTINCT currency FROM screening_prices UNION SELECT currency FROM cassettes") == [
        ("JPY",)
    ]
    by_hour = cinema.rows(
        "SELECT DISTINCT time(starts_at) < '12:00', time(starts_at) >= '18:00', amount_minor FROM screenings"
        " JOIN screening_prices ON screening_id = id WHERE category = 'standard'"
    )
    morning, day, evening = (
        next(amount for early, late, amount in by_hour if (early, late) == part) for part in ((1, 0), (0, 0), (0, 1))
    )
    assert morning < day < evening
    assert len(by_hour) == 3
    assert cinema.value("SELECT count(*) FROM screening_prices") == 3 * cinema.value(
        "SELECT count(*) FROM screenings"
    )


# -- superuser -----------------------------------------------------------------------------------------------


def test_a_superuser_is_created_and_signs_in(cinema: Cinema) -> None:
    assert succeeded(cinema.run(*SUPERUSER, stdin=f"{PASSWORD} \n")) == "superuser Boss created\n"
    for login in ("boss", "BOSS@cinema.example"):
        user = signs_in(cinema, login, f"{PASSWORD} ")
        assert (user.is_superuser, user.is_active, user.roles) == (True, True, '["member"]')
    assert signs_in(cinema, "boss", PASSWORD) is None, "only the newline is taken off"


def on_a_terminal(cinema: Cinema, *arguments: str, answers: list[str]) -> tuple[int, str]:
    """Runs a command on a terminal of its own, answering each prompt; answers its exit status and what was shown."""
    master, slave = pty.openpty()
    command = [Path(sys.executable).with_name("cinema"), "-c", cinema.ini, *arguments]

    def take_the_terminal() -> None:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True, preexec_fn=take_the_terminal
    )
    os.close(slave)
    shown = ""
    with suppress(OSError):  # the terminal closes with the process
        while chunk := os.read(master, 1024).decode():
            shown += chunk
            if shown.endswith(": ") and answers:
                os.write(master, f"{answers.pop(0)}\n".encode())
    os.close(master)
    return process.wait(30), shown


def test_on_a_terminal_everything_is_asked_for_and_the_password_twice(cinema: Cinema) -> None:
    answers = ["boss", "boss@cinema.example", PASSWORD, "something else", PASSWORD, PASSWORD]
    status, shown = on_a_terminal(cinema, "superuser", "create", answers=answers)
    assert (status, shown.splitlines()[-1]) == (0, "superuser boss created")
    assert "do not match" in shown
    assert PASSWORD not in shown
    assert signs_in(cinema, "boss", PASSWORD)


@pytest.mark.parametrize(
    ("username", "email", "why"),
    [
        ("BOSS", "other@cinema.example", "username is taken"),
        ("other", "BOSS@cinema.example", "e-mail address"),
    ],
)
def test_a_name_or_address_is_taken_once(cinema: Cinema, username: str, email: str, why: str) -> None:
    succeeded(cinema.run(*SUPERUSER, stdin=PASSWORD))
    again = ("superuser", "create", "--username", username, "--email", email, "--password-stdin")
    assert why in refused(cinema.run(*again, stdin=PASSWORD))
    assert cinema.value("SELECT count(*) FROM users") == 1


def test_a_short_password_is_refused_with_the_reason(cinema: Cinema, new_cinema: MakeCinema) -> None:
    assert refused(cinema.run(*SUPERUSER, stdin="short\n")) == "password: needs at least 12 characters"
    lenient = new_cinema("lenient", password_min_length="8")
    assert refused(lenient.run(*SUPERUSER, stdin="short\n")) == "password: needs at least 8 characters"


def test_every_bad_field_is_named_in_one_line(cinema: Cinema) -> None:
    wrong = ("superuser", "create", "--username", "a b", "--email", "nowhere", "--password-stdin")
    assert refused(cinema.run(*wrong, stdin=PASSWORD)) == (
        "email: is no e-mail address; username: may hold letters, digits and . + - _ only"
    )


@pytest.mark.parametrize("line", [b"", b"\n", b"\xff" * 20, b"\0" * 20])
def test_a_password_that_is_none_is_refused(cinema: Cinema, line: bytes) -> None:
    assert refused(cinema.run(*SUPERUSER, stdin=line)).startswith("password: ")
    assert cinema.value("SELECT count(*) FROM users") == 0


def test_without_a_terminal_the_error_says_what_to_do(cinema: Cinema) -> None:
    assert "--password-stdin" in refused(cinema.run(*SUPERUSER[:-1], stdin=PASSWORD))
    nameless = ("superuser", "create", "--email", "boss@cinema.example", "--password-stdin")
    assert "--username" in refused(cinema.run(*nameless, stdin=PASSWORD))


@pytest.mark.parametrize("command", [SUPERUSER[:-1], ("demo",)])
def test_a_password_is_never_taken_from_the_arguments(cinema: Cinema, command: tuple[str, ...]) -> None:
    result = cinema.run(*command, f"--password={PASSWORD}")
    assert result.exit_code == 2
    assert PASSWORD not in result.output


# -- the database, and what is wrong with an installation ----------------------------------------------------


def test_the_database_goes_up_and_down(cinema: Cinema) -> None:
    head = succeeded(cinema.run("db", "current")).strip()
    assert head not in ("", "no tables yet")
    assert cinema.contents().keys() > {"movies", "halls", "screenings", "users", "cassettes"}
    succeeded(cinema.run("db", "downgrade", "base"))
    assert succeeded(cinema.run("db", "current")).strip() == "no tables yet"
    assert cinema.contents().keys() <= {"alembic_version", "sqlite_sequence"}
    succeeded(cinema.run("db", "upgrade"))
    assert succeeded(cinema.run("db", "current")).strip() == head


def test_upgrading_twice_changes_nothing(cinema: Cinema) -> None:
    before = cinema.contents()
    succeeded(cinema.run("db", "upgrade"))
    assert cinema.contents() == before


@pytest.mark.parametrize("command", [("demo",), SUPERUSER])
def test_without_tables_the_error_says_what_to_run(tmp_path: Path, command: tuple[str, ...]) -> None:
    bare = Cinema(tmp_path / "bare")
    assert f"run: cinema -c {bare.ini} db upgrade" in refused(bare.run(*command, stdin=PASSWORD))


@pytest.mark.parametrize("command", [("demo",), SUPERUSER, ("db", "upgrade"), ("db", "current")])
def test_a_missing_ini_is_one_line(tmp_path: Path, command: tuple[str, ...]) -> None:
    missing = Cinema(tmp_path / "missing")
    Path(missing.ini).unlink()
    assert refused(missing.run(*command, stdin=PASSWORD)) == f"there is no file {missing.ini}"


@pytest.mark.parametrize(
    ("name", "value", "command"),
    [
        ("opening_hours", "late", ("demo",)),
        ("timezone", "Atlantis/Poseidonis", ("demo",)),
        ("currency", "euro", ("demo",)),
        ("password_min_length", "3", SUPERUSER),
        ("database_pool", "many", ("db", "upgrade")),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_it(
    tmp_path: Path, name: str, value: str, command: tuple[str, ...]
) -> None:
    wrong = Cinema(tmp_path / "wrong", **{name: value})
    assert refused(wrong.run(*command, stdin=PASSWORD)).startswith(f"setting cinema.{name}: must be")
