"""One order, and several things that happen to it at once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.concurrency.arena import CLIENTS, Arena, arena, outcomes, race
from tests.processes import Answer, Client

LIMIT = 3


def order_of(house: Arena, people: list[Client], screening: int, seat: int) -> int:
    """An unpaid order of one seat; answers its id."""
    body = {"screening": screening, "seats": [{"row": 1, "seat": seat}]}
    return int(people[0].create("/orders", body)["id"])


def test_eight_payments_of_one_order_take_the_money_once(house: Arena) -> None:
    anna = house.newcomer("anna")
    screening = house.screening(house.hall())
    for seat in range(1, 5):
        order = order_of(house, anna, screening, seat)
        answers = race(anna, lambda _number, client, order=order: client.call("POST", f"/orders/{order}/pay"))
        assert outcomes(answers) == {(200, ""): 1, (409, "already-paid"): 7}
        paid = house.sql("SELECT kind, amount_minor FROM payments WHERE order_id = :id", id=order)
        assert paid == [("capture", 950)]


def test_a_refund_asked_for_by_eight_is_given_once(house: Arena) -> None:
    boris = house.newcomer("boris")
    screening = house.screening(house.hall())
    order = order_of(house, boris, screening, 1)
    assert boris[0].call("POST", f"/orders/{order}/pay").status == 200
    answers = race(house.admins, lambda _number, client: client.call("POST", f"/orders/{order}/refund"))
    assert outcomes(answers) == {(200, ""): 1, (409, "not-paid"): 7}
    moved = house.sql("SELECT kind, amount_minor FROM payments WHERE order_id = :id ORDER BY id", id=order)
    assert moved == [("capture", 950), ("refund", 950)]
    assert house.admin.get(f"/screenings/{screening}")["seats_left"] == 50


def test_a_payment_against_a_cancellation_ends_either_paid_or_free(house: Arena) -> None:
    clara = house.newcomer("clara")
    screening = house.screening(house.hall())
    said = []
    for seat in range(1, 11):
        order = order_of(house, clara, screening, seat)

        def act(number: int, client: Client, order: int = order) -> Answer:
            if number % 2:
                return client.call("POST", f"/orders/{order}/pay")
            return client.call("DELETE", f"/orders/{order}")

        answers = race(clara[:2], act)
        said += answers
        state = clara[0].get(f"/orders/{order}")["state"]
        claims = house.sql("SELECT state FROM seat_claims WHERE order_id = :id", id=order)
        tickets = house.sql("SELECT state FROM tickets WHERE order_id = :id", id=order)
        assert (state, claims, tickets) in [
            ("paid", [("sold",)], [("valid",)]),
            ("cancelled", [], [("void",)]),
        ]
        assert (state == "paid") == (answers[1].status == 200) == (answers[0].code == "already-paid")
    assert set(outcomes(said)) <= {(200, ""), (204, ""), (409, "already-paid"), (409, "not-held")}


def test_a_payment_against_a_change_of_seats_sells_what_the_order_says(house: Arena) -> None:
    dora = house.newcomer("dora")
    screening = house.screening(house.hall())
    for row in range(1, 6):
        body = {"screening": screening, "seats": [{"row": row, "seat": 1}]}
        order = dora[0].create("/orders", body)["id"]

        def act(number: int, client: Client, order: int = order, row: int = row) -> Answer:
            if number % 2:
                return client.call("POST", f"/orders/{order}/pay")
            return client.call("PATCH", f"/orders/{order}", {"seats": [{"row": row, "seat": n} for n in (1, 2)]})

        assert set(outcomes(race(dora[:2], act))) <= {(200, ""), (409, "not-held")}
        shown = dora[0].get(f"/orders/{order}")
        claims = house.sql("SELECT seat_number FROM seat_claims WHERE order_id = :id ORDER BY 1", id=order)
        assert [(ticket["seat"],) for ticket in shown["tickets"]] == claims
        [(captured,)] = house.sql("SELECT amount_minor FROM payments WHERE order_id = :id", id=order)
        assert captured == 950 * len(claims)


@pytest.fixture
def strict_house(new_database: Callable[[str], str], tmp_path: Path) -> Iterator[Arena]:
    """An arena in which nobody may have more than a few unpaid orders."""
    with arena(tmp_path, new_database("strict"), max_unpaid_orders=str(LIMIT)) as opened:
        yield opened


def test_eight_orders_at_once_stop_at_the_limit_of_unpaid_ones(strict_house: Arena) -> None:
    emil = strict_house.newcomer("emil")
    screening = strict_house.screening(strict_house.hall())

    def act(number: int, client: Client) -> Answer:
        return client.call("POST", "/orders", {"screening": screening, "seats": [{"row": 1, "seat": number + 1}]})

    answers = race(emil, act)
    assert outcomes(answers) == {(201, ""): LIMIT, (409, "too-many-unpaid"): CLIENTS - LIMIT}
    assert strict_house.sql("SELECT count(*) FROM seat_claims") == [(LIMIT,)]
