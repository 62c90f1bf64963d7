"""Paying: in time, late, twice, in cash, and where nobody takes money."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from typing import Any

import pytest

from cinema.core.money import Money
from tests.app import Cinema, Person, euros, fields, seats
from tests.conftest import opened
from tests.databases import empty

HOLD = timedelta(minutes=15)


@pytest.fixture
def cashless(database_url: str) -> Iterator[Cinema]:
    """An empty cinema that is not set up for payments."""
    with opened(database_url, **{"cinema.payments": "none"}) as router:
        empty(router.registry.database)
        with Cinema(router) as house:
            yield house


def book(person: Person, screening: int, *places: tuple[int, int], **more: Any) -> str:
    """An order for seats; answers its path."""
    body = {"screening": screening, "seats": seats(*places), **more}
    return f"/orders/{person.post('/orders', body)['id']}"


def tapes(cassette: int, quantity: int) -> list[dict[str, int]]:
    return [{"cassette": cassette, "quantity": quantity}]


def payments(cinema: Cinema) -> list[tuple[str, str, int]]:
    """Every movement of money: kind, provider, cents."""
    rows = cinema.sql("SELECT kind, provider, amount_minor FROM payments ORDER BY id")
    return [tuple(row) for row in rows]


def claims(cinema: Cinema) -> list[tuple[int, int, str]]:
    """Every claim on a seat: row, seat, state."""
    rows = cinema.sql("SELECT row_number, seat_number, state FROM seat_claims ORDER BY 1, 2")
    return [tuple(row) for row in rows]


def is_given_back(cinema: Cinema, path: str, code: str, minor: int) -> dict[str, Any]:
    """Paying is refused with `code`; the money came and went, and the order holds nothing."""
    problem: dict[str, Any] = cinema.member.post(f"{path}/pay", status=409)
    assert problem["code"] == code
    assert "refunded" in problem["detail"]
    order = cinema.member.get(path)
    assert (order["state"], order["total"]) == ("refunded", euros("0.00"))
    assert {ticket["state"] for ticket in order["tickets"]} <= {"void"}
    assert all(line["refunded"] == line["quantity"] for line in order["cassettes"])
    assert payments(cinema)[-2:] == [("capture", "sandbox", minor), ("refund", "sandbox", minor)]
    assert cinema.sql("SELECT * FROM seat_claims WHERE order_id = :id", id=order["id"]) == []
    assert cinema.sql("SELECT * FROM stock_claims WHERE order_id = :id", id=order["id"]) == []
    assert cinema.member.post(f"{path}/pay", status=409)["code"] == "not-held"
    return problem


# -- in time -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [None, {}, {"provider": "sandbox"}])
def test_an_order_is_paid_with_the_default_provider(cinema: Cinema, body: dict[str, str] | None) -> None:
    tape = cinema.cassette(quantity=5)
    path = book(cinema.member, cinema.screening(), (1, 1), (1, 2), cassettes=tapes(tape, 2))
    paid = cinema.member.call("POST", f"{path}/pay", body, 200).json
    assert (paid["state"], paid["total"], paid["expires_in"]) == ("paid", euros("29.00"), 0)
    assert {ticket["state"] for ticket in paid["tickets"]} == {"valid"}
    assert cinema.member.get(path) == paid
    assert payments(cinema) == [("capture", "sandbox", 2900)]
    assert claims(cinema) == [(1, 1, "sold"), (1, 2, "sold")]
    shelf = cinema.member.get(f"/cassettes/{tape}")
    assert (shelf["quantity"], shelf["available"]) == (3, 3)


def test_what_is_paid_stays_sold_after_the_deadline(cinema: Cinema) -> None:
    screening = cinema.screening()
    path = book(cinema.member, screening, (1, 1))
    cinema.member.post(f"{path}/pay", status=200)
    cinema.later(hours=1)
    assert cinema.member.get(path)["state"] == "paid"
    cinema.other.post("/orders", {"screening": screening, "seats": seats((1, 1))}, 409)


def test_paying_twice_is_a_409_that_takes_no_more_money(cinema: Cinema) -> None:
    path = book(cinema.member, cinema.screening(), (1, 1))
    cinema.member.post(f"{path}/pay", status=200)
    assert cinema.member.post(f"{path}/pay", status=409)["code"] == "already-paid"
    assert cinema.admin.post(f"{path}/pay", {"provider": "cash"}, 409)["code"] == "already-paid"
    assert payments(cinema) == [("capture", "sandbox", 950)]


def test_a_free_order_is_paid_with_nothing(cinema: Cinema) -> None:
    path = book(cinema.member, cinema.screening(price=euros("0.00")), (1, 1))
    assert cinema.member.post(f"{path}/pay", status=200)["state"] == "paid"
    assert payments(cinema) == [("capture", "sandbox", 0)]


@pytest.mark.parametrize(
    "body", [{"provider": "gold"}, {"provider": "none"}, {"provider": ""}, {"provider": None}, {"provider": 1}]
)
def test_an_unknown_provider_is_refused(cinema: Cinema, body: dict[str, Any]) -> None:
    path = book(cinema.member, cinema.screening(), (1, 1))
    assert fields(cinema.member.post(f"{path}/pay", body, 400)) == {"provider"}
    assert payments(cinema) == []
    assert cinema.member.get(path)["state"] == "held"


def test_what_it_costs_is_not_the_callers_to_say(cinema: Cinema) -> None:
    path = book(cinema.member, cinema.screening(), (1, 1))
    assert fields(cinema.member.post(f"{path}/pay", {"amount": euros("0.01")}, 400)) == {"amount"}


def test_cash_is_for_whoever_may_take_it(cinema: Cinema) -> None:
    path = book(cinema.member, cinema.screening(), (1, 1))
    cinema.member.post(f"{path}/pay", {"provider": "cash"}, 403)
    assert cinema.member.get(path)["state"] == "held"
    assert cinema.admin.post(f"{path}/pay", {"provider": "cash"}, 200)["state"] == "paid"
    assert payments(cinema) == [("capture", "cash", 950)]


def test_a_cancelled_order_cannot_be_paid(cinema: Cinema) -> None:
    path = book(cinema.member, cinema.screening(), (1, 1))
    cinema.member.delete(path)
    refused = cinema.member.post(f"{path}/pay", status=409)
    assert (refused["code"], refused["state"]) == ("not-held", "cancelled")
    assert payments(cinema) == []


# -- late ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("late", [timedelta(0), timedelta(milliseconds=1), timedelta(hours=5)])
def test_paying_late_still_sells_what_is_still_free(cinema: Cinema, late: timedelta) -> None:
    tape = cinema.cassette(quantity=2)
    path = book(cinema.member, cinema.screening(), (1, 1), (1, 2), cassettes=tapes(tape, 2))
    cinema.now += HOLD + late
    assert cinema.member.get(path)["state"] == "expired"
    paid = cinema.member.post(f"{path}/pay", status=200)
    assert (paid["state"], paid["total"]) == ("paid", euros("29.00"))
    assert {ticket["state"] for ticket in paid["tickets"]} == {"valid"}
    assert claims(cinema) == [(1, 1, "sold"), (1, 2, "sold")]
    assert cinema.member.get(f"/cassettes/{tape}")["quantity"] == 0


def test_paying_late_sells_a_seat_that_somebody_had_meanwhile(cinema: Cinema) -> None:
    screening = cinema.screening()
    path = book(cinema.member, screening, (1, 1), (1, 2))
    cinema.now += HOLD
    cinema.other.delete(book(cinema.other, screening, (1, 1)))
    book(cinema.other, screening, (1, 2))
    cinema.now += HOLD
    assert cinema.member.post(f"{path}/pay", status=200)["state"] == "paid"
    assert claims(cinema) == [(1, 1, "sold"), (1, 2, "sold")]


@pytest.mark.parametrize("theirs", ["held", "sold"])
def test_paying_late_for_a_seat_that_is_gone_gives_the_money_back(cinema: Cinema, theirs: str) -> None:
    screening = cinema.screening()
    path = book(cinema.member, screening, (1, 1), (1, 2))
    cinema.now += HOLD
    others = book(cinema.other, screening, (1, 2))
    if theirs == "sold":
        cinema.other.post(f"{others}/pay", status=200)
    before = cinema.other.get(others)
    problem = is_given_back(cinema, path, "seats-unavailable", 1900)
    assert problem["conflicts"] == seats((1, 2))
    assert cinema.other.get(others) == before
    assert claims(cinema) == [(1, 2, theirs)]


def test_paying_late_for_a_cassette_that_is_gone_gives_the_money_back(cinema: Cinema) -> None:
    tape = cinema.cassette(quantity=3)
    path = book(cinema.member, cinema.screening(), (1, 1), cassettes=tapes(tape, 2))
    cinema.now += HOLD
    others = f"/orders/{cinema.other.post('/orders', {'cassettes': tapes(tape, 2)})['id']}"
    problem = is_given_back(cinema, path, "out-of-stock", 1950)
    assert problem["conflicts"] == [{"cassette": tape, "available": 1}]
    assert claims(cinema) == []
    shelf = cinema.member.get(f"/cassettes/{tape}")
    assert (shelf["quantity"], shelf["available"]) == (3, 1)
    assert cinema.other.post(f"{others}/pay", status=200)["state"] == "paid"


def test_paying_late_for_a_screening_that_has_begun_gives_the_money_back(cinema: Cinema) -> None:
    path = book(cinema.member, cinema.screening(), (1, 1))
    cinema.later(hours=6)
    is_given_back(cinema, path, "booking-closed", 950)


def test_paying_late_for_a_seat_that_was_taken_out_of_the_hall_gives_the_money_back(cinema: Cinema) -> None:
    hall = cinema.hall(2, 2)
    path = book(cinema.member, cinema.screening(hall=hall), (1, 1), (2, 2))
    cinema.now += HOLD
    cinema.admin.patch(f"/halls/{hall}", {"layout": "1|..\n2|."})
    problem = is_given_back(cinema, path, "seats-unavailable", 1900)
    assert problem["conflicts"] == seats((2, 2))


def test_paying_late_pays_what_was_agreed(cinema: Cinema) -> None:
    screening = cinema.screening()
    path = book(cinema.member, screening, (1, 1))
    cinema.admin.patch(f"/screenings/{screening}", {"price": euros("20.00")})
    cinema.now += HOLD
    assert cinema.member.post(f"{path}/pay", status=200)["total"] == euros("9.50")


# -- while others come and go --------------------------------------------------------------------------------


class Slow:
    """A provider that takes its time: `meanwhile` happens before it answers."""

    def __init__(self, meanwhile: Callable[[], Any]) -> None:
        self._meanwhile = meanwhile
        self.moved: list[str] = []

    def capture(self, key: str, _amount: Money) -> str:
        """Takes the money, in the end."""
        self._meanwhile()
        return self._move(key)

    def refund(self, key: str, _reference: str, _amount: Money) -> str:
        """Gives it back."""
        return self._move(key)

    def _move(self, key: str) -> str:
        self.moved.append(key)
        return f"slow:{key}"


def test_whoever_wants_what_is_just_being_paid_waits_and_goes_away_empty(
    cinema: Cinema, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paid in time, though the provider answers after the deadline: what the order holds is not for others."""
    screening, tape = cinema.screening(), cinema.cassette(quantity=1)
    path = book(cinema.member, screening, (1, 1), cassettes=tapes(tape, 1))
    wanted: list[dict[str, Any]] = [
        {"cassettes": tapes(tape, 1)},
        {"screening": screening, "seats": seats((1, 1), (1, 2))},
    ]
    others = cinema.other, cinema.admin
    cinema.now += HOLD - timedelta(seconds=1)
    with ThreadPoolExecutor(len(wanted)) as pool:
        orders = []

        def meanwhile() -> None:
            cinema.later(seconds=2)
            for person, body in zip(others, wanted, strict=True):
                orders.append(pool.submit(person.call, "POST", "/orders", body))
            assert not wait(orders, timeout=0.4).done

        slow = Slow(meanwhile)
        monkeypatch.setitem(cinema.registry.providers, "slow", slow)
        assert cinema.member.post(f"{path}/pay", {"provider": "slow"}, 200)["state"] == "paid"
    refused = [order.result() for order in orders]
    assert [answer.status_int for answer in refused] == [409, 409]
    assert [answer.json["code"] for answer in refused] == ["out-of-stock", "seats-unavailable"]
    assert len(slow.moved) == len(payments(cinema)) == 1
    assert claims(cinema) == [(1, 1, "sold")]
    assert cinema.member.get(f"/cassettes/{tape}")["quantity"] == 0


