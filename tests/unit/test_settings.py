"""Settings: a wrong one stops the start with its name, a misspelt one with a hint."""

from pathlib import Path

import pytest

from cinema import main
from cinema.booking.settings import BookingSettings
from cinema.core.db.engines import DatabaseSettings
from cinema.core.settings import SettingError, declared_settings, one_of, read, refuse_unknown, switch, whole
from tests.conftest import settings

BAD = {
    "cinema.currency": ["eur", "EURO", "€", ""],
    "cinema.timezone": ["Mars/Olympus", "Europe", "../etc/passwd", ""],
    "cinema.opening_hours": ["08:00", "8-23", ""],
    "cinema.cleaning_minutes": ["-1", "601", "ten", "1.5", "١"],
    "cinema.hold_minutes": ["0", "1441", "", "9" * 5000],
    "cinema.booking_closes_minutes": ["-1", "10081"],
    "cinema.max_seats_per_order": ["0", "1001"],
    "cinema.max_unpaid_orders": ["0", "10001"],
    "cinema.payments": ["stripe", "cash", ""],
    "cinema.database_url": ["", "nonsense", "mysql://localhost/cinema", "sqlite://", "sqlite:///:memory:"],
    "cinema.database_pool": ["0", "201"],
    "cinema.pgbouncer": ["yes", "On"],
    "cinema.access_token_minutes": ["0", "1441"],
    "cinema.password_min_length": ["7", "129"],
    "cinema.login_limits": ["true", ""],
    "cinema.jwt_secret": ["", "short", "x" * 64, "change-me-0123456789-abcdefghijklmnopqrstuvwxyz"],
}


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CINEMA_DATABASE_URL", "CINEMA_JWT_SECRET"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_a_bad_value_stops_the_start_and_names_the_setting(sqlite_template: Path, name: str, value: str) -> None:
    with pytest.raises(SystemExit, match=rf"^cinema: setting {name}\b"):
        main({}, **settings(f"sqlite:///{sqlite_template}", **{name: value}))


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("cinema.hold_minute", "cinema.hold_minutes"),
        ("cinema.opening_hour", "cinema.opening_hours"),
        ("cinema.time_zone", "cinema.timezone"),
    ],
)
def test_a_misspelt_setting_stops_the_start_with_a_hint(sqlite_template: Path, name: str, meant: str) -> None:
    with pytest.raises(SystemExit, match=f"^cinema: setting {name} is unknown; did you mean {meant}"):
        main({}, **settings(f"sqlite:///{sqlite_template}", **{name: "1"}))


def test_an_unknown_setting_like_no_other_is_refused_without_a_hint() -> None:
    with pytest.raises(SettingError, match=r"^setting cinema\.qqqqqqqqqqqq is unknown$"):
        refuse_unknown({"cinema.qqqqqqqqqqqq": "1"})


def test_settings_of_others_are_none_of_our_business() -> None:
    refuse_unknown({"pyramid.reload_templates": "true", "cinema.hold_minutes": "5"})


def test_what_is_not_set_has_its_default() -> None:
    booking = read(BookingSettings, {"cinema.hold_minutes": " 5 "})
    assert (booking.hold_minutes, booking.closes_minutes, booking.payments) == (5, 0, "none")


def test_every_default_can_be_read() -> None:
    optional = [declared for declared in declared_settings() if declared.environment is None]
    assert optional
    for declared in optional:
        declared.parse(declared.default)


def test_settings_are_listed_by_name_with_their_purpose() -> None:
    names = [declared.name for declared in declared_settings()]
    assert names == sorted(names)
    assert set(BAD) <= set(names)
    assert all(declared.purpose for declared in declared_settings())


def database_in(ini: str) -> str | None:
    return read(DatabaseSettings, {"cinema.database_url": ini}).url.database


def test_the_environment_beats_the_ini(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CINEMA_DATABASE_URL", "sqlite:///environment.sqlite3")
    assert database_in("sqlite:///ini.sqlite3") == "environment.sqlite3"


def test_an_empty_variable_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CINEMA_DATABASE_URL", "")
    assert database_in("sqlite:///ini.sqlite3") == "ini.sqlite3"


def test_a_bad_variable_names_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CINEMA_DATABASE_URL", "mysql://localhost/cinema")
    with pytest.raises(SettingError, match=r"^setting cinema\.database_url: must be sqlite or postgresql"):
        database_in("sqlite:///ini.sqlite3")


def test_the_bounds_of_a_number_are_allowed() -> None:
    assert [whole(1, 3)(text) for text in ("1", "3")] == [1, 3]


def test_a_switch_is_on_or_off() -> None:
    assert (switch("on"), switch("off")) == (True, False)
    with pytest.raises(ValueError, match="'on', 'off'"):
        switch("yes")


def test_a_choice_names_the_choices() -> None:
    assert one_of("red", "blue")("red") == "red"
    with pytest.raises(ValueError, match="'red', 'blue', not 'green'"):
        one_of("red", "blue")("green")
