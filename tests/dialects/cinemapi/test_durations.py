"""How long a film is: in whichever form it is said, out as `HH:MM:SS`, and exact to the second."""

from typing import Any

import pytest

from tests.dialects.cinemapi.house import House

FORMS: list[tuple[Any, str]] = [
    ("01:30:00", "01:30:00"),
    ("1:30:00", "01:30:00"),
    ("1:2:3", "01:02:03"),
    ("00:00:01", "00:00:01"),
    ("23:59:59", "23:59:59"),
    ("90:00", "01:30:00"),
    ("05:07", "00:05:07"),
    ("5400", "01:30:00"),
    ("1", "00:00:01"),
    (5400, "01:30:00"),
    (5400.0, "01:30:00"),
    (1, "00:00:01"),
    (59, "00:00:59"),
    (61, "00:01:01"),
    ("24:00:00", "1 00:00:00"),
    ("1 00:00:00", "1 00:00:00"),
    ("1 02:03:04", "1 02:03:04"),
    ("0 02:03:04", "02:03:04"),
    ("2 23:59:59", "2 23:59:59"),
    ("36:00:00", "1 12:00:00"),
    (86400, "1 00:00:00"),
    (86399, "23:59:59"),
]
BAD: list[Any] = [
    *("", " ", "long", "an hour", ":", "1:", ":1", "1:2:3:4", "1.5", "01:30:00.5", "1h30m", "1:30 PM", "٣", "0x10"),
    *("1  00:00:00", "x 00:00:00", "1,00:00:00", "01:30:00Z", "PT1H30M", "1 day"),
    *(0, "0", "00:00", "00:00:00", "0 00:00:00", 0.0),
    *(-1, "-1", "-00:01:00", "-1 00:00:00", "00:-1:00", -5400.0),
    *(1.5, 5400.5, True, None, [], {}, [5400], {"seconds": 5400}),
    *(10**9, 10**40, 1e300, "9" * 9, "9" * 40, "99999 00:00:00", "99999:99999:999999999"),
]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_every_form_is_read_and_answered_in_one(house: House, method: str) -> None:
    film = house.film()
    for number, (said, shown) in enumerate(FORMS):
        path = "movie/" if method == "POST" else f"movie/{film}/"
        answer = house.boss.call(method, path, {"name": f"film {number}", "duration": said})
        assert (answer.status_int, answer.json["duration"]) == (201 if method == "POST" else 200, shown), said
        assert house.nobody.get(f"movie/{answer.json['id']}/")["duration"] == shown, said


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_what_is_no_length_is_refused(house: House, method: str) -> None:
    film = house.film()
    before = house.stored()
    for said in BAD:
        path = "movie/" if method == "POST" else f"movie/{film}/"
        body = {"name": "Ran", "duration": said}
        assert house.boss.refused(method, path, body) == {"duration"}, said
    assert house.stored() == before


def test_a_length_comes_back_as_it_was_shown(house: House) -> None:
    film = house.film()
    for seconds in (1, 59, 60, 61, 119, 120, 3599, 3600, 5405, 86399, 86400, 86401, 7 * 86400):
        shown = house.boss.patch(f"movie/{film}/", {"duration": seconds})["duration"]
        other = house.boss.post("movie/", {"name": f"{seconds}", "duration": shown})
        assert other["duration"] == shown


def test_seconds_are_kept_while_natively_there_are_minutes_rounded_up(house: House) -> None:
    film = house.film("01:29:01")
    assert house.admin.get(f"/movies/{film}")["duration"] == 90
    house.boss.patch(f"movie/{film}/", {"name": "Ran"})
    assert house.nobody.get(f"movie/{film}/")["duration"] == "01:29:01"
    house.boss.patch(f"movie/{film}/", {"duration": "01:30:00"})
    assert house.admin.get(f"/movies/{film}")["duration"] == 90
    assert house.nobody.get(f"movie/{film}/")["duration"] == "01:30:00"


def test_whoever_says_another_length_natively_means_minutes(house: House) -> None:
    film = house.film("01:29:01")
    house.admin.patch(f"/movies/{film}", {"duration": 91})
    assert house.nobody.get(f"movie/{film}/")["duration"] == "01:31:00"


def test_a_native_film_is_shown_in_hours_and_one_without_a_length_as_none(house: House) -> None:
    film, unknown = house.movie(duration=163), house.admin.post("/movies", {"title": "Ran"})["id"]
    assert house.nobody.get(f"movie/{film}/")["duration"] == "02:43:00"
    assert house.nobody.get(f"movie/{unknown}/")["duration"] == "00:00:00"
    assert [each["duration"] for each in house.nobody.get("movie/")] == ["02:43:00", "00:00:00"]
