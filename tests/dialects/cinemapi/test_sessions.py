"""Sessions: what they show, what they take in, who plans them. The rules of the house have a file of their own."""

from typing import Any

import pytest

from tests.app import Person, euros
from tests.conftest import opened
from tests.dialects.cinemapi.house import EVENING, House, detail, ids

FIELDS = {"hall", "movie", "started_at", "price"}
WRITES = ["POST", "PUT", "PATCH"]
PRICES: list[tuple[Any, str]] = [
    *(("9.50", "9.50"), ("9.5", "9.50"), (9.5, "9.50"), ("9", "9.00"), (9, "9.00"), (0, "0.00"), ("0", "0.00")),
    *(("0.00", "0.00"), (0.01, "0.01"), ("0.01", "0.01"), (0.1, "0.10"), (9999.99, "9999.99"), (1000, "1000.00")),
    *(("9999.99", "9999.99"), ("9999", "9999.00"), (1e3, "1000.00"), (19.99, "19.99")),
]
BAD_PRICES: list[Any] = [
    *("", " ", "free", "9,50", "9.", ".5", "9.50 EUR", "€9.50", "0x10", "NaN", "Infinity", "-Infinity", "٣", "--1"),
    *(-0.01, "-0.01", -1, "-1", 10000, "10000", "10000.00", 9999.995, "9999.999", 10**40, 1e300, "9" * 40),
    *("9.501", 9.501, "0.001", 0.001, None, True, [], {}, ["9.50"], {"amount": "9.50", "currency": "EUR"}),
]
MOMENTS: list[tuple[str, str]] = [
    ("2026-05-01T18:00:00Z", "2026-05-01T18:00:00Z"),
    ("2026-05-01T18:00:00z", "2026-05-01T18:00:00Z"),
    ("2026-05-01T18:00:00", "2026-05-01T18:00:00Z"),
    ("2026-05-01T18:00", "2026-05-01T18:00:00Z"),
    ("2026-05-01 18:00:00", "2026-05-01T18:00:00Z"),
    ("2026-05-01T18:00:07Z", "2026-05-01T18:00:07Z"),
    ("2026-05-01T20:00:00+02:00", "2026-05-01T18:00:00Z"),
    ("2026-05-02T03:00:00+09:00", "2026-05-01T18:00:00Z"),
    ("2026-05-01T08:00:00-10:00", "2026-05-01T18:00:00Z"),
    ("2026-05-01T23:45:00+05:45", "2026-05-01T18:00:00Z"),
    ("2024-02-29T18:00:00Z", "2024-02-29T18:00:00Z"),
]
BAD_MOMENTS: list[Any] = [
    *("", " ", "tonight", "18:00", "2026-05-01", "2026-02-30T18:00:00Z", "2026-05-01T25:00:00Z", "01.05.2026 18:00"),
    *("2026-05-01T18:00:00+25:00", "2026-05-01T18:00:00 Europe/Berlin", "20260501T180000Z", "2026-W18-5T18:00"),
    *("0000-01-01T12:00:00Z", "0001-01-01T12:00:00Z", "9999-12-31T12:00:00Z", "99999-01-01T12:00:00Z"),
    *(1777658400, 0, 1.5, None, True, [], {}, [EVENING]),
]


def path_for(method: str, session: int) -> str:
    """Where a write of a session goes."""
    return "session/" if method == "POST" else f"session/{session}/"


# -- what the document shows ---------------------------------------------------------------------------------


def test_a_session_is_planned_and_everybody_sees_it(house: House) -> None:
    film, hall = house.film(), house.hall()
    body = {"hall": hall, "movie": film, "started_at": EVENING, "price": "9.50"}
    answer = house.boss.call("POST", "session/", body, 201)
    session = answer.json["id"]
    assert answer.json == {"id": session, **body, "tickets": []}
    assert type(session) is int
    for caller in (house.nobody, house.anna, house.boss, house.root):
        assert caller.get(f"session/{session}/") == answer.json
        assert caller.get("session/") == [answer.json]


def test_a_session_is_replaced(house: House) -> None:
    session, other = house.session(), house.session()
    untouched = house.nobody.get(f"session/{other}/")
    body = house.session_body(started_at="2026-05-02T12:00:00Z", price="12.00")
    assert house.boss.put(f"session/{session}/", body) == {"id": session, **body, "tickets": []}
    assert house.nobody.get("session/") == [{"id": session, **body, "tickets": []}, untouched]


@pytest.mark.parametrize("field", [*sorted(FIELDS), None])
def test_a_session_is_changed_and_the_rest_of_it_stays(house: House, field: str | None) -> None:
    session = house.session()
    before = house.nobody.get(f"session/{session}/")
    body = house.session_body(started_at="2026-05-02T12:00:00Z", price="12.00")
    change = {} if field is None else {field: body[field]}
    assert house.boss.patch(f"session/{session}/", change) == before | change
    assert house.nobody.get(f"session/{session}/") == before | change


