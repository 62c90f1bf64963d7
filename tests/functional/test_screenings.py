"""Screenings: when and where a film may be shown, for how much, and how screenings are found."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.app import Cinema, euros, fields, seats
from tests.conftest import opened
from tests.databases import empty

DAY = "2026-05-01"


@pytest.fixture
def berlin(database_url: str) -> Iterator[Cinema]:
    """An empty cinema in Berlin, open until after midnight."""
    more = {"cinema.timezone": "Europe/Berlin", "cinema.opening_hours": "10:00-03:00"}
    with opened(database_url, **more) as router:
        empty(router.registry.database)
        with Cinema(router) as house:
            yield house


def at(clock: str) -> str:
    """A time on the day of the tests."""
    return f"{DAY}T{clock}:00Z"


def body(cinema: Cinema, clock: str = "18:00", **values: Any) -> dict[str, Any]:
    """A screening as the API takes it."""
    known = {"starts_at": at(clock), "price": euros("9.50"), **values}
    return {
        "movie": known.pop("movie", None) or cinema.movie(),
        "hall": known.pop("hall", None) or cinema.hall(),
    } | known


def ids(cinema: Cinema, query: str) -> list[int]:
    return [screening["id"] for screening in cinema.member.walk(f"/screenings?{query}")]


# -- one screening -------------------------------------------------------------------------------------------


def test_a_screening_is_answered_in_utc_with_its_end_and_its_seats(cinema: Cinema) -> None:
    wanted = body(cinema, starts_at="2026-05-01T20:00:00.5+02:00")
    answer = cinema.admin.call("POST", "/screenings", wanted, 201)
    screening = answer.json
    assert answer.headers["Location"].endswith(f"/api/v1/screenings/{screening['id']}")
    assert screening["movie"] == {"id": wanted["movie"], "title": "Сталкер"}
    assert screening["hall"] == {"id": wanted["hall"], "name": "Red"}
    assert screening["starts_at"] == "2026-05-01T18:00:00.500000Z"
    assert screening["ends_at"] == "2026-05-01T19:40:00.500000Z"
    assert (screening["seats_total"], screening["seats_left"]) == (50, 50)
    assert cinema.member.get(f"/screenings/{screening['id']}") == screening


def test_only_administrators_schedule_and_strangers_see_nothing(cinema: Cinema) -> None:
    wanted = body(cinema)
    screening = cinema.admin.post("/screenings", wanted)["id"]
    cinema.stranger.get("/screenings", 401)
    cinema.stranger.get(f"/screenings/{screening}", 401)
    cinema.member.post("/screenings", wanted, 403)
    cinema.member.patch(f"/screenings/{screening}", {"price": None}, 403)
    cinema.member.put(f"/screenings/{screening}", wanted, 403)
    cinema.member.delete(f"/screenings/{screening}", 403)
    assert cinema.member.get(f"/screenings/{screening}")["price"] == euros("9.50")


@pytest.mark.either_engine
@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"starts_at": "2026-05-01T18:00:00"}, {"starts_at"}),
        ({"starts_at": "2026-05-01"}, {"starts_at"}),
        ({"starts_at": "2026-02-30T18:00:00Z"}, {"starts_at"}),
        ({"starts_at": "2026-05-01T18:00:00+25:00"}, {"starts_at"}),
        ({"starts_at": 1777658400}, {"starts_at"}),
        ({"starts_at": None}, {"starts_at"}),
        ({"movie": 10**9}, {"movie"}),
        ({"hall": 10**9}, {"hall"}),
        ({"movie": "1", "hall": 0}, {"movie", "hall"}),
        ({"movie": 10**18}, {"movie"}),
        ({"prices": {"standard": euros("9.50")}}, {"prices"}),
        ({"price": euros("9.505")}, {"price"}),
        ({"price": {"amount": "9.50", "currency": "USD"}}, {"price"}),
        ({"price": {"amount": 9.5, "currency": "EUR"}}, {"price"}),
        ({"price": euros("-1.00")}, {"price"}),
        ({"price": "9.50"}, {"price"}),
        ({"price": None, "prices": {"vip": euros("9.50"), "premium": None}}, {"prices.vip", "prices.premium"}),
        ({"price": None, "prices": []}, {"prices"}),
        ({"ends_at": "2026-05-01T20:00:00Z"}, {"ends_at"}),
        ({"seats_left": 50}, {"seats_left"}),
    ],
)
def test_a_bad_screening_names_its_fields(cinema: Cinema, values: dict[str, Any], wrong: set[str]) -> None:
    wanted = body(cinema) | values
    assert fields(cinema.admin.post("/screenings", wanted, 400)) == wrong
    assert ids(cinema, "") == []


def test_what_a_screening_needs_is_named(cinema: Cinema) -> None:
    assert fields(cinema.admin.post("/screenings", {}, 400)) == {"movie", "hall", "starts_at"}


def test_a_film_without_a_duration_cannot_be_scheduled(cinema: Cinema) -> None:
    refused = cinema.admin.post("/screenings", body(cinema, movie=cinema.movie(duration=None)), 409)
    assert refused["code"] == "no-duration"


@pytest.mark.parametrize(
    "starts_at",
    ["0001-01-04T12:00:00Z", "0001-01-12T12:00:00Z", "9999-12-20T12:00:00Z", "9999-12-28T12:00:00Z"],
)
@pytest.mark.parametrize("duration", [100, 7 * 24 * 60])
def test_the_ends_of_the_calendar_are_no_failure(cinema: Cinema, starts_at: str, duration: int) -> None:
    wanted = body(cinema, starts_at=starts_at, movie=cinema.movie(duration=duration))
    assert cinema.admin.call("POST", "/screenings", wanted).status_int in (201, 400, 409)
    assert cinema.member.call("GET", "/screenings").status_int == 200


def test_a_screening_that_does_not_exist_is_not_found(cinema: Cinema) -> None:
    cinema.member.get("/screenings/1", 404)
    cinema.admin.patch("/screenings/1", {"price": None}, 404)
    cinema.admin.put("/screenings/1", body(cinema), 404)
    cinema.admin.delete("/screenings/1", 404)


def test_holds_count_as_taken_until_they_end(cinema: Cinema) -> None:
    screening = cinema.screening()
    cinema.member.post("/orders", {"screening": screening, "seats": seats((1, 1), (1, 2))})
    assert cinema.member.get(f"/screenings/{screening}")["seats_left"] == 48
    cinema.later(minutes=15, milliseconds=-1)
    assert cinema.member.get(f"/screenings/{screening}")["seats_left"] == 48
    cinema.later(milliseconds=1)
    assert cinema.member.get(f"/screenings/{screening}")["seats_left"] == 50


# -- prices --------------------------------------------------------------------------------------------------


def test_one_price_is_the_price_of_every_category(cinema: Cinema) -> None:
    screening = cinema.admin.post("/screenings", body(cinema))
    assert screening["price"] == euros("9.50")
    assert screening["prices"] == dict.fromkeys(("standard", "premium", "accessible"), euros("9.50"))


def test_prices_differ_by_category_and_what_has_none_is_not_on_sale(cinema: Cinema) -> None:
    hall = cinema.hall(name="Blue", layout="A|.PA")
    prices = {"standard": euros("9.50"), "premium": euros("12.00")}
    screening = cinema.admin.post("/screenings", body(cinema, hall=hall, price=None, prices=prices))
    assert (screening["price"], screening["prices"]) == (None, prices)

    def order(*wanted: int, status: int) -> Any:
        places = seats(*((1, seat) for seat in wanted))
        return cinema.member.post("/orders", {"screening": screening["id"], "seats": places}, status)

    assert order(2, 3, status=409)["code"] == "not-on-sale"
    assert order(1, 2, status=201)["total"] == euros("21.50")


@pytest.mark.parametrize("values", [{"price": None}, {"price": None, "prices": {}}])
def test_a_screening_without_a_price_is_not_on_sale(cinema: Cinema, values: dict[str, Any]) -> None:
    screening = cinema.admin.post("/screenings", body(cinema) | values)
    assert (screening["price"], screening["prices"]) == (None, {})
    refused = cinema.member.post("/orders", {"screening": screening["id"], "seats": seats((1, 1))}, 409)
    assert refused["code"] == "not-on-sale"


def test_put_takes_prices_away_that_are_not_sent_and_patch_leaves_them(cinema: Cinema) -> None:
    wanted = body(cinema)
    path = f"/screenings/{cinema.admin.post('/screenings', wanted)['id']}"
    assert cinema.admin.patch(path, {"starts_at": at("19:00")})["price"] == euros("9.50")
    assert cinema.admin.patch(path, {"prices": {"premium": euros("1.00")}})["prices"] == {"premium": euros("1.00")}
    del wanted["price"]
    assert cinema.admin.put(path, wanted)["prices"] == {}
    assert cinema.admin.patch(path, {"price": euros("0.00")})["price"] == euros("0.00")


# -- opening hours, and one film at a time -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "status"),
    [("08:00", 201), ("07:59", 409), ("20:55", 201), ("20:56", 409), ("23:00", 409), ("03:00", 409)],
)
def test_a_screening_lies_within_opening_hours_cleaning_included(cinema: Cinema, clock: str, status: int) -> None:
    answer = cinema.admin.post("/screenings", body(cinema, clock), status)
    if status == 409:
        assert answer["code"] == "outside-opening-hours"
        assert (answer["opens"], answer["closes"]) == (at("08:00"), at("23:00"))
        assert ids(cinema, "") == []


@pytest.mark.parametrize(
    ("starts_at", "status"),
    [
        ("2026-05-01T10:00:00+02:00", 201),
        ("2026-05-01T09:59:00+02:00", 409),
        ("2026-05-02T00:55:00+02:00", 201),
        ("2026-05-02T00:56:00+02:00", 409),
        ("2026-03-29T01:00:00+01:00", 409),  # an hour of this night is missing: 02:05 would be 03:05
        ("2026-10-25T01:50:00+02:00", 201),  # and one of this night comes twice
    ],
)
def test_opening_hours_are_the_cinemas_own_and_may_pass_midnight(berlin: Cinema, starts_at: str, status: int) -> None:
    berlin.admin.post("/screenings", body(berlin, starts_at=starts_at), status)


@pytest.mark.parametrize(
    ("clock", "status"), [("16:05", 201), ("16:04", 409), ("11:55", 201), ("11:56", 409), ("14:00", 409)]
)
def test_screenings_may_touch_in_a_hall_but_not_overlap(cinema: Cinema, clock: str, status: int) -> None:
    hall = cinema.hall()
    first = cinema.admin.post("/screenings", body(cinema, "14:00", hall=hall))
    answer = cinema.admin.post("/screenings", body(cinema, clock, hall=hall), status)
    if status == 409:
        assert answer["code"] == "overlap"
        assert answer["other"] == {key: first[key] for key in ("id", "starts_at", "ends_at")}
        assert ids(cinema, "") == [first["id"]]


def test_a_long_film_overlaps_with_what_starts_within_it(cinema: Cinema) -> None:
    hall = cinema.hall()
    short = cinema.admin.post("/screenings", body(cinema, "14:00", hall=hall, movie=cinema.movie(duration=10)))
    long = body(cinema, "13:00", hall=hall, movie=cinema.movie(duration=300))
    assert cinema.admin.post("/screenings", long, 409)["other"]["id"] == short["id"]


def test_another_hall_is_free(cinema: Cinema) -> None:
    first, second = cinema.hall(), cinema.hall()
    cinema.admin.post("/screenings", body(cinema, "14:00", hall=first))
    cinema.admin.post("/screenings", body(cinema, "14:00", hall=second))


def test_a_screening_does_not_stand_in_its_own_way(cinema: Cinema) -> None:
    wanted = body(cinema, "14:00")
    path = f"/screenings/{cinema.admin.post('/screenings', wanted)['id']}"
    assert cinema.admin.patch(path, {"starts_at": at("14:10")})["starts_at"] == at("14:10")
    assert cinema.admin.put(path, wanted)["starts_at"] == at("14:00")


def test_a_screening_moves_only_to_where_there_is_room(cinema: Cinema) -> None:
    hall, other_hall = cinema.hall(), cinema.hall()
    first = cinema.admin.post("/screenings", body(cinema, "14:00", hall=hall))
    second = cinema.admin.post("/screenings", body(cinema, "18:00", hall=hall))
    third = cinema.admin.post("/screenings", body(cinema, "14:00", hall=other_hall))
    for screening, change, code in (
        (second, {"starts_at": at("15:00")}, "overlap"),
        (third, {"hall": hall}, "overlap"),
        (first, {"movie": cinema.movie(duration=216)}, "overlap"),
        (first, {"starts_at": at("07:00")}, "outside-opening-hours"),
        (first, {"movie": cinema.movie(duration=None)}, "no-duration"),
    ):
        path = f"/screenings/{screening['id']}"
        assert cinema.admin.patch(path, change, 409)["code"] == code
        assert cinema.member.get(path) == screening
    assert fields(cinema.admin.patch(f"/screenings/{first['id']}", {"hall": 10**9}, 400)) == {"hall"}


# -- what has tickets ----------------------------------------------------------------------------------------


def test_a_screening_with_tickets_is_neither_moved_nor_deleted(cinema: Cinema) -> None:
    screening, film, hall = cinema.screening(), cinema.movie(), cinema.hall()
    path = f"/screenings/{screening}"
    cinema.member.post("/orders", {"screening": screening, "seats": seats((1, 1))})
    before = cinema.member.get(path)
    for change in ({"starts_at": at("18:30")}, {"movie": film}, {"hall": hall}):
        assert cinema.admin.patch(path, change, 409)["code"] == "screening-has-tickets"
    assert cinema.admin.delete(path, 409)["code"] == "screening-has-tickets"
    assert cinema.member.get(path) == before


def test_the_same_place_in_other_words_is_no_move(cinema: Cinema) -> None:
    wanted = body(cinema, "18:00")
    path = f"/screenings/{cinema.admin.post('/screenings', wanted)['id']}"
    cinema.member.post("/orders", {"screening": int(path[12:]), "seats": seats((1, 1))})
    cinema.admin.put(path, wanted | {"starts_at": "2026-05-01T20:00:00+02:00", "price": euros("11.00")})


def test_a_new_price_is_for_the_next_buyer(cinema: Cinema) -> None:
    screening = cinema.screening()
    old = cinema.member.post("/orders", {"screening": screening, "seats": seats((1, 1))})
    cinema.admin.patch(f"/screenings/{screening}", {"price": euros("20.00")})
    new = cinema.other.post("/orders", {"screening": screening, "seats": seats((1, 2))})
    paid = cinema.member.post(f"/orders/{old['id']}/pay", status=200)
    assert (paid["total"], paid["tickets"][0]["price"]) == (euros("9.50"), euros("9.50"))
    assert new["total"] == euros("20.00")


def test_ended_holds_allow_a_move_but_no_deletion(cinema: Cinema) -> None:
    screening = cinema.screening()
    order = cinema.member.post("/orders", {"screening": screening, "seats": seats((1, 1))})
    cinema.later(minutes=15)
    cinema.admin.patch(f"/screenings/{screening}", {"starts_at": at("19:00")})
    assert cinema.admin.delete(f"/screenings/{screening}", 409)["code"] == "in-use"
    assert cinema.member.get(f"/orders/{order['id']}")["screening"]["id"] == screening


def test_a_screening_without_tickets_is_deleted_with_its_prices(cinema: Cinema) -> None:
    screening = cinema.screening()
    cinema.admin.delete(f"/screenings/{screening}")
    cinema.member.get(f"/screenings/{screening}", 404)
    assert cinema.sql("SELECT * FROM screening_prices") == []


# -- films that change ---------------------------------------------------------------------------------------


def test_a_film_grows_only_as_far_as_its_screenings_stay_apart(cinema: Cinema) -> None:
    film, hall = cinema.movie(), cinema.hall()
    for clock in ("14:00", "17:00"):
        cinema.admin.post("/screenings", body(cinema, clock, movie=film, hall=hall))
    cinema.admin.patch(f"/movies/{film}", {"duration": 155})
    refused = cinema.admin.patch(f"/movies/{film}", {"duration": 156, "title": "Longer"}, 409)
    assert refused["code"] == "overlap"
    shown = cinema.member.get(f"/movies/{film}")
    assert (shown["duration"], shown["title"]) == (155, "Сталкер")
    cinema.admin.patch(f"/movies/{film}", {"duration": 90})


def test_a_scheduled_film_keeps_its_duration(cinema: Cinema) -> None:
    film = cinema.movie()
    screening = cinema.screening(movie=film)
    assert cinema.admin.patch(f"/movies/{film}", {"duration": None}, 409)["code"] == "no-duration"
    assert cinema.admin.put(f"/movies/{film}", {"title": "Solaris"}, 409)["code"] == "no-duration"
    cinema.admin.delete(f"/screenings/{screening}")
    assert cinema.admin.patch(f"/movies/{film}", {"duration": None})["duration"] is None


def test_a_scheduled_film_is_not_deleted(cinema: Cinema) -> None:
    film = cinema.movie()
    cinema.screening(movie=film)
    assert cinema.admin.delete(f"/movies/{film}", 409)["code"] == "in-use"


# -- lists ---------------------------------------------------------------------------------------------------


def test_screenings_are_found_by_film_hall_and_time(cinema: Cinema) -> None:
    film, hall = cinema.movie(), cinema.hall()
    late = cinema.admin.post("/screenings", body(cinema, "20:00", movie=film))["id"]
    early = cinema.admin.post("/screenings", body(cinema, "10:00", hall=hall))["id"]
    noon = cinema.admin.post("/screenings", body(cinema, "13:00", movie=film, hall=hall))["id"]
    assert ids(cinema, "") == [early, noon, late]
    assert ids(cinema, "sort=-starts_at&limit=1") == [late, noon, early]
    assert ids(cinema, f"movie={film}") == [noon, late]
    assert ids(cinema, f"hall={hall}") == [early, noon]
    assert ids(cinema, f"hall={hall}&movie={film}") == [noon]
    assert ids(cinema, f"movie={film + 99}") == []
    assert ids(cinema, f"from={at('13:00')}") == [noon, late]
    assert ids(cinema, f"to={at('13:00')}") == [early]


@pytest.mark.parametrize("offset", ["+", "%2B", " "])
def test_an_offset_may_come_with_a_bare_plus(cinema: Cinema, offset: str) -> None:
    first, second = (cinema.admin.post("/screenings", body(cinema, clock))["id"] for clock in ("16:59", "17:00"))
    query = f"2026-05-01T19:00:00{offset.replace(' ', '%20')}02:00"
    assert ids(cinema, f"from={query}") == [second]
    assert ids(cinema, f"to={query}") == [first]


def test_a_date_is_a_day_of_the_cinema(berlin: Cinema) -> None:
    first, second = (
        berlin.admin.post("/screenings", body(berlin, starts_at=f"2026-05-02T{clock}+02:00"))["id"]
        for clock in ("00:00:00", "22:00:00")
    )
    before = berlin.admin.post("/screenings", body(berlin, starts_at="2026-05-01T23:59:00+02:00"))["id"]
    assert ids(berlin, "date=2026-05-02") == [first, second]
    assert ids(berlin, "date=2026-05-01") == [before]
    assert ids(berlin, "date=2026-05-03") == []


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("date=2026-02-30", "date"),
        ("date=today", "date"),
        ("from=2026-05-01T19:00:00", "from"),
        ("to=tomorrow", "to"),
        ("movie=x", "movie"),
        ("hall=0", "hall"),
        ("hall=-1", "hall"),
        ("sort=price", "sort"),
        ("film=1", "film"),
        ("movie=1&movie=2", "movie"),
    ],
)
def test_a_bad_filter_is_named(cinema: Cinema, query: str, wrong: str) -> None:
    assert fields(cinema.member.get(f"/screenings?{query}", 400)) == {wrong}


def test_screenings_take_one_statement_however_many_there_are(cinema: Cinema) -> None:
    member, screening = cinema.member, cinema.screening()
    for number in range(3):
        cinema.screening()
        member.post("/orders", {"screening": screening, "seats": seats((1, number + 1))})
    for path in ("/screenings", f"/screenings/{screening}", f"/screenings?date={DAY}"):
        with cinema.statements() as seen:
            member.get(path)
        assert len(seen) <= 2