@pytest.mark.parametrize("theirs", ["held", "paid"])
def test_a_payment_that_waited_is_given_back_when_its_cassettes_went_to_somebody(cinema: Cinema, theirs: str) -> None:
    """It came in time, and had to wait; who came after the deadline was served first."""
    plenty, tape = cinema.cassette(quantity=9), cinema.cassette(quantity=2)
    path = book(cinema.member, cinema.screening(), (1, 1), cassettes=tapes(plenty, 1) + tapes(tape, 2))
    cinema.now += HOLD
    others = f"/orders/{cinema.other.post('/orders', {'cassettes': tapes(tape, 1)})['id']}"
    if theirs == "paid":
        cinema.other.post(f"{others}/pay", status=200)
    cinema.later(seconds=-1)
    problem = is_given_back(cinema, path, "out-of-stock", 2450)
    assert problem["conflicts"] == [{"cassette": tape, "available": 1}]
    assert claims(cinema) == []
    assert cinema.member.get(f"/cassettes/{plenty}")["quantity"] == 9
    assert cinema.other.get(others)["state"] == theirs
    if theirs == "held":
        cinema.other.post(f"{others}/pay", status=200)
    assert cinema.member.get(f"/cassettes/{tape}")["quantity"] == 1


# -- where nobody takes money --------------------------------------------------------------------------------


def test_without_a_payment_provider_only_cash_is_taken(cashless: Cinema) -> None:
    path = book(cashless.member, cashless.screening(), (1, 1))
    for body in (None, {}):
        refused = cashless.member.call("POST", f"{path}/pay", body, 409).json
        assert refused["code"] == "payments-not-set-up"
    assert fields(cashless.member.post(f"{path}/pay", {"provider": "sandbox"}, 400)) == {"provider"}
    assert cashless.member.get(path)["state"] == "held"
    assert payments(cashless) == []
    assert cashless.admin.post(f"{path}/pay", {"provider": "cash"}, 200)["state"] == "paid"
