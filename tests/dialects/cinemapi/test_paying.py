"""Paying, and what a booking is natively: an order that waits until somebody pays it or gives it up."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.app import euros
from tests.conftest import opened
from tests.dialects.cinemapi.house import PAID, House, detail

START = datetime(2026, 5, 1, 18, tzinfo=UTC)
DEADLINE = START - timedelta(hours=2)


@pytest.fixture
def session(house: House) -> int:
    """A session at six."""
    return house.session()


@pytest.fixture
def ticket(house: House, session: int) -> int:
    """A booking of Anna's."""
    return house.ticket(house.anna, session, 2, 3)


def order_of(house: House, ticket: int) -> Any:
    """The order of a ticket, as its owner sees it natively."""
    anna = house.natively(house.anna)
    return anna.get(f"/orders/{anna.get(f'/tickets/{ticket}')['order']}")


# -- who pays ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["anna", "boss", "root"])
def test_the_owner_and_staff_pay(house: House, session: int, ticket: int, who: str) -> None:
    answer = getattr(house, who).call("PATCH", f"pay/{ticket}/", status=200)
    about = {"id": ticket, "user": house.anna.id, "session": session, "row": 2, "seat": 3}
    assert answer.json == about | {"ticket_status": PAID}
    assert house.anna.get(f"ticket/{ticket}/") == answer.json
    assert house.nobody.get(f"session/{session}/")["tickets"] == [{"row": 2, "seat": 3}]


@pytest.mark.parametrize("body", [b"", b"{}", b"[broken", b"null", b"\xff", b'{"ticket_status": 1, "user": 1}'])
def test_the_body_is_ignored(house: House, ticket: int, body: bytes) -> None:
    for content_type in ("application/json", "text/plain", ""):
        headers = {"Content-Type": content_type}
        assert house.boris.call("PATCH", f"pay/{ticket}/", body, 403, headers=headers)
    assert house.anna.call("PATCH", f"pay/{ticket}/", body, 200).json["ticket_status"] == PAID


def test_strangers_do_not_pay(house: House, ticket: int) -> None:
    before = house.stored()
    assert detail(house.boris.call("PATCH", f"pay/{ticket}/", status=403))
    assert detail(house.nobody.call("PATCH", f"pay/{ticket}/", status=401))
    assert detail(house.nobody.call("PATCH", "pay/1000000000/", status=401))
    assert house.stored() == before


def test_a_ticket_that_does_not_exist_is_a_404_for_everybody(house: House, ticket: int) -> None:
    for caller in (house.anna, house.boris, house.boss, house.root):
        for key in ("1000000000", "0", "x"):
            assert detail(caller.call("PATCH", f"pay/{key}/", status=404))


def test_paying_again_is_a_409_and_takes_nothing(house: House, ticket: int) -> None:
    house.anna.patch(f"pay/{ticket}/")
    before = house.stored()
    for caller in (house.anna, house.boss, house.root):
        assert caller.warned("PATCH", f"pay/{ticket}/", status=409)
    assert detail(house.boris.call("PATCH", f"pay/{ticket}/", status=403))
    assert house.stored() == before


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_other_methods_are_405(house: House, ticket: int, method: str) -> None:
    before = house.stored()
    body = {} if method in ("POST", "PUT") else None
    for caller in (house.anna, house.boris, house.boss, house.root):
        assert caller.call(method, f"pay/{ticket}/", body, 405).headers["Allow"] == "PATCH"
    assert house.stored() == before


# -- two hours before ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["anna", "boss", "root"])
def test_paying_closes_two_hours_before_the_start_for_staff_too(house: House, ticket: int, who: str) -> None:
    before = house.stored()
    for moment in (DEADLINE, DEADLINE + timedelta(seconds=1), START, START + timedelta(days=1)):
        house.now = moment
        assert getattr(house, who).warned("PATCH", f"pay/{ticket}/")
    assert house.stored() == before
    house.now = DEADLINE - timedelta(microseconds=1)
    assert getattr(house, who).patch(f"pay/{ticket}/")["ticket_status"] == PAID


def test_late_goes_before_paid_already(house: House, ticket: int) -> None:
    house.anna.patch(f"pay/{ticket}/")
    house.now = DEADLINE
    for caller in (house.anna, house.boss):
        assert caller.warned("PATCH", f"pay/{ticket}/", status=400)
    assert detail(house.boris.call("PATCH", f"pay/{ticket}/", status=403))


# -- natively ------------------------------------------------------------------------------------------------


def test_a_booking_is_an_order_that_does_not_expire(house: House, ticket: int) -> None:
    order = order_of(house, ticket)
    assert (order["state"], order["total"]) == ("held", euros("9.50"))
    assert (order["expires_at"], order["expires_in"]) == (None, None)
    assert [(each["row"], each["seat"], each["state"]) for each in order["tickets"]] == [(2, 3, "held")]


