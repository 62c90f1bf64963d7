"""Movie sessions: scheduling any film at any moment, finding, changing and deleting sessions."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest

from tests.dialects.academy.app import EVENING, SESSIONS, Academy, ids, tickets

BAD_IDS: list[Any] = [None, "", "x", 1.5, True, [], [1], {}, 0, -1, 999_999, 10**17, 10**30]
BAD_TIMES: list[Any] = [
    *(None, "", " ", "x", 5, 1.5, True, [], {}, 1777660200, "2026", "2026-05-01", "19:30", "2026-05", "today"),
    *("2026-02-30T19:30:00", "2026-13-01T19:30:00", "2026-05-01T25:00:00", "2026-05-01T19:60:00", "01.05.2026 19:30"),
    *(
        "2026-05-01T19:30:00+99:00",
        "2026-05-01T19:30:00 UTC",
        "2026-05-01T19:30:00Z; DROP TABLE",
        "９９９９-01-01T00:00",
    ),
]


def moment(text: str) -> datetime:
    """A time as it is shown, which says its offset."""
    found = datetime.fromisoformat(text)
    assert found.tzinfo is not None
    return found


def address(session: int) -> str:
    return f"{SESSIONS}{session}/"


def listed(academy: Academy, query: str = "") -> list[int]:
    """The sessions in the list, as everybody sees it."""
    seen = academy.user.get(f"{SESSIONS}?{query}")
    assert academy.boss.get(f"{SESSIONS}?{query}") == seen
    return ids(seen)


def refused(academy: Academy, method: str, path: str, body: Any) -> set[str]:
    """The fields that a 400 to staff names; fails when anything was stored."""
    boss = academy.boss
    before = academy.stored()
    named = boss.refused(method, path, body)
    assert academy.stored() == before
    return named


# -- scheduling ----------------------------------------------------------------------------------------------


def test_a_session_is_answered_as_it_was_sent(academy: Academy) -> None:
    body = academy.session_body()
    session = academy.boss.post(SESSIONS, body | {"id": 999, "price": 5, "tickets_available": 1, "surprise": 1})
    assert session == {"id": session["id"], **body}
    assert type(session["id"]) is int
    assert session["id"] != 999


@pytest.mark.parametrize(
    ("given", "instant"),
    [
        ("2026-05-01T19:30:00Z", "2026-05-01T19:30:00Z"),
        ("2026-05-01T19:30:00+00:00", "2026-05-01T19:30:00Z"),
        ("2026-05-01T19:30:00+03:00", "2026-05-01T16:30:00Z"),
        ("2026-05-01T00:30:00+05:30", "2026-04-30T19:00:00Z"),
        ("2026-05-01T22:00:00-08:00", "2026-05-02T06:00:00Z"),
        ("2026-05-01 19:30:00+03:00", "2026-05-01T16:30:00Z"),
        ("2026-05-01t19:30:00z", "2026-05-01T19:30:00Z"),
        ("2026-05-01T19:30:00", "2026-05-01T19:30:00Z"),
        ("2026-05-01T19:30", "2026-05-01T19:30:00Z"),
        ("2026-05-01 19:30:00", "2026-05-01T19:30:00Z"),
        ("2026-05-01 19:30", "2026-05-01T19:30:00Z"),
        ("2026-05-01T19:30:00.25", "2026-05-01T19:30:00.25Z"),
        ("2026-05-01T19:30:00.123456", "2026-05-01T19:30:00.123456Z"),
        ("2026-05-01T00:00:00", "2026-05-01T00:00:00Z"),
        ("2026-05-01T23:59:59", "2026-05-01T23:59:59Z"),
        ("2024-02-29T12:00:00", "2024-02-29T12:00:00Z"),
        ("1999-12-31T23:59:59Z", "1999-12-31T23:59:59Z"),
        ("1895-12-28T20:00:00", "1895-12-28T20:00:00Z"),
        ("2126-05-01T04:00:00Z", "2126-05-01T04:00:00Z"),
    ],
)
def test_a_time_is_kept_as_given(academy: Academy, given: str, instant: str) -> None:
    session = academy.boss.post(SESSIONS, academy.session_body(show_time=given))
    assert {moment(each) for each in shown_times(academy, session)} == {moment(instant)}


@pytest.mark.parametrize("given", ["2026-05-01T19:30:00", "2026-05-01T00:00:00", "1895-12-28T20:00:01"])
def test_without_an_offset_it_stands_as_written(academy: Academy, given: str) -> None:
    session = academy.boss.post(SESSIONS, academy.session_body(show_time=given))
    assert all(each.startswith(given) for each in shown_times(academy, session))


def shown_times(academy: Academy, session: dict[str, Any]) -> set[str]:
    """When a session that was just made begins, by every answer that tells."""
    order = academy.order(academy.user, (session["id"], 1, 1))
    [row] = academy.user.get("cinema/orders/")["results"]
    assert row["id"] == order["id"]
    return {
        session["show_time"],
        academy.user.get(SESSIONS)[0]["show_time"],
        academy.user.get(address(session["id"]))["show_time"],
        row["tickets"][0]["movie_session"]["show_time"],
    }


def test_the_past_the_night_and_a_hall_that_is_in_use_are_fine(academy: Academy) -> None:
    film, hall = academy.film(duration=600), academy.cinema_hall()
    body = {"movie": film, "cinema_hall": hall}
    assert academy.now == datetime(2026, 5, 1, 12, tzinfo=UTC)
    times = ["2026-05-01T03:00:00Z", "2026-05-01T03:00:00Z", "2026-05-01T03:01:00Z", "2026-05-01T12:00:00Z"]
    made = [academy.boss.post(SESSIONS, body | {"show_time": time})["id"] for time in times]
    assert sorted(listed(academy)) == made


def test_any_other_session_is_refused(academy: Academy) -> None:
    good = academy.session_body()
    assert refused(academy, "POST", SESSIONS, {}) == {"show_time", "movie", "cinema_hall"}
    assert refused(academy, "POST", SESSIONS, dict.fromkeys(good, "x")) == {"show_time", "movie", "cinema_hall"}
    for name, values in (("show_time", BAD_TIMES), ("movie", BAD_IDS), ("cinema_hall", BAD_IDS)):
        assert refused(academy, "POST", SESSIONS, {key: good[key] for key in good if key != name}) == {name}
        for value in values:
            assert refused(academy, "POST", SESSIONS, good | {name: value}) == {name}, value


@pytest.mark.parametrize("more", [{}, {"show_time": "x"}])
def test_an_unknown_film_and_an_unknown_hall_are_named_at_once(academy: Academy, more: dict[str, str]) -> None:
    unknown = {"movie": 999_999, "cinema_hall": 999_999}
    assert refused(academy, "POST", SESSIONS, academy.session_body() | unknown | more) == {*unknown, *more}


# -- finding -------------------------------------------------------------------------------------------------


def test_a_session_is_listed_with_what_one_asks_first(academy: Academy) -> None:
    hall = academy.cinema_hall(rows=4, seats_in_row=6, name="Синий")
    session = academy.session(movie=academy.film("Зеркало"), cinema_hall=hall)
    row = {
        "id": session,
        "show_time": EVENING,
        "movie_title": "Зеркало",
        "cinema_hall_name": "Синий",
        "cinema_hall_capacity": 24,
        "tickets_available": 24,
    }
    assert academy.user.get(SESSIONS) == academy.boss.get(SESSIONS) == [row]
    academy.order(academy.user, (session, 1, 1), (session, 4, 6))
    academy.order(academy.boss, (session, 2, 2))
    assert academy.user.get(SESSIONS) == [row | {"tickets_available": 21}]


def test_a_session_is_shown_with_its_film_its_hall_and_its_taken_places(academy: Academy) -> None:
    genres = [academy.genre(name) for name in ("Фантастика", "Притча")]
    actors = [academy.actor("Алиса", "Фрейндлих"), academy.actor("Николай", "Гринько")]
    film = academy.film(genres=genres, actors=actors)
    hall = academy.cinema_hall(rows=4, seats_in_row=12, name="Синий")
    session = academy.session(movie=film, cinema_hall=hall)
    seen = academy.user.get(address(session))
    assert seen == academy.boss.get(address(session))
    assert seen == {
        "id": session,
        "show_time": EVENING,
        "movie": {
            "id": film,
            "title": "Сталкер",
            "description": "Комната исполняет желания.",
            "duration": 163,
            "genres": ["Фантастика", "Притча"],
            "actors": ["Алиса Фрейндлих", "Николай Гринько"],
        },
        "cinema_hall": {"id": hall, "name": "Синий", "rows": 4, "seats_in_row": 12, "capacity": 48},
        "taken_places": [],
    }
    academy.order(academy.user, (session, 3, 11), (session, 3, 2), (session, 1, 12))
    academy.order(academy.rival, (session, 1, 9), (academy.session(), 1, 1))
    taken = [{"row": row, "seat": seat} for row, seat in ((1, 9), (1, 12), (3, 2), (3, 11))]
    assert academy.rival.get(address(session)) == seen | {"taken_places": taken}


def test_sessions_are_a_bare_array_the_newest_first(academy: Academy) -> None:
    assert academy.user.get(SESSIONS) == []
    about = {"movie": academy.film(), "cinema_hall": academy.cinema_hall()}
    times = [f"2026-05-{day:02}T12:00:00Z" for day in (3, 1, 2, *range(4, 31))]
    made = {time: academy.session(show_time=time, **about) for time in times}
    newest_first = [made[time] for time in sorted(made, reverse=True)]
    assert listed(academy) == newest_first
    assert listed(academy, "page=2&limit=3&sort=id&surprise=1&hall=1") == newest_first


def test_sessions_are_found_by_day_and_film(academy: Academy) -> None:
    film, other, hall = academy.film(), academy.film("Зеркало"), academy.cinema_hall()
    times = [
        "2026-04-30T23:59:59Z",
        "2026-05-01T00:00:00",
        "2026-05-01T23:59:59.999999",
        "2026-05-02T01:00:00+02:00",
        "2026-05-02T00:00:00",
    ]
    made = [academy.session(show_time=time, movie=film, cinema_hall=hall) for time in times]
    strange = academy.session(show_time="2026-05-01T12:00:00", movie=other, cinema_hall=hall)
    for query, found in (
        ("date=2026-05-01", {made[1], made[2], made[3], strange}),
        ("date=2026-05-02", {made[4]}),
        ("date=2026-04-30", {made[0]}),
        ("date=2026-05-03", set()),
        (f"movie={film}", set(made)),
        (f"movie={other}", {strange}),
        (f"date=2026-05-01&movie={other}", {strange}),
        (f"movie={film}&date=2026-05-01", {made[1], made[2], made[3]}),
        (f"movie={other}&date=2026-05-02", set()),
        ("movie=999999", set()),
        ("date=&movie=", {*made, strange}),
        (f"date=&movie={other}", {strange}),
    ):
        assert set(listed(academy, query)) == found, query


def test_a_filter_that_makes_no_sense_is_a_400(academy: Academy) -> None:
    academy.session()
    dates = [
        "x",
        "2026",
        "2026-5-1",
        "2026-02-30",
        "2026-13-01",
        "01.05.2026",
        "2026-05-01T00:00:00",
        "٢٠٢٦-05-01",
        "\0",
    ]
    movies = ["x", "-1", "1.5", "1,2", "1e3", "true", "٣", "9" * 30, "\0"]
    for name, values in (("date", dates), ("movie", movies)):
        for value in values:
            assert academy.user.refused("GET", f"{SESSIONS}?{name}={quote(value)}") == {name}, value
    assert academy.user.refused("GET", f"{SESSIONS}?date=x&movie=x") == {"date", "movie"}


# -- changing ------------------------------------------------------------------------------------------------


def test_a_put_replaces_a_session(academy: Academy) -> None:
    session = academy.session()
    body = academy.session_body(show_time="2020-01-01T00:00:00Z")
    assert academy.boss.put(address(session), body | {"id": 999}) == {"id": session, **body}
    shown = academy.user.get(address(session))
    assert (shown["show_time"], shown["movie"]["id"], shown["cinema_hall"]["id"]) == tuple(body.values())


@pytest.mark.parametrize("name", ["show_time", "movie", "cinema_hall", None])
def test_a_patch_changes_what_it_holds(academy: Academy, name: str | None) -> None:
    old = academy.session_body()
    session = academy.boss.post(SESSIONS, old)["id"]
    new = academy.session_body(show_time="2020-01-01T00:00:00Z")
    changes = {name: new[name]} if name else {}
    assert academy.boss.patch(address(session), changes | {"id": 999}) == {"id": session, **old, **changes}
    shown = academy.user.get(address(session))
    assert (shown["show_time"], shown["movie"]["id"], shown["cinema_hall"]["id"]) == tuple((old | changes).values())


def test_the_rules_are_those_of_a_new_session(academy: Academy) -> None:
    good = academy.session_body()
    path = address(academy.session())
    assert refused(academy, "PUT", path, {}) == {"show_time", "movie", "cinema_hall"}
    for name, values in (("show_time", BAD_TIMES), ("movie", BAD_IDS), ("cinema_hall", BAD_IDS)):
        assert refused(academy, "PUT", path, {key: good[key] for key in good if key != name}) == {name}
        for value in values:
            assert refused(academy, "PUT", path, good | {name: value}) == {name}, value
            assert refused(academy, "PATCH", path, {name: value}) == {name}, value
    assert refused(academy, "PATCH", path, dict.fromkeys(good, "x")) == {"show_time", "movie", "cinema_hall"}


def test_a_deleted_session_is_gone(academy: Academy) -> None:
    session, other = academy.session(), academy.session()
    academy.boss.call("DELETE", address(session), status=204)
    assert listed(academy) == [other]
    for caller in (academy.user, academy.boss):
        caller.get(address(session), 404)
    for method, body in (("DELETE", None), ("PUT", academy.session_body()), ("PATCH", {})):
        academy.boss.call(method, address(session), body, 404)
    academy.user.post("cinema/orders/", tickets((session, 1, 1)), 400)


def test_a_session_with_tickets_can_be_neither_deleted_nor_moved(academy: Academy) -> None:
    session = academy.session()
    academy.order(academy.user, (session, 1, 1))
    path, other = address(session), academy.session_body(show_time="2026-05-02T19:30:00Z")
    before = academy.stored()
    academy.boss.call("DELETE", path, status=409)
    academy.boss.call("PUT", path, other, 409)
    for name, value in other.items():
        academy.boss.call("PATCH", path, {name: value}, 409)
    assert academy.stored() == before
    assert academy.user.get("cinema/orders/")["count"] == 1


def test_leaving_it_where_it_is_is_no_move(academy: Academy) -> None:
    body = academy.session_body()
    session = academy.boss.post(SESSIONS, body)["id"]
    academy.order(academy.user, (session, 1, 1))
    assert academy.boss.put(address(session), body) == {"id": session, **body}
    assert academy.boss.patch(address(session), {"show_time": "2026-05-01T21:30:00+02:00"}) == {"id": session, **body}
