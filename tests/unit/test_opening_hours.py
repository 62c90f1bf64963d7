"""Opening hours, on ordinary days and on those that have 23 or 25 hours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cinema.core.settings import read
from cinema.schedule.settings import OpeningHours, ScheduleSettings

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)

WINTER, SUMMER = date(2026, 1, 15), date(2026, 7, 15)
SHORT_DAY, LONG_DAY = date(2026, 3, 29), date(2026, 10, 25)  # 02:00 becomes 03:00; 03:00 becomes 02:00


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(day: date, hours: int, minutes: int = 0) -> datetime:
    """What the clock on the cinema's wall shows."""
    return datetime(day.year, day.month, day.day, hours, minutes, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("text", "day", "opens", "closes"),
    [
        ("08:00-23:00", WINTER, "2026-01-15T07:00", "2026-01-15T22:00"),
        ("08:00-23:00", SUMMER, "2026-07-15T06:00", "2026-07-15T21:00"),
        ("08:00-23:00", SHORT_DAY, "2026-03-29T06:00", "2026-03-29T21:00"),
        ("08:00-23:00", LONG_DAY, "2026-10-25T07:00", "2026-10-25T22:00"),
        ("10:00-03:00", SUMMER, "2026-07-15T08:00", "2026-07-16T01:00"),
        ("10:00-03:00", SHORT_DAY - timedelta(days=1), "2026-03-28T09:00", "2026-03-29T01:00"),
        ("10:00-02:00", SHORT_DAY - timedelta(days=1), "2026-03-28T09:00", "2026-03-29T01:00"),
        ("10:00-03:00", LONG_DAY - timedelta(days=1), "2026-10-24T08:00", "2026-10-25T02:00"),
        ("00:00-24:00", WINTER, "2026-01-14T23:00", "2026-01-15T23:00"),
        ("00:00-24:00", SHORT_DAY, "2026-03-28T23:00", "2026-03-29T22:00"),
        ("00:00-24:00", LONG_DAY, "2026-10-24T22:00", "2026-10-25T23:00"),
        ("08:00-08:00", WINTER, "2026-01-15T07:00", "2026-01-16T07:00"),
    ],
)
def test_the_wall_clock_says_when_it_opens_and_closes(text: str, day: date, opens: str, closes: str) -> None:
    assert OpeningHours.parse(text).on(day, BERLIN) == (utc(opens), utc(closes))


@pytest.mark.parametrize("day", [WINTER, SUMMER, SHORT_DAY, LONG_DAY])
def test_both_ends_are_included(day: date) -> None:
    hours = OpeningHours.parse("08:00-23:00")
    opens, closes = local(day, 8), local(day, 23)
    assert hours.include(opens, closes, BERLIN)
    assert not hours.include(opens - MINUTE, closes, BERLIN)
    assert not hours.include(opens, closes + MINUTE, BERLIN)


def test_what_starts_after_midnight_belongs_to_the_evening_before() -> None:
    hours = OpeningHours.parse("10:00-03:00")
    tomorrow = SUMMER + timedelta(days=1)
    assert hours.include(local(tomorrow, 0, 30), local(tomorrow, 3), BERLIN)
    assert hours.include(local(SUMMER, 22), local(tomorrow, 3), BERLIN)
    assert not hours.include(local(tomorrow, 0, 30), local(tomorrow, 3, 1), BERLIN)
    assert not hours.include(local(tomorrow, 2), local(tomorrow, 11), BERLIN)


def test_the_night_that_loses_an_hour_closes_by_the_clock_on_the_wall() -> None:
    hours = OpeningHours.parse("10:00-03:00")
    starts = utc("2026-03-28T23:30")
    assert hours.include(starts, utc("2026-03-29T01:00"), BERLIN)
    assert not hours.include(starts, utc("2026-03-29T01:01"), BERLIN)


def test_the_night_that_gains_an_hour_closes_by_the_clock_on_the_wall() -> None:
    hours = OpeningHours.parse("10:00-03:00")
    starts = utc("2026-10-24T22:30")
    assert hours.include(starts, utc("2026-10-25T02:00"), BERLIN)
    assert not hours.include(starts, utc("2026-10-25T02:01"), BERLIN)


@pytest.mark.parametrize("text", ["00:00-24:00", "00:00-00:00", "08:00-08:00"])
@pytest.mark.parametrize("day", [WINTER, SHORT_DAY, LONG_DAY])
def test_a_cinema_that_never_closes_plays_through_every_night(text: str, day: date) -> None:
    hours = OpeningHours.parse(text)
    for hour in range(24):
        starts = local(day, hour).astimezone(UTC)
        assert hours.include(starts, starts + timedelta(hours=3), BERLIN)


@pytest.mark.parametrize(
    "text",
    ["", "08:00", "8:00-23:00", "08:00-24:01", "24:00-08:00", "08:60-23:00", "08:00–23:00", "٠8:00-23:00", "08-23"],
)
def test_what_are_no_opening_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be like 08:00-23:00"):
        OpeningHours.parse(text)


@pytest.mark.parametrize(
    ("day", "hours"), [(WINTER, 24), (SUMMER, 24), (SHORT_DAY, 23), (LONG_DAY, 25), (date(2026, 12, 31), 24)]
)
def test_a_day_of_the_cinema_goes_from_midnight_to_midnight(day: date, hours: int) -> None:
    first, following = read(ScheduleSettings, {"cinema.timezone": "Europe/Berlin"}).day(day)
    assert first == local(day, 0)
    assert following - first == timedelta(hours=hours)
