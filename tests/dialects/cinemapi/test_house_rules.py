"""The rules of the house: opening hours from eight to eleven in UTC, and no two sessions in one hall at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import opened
from tests.dialects.cinemapi.house import House

DAY = datetime(2026, 5, 2, tzinfo=UTC)
NOON = DAY + timedelta(hours=12)
SECOND = timedelta(seconds=1)


def text(moment: datetime) -> str:
    """A moment as clients send it."""
    return moment.isoformat().replace("+00:00", "Z")


def taken(house: House, **values: Any) -> int:
    """The session that a plan makes; it has to be a good one."""
    return int(house.boss.post("session/", house.session_body(**values))["id"])


def assert_refused(house: House, **values: Any) -> None:
    """A plan is refused with a sentence about no field, and nothing of it stays."""
    body = house.session_body(**values)
    before = house.stored()
    assert house.boss.warned("POST", "session/", body)
    assert house.stored() == before


# -- opening hours -------------------------------------------------------------------------------------------


def test_the_first_session_begins_at_eight_to_the_second(house: House) -> None:
    film, hall = house.film(), house.hall()
    for early in (SECOND, timedelta(microseconds=1), timedelta(hours=1)):
        assert_refused(house, movie=film, hall=hall, started_at=text(DAY + timedelta(hours=8) - early))
    assert taken(house, movie=film, hall=hall, started_at=text(DAY + timedelta(hours=8)))


@pytest.mark.parametrize("duration", ["01:30:00", "00:00:01", "01:29:59", "14:35:00"])
def test_the_last_session_is_swept_up_after_by_eleven_to_the_second(house: House, duration: str) -> None:
    film, hall = house.film(duration), house.hall()
    hours, minutes, seconds = map(int, duration.split(":"))
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    latest = DAY + timedelta(hours=23) - timedelta(minutes=25) - length
    for late in (SECOND, timedelta(microseconds=1), timedelta(minutes=25)):
        assert_refused(house, movie=film, hall=hall, started_at=text(latest + late))
    assert taken(house, movie=film, hall=hall, started_at=text(latest))


@pytest.mark.parametrize("duration", ["14:35:01", "1 00:00:00", "6 23:00:00"])
def test_a_film_that_is_longer_than_the_day_is_never_shown(house: House, duration: str) -> None:
    film = house.film(duration)
    for hour in (0, 8, 12, 22, 23):
        assert_refused(house, movie=film, started_at=text(DAY + timedelta(hours=hour)))


def test_the_night_is_no_time_for_a_session(house: House) -> None:
    film = house.film("00:05:00")
    for hour in (23, 24, 25, 28, 31):
        assert_refused(house, movie=film, started_at=text(DAY + timedelta(hours=hour)))


def test_an_offset_is_taken_off_before_the_hours_are_looked_at(house: House) -> None:
    film, hall = house.film(), house.hall()
    assert_refused(house, movie=film, hall=hall, started_at="2026-05-02T08:00:00+00:01")
    assert_refused(house, movie=film, hall=hall, started_at="2026-05-02T12:00:00+09:00")
    assert_refused(house, movie=film, hall=hall, started_at="2026-05-02T14:00:00-08:00")
    assert taken(house, movie=film, hall=hall, started_at="2026-05-02T10:00:00+02:00")
    assert taken(house, movie=film, hall=hall, started_at="2026-05-03T03:00:00+09:00")
    shown = [each["started_at"] for each in house.nobody.get("session/")]
    assert shown == ["2026-05-02T08:00:00Z", "2026-05-02T18:00:00Z"]


def test_a_time_without_an_offset_is_the_cinemas(house: House) -> None:
    film, hall = house.film(), house.hall()
    assert_refused(house, movie=film, hall=hall, started_at="2026-05-02T07:59:59")
    assert_refused(house, movie=film, hall=hall, started_at="2026-05-02T21:05:01")
    assert taken(house, movie=film, hall=hall, started_at="2026-05-02T08:00:00")
    assert taken(house, movie=film, hall=hall, started_at="2026-05-02T21:05:00")


@pytest.mark.parametrize(
    "native",
    [
        {"cinema.opening_hours": "00:00-24:00", "cinema.cleaning_minutes": "0"},
        {"cinema.opening_hours": "12:00-13:00", "cinema.cleaning_minutes": "600"},
        {"cinema.opening_hours": "08:00-23:00", "cinema.timezone": "Pacific/Auckland"},
        {"cinema.opening_hours": "20:00-04:00", "cinema.timezone": "America/New_York"},
    ],
)
def test_what_the_operator_said_of_the_native_schedule_does_not_matter_here(
    house: House, native: dict[str, str]
) -> None:
    url = house.database.writers.url.render_as_string(hide_password=False)
    settings = {"cinema.dialects": "cinemapi = /cinemapi"} | native
    with opened(url, **settings) as application, House(application) as other:
        film, hall = other.film(), other.hall()
        assert_refused(other, movie=film, hall=hall, started_at="2026-05-02T07:59:59Z")
        assert taken(other, movie=film, hall=hall, started_at="2026-05-02T08:00:00Z")
        assert_refused(other, movie=film, hall=hall, started_at="2026-05-02T09:54:59Z")
        assert taken(other, movie=film, hall=hall, started_at="2026-05-02T09:55:00Z")
        assert_refused(other, movie=film, hall=hall, started_at="2026-05-02T21:05:01Z")
        assert taken(other, movie=film, hall=hall, started_at="2026-05-02T21:05:00Z")


def test_a_film_without_a_length_cannot_be_planned(house: House) -> None:
    film = house.admin.post("/movies", {"title": "Ran"})["id"]
    assert_refused(house, movie=film, started_at=text(NOON))


# -- no overlap ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("duration", ["01:30:00", "00:59:31", "00:00:01", "02:00:30"])
def test_a_session_keeps_its_hall_for_the_film_and_twenty_five_minutes(house: House, duration: str) -> None:
    first, other, hall = house.film(duration), house.film("00:40:00"), house.hall()
    taken(house, movie=first, hall=hall, started_at=text(NOON))
    hours, minutes, seconds = map(int, duration.split(":"))
    free = NOON + timedelta(hours=hours, minutes=minutes + 25, seconds=seconds)
    for started_at in (NOON, NOON + SECOND, NOON - SECOND, free - SECOND, free - timedelta(microseconds=1)):
        assert_refused(house, movie=other, hall=hall, started_at=text(started_at))
    assert taken(house, movie=other, hall=hall, started_at=text(free))


def test_a_session_before_another_counts_with_its_own_films_length(house: House) -> None:
    later, long, short, hall = house.film("00:10:00"), house.film("02:00:30"), house.film("00:30:29"), house.hall()
    taken(house, movie=later, hall=hall, started_at=text(NOON))
    latest = {film: NOON - timedelta(minutes=25) - length for film, length in _lengths(long, short).items()}
    for film, started_at in latest.items():
        for late in (SECOND, timedelta(minutes=10), timedelta(minutes=25)):
            assert_refused(house, movie=film, hall=hall, started_at=text(started_at + late))
    session = taken(house, movie=long, hall=hall, started_at=text(latest[long]))
    house.boss.delete(f"session/{session}/")
    assert taken(house, movie=short, hall=hall, started_at=text(latest[short]))


def _lengths(long: int, short: int) -> dict[int, timedelta]:
    return {long: timedelta(hours=2, seconds=30), short: timedelta(minutes=30, seconds=29)}


def test_a_long_session_is_noticed_hours_later_and_one_within_another_too(house: House) -> None:
    long, short, hall = house.film("10:00:00"), house.film("00:05:00"), house.hall()
    taken(house, movie=long, hall=hall, started_at=text(DAY + timedelta(hours=8)))
    for hour in (9, 12, 17, 18):
        assert_refused(house, movie=short, hall=hall, started_at=text(DAY + timedelta(hours=hour)))
    assert taken(house, movie=short, hall=hall, started_at="2026-05-02T18:25:00Z")
    other = house.hall()
    taken(house, movie=short, hall=other, started_at=text(NOON))
    assert_refused(house, movie=long, hall=other, started_at=text(DAY + timedelta(hours=8)))


def test_halls_do_not_get_in_each_others_way(house: House) -> None:
    film = house.film()
    sessions = {taken(house, movie=film, hall=house.hall(), started_at=text(NOON)) for _hall in range(3)}
    assert len(sessions) == 3


def test_days_do_not_get_in_each_others_way(house: House) -> None:
    film, hall = house.film("14:35:00"), house.hall()
    for day in range(3):
        assert taken(house, movie=film, hall=hall, started_at=text(DAY + timedelta(days=day, hours=8)))


def test_past_sessions_may_be_entered_and_keep_the_rules_too(house: House) -> None:
    film, hall = house.film(), house.hall()
    for year in (1970, 2020):
        assert taken(house, movie=film, hall=hall, started_at=f"{year}-02-01T12:00:00Z")
        assert_refused(house, movie=film, hall=hall, started_at=f"{year}-02-01T12:00:01Z")
        assert_refused(house, movie=film, hall=hall, started_at=f"{year}-02-01T07:00:00Z")
    assert [each["started_at"][:4] for each in house.nobody.get("session/")] == ["1970", "2020"]


def test_native_sessions_count_with_the_gap_of_this_house(house: House) -> None:
    url = house.database.writers.url.render_as_string(hide_password=False)
    film, hall = house.film(), house.hall()
    native = {"cinema.dialects": "cinemapi = /cinemapi", "cinema.cleaning_minutes": "0"}
    with opened(url, **native) as application, House(application) as other:
        other.person("planner", "admin").post(
            "/screenings", {"movie": film, "hall": hall, "starts_at": text(NOON), "price": None}
        )
    assert_refused(house, movie=film, hall=hall, started_at=text(NOON + timedelta(minutes=90 + 25) - SECOND))
    assert_refused(house, movie=film, hall=hall, started_at=text(NOON - timedelta(minutes=90 + 25) + SECOND))
    assert taken(house, movie=film, hall=hall, started_at=text(NOON + timedelta(minutes=90 + 25)))
    assert taken(house, movie=film, hall=hall, started_at=text(NOON - timedelta(minutes=90 + 25)))


# -- sessions that no rule was asked about -------------------------------------------------------------------


def test_a_session_of_academy_is_shown_at_whatever_hour_and_without_a_price(house: House) -> None:
    film, hall = house.film(), house.hall()
    midnight = house.academys_session(film, hall, DAY)
    double = house.academys_session(film, hall, DAY)
    free = {"hall": hall, "movie": film, "started_at": "2026-05-02T00:00:00Z", "price": "0.00", "tickets": []}
    assert house.nobody.get("session/") == [{"id": midnight, **free}, {"id": double, **free}]
    assert house.nobody.get(f"session/{midnight}/") == {"id": midnight, **free}


def test_a_session_of_academy_counts_when_a_new_one_is_judged(house: House) -> None:
    film, hall = house.film(), house.hall()
    house.academys_session(film, hall, DAY + timedelta(hours=7))
    house.academys_session(film, hall, DAY + timedelta(hours=22, minutes=30))
    for started_at in ("08:00:00", "08:54:59", "20:35:01", "21:05:00"):
        assert_refused(house, movie=film, hall=hall, started_at=f"2026-05-02T{started_at}Z")
    assert taken(house, movie=film, hall=hall, started_at="2026-05-02T08:55:00Z")
    assert taken(house, movie=film, hall=hall, started_at="2026-05-02T20:35:00Z")


def test_a_session_of_a_film_without_a_length_keeps_the_hall_while_it_is_swept(house: House) -> None:
    film, unknown, hall = house.film(), house.admin.post("/movies", {"title": "Ran"})["id"], house.hall()
    house.academys_session(unknown, hall, NOON)
    assert_refused(house, movie=film, hall=hall, started_at=text(NOON + timedelta(minutes=25) - SECOND))
    assert taken(house, movie=film, hall=hall, started_at=text(NOON + timedelta(minutes=25)))


# -- changes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_session_does_not_overlap_with_itself(house: House, method: str) -> None:
    session = taken(house, started_at=text(NOON))
    shown = house.nobody.get(f"session/{session}/")
    for started_at in (NOON + SECOND, NOON + timedelta(minutes=30), NOON, NOON):
        body = shown | {"started_at": text(started_at)}
        assert house.boss.call(method, f"session/{session}/", body, 200).json == body


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("what", ["started_at", "hall", "movie"])
def test_a_change_is_judged_by_what_it_results_in(house: House, method: str, what: str) -> None:
    short, long, hall, other = house.film("00:30:00"), house.film("02:00:00"), house.hall(), house.hall()
    taken(house, movie=short, hall=hall, started_at=text(NOON))
    start = {"started_at": NOON + timedelta(hours=3), "hall": NOON, "movie": NOON - timedelta(hours=1)}[what]
    session = taken(house, movie=short, hall=other if what == "hall" else hall, started_at=text(start))
    body = house.nobody.get(f"session/{session}/")
    change = {"started_at": text(NOON + timedelta(minutes=54)), "hall": hall, "movie": long}[what]
    sent = {what: change} if method == "PATCH" else body | {what: change}
    before = house.stored()
    assert house.boss.warned(method, f"session/{session}/", sent)
    assert house.stored() == before
    good = {"started_at": text(NOON + timedelta(minutes=55)), "hall": house.hall(), "movie": short}[what]
    sent = {what: good} if method == "PATCH" else body | {what: good}
    assert house.boss.call(method, f"session/{session}/", sent, 200).json == body | {what: good}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_change_keeps_the_opening_hours(house: House, method: str) -> None:
    session = taken(house, started_at=text(NOON))
    body = house.nobody.get(f"session/{session}/")
    long = house.film("11:00:00")
    for change in ({"started_at": "2026-05-02T07:59:59Z"}, {"started_at": "2026-05-02T21:05:01Z"}, {"movie": long}):
        sent = change if method == "PATCH" else body | change
        assert house.boss.warned(method, f"session/{session}/", sent)
    assert house.nobody.get(f"session/{session}/") == body
    for started_at in ("2026-05-02T08:00:00Z", "2026-05-02T21:05:00Z"):
        change = {"started_at": started_at}
        sent = change if method == "PATCH" else body | change
        assert house.boss.call(method, f"session/{session}/", sent, 200).json == body | change


def test_a_session_of_academy_is_changed_into_one_that_keeps_the_rules_or_not_at_all(house: House) -> None:
    session = house.academys_session(house.film(), house.hall(), DAY + timedelta(hours=3))
    before = house.stored()
    assert house.boss.warned("PATCH", f"session/{session}/", {"price": "5.00"})
    assert house.stored() == before
    changed = house.boss.patch(f"session/{session}/", {"price": "5.00", "started_at": "2026-05-02T08:00:00Z"})
    assert (changed["price"], changed["started_at"]) == ("5.00", "2026-05-02T08:00:00Z")