def test_a_session_is_deleted_once(house: House) -> None:
    session, kept = house.session(), house.session()
    assert house.boss.delete(f"session/{session}/").body == b""
    assert detail(house.boss.call("DELETE", f"session/{session}/", status=404))
    assert detail(house.nobody.call("GET", f"session/{session}/", status=404))
    assert ids(house.nobody.get("session/")) == [kept]


def test_the_superuser_plans_as_staff_do(house: House) -> None:
    session = house.root.post("session/", house.session_body())["id"]
    assert house.root.put(f"session/{session}/", house.session_body(price="1"))["price"] == "1.00"
    assert house.root.patch(f"session/{session}/", {"price": "2"})["price"] == "2.00"
    house.root.delete(f"session/{session}/")


@pytest.mark.parametrize("method", [*WRITES, "DELETE"])
def test_only_staff_plan(house: House, method: str) -> None:
    session, good = house.session(), house.session_body(started_at="2026-05-02T12:00:00Z")
    before = house.stored()
    for caller, status in ((house.nobody, 401), (house.anna, 403)):
        for body in (good, {}, {"price": "free"}):
            sent = None if method == "DELETE" else body
            assert detail(caller.call(method, path_for(method, session), sent, status))
    assert house.stored() == before


def test_the_list_is_bare_whole_and_in_the_order_of_entry(house: House) -> None:
    assert house.nobody.call("GET", "session/", status=200).body == b"[]"
    film, hall = house.film("5"), house.hall()
    times = [f"2026-05-{day:02}T{hour:02}:00:00Z" for day in range(30, 22, -1) for hour in range(8, 22)]
    sessions = [house.session(movie=film, hall=hall, started_at=time) for time in times]
    shown = house.nobody.get("session/")
    assert ids(shown) == sessions
    assert [each["started_at"] for each in shown] == times
    assert shown[-1] == house.nobody.get(f"session/{sessions[-1]}/")


# -- what comes in -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", WRITES)
def test_a_price_is_text_with_two_digits_however_it_is_said(house: House, method: str) -> None:
    session, body = house.session(), house.session_body(started_at="2026-05-02T12:00:00Z")
    for said, shown in PRICES:
        answer = house.boss.call(method, path_for(method, session), body | {"price": said})
        assert (answer.status_int, answer.json["price"]) == (201 if method == "POST" else 200, shown), said
        assert house.nobody.get(f"session/{answer.json['id']}/")["price"] == shown, said
        if method == "POST":
            house.boss.delete(f"session/{answer.json['id']}/")


@pytest.mark.either_engine
@pytest.mark.parametrize("method", WRITES)
def test_what_is_no_price_is_refused(house: House, method: str) -> None:
    session, body = house.session(), house.session_body(started_at="2026-05-02T12:00:00Z")
    before = house.stored()
    for said in BAD_PRICES:
        path = path_for(method, session)
        assert house.boss.refused(method, path, body | {"price": said}) == {"price"}, said
    assert house.stored() == before


@pytest.mark.parametrize(
    ("currency", "price", "shown"),
    [
        *(("JPY", "950", "950.00"), ("JPY", 950.0, "950.00"), ("JPY", "9.50", None)),
        *(("KWD", "9.55", "9.55"), ("KWD", "9.555", None), ("KWD", 9.555, None)),
    ],
)
def test_a_price_has_two_digits_at_most_and_no_more_than_the_currency(
    house: House, currency: str, price: Any, shown: str | None
) -> None:
    body = house.session_body(price=price)
    url = house.database.writers.url.render_as_string(hide_password=False)
    settings = {"cinema.dialects": "cinemapi = /cinemapi", "cinema.currency": currency}
    with opened(url, **settings) as application, House(application) as other:
        staff = other.of(other.signed_in(house.boss.id))
        if shown is None:
            assert staff.refused("POST", "session/", body) == {"price"}
        else:
            assert staff.post("session/", body)["price"] == shown


@pytest.mark.parametrize("method", WRITES)
def test_a_start_is_shown_in_utc_however_it_is_said(house: House, method: str) -> None:
    session, body = house.session(), house.session_body(started_at="2026-05-02T12:00:00Z")
    for said, shown in MOMENTS:
        answer = house.boss.call(method, path_for(method, session), body | {"started_at": said})
        assert (answer.status_int, answer.json["started_at"]) == (201 if method == "POST" else 200, shown), said
        assert house.nobody.get(f"session/{answer.json['id']}/")["started_at"] == shown, said
        if method == "POST":
            house.boss.delete(f"session/{answer.json['id']}/")


