"""Orders: taking seats and cassettes, losing them to others, changing one's mind, and running out of time."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.app import Cinema, Person, euros, fields, seats
from tests.conftest import opened
from tests.databases import contents, empty
from tests.examples import examples

MILLISECOND = timedelta(milliseconds=1)
HOLD = timedelta(minutes=15)
FUTURE = "2030-01-01T12:00:00Z"


@pytest.fixture
def strict(database_url: str) -> Iterator[Cinema]:
    """An empty cinema with narrow limits."""
    more = {
        "cinema.booking_closes_minutes": "30",
        "cinema.max_seats_per_order": "2",
        "cinema.max_unpaid_orders": "1",
        "cinema.hold_minutes": "1",
    }
    with opened(database_url, **more) as router:
        empty(router.registry.database)
        with Cinema(router) as house:
            yield house


def book(person: Person, screening: int, *places: tuple[int, int], status: int = 201, **more: Any) -> Any:
    """An order for seats."""
    return person.post("/orders", {"screening": screening, "seats": seats(*places), **more}, status)


def tapes(cassette: int | str, quantity: int = 1) -> list[dict[str, Any]]:
    """So many of a cassette, as the API takes them."""
    return [{"cassette": cassette, "quantity": quantity}]


def filled(body: Any, **ids: int) -> Any:
    """`body` with ids in place of their names: "<tape>"."""
    text = json.dumps(body)
    for name, key in ids.items():
        text = text.replace(f'"<{name}>"', str(key))
    return json.loads(text)


def places(order: dict[str, Any]) -> list[tuple[int, int]]:
    """Row and seat of the tickets, as listed."""
    return [(ticket["row"], ticket["seat"]) for ticket in order["tickets"]]


def stored(cinema: Cinema) -> dict[str, list[str]]:
    """Every row of every table."""
    return contents(cinema.database)


# -- taking --------------------------------------------------------------------------------------------------


def test_an_order_is_answered_with_its_address_total_and_deadline(cinema: Cinema) -> None:
    screening, tape = cinema.screening(), cinema.cassette()
    wanted = {"screening": screening, "seats": seats((2, 1), (1, 9), (1, 2)), "cassettes": tapes(tape, 2)}
    answer = cinema.member.call("POST", "/orders", wanted, 201)
    order = answer.json
    assert answer.headers["Location"].endswith(f"/api/v1/orders/{order['id']}")
    assert order["user"] == cinema.member.id
    assert order["state"] == "held"
    assert order["total"] == euros("38.50")
    assert order["created_at"] == "2026-05-01T12:00:00Z"
    assert order["expires_at"] == "2026-05-01T12:15:00Z"
    assert order["expires_in"] == 15 * 60
    assert order["screening"]["id"] == screening
    assert places(order) == [(1, 2), (1, 9), (2, 1)]
    assert {(ticket["state"], ticket["price"]["amount"]) for ticket in order["tickets"]} == {("held", "9.50")}
    assert [(line["cassette"], line["quantity"], line["price"]) for line in order["cassettes"]] == [
        (tape, 2, euros("5.00"))
    ]
    assert cinema.member.get(f"/orders/{order['id']}") == order


def test_the_deadline_comes_nearer_and_passes(cinema: Cinema) -> None:
    path = f"/orders/{book(cinema.member, cinema.screening(), (1, 1))['id']}"
    cinema.later(minutes=14, seconds=59, milliseconds=500)
    assert cinema.member.get(path)["expires_in"] == 1
    cinema.later(milliseconds=500)
    order = cinema.member.get(path)
    assert (order["state"], order["expires_in"], order["tickets"][0]["state"]) == ("expired", 0, "void")


def test_an_order_may_be_for_cassettes_only(cinema: Cinema) -> None:
    tape = cinema.cassette(quantity=3)
    order = cinema.member.post("/orders", {"cassettes": tapes(tape, 2)})
    assert (order["screening"], order["tickets"], order["total"]) == (None, [], euros("10.00"))
    assert cinema.member.post(f"/orders/{order['id']}/pay", status=200)["state"] == "paid"
    assert cinema.member.get(f"/cassettes/{tape}")["quantity"] == 1


@pytest.mark.either_engine
@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"seats"}),
        ({"seats": []}, {"seats"}),
        ({"seats": [], "cassettes": []}, {"seats"}),
        ({"screening": "<screening>"}, {"seats"}),
        ({"seats": seats((1, 1))}, {"screening"}),
        ({"screening": 10**9, "seats": seats((1, 1))}, {"screening"}),
        ({"screening": "1", "seats": seats((1, 1))}, {"screening"}),
        ({"screening": None, "seats": seats((1, 1))}, {"screening"}),
        ({"screening": "<screening>", "seats": seats((6, 1))}, {"seats.0.row"}),
        ({"screening": "<screening>", "seats": seats((1, 1), (0, 1))}, {"seats.1.row"}),
        ({"screening": "<screening>", "seats": seats((1, 1), (1, 11))}, {"seats.1.seat"}),
        ({"screening": "<screening>", "seats": seats((1, 0), (1001, 1))}, {"seats.0.seat", "seats.1.row"}),
        ({"screening": "<screening>", "seats": seats((6, 1), (1, 11), (1, 1))}, {"seats.0.row", "seats.1.seat"}),
        ({"screening": "<screening>", "seats": seats((1, 1), (1, 2), (1, 1))}, {"seats.2"}),
        ({"screening": "<screening>", "seats": [{"row": 1}]}, {"seats.0.seat"}),
        ({"screening": "<screening>", "seats": [{"row": 1.0, "seat": "1"}]}, {"seats.0.row", "seats.0.seat"}),
        ({"screening": "<screening>", "seats": [{"row": 1, "seat": 1, "price": 0}]}, {"seats.0.price"}),
        ({"screening": "<screening>", "seats": {"row": 1, "seat": 1}}, {"seats"}),
        ({"screening": "<screening>", "seats": seats(*((1 + n // 10, 1 + n % 10) for n in range(11)))}, {"seats"}),
        ({"cassettes": tapes(10**9)}, {"cassettes.0.cassette"}),
        ({"cassettes": tapes("<tape>", 0)}, {"cassettes.0.quantity"}),
        ({"cassettes": tapes("<tape>", -1)}, {"cassettes.0.quantity"}),
        ({"cassettes": tapes("<tape>") + tapes("<tape>")}, {"cassettes"}),
        ({"cassettes": tapes("<tape>"), "total": euros("0.01")}, {"total"}),
        ({"cassettes": tapes("<tape>"), "user": "<tape>", "state": "paid"}, {"user", "state"}),
    ],
)
def test_a_bad_order_names_its_fields_and_takes_nothing(cinema: Cinema, body: Any, wrong: set[str]) -> None:
    body = filled(body, screening=cinema.screening(), tape=cinema.cassette())
    assert cinema.member
    before = stored(cinema)
    assert fields(cinema.member.post("/orders", body, 400)) == wrong
    assert stored(cinema) == before


def test_a_gap_is_no_seat(cinema: Cinema) -> None:
    screening = cinema.screening(hall=cinema.hall(name="Blue", layout="A|._.\n|___\nB|..."))
    assert fields(book(cinema.member, screening, (1, 3), status=400)) == {"seats.0.seat"}
    assert fields(book(cinema.member, screening, (3, 1), status=400)) == {"seats.0.row"}
    assert places(book(cinema.member, screening, (1, 2), (2, 3))) == [(1, 2), (2, 3)]


def test_ten_seats_are_an_order_and_a_setting_says_otherwise(cinema: Cinema) -> None:
    assert len(book(cinema.member, cinema.screening(), *((1, seat) for seat in range(1, 11)))["tickets"]) == 10


def test_the_limits_are_settings(strict: Cinema) -> None:
    screening = strict.screening()
    assert fields(book(strict.member, screening, (1, 1), (1, 2), (1, 3), status=400)) == {"seats"}
    assert book(strict.member, screening, (1, 1), (1, 2))["expires_in"] == 60
    refused = book(strict.member, screening, (1, 3), status=409)
    assert (refused["code"], refused["limit"]) == ("too-many-unpaid", 1)


def closes(cinema: Cinema, **before_the_start: float) -> None:
    """Booking of a screening closes so long before its start, neither earlier nor later."""
    screening = cinema.screening()
    cinema.now += timedelta(hours=6) - timedelta(**before_the_start) - MILLISECOND
    held = book(cinema.member, screening, (1, 1))
    cinema.now += MILLISECOND
    assert book(cinema.other, screening, (1, 2), status=409)["code"] == "booking-closed"
    changed = cinema.member.patch(f"/orders/{held['id']}", {"seats": seats((1, 2))}, 409)
    assert changed["code"] == "booking-closed"
    cinema.member.post(f"/orders/{held['id']}/pay", status=200)


def test_booking_closes_at_the_start(cinema: Cinema) -> None:
    closes(cinema, minutes=0)


def test_booking_closes_earlier_where_a_setting_says_so(strict: Cinema) -> None:
    closes(strict, minutes=30)


def test_strangers_have_no_orders(cinema: Cinema) -> None:
    order = book(cinema.member, cinema.screening(), (1, 1))
    cinema.stranger.get("/orders", 401)
    cinema.stranger.post("/orders", {}, 401)
    cinema.stranger.get(f"/orders/{order['id']}", 401)
    cinema.stranger.get("/orders/1000000000", 401)
    cinema.stranger.post(f"/orders/{order['id']}/pay", status=401)


# -- losing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paid", [False, True])
def test_who_comes_too_late_is_told_which_seats_and_nothing_changes(cinema: Cinema, paid: bool) -> None:
    screening, tape = cinema.screening(), cinema.cassette()
    order = book(cinema.member, screening, (2, 3), (2, 5))
    if paid:
        cinema.member.post(f"/orders/{order['id']}/pay", status=200)
    assert cinema.other
    before = stored(cinema)
    lost = book(cinema.other, screening, (2, 5), (2, 4), (2, 3), (1, 1), status=409, cassettes=tapes(tape))
    assert lost["code"] == "seats-unavailable"
    assert lost["conflicts"] == seats((2, 3), (2, 5))
    assert stored(cinema) == before


def test_ones_own_hold_is_in_the_way_like_anybodys(cinema: Cinema) -> None:
    screening = cinema.screening()
    book(cinema.member, screening, (1, 1))
    assert book(cinema.member, screening, (1, 1), (1, 2), status=409)["conflicts"] == seats((1, 1))


def test_the_same_seat_of_another_screening_is_another_seat(cinema: Cinema) -> None:
    hall = cinema.hall()
    first, second = cinema.screening(hall=hall), cinema.screening(hall=hall, starts_at="2026-05-02T18:00:00Z")
    book(cinema.member, first, (1, 1))
    book(cinema.other, second, (1, 1))


def test_cassettes_that_are_not_there_lose_the_whole_order(cinema: Cinema) -> None:
    screening, few, none = cinema.screening(), cinema.cassette(3), cinema.cassette(0)
    cinema.member.post("/orders", {"cassettes": tapes(few, 2)})
    assert cinema.other
    before = stored(cinema)
    lost = book(cinema.other, screening, (1, 1), status=409, cassettes=tapes(few, 2) + tapes(none))
    assert lost["code"] == "out-of-stock"
    assert lost["conflicts"] == [{"cassette": few, "available": 1}, {"cassette": none, "available": 0}]
    assert stored(cinema) == before


def test_a_cassette_without_a_price_is_not_on_sale(cinema: Cinema) -> None:
    tape, member = cinema.cassette(price=None), cinema.member
    before = stored(cinema)
    assert member.post("/orders", {"cassettes": tapes(tape)}, 409)["code"] == "not-on-sale"
    assert stored(cinema) == before


# -- the end of a hold ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("early", [timedelta(0), timedelta(microseconds=1), MILLISECOND, timedelta(seconds=1), HOLD])
def test_a_hold_is_anyones_from_its_end_on_and_nobodys_before(cinema: Cinema, early: timedelta) -> None:
    screening, tape = cinema.screening(), cinema.cassette(quantity=1)
    book(cinema.member, screening, (1, 1), cassettes=tapes(tape))
    cinema.now += HOLD - early
    if early:
        assert book(cinema.other, screening, (1, 1), (1, 2), status=409)["conflicts"] == seats((1, 1))
        assert cinema.other.post("/orders", {"cassettes": tapes(tape)}, 409)["code"] == "out-of-stock"
    else:
        book(cinema.other, screening, (1, 1), (1, 2), cassettes=tapes(tape))


def test_no_moment_round_the_end_of_a_hold_breaks_the_rule(cinema: Cinema) -> None:
    screening = cinema.screening(starts_at=FUTURE)

    @examples(15)
    @given(
        start=st.integers(0, 10**6),
        around=st.integers(-2000, 2000) | st.sampled_from([-1, 0, 1]),
        unit=st.sampled_from(["milliseconds", "microseconds"]),
    )
    def check(start: int, around: int, unit: str) -> None:
        cinema.later(hours=1, microseconds=start)
        first = book(cinema.member, screening, (1, 1))
        cinema.now += HOLD + timedelta(**{unit: around})
        answer = cinema.other.call("POST", "/orders", {"screening": screening, "seats": seats((1, 1))})
        assert answer.status_int == (201 if around >= 0 else 409)
        assert cinema.member.get(f"/orders/{first['id']}")["state"] == ("expired" if around >= 0 else "held")

    check()


def test_a_seat_changes_hands_again_and_again(cinema: Cinema) -> None:
    screening = cinema.screening()
    for person in (cinema.member, cinema.other) * 2:
        book(person, screening, (1, 1), (1, 2))
        cinema.now += HOLD
    assert cinema.member.get(f"/screenings/{screening}")["seats_left"] == 50


# -- too many ------------------------------------------------------------------------------------------------


def test_twenty_unpaid_orders_are_enough_for_a_member_but_not_for_an_administrator(cinema: Cinema) -> None:
    wanted = {"cassettes": tapes(cinema.cassette(quantity=100))}
    orders = [cinema.member.post("/orders", wanted)["id"] for _number in range(20)]
    assert cinema.other
    before = stored(cinema)
    refused = cinema.member.post("/orders", wanted, 409)
    assert (refused["code"], refused["limit"]) == ("too-many-unpaid", 20)
    assert stored(cinema) == before
    cinema.other.post("/orders", wanted)
    cinema.member.post(f"/orders/{orders[0]}/pay", status=200)
    cinema.member.post("/orders", wanted)
    cinema.member.delete(f"/orders/{orders[1]}")
    cinema.member.post("/orders", wanted)
    cinema.member.post("/orders", wanted, 409)
    for _number in range(21):
        cinema.admin.post("/orders", wanted)


def test_only_live_holds_count_towards_the_limit(strict: Cinema) -> None:
    screening = strict.screening()
    book(strict.member, screening, (1, 1))
    strict.later(minutes=1, milliseconds=-1)
    assert book(strict.member, screening, (1, 2), status=409)["code"] == "too-many-unpaid"
    strict.later(milliseconds=1)
    book(strict.member, screening, (1, 2))


# -- giving up -----------------------------------------------------------------------------------------------


def test_a_cancelled_order_frees_everything_at_once_and_again_changes_nothing(cinema: Cinema) -> None:
    screening, tape = cinema.screening(), cinema.cassette(quantity=1)
    path = f"/orders/{book(cinema.member, screening, (1, 1), cassettes=tapes(tape))['id']}"
    cinema.member.delete(path)
    order = cinema.member.get(path)
    assert (order["state"], order["expires_in"], order["tickets"][0]["state"]) == ("cancelled", 0, "void")
    book(cinema.other, screening, (1, 1), cassettes=tapes(tape))
    before = stored(cinema)
    cinema.member.delete(path)
    assert stored(cinema) == before


def test_an_expired_order_can_be_cancelled_without_touching_its_successor(cinema: Cinema) -> None:
    screening = cinema.screening()
    path = f"/orders/{book(cinema.member, screening, (1, 1), (1, 2))['id']}"
    cinema.now += HOLD
    book(cinema.other, screening, (1, 1))
    cinema.member.delete(path)
    assert cinema.member.get(f"/screenings/{screening}")["seats_left"] == 49
    assert cinema.member.get(path)["state"] == "cancelled"


def test_a_paid_order_cannot_be_cancelled(cinema: Cinema) -> None:
    path = f"/orders/{book(cinema.member, cinema.screening(), (1, 1))['id']}"
    cinema.member.post(f"{path}/pay", status=200)
    assert cinema.member.delete(path, 409)["code"] == "already-paid"
    assert cinema.admin.delete(path, 409)["code"] == "already-paid"
    assert cinema.member.get(path)["state"] == "paid"


# -- whose it is ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "below", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"extend": True}),
        ("PATCH", "", {}),
        ("DELETE", "", None),
        ("POST", "/pay", {}),
        ("POST", "/pay", {"provider": "cash"}),
        ("POST", "/refund", {}),
    ],
)
def test_another_members_order_does_not_exist(cinema: Cinema, method: str, below: str, body: Any) -> None:
    order = book(cinema.member, cinema.screening(), (1, 1))["id"]
    assert cinema.other
    before = stored(cinema)
    theirs = cinema.other.call(method, f"/orders/{order}{below}", body, 404)
    nobodys = cinema.other.call(method, f"/orders/{order + 1}{below}", body, 404)
    assert theirs.json == nobodys.json
    assert stored(cinema) == before


def test_members_list_their_own_orders_newest_first(cinema: Cinema) -> None:
    screening = cinema.screening()
    first, second = (book(cinema.member, screening, (1, seat))["id"] for seat in (1, 2))
    theirs = book(cinema.other, screening, (1, 3))["id"]

    def ids(person: Person, query: str = "") -> list[int]:
        return [order["id"] for order in person.walk(f"/orders?limit=1{query}")]

    assert ids(cinema.member) == ids(cinema.member, f"&user={cinema.member.id}") == [second, first]
    assert ids(cinema.other) == [theirs]
    assert ids(cinema.admin) == [theirs, second, first]
    assert ids(cinema.admin, f"&user={cinema.member.id}") == [second, first]
    assert ids(cinema.admin, f"&user={cinema.admin.id}") == []
    assert cinema.member.get(f"/orders?user={cinema.other.id}", 403)["code"] == "forbidden"


def test_orders_are_found_by_the_state_they_are_in_now(cinema: Cinema) -> None:
    screening = cinema.screening()
    kept, paid, cancelled = (book(cinema.member, screening, (1, seat))["id"] for seat in (1, 2, 3))
    cinema.member.post(f"/orders/{paid}/pay", status=200)
    cinema.member.delete(f"/orders/{cancelled}")

    def ids(state: str) -> list[int]:
        return [order["id"] for order in cinema.member.get(f"/orders?state={state}")["items"]]

    assert [ids(state) for state in ("held", "expired", "paid", "cancelled")] == [[kept], [], [paid], [cancelled]]
    cinema.now += HOLD
    assert [ids(state) for state in ("held", "expired", "paid", "cancelled")] == [[], [kept], [paid], [cancelled]]
    assert cinema.member.get("/orders?count=true&state=paid")["total"] == 1
    assert fields(cinema.member.get("/orders?state=lost", 400)) == {"state"}


def test_an_administrator_looks_at_changes_and_cancels_anybodys_order(cinema: Cinema) -> None:
    path = f"/orders/{book(cinema.member, cinema.screening(), (1, 1))['id']}"
    assert cinema.admin.get(path) == cinema.member.get(path)
    assert places(cinema.admin.patch(path, {"seats": seats((2, 2))})) == [(2, 2)]
    assert cinema.admin.get(path)["user"] == cinema.member.id
    cinema.admin.delete(path)
    assert cinema.member.get(path)["state"] == "cancelled"


# -- changing one's mind -------------------------------------------------------------------------------------


def test_seats_are_swapped_and_those_kept_keep_their_tickets_and_prices(cinema: Cinema) -> None:
    screening = cinema.screening()
    order = book(cinema.member, screening, (1, 1), (1, 2))
    cinema.admin.patch(f"/screenings/{screening}", {"price": euros("20.00")})
    changed = cinema.member.patch(f"/orders/{order['id']}", {"seats": seats((1, 3), (1, 2))})
    assert places(changed) == [(1, 2), (1, 3)]
    assert changed["tickets"][0] == order["tickets"][1]
    assert changed["tickets"][1]["price"] == euros("20.00")
    assert changed["total"] == euros("29.50")
    assert changed["expires_at"] == order["expires_at"]
    book(cinema.other, screening, (1, 1))
    assert book(cinema.other, screening, (1, 2), status=409)["conflicts"] == seats((1, 2))


def test_more_and_fewer_seats_are_a_change_too_and_the_same_ones_are_none(cinema: Cinema) -> None:
    path = f"/orders/{book(cinema.member, cinema.screening(), (1, 1))['id']}"
    assert cinema.member.patch(path, {"seats": seats((1, 1), (1, 2))})["total"] == euros("19.00")
    before = stored(cinema)
    cinema.member.patch(path, {"seats": seats((1, 2), (1, 1))})
    cinema.member.patch(path, {})
    cinema.member.patch(path, {"extend": False})
    assert stored(cinema) == before
    assert cinema.member.patch(path, {"seats": seats((1, 2))})["total"] == euros("9.50")


def test_a_change_that_loses_a_seat_leaves_everything_as_it_was(cinema: Cinema) -> None:
    screening = cinema.screening()
    path = f"/orders/{book(cinema.member, screening, (1, 1), (1, 2))['id']}"
    book(cinema.other, screening, (1, 3))
    before = stored(cinema)
    cinema.later(minutes=5)
    wanted = {"seats": seats((1, 2), (1, 3), (1, 4)), "extend": True}
    lost = cinema.member.patch(path, wanted, 409)
    assert (lost["code"], lost["conflicts"]) == ("seats-unavailable", seats((1, 3)))
    assert stored(cinema) == before


@pytest.mark.either_engine
@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"seats": []}, {"seats"}),
        ({"seats": seats((6, 1))}, {"seats.0.row"}),
        ({"seats": seats((1, 1), (1, 1))}, {"seats.1"}),
        ({"seats": seats(*((1 + n // 10, 1 + n % 10) for n in range(11)))}, {"seats"}),
        ({"extend": "yes"}, {"extend"}),
        ({"extend": 1, "seats": None}, {"extend", "seats"}),
        ({"screening": 1}, {"screening"}),
        ({"cassettes": []}, {"cassettes"}),
        ({"state": "paid"}, {"state"}),
    ],
)
def test_a_bad_change_names_its_fields_and_changes_nothing(cinema: Cinema, body: Any, wrong: set[str]) -> None:
    path = f"/orders/{book(cinema.member, cinema.screening(), (1, 1))['id']}"
    before = stored(cinema)
    assert fields(cinema.member.patch(path, body, 400)) == wrong
    assert stored(cinema) == before


@pytest.mark.parametrize("theirs", ["seats", "cassettes"])
@pytest.mark.parametrize("paid", [False, True])
def test_an_extension_that_waited_does_not_take_back_what_others_have_got(
    cinema: Cinema, theirs: str, paid: bool
) -> None:
    """It came before the deadline, and had to wait; who came after the deadline was served first."""
    screening, tape = cinema.screening(), cinema.cassette(quantity=2)
    path = f"/orders/{book(cinema.member, screening, (1, 1), (1, 2), cassettes=tapes(tape, 2))['id']}"
    cinema.now += HOLD
    wanted = {"cassettes": tapes(tape)} if theirs == "cassettes" else {"screening": screening, "seats": seats((1, 1))}
    other = cinema.other.post("/orders", wanted)["id"]
    if paid:
        cinema.other.post(f"/orders/{other}/pay", status=200)
    before = stored(cinema)
    cinema.later(seconds=-1)
    refused = cinema.member.patch(path, {"extend": True}, 409)
    assert (refused["code"], refused["state"]) == ("not-held", "expired")
    assert stored(cinema) == before


@pytest.mark.parametrize("wanted", [[(1, 1), (1, 3)], [(1, 2), (1, 3)], [(1, 2)], [(1, 1), (1, 2)]])
def test_a_change_of_seats_that_waited_keeps_no_seat_that_somebody_else_has_got(
    cinema: Cinema, wanted: list[tuple[int, int]]
) -> None:
    screening = cinema.screening()
    path = f"/orders/{book(cinema.member, screening, (1, 1), (1, 2))['id']}"
    cinema.now += HOLD
    book(cinema.other, screening, (1, 1))
    before = stored(cinema)
    cinema.later(seconds=-1)
    refused = cinema.member.patch(path, {"seats": seats(*wanted)}, 409)
    assert (refused["code"], refused["state"]) == ("not-held", "expired")
    assert stored(cinema) == before


def test_a_hold_is_extended_once_cassettes_included(cinema: Cinema) -> None:
    screening, tape = cinema.screening(), cinema.cassette(quantity=1)
    path = f"/orders/{book(cinema.member, screening, (1, 1), cassettes=tapes(tape))['id']}"
    cinema.now += HOLD - MILLISECOND
    extended = cinema.member.patch(path, {"extend": True})
    assert (extended["expires_at"], extended["expires_in"]) == ("2026-05-01T12:29:59.999000Z", 900)
    assert cinema.member.patch(path, {"extend": True}, 409)["code"] == "already-extended"
    cinema.now += HOLD - MILLISECOND
    book(cinema.other, screening, (1, 1), status=409)
    assert cinema.other.post("/orders", {"cassettes": tapes(tape)}, 409)["code"] == "out-of-stock"
    cinema.now += MILLISECOND
    book(cinema.other, screening, (1, 1), cassettes=tapes(tape))


@pytest.mark.parametrize("change", [{"extend": True}, {"seats": seats((1, 2))}])
def test_after_its_end_an_order_cannot_be_changed(cinema: Cinema, change: dict[str, Any]) -> None:
    screening = cinema.screening()
    early, late = (f"/orders/{book(cinema.member, screening, (row, 1))['id']}" for row in (1, 2))
    cinema.now += HOLD - MILLISECOND
    cinema.member.patch(early, change)
    cinema.now += MILLISECOND
    refused = cinema.member.patch(late, change, 409)
    assert (refused["code"], refused["state"]) == ("not-held", "expired")


@pytest.mark.parametrize("action", ["pay", "cancel"])
def test_a_finished_order_cannot_be_changed(cinema: Cinema, action: str) -> None:
    path = f"/orders/{book(cinema.member, cinema.screening(), (1, 1))['id']}"
    if action == "pay":
        cinema.member.post(f"{path}/pay", status=200)
    else:
        cinema.member.delete(path)
    assert cinema.member.patch(path, {"seats": seats((1, 2))}, 409)["code"] == "not-held"


def test_an_order_of_cassettes_has_no_seats_to_change(cinema: Cinema) -> None:
    order = cinema.member.post("/orders", {"cassettes": tapes(cinema.cassette())})
    refused = cinema.member.patch(f"/orders/{order['id']}", {"seats": seats((1, 1))}, 409)
    assert refused["code"] == "no-screening"


# -- what it costs, and what no body breaks ------------------------------------------------------------------


def test_orders_take_two_statements_however_much_is_in_them(cinema: Cinema) -> None:
    screening, tape = cinema.screening(), cinema.cassette(quantity=9)
    for row in (1, 2, 3):
        order = book(cinema.member, screening, (row, 1), (row, 2), cassettes=tapes(tape))
    assert cinema.admin
    for person in (cinema.member, cinema.admin):
        for path in ("/orders", f"/orders/{order['id']}"):
            with cinema.statements() as seen:
                person.get(path)
            assert len(seen) <= 2


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)
NUMBER = st.integers(1, 6) | st.sampled_from([0, 201, 10**30])
MONEY = st.sampled_from(["5.00", "0", "0.001", "-1"]).map(euros)


def shape(path: str, known: list[int]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What has to be and what may be in a body for `path`, right and nearly right; `known` are ids of things."""
    key = st.sampled_from(known) | st.sampled_from([0, 10**9, 10**18])
    when = st.sampled_from([FUTURE, "2026-05-01T10:00:00Z", "9999-12-31T23:00:00-12:00"])
    places = st.lists(st.fixed_dictionaries({"row": NUMBER, "seat": NUMBER}), min_size=1, max_size=3)
    lines = st.lists(st.fixed_dictionaries({"cassette": key, "quantity": NUMBER}), max_size=2)
    prices = st.dictionaries(st.sampled_from(["standard", "premium", "vip"]), MONEY)
    names = {"title": st.text(), "director": st.text(), "released": st.dates().map(str)}
    layout = st.text(alphabet="AB|.P_\n", max_size=20)
    return {
        "/halls": ({"name": st.just("Red")}, {"rows": NUMBER, "seats_in_row": NUMBER, "layout": layout}),
        "/screenings": ({"movie": key, "hall": key, "starts_at": when}, {"price": MONEY, "prices": prices}),
        "/orders": ({"screening": key, "seats": places}, {"cassettes": lines}),
        "/cassettes": (names, {"quantity": NUMBER, "price": MONEY}),
    }[path]