def test_what_is_paid_here_is_paid_natively_with_a_line_for_the_money(house: House, ticket: int) -> None:
    house.later(minutes=5)
    house.anna.patch(f"pay/{ticket}/")
    order = order_of(house, ticket)
    assert (order["state"], order["total"]) == ("paid", euros("9.50"))
    assert [each["state"] for each in order["tickets"]] == ["valid"]
    lines = house.sql("SELECT order_id, kind, provider, reference, amount_minor, currency FROM payments")
    assert lines == [(order["id"], "capture", "sandbox", f"sandbox:{order['id']}-capture", 950, "EUR")]
    assert house.natively(house.boss).post(f"/orders/{order['id']}/refund", {}, 200)["state"] == "refunded"


def test_without_a_provider_the_caller_is_believed_as_with_cash(house: House, ticket: int) -> None:
    url = house.database.writers.url.render_as_string(hide_password=False)
    settings = {"cinema.dialects": "cinemapi = /cinemapi", "cinema.payments": "none"}
    with opened(url, **settings) as application, House(application) as other:
        payer = other.of(other.signed_in(house.anna.id))
        assert payer.patch(f"pay/{ticket}/")["ticket_status"] == PAID
    assert house.sql("SELECT kind, provider, amount_minor FROM payments") == [("capture", "cash", 950)]


def test_a_booking_is_still_there_days_later_and_can_be_paid(house: House) -> None:
    session = house.session(started_at="2026-06-01T18:00:00Z")
    ticket = house.ticket(house.anna, session)
    house.later(days=30, hours=3)
    caller = house.of(house.signed_in(house.anna.id))
    assert caller.get(f"ticket/{ticket}/")["ticket_status"]["name"] == "booked"
    assert house.nobody.get(f"session/{session}/")["tickets"] == [{"row": 1, "seat": 1}]
    assert order_of(house, ticket)["state"] == "held"
    assert caller.patch(f"pay/{ticket}/")["ticket_status"] == PAID


def test_bookings_are_not_counted_among_unpaid_orders(house: House) -> None:
    session, other = house.session(hall=house.hall(5, 10)), house.session()
    for seat in range(1, 11):
        for row in (1, 2, 3):
            house.ticket(house.anna, session, row, seat)
    anna, limit = house.natively(house.anna), house.registry.booking.max_unpaid
    for number in range(limit):
        house.native_order(anna, session, (4 + number // 10, 1 + number % 10))
    refused = anna.call("POST", "/orders", {"screening": other, "seats": [{"row": 1, "seat": 1}]})
    assert refused.json["code"] == "too-many-unpaid"
    assert house.ticket(house.anna, other)


def test_a_booking_is_paid_natively(house: House, ticket: int) -> None:
    order = order_of(house, ticket)
    assert house.natively(house.anna).post(f"/orders/{order['id']}/pay", status=200)["state"] == "paid"
    assert house.anna.get(f"ticket/{ticket}/")["ticket_status"] == PAID
    assert house.anna.warned("PATCH", f"pay/{ticket}/", status=409)


def test_a_booking_is_given_up_natively(house: House, session: int, ticket: int) -> None:
    order = order_of(house, ticket)
    house.natively(house.anna).delete(f"/orders/{order['id']}")
    assert house.anna.get("ticket/") == []
    assert house.nobody.get(f"session/{session}/")["tickets"] == []
    assert detail(house.anna.call("PATCH", f"pay/{ticket}/", status=404))
    assert house.ticket(house.boris, session, 2, 3)


def test_a_native_order_is_paid_here_whole(house: House, session: int) -> None:
    boris = house.natively(house.boris)
    order = house.native_order(boris, session, (1, 1), (1, 2))
    first, second = (each["id"] for each in order["tickets"])
    assert house.boris.patch(f"pay/{second}/")["ticket_status"] == PAID
    assert house.boris.get(f"ticket/{first}/")["ticket_status"] == PAID
    assert boris.get(f"/orders/{order['id']}")["state"] == "paid"
    assert house.sql("SELECT amount_minor FROM payments") == [(1900,)]
    assert house.boris.warned("PATCH", f"pay/{first}/", status=409)


def test_a_native_order_that_has_expired_is_not_paid_here(house: House, session: int) -> None:
    order = house.native_order(house.natively(house.boris), session, (1, 1))
    house.later(minutes=15)
    before = house.stored()
    assert detail(house.boris.call("PATCH", f"pay/{order['tickets'][0]['id']}/", status=404))
    assert house.stored() == before