@pytest.mark.parametrize("method", WRITES)
def test_what_is_no_moment_is_refused(house: House, method: str) -> None:
    session, body = house.session(), house.session_body()
    before = house.stored()
    for said in BAD_MOMENTS:
        path = path_for(method, session)
        assert house.boss.refused(method, path, body | {"started_at": said}) == {"started_at"}, said
    assert house.stored() == before


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize("field", ["hall", "movie"])
def test_a_hall_and_a_film_are_ids_of_what_there_is(house: House, method: str, field: str) -> None:
    session, body = house.session(), house.session_body(started_at="2026-05-02T12:00:00Z")
    path, good = path_for(method, session), body[field]
    before = house.stored()
    for said in (10**9, 10**17, 10**40, 0, -1, "x", "", "1.5", 1.5, True, None, [], {}, [good], {"id": good}, "٣"):
        assert house.boss.refused(method, path, body | {field: said}) == {field}, said
    assert house.stored() == before
    for said in (str(good), float(good)):
        answer = house.boss.call(method, path, body | {field: said})
        assert (answer.status_int, answer.json[field]) == (201 if method == "POST" else 200, good)
        if method == "POST":
            house.boss.delete(f"session/{answer.json['id']}/")


@pytest.mark.either_engine
@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("missing", [*({each} for each in sorted(FIELDS)), {"hall", "price"}, FIELDS])
def test_all_four_fields_are_needed(house: House, method: str, missing: set[str]) -> None:
    session, body = house.session(), house.session_body()
    left = {name: value for name, value in body.items() if name not in missing}
    assert house.boss.refused(method, path_for(method, session), left) == missing


@pytest.mark.parametrize("method", WRITES)
def test_every_bad_field_is_named(house: House, method: str) -> None:
    session = house.session()
    wrong = {"hall": "x", "movie": None, "started_at": "tonight", "price": "free"}
    before = house.stored()
    assert house.boss.refused(method, path_for(method, session), wrong) == FIELDS
    assert house.stored() == before


@pytest.mark.parametrize("method", WRITES)
def test_everything_that_does_not_exist_is_named_at_once(house: House, method: str) -> None:
    session = house.session()
    wrong = house.session_body(movie=10**9, hall=10**9)
    assert house.boss.refused(method, path_for(method, session), wrong) == {"movie", "hall"}


# -- one database --------------------------------------------------------------------------------------------


def test_a_session_planned_here_is_on_sale_natively(house: House) -> None:
    session = house.session(price="9.5")
    shown = house.admin.get(f"/screenings/{session}")
    assert (shown["starts_at"], shown["price"]) == (EVENING, euros("9.50"))
    assert house.native_order(house.member, session, (1, 1))["total"] == euros("9.50")


def test_a_native_session_shows_the_price_of_a_standard_seat_or_the_cheapest(house: House) -> None:
    prices = [
        ({"price": euros("8.00")}, "8.00"),
        ({"price": None, "prices": {"standard": euros("9.50"), "premium": euros("5.00")}}, "9.50"),
        ({"price": None, "prices": {"premium": euros("12.00"), "accessible": euros("7.25")}}, "7.25"),
        ({"price": None}, "0.00"),
    ]
    sessions = [house.screening(**said) for said, _shown in prices]
    assert [each["price"] for each in house.nobody.get("session/")] == [shown for _said, shown in prices]
    assert ids(house.nobody.get("session/")) == sessions


def test_a_new_price_is_for_every_kind_of_seat(house: House) -> None:
    session = house.screening(price=None, prices={"premium": euros("12.00")})
    assert house.boss.patch(f"session/{session}/", {"price": "4"})["price"] == "4.00"
    assert house.admin.get(f"/screenings/{session}")["price"] == euros("4.00")


def test_taken_places_are_shown_booked_held_and_paid_by_row_and_seat(house: House) -> None:
    session, boris = house.session(), house.natively(house.boris)
    house.ticket(house.anna, session, 2, 7)
    house.paid_ticket(house.anna, session, 2, 3)
    house.native_order(boris, session, (1, 9), (5, 1))
    taken = [{"row": 1, "seat": 9}, {"row": 2, "seat": 3}, {"row": 2, "seat": 7}, {"row": 5, "seat": 1}]
    for caller in (house.nobody, house.anna, house.boss):
        assert caller.get(f"session/{session}/")["tickets"] == taken
        assert caller.get("session/")[0]["tickets"] == taken
    house.later(minutes=15)
    assert house.nobody.get(f"session/{session}/")["tickets"] == taken[1:3]


def test_sessions_take_one_statement(house: House) -> None:
    session = [house.session() for _session in range(3)][-1]
    for seat in (1, 2, 3):
        house.ticket(house.anna, session, 1, seat)
    for caller in (house.nobody, house.anna):
        for path in ("session/", f"session/{session}/"):
            with house.statements() as seen:
                caller.get(path)
            assert len(seen) == 1, path


def test_a_session_planned_here_is_in_the_native_list(house: House) -> None:
    session = house.session()
    person: Person = house.member
    assert [each["id"] for each in person.get("/screenings")["items"]] == [session]