def bodies(path: str, known: list[int]) -> st.SearchStrategy[Any]:
    """Anything, what nearly is a body, and what may be one."""
    required, optional = shape(path, known)
    junk = {name: value | JSON for name, value in (required | optional).items()}
    near = st.fixed_dictionaries({}, optional=junk)
    strange = st.builds(lambda body, more: body | more, near, st.dictionaries(st.text(), JSON, max_size=2))
    good = st.fixed_dictionaries(required, optional=optional)
    return st.sampled_from([good, good, near, strange, JSON]).flatmap(lambda chosen: chosen)


@pytest.mark.parametrize("path", ["/halls", "/screenings", "/orders", "/cassettes"])
def test_no_body_is_a_failure_and_a_refused_one_leaves_no_trace(cinema: Cinema, path: str) -> None:
    film, hall, tape = cinema.movie(), cinema.hall(), cinema.cassette(quantity=100)
    screening = cinema.screening(movie=film, hall=hall, starts_at=FUTURE)

    @examples(15)
    @given(bodies(path, [film, hall, tape, screening]))
    def check(body: Any) -> None:
        before = stored(cinema)
        answer = cinema.admin.call("POST", path, body)
        assert answer.status_int in (201, 400, 409)
        if answer.status_int != 201:
            assert stored(cinema) == before

    check()


def test_a_hold_is_not_extended_once_booking_has_closed(cinema: Cinema) -> None:
    screening = cinema.screening(starts_at=(cinema.now + timedelta(minutes=10)).isoformat())
    order = cinema.member.post("/orders", {"screening": screening, "seats": seats((1, 1))})
    cinema.later(minutes=10)
    refused = cinema.member.patch(f"/orders/{order['id']}", {"extend": True}, 409)
    assert refused["code"] == "booking-closed"
    assert cinema.member.get(f"/orders/{order['id']}")["expires_in"] == 5 * 60
