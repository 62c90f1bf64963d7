"""Booking: one place of a session, for oneself or, by staff, for anybody."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.app import euros
from tests.dialects.cinemapi.house import BOOKED, House, booking, detail

FIELDS = {"session", "row", "seat", "user"}
START = datetime(2026, 5, 1, 18, tzinfo=UTC)
DEADLINE = START - timedelta(hours=2)
NO_NUMBERS: list[Any] = [
    *(
        None,
        "",
        " ",
        "x",
        "1.5",
        1.5,
        True,
        [],
        {},
        [1],
        10**40,
        -(10**40),
        1e300,
        "9" * 40,
        "٣",
        "1e0",
        "0x1",
        "1_0",
    ),
]
WITH_GAPS = "A|..__..\n |______\nB|PP__PAA"


@pytest.fixture
def session(house: House) -> int:
    """A session at six in a hall of three rows of four seats."""
    return house.session(hall=house.hall(3, 4))


def places(house: House, session: int) -> list[tuple[int, int]]:
    """Row and seat of what is taken."""
    return [(place["row"], place["seat"]) for place in house.nobody.get(f"session/{session}/")["tickets"]]


# -- for oneself ---------------------------------------------------------------------------------------------


def test_a_place_is_booked(house: House, session: int) -> None:
    body = {"session": session, "row": 2, "seat": 3, "user": house.anna.id}
    answer = house.anna.call("POST", "book/", body, 201)
    ticket = answer.json["id"]
    assert answer.json == {"id": ticket, **body, "ticket_status": BOOKED}
    assert type(ticket) is int
    assert house.anna.get(f"ticket/{ticket}/") == answer.json
    assert places(house, session) == [(2, 3)]


@pytest.mark.parametrize("text", [str, float, lambda number: f" {number} "], ids=["text", "float", "spaces"])
def test_numbers_may_come_as_text(house: House, session: int, text: Any) -> None:
    said = {name: text(value) for name, value in booking(house.anna, session, 3, 4).items()}
    ticket = house.anna.post("book/", said)
    assert [ticket[name] for name in ("session", "row", "seat", "user")] == [session, 3, 4, house.anna.id]
    assert all(type(ticket[name]) is int for name in FIELDS)


@pytest.mark.parametrize("missing", [*({each} for each in sorted(FIELDS)), {"row", "seat"}, FIELDS])
def test_all_four_fields_are_needed(house: House, session: int, missing: set[str]) -> None:
    body = {name: value for name, value in booking(house.anna, session).items() if name not in missing}
    before = house.stored()
    for caller in (house.anna, house.boss):
        assert caller.refused("POST", "book/", body) == missing
    assert house.stored() == before


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_what_is_no_whole_number_is_named(house: House, session: int, field: str) -> None:
    before = house.stored()
    for value in NO_NUMBERS:
        body = booking(house.anna, session) | {field: value}
        assert house.anna.refused("POST", "book/", body) == {field}, value
    assert house.stored() == before


def test_every_bad_field_is_named(house: House, session: int) -> None:
    assert house.anna.refused("POST", "book/", dict.fromkeys(FIELDS, "x")) == FIELDS


@pytest.mark.parametrize("wrong", [{"session": 10**9, "user": 10**9}, {"row": 9, "seat": 99}])
def test_everything_that_does_not_exist_is_named_at_once(house: House, session: int, wrong: dict[str, int]) -> None:
    assert house.boss.refused("POST", "book/", booking(house.anna, session) | wrong) == set(wrong)


@pytest.mark.parametrize("unknown", [10**9, 10**17, 0, -1])
def test_what_does_not_exist_is_named(house: House, session: int, unknown: int) -> None:
    before = house.stored()
    assert house.anna.refused("POST", "book/", booking(house.anna, session) | {"session": unknown}) == {"session"}
    for caller in (house.anna, house.boss):
        assert caller.refused("POST", "book/", booking(caller, session) | {"user": unknown}) == {"user"}
    assert house.stored() == before


# -- for others ----------------------------------------------------------------------------------------------


def test_a_user_books_for_nobody_else(house: House, session: int) -> None:
    before = house.stored()
    for other in (house.boris, house.boss, house.root):
        assert detail(house.anna.call("POST", "book/", booking(other, session), 403))
    assert house.stored() == before


def test_staff_book_for_anybody_and_it_is_theirs(house: House, session: int) -> None:
    mine = house.boss.post("book/", booking(house.anna, session, 1, 1))
    assert mine["user"] == house.anna.id
    assert house.root.post("book/", booking(house.boss, session, 1, 2))["user"] == house.boss.id
    assert house.boss.post("book/", booking(house.boss, session, 1, 3))["user"] == house.boss.id
    assert house.anna.get("ticket/") == [mine]
    house.anna.patch(f"pay/{mine['id']}/")


def test_a_disabled_account_gets_no_ticket(house: House, session: int) -> None:
    house.admin.patch(f"/users/{house.boris.id}", {"is_active": False})
    before = house.stored()
    assert house.boss.refused("POST", "book/", booking(house.boris, session)) == {"user"}
    assert detail(house.anna.call("POST", "book/", booking(house.boris, session), 403))
    assert detail(house.boris.call("POST", "book/", booking(house.boris, session), 401))
    assert house.stored() == before


@pytest.mark.parametrize("body", [{}, {"session": "x"}, b"[broken", None])
def test_a_stranger_hears_401_whatever_is_sent(house: House, session: int, body: Any) -> None:
    assert detail(house.nobody.call("POST", "book/", body, 401))
    assert detail(house.nobody.call("POST", "book/", booking(house.anna, session), 401))
    assert places(house, session) == []


# -- places --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [(1, 1), (1, 4), (3, 1), (3, 4)])
def test_rows_and_seats_count_from_one_to_the_last(house: House, session: int, place: tuple[int, int]) -> None:
    house.ticket(house.anna, session, *place)
    assert places(house, session) == [place]


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        ((0, 1), {"row"}),
        ((-1, 1), {"row"}),
        ((4, 1), {"row"}),
        ((10**17, 1), {"row"}),
        ((1, 0), {"seat"}),
        ((1, -1), {"seat"}),
        ((3, 5), {"seat"}),
        ((1, 10**17), {"seat"}),
    ],
)
def test_what_lies_outside_the_hall_is_refused(
    house: House, session: int, place: tuple[int, int], wrong: set[str]
) -> None:
    before = house.stored()
    for caller in (house.anna, house.boss):
        assert caller.refused("POST", "book/", booking(caller, session, *place)) == wrong
    assert house.stored() == before


def test_a_gap_inside_the_rectangle_is_no_place(house: House) -> None:
    hall = house.hall(layout=WITH_GAPS)
    session = house.session(hall=hall)
    shown = house.nobody.get(f"hall/{hall}/")
    assert (shown["row_count"], shown["seat_count"]) == (2, 5)
    assert house.anna.refused("POST", "book/", booking(house.anna, session, 1, 5)) == {"seat"}
    assert house.anna.refused("POST", "book/", booking(house.anna, session, 3, 1)) == {"row"}
    for place in ((1, 4), (2, 5)):
        house.ticket(house.anna, session, *place)
    assert places(house, session) == [(1, 4), (2, 5)]


def test_a_place_is_taken_once_whether_booked_or_paid_here_or_held_or_paid_natively(house: House) -> None:
    session, boris = house.session(), house.natively(house.boris)
    house.ticket(house.boris, session, 1, 1)
    house.paid_ticket(house.boris, session, 1, 2)
    house.native_order(boris, session, (1, 3))
    boris.post(f"/orders/{house.native_order(boris, session, (1, 4))['id']}/pay", status=200)
    before = house.stored()
    for seat in (1, 2, 3, 4):
        for caller in (house.anna, house.boris, house.boss):
            assert caller.call("POST", "book/", booking(caller, session, 1, seat), 400)
    assert house.stored() == before


def test_a_place_taken_here_is_taken_natively(house: House, session: int) -> None:
    house.ticket(house.anna, session, 1, 1)
    refused = house.member.call("POST", "/orders", {"screening": session, "seats": [{"row": 1, "seat": 1}]}, 409)
    assert refused.json["code"] == "seats-unavailable"
    house.later(hours=5)
    assert house.member.call("POST", "/orders", {"screening": session, "seats": [{"row": 1, "seat": 1}]}, 409)


def test_the_same_place_of_another_session_is_another_place(house: House) -> None:
    film, hall = house.film(), house.hall()
    for hour in (15, 18):
        session = house.session(movie=film, hall=hall, started_at=f"2026-05-01T{hour}:00:00Z")
        house.ticket(house.anna, session, 1, 1)


def test_a_native_hold_that_has_ended_is_no_longer_in_the_way(house: House, session: int) -> None:
    house.native_order(house.natively(house.boris), session, (1, 1))
    house.later(minutes=15, microseconds=-1)
    assert house.anna.call("POST", "book/", booking(house.anna, session), 400)
    house.later(microseconds=1)
    house.ticket(house.anna, session)
    assert places(house, session) == [(1, 1)]


# -- two hours before ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["anna", "boss", "root"])
def test_booking_closes_two_hours_before_the_start_for_staff_too(house: House, session: int, who: str) -> None:
    caller = getattr(house, who)
    house.now = DEADLINE - timedelta(microseconds=1)
    house.ticket(caller, session, 1, 1)
    before = house.stored()
    for moment in (DEADLINE, DEADLINE + timedelta(seconds=1), START, START + timedelta(days=1)):
        house.now = moment
        assert caller.warned("POST", "book/", booking(caller, session, 1, 2))
    assert house.stored() == before


def test_a_past_session_cannot_be_booked(house: House) -> None:
    session = house.session(started_at="2020-05-01T18:00:00Z")
    assert house.anna.warned("POST", "book/", booking(house.anna, session))


# -- prices --------------------------------------------------------------------------------------------------


def test_a_session_without_a_price_is_booked_for_nothing(house: House) -> None:
    session = house.academys_session(house.film(), house.hall(), START)
    ticket = house.ticket(house.anna, session)
    [order] = house.natively(house.anna).get("/orders")["items"]
    assert (order["state"], order["total"]) == ("held", euros("0.00"))
    assert house.member.call("POST", "/orders", {"screening": session, "seats": [{"row": 1, "seat": 2}]}, 409)
    assert house.anna.patch(f"pay/{ticket}/")["ticket_status"]["name"] == "paid"
    assert house.sql("SELECT kind, amount_minor FROM payments") == [("capture", 0)]


@pytest.mark.parametrize(("price", "total"), [("9.50", "9.50"), (0, "0.00"), ("9999.99", "9999.99")])
def test_a_place_costs_what_the_session_says(house: House, price: Any, total: str) -> None:
    house.ticket(house.anna, house.session(price=price))
    [order] = house.natively(house.anna).get("/orders")["items"]
    assert order["total"] == euros(total)


def test_a_booking_keeps_its_price(house: House, session: int) -> None:
    ticket = house.ticket(house.anna, session)
    house.admin.patch(f"/screenings/{session}", {"price": euros("20.00")})
    house.anna.patch(f"pay/{ticket}/")
    assert house.sql("SELECT amount_minor FROM payments") == [(950,)]
