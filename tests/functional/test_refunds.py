"""Refunds: whole and in part, and what they put back."""

import json
from typing import Any

import pytest

from tests.app import Cinema, Person, euros, fields, seats


def filled(body: Any, **ids: int) -> Any:
    """`body` with ids in place of their names: "<tape>"."""
    text = json.dumps(body)
    for name, key in ids.items():
        text = text.replace(f'"<{name}>"', str(key))
    return json.loads(text)


def paid_order(cinema: Cinema, screening: int, tape: int, *places: tuple[int, int], quantity: int = 2) -> Any:
    """A member's paid order for seats and cassettes."""
    cassettes = [{"cassette": tape, "quantity": quantity}]
    order = cinema.member.post("/orders", {"screening": screening, "seats": seats(*places), "cassettes": cassettes})
    return cinema.member.post(f"/orders/{order['id']}/pay", status=200)


def refund(person: Person, order: Any, body: Any = None, status: int = 200) -> Any:
    return person.post(f"/orders/{order['id']}/refund", body, status)


def refunded(cinema: Cinema) -> list[int]:
    """What went back, in cents, one by one."""
    return [
        row.amount_minor for row in cinema.sql("SELECT amount_minor FROM payments WHERE kind = 'refund' ORDER BY id")
    ]


def test_a_whole_refund_gives_everything_back(cinema: Cinema) -> None:
    screening, tape = cinema.screening(), cinema.cassette(quantity=3)
    order = paid_order(cinema, screening, tape, (1, 1), (1, 2))
    answer = refund(cinema.admin, order)
    assert (answer["state"], answer["total"]) == ("refunded", euros("0.00"))
    assert {ticket["state"] for ticket in answer["tickets"]} == {"void"}
    assert [line["refunded"] for line in answer["cassettes"]] == [2]
    assert refunded(cinema) == [2900]
    assert cinema.member.get(f"/orders/{order['id']}") == answer
    assert cinema.member.get(f"/cassettes/{tape}")["quantity"] == 3
    cinema.other.post("/orders", {"screening": screening, "seats": seats((1, 1), (1, 2))})


def test_a_refund_needs_no_body(cinema: Cinema) -> None:
    order = paid_order(cinema, cinema.screening(), cinema.cassette(), (1, 1))
    answer = cinema.admin.call("POST", f"/orders/{order['id']}/refund", status=200)
    assert answer.json["state"] == "refunded"


def test_tickets_and_cassettes_are_refunded_one_by_one(cinema: Cinema) -> None:
    screening, tape = cinema.screening(), cinema.cassette(quantity=3)
    order = paid_order(cinema, screening, tape, (1, 1), (1, 2), quantity=3)
    first, second = (ticket["id"] for ticket in order["tickets"])

    answer = refund(cinema.admin, order, {"tickets": [first]})
    assert (answer["state"], answer["total"]) == ("paid", euros("24.50"))
    assert [ticket["state"] for ticket in answer["tickets"]] == ["void", "valid"]
    cinema.other.post("/orders", {"screening": screening, "seats": seats((1, 1))})
    cinema.other.post("/orders", {"screening": screening, "seats": seats((1, 2))}, 409)

    answer = refund(cinema.admin, order, {"cassettes": [{"cassette": tape, "quantity": 2}]})
    assert (answer["state"], answer["total"]) == ("paid", euros("14.50"))
    assert [line["refunded"] for line in answer["cassettes"]] == [2]
    assert cinema.member.get(f"/cassettes/{tape}")["quantity"] == 2

    answer = refund(cinema.admin, order, {"tickets": [second], "cassettes": [{"cassette": tape, "quantity": 1}]})
    assert (answer["state"], answer["total"]) == ("refunded", euros("0.00"))
    assert refunded(cinema) == [950, 1000, 1450]


def test_the_rest_can_be_refunded_whole(cinema: Cinema) -> None:
    order = paid_order(cinema, cinema.screening(), cinema.cassette(), (1, 1), (1, 2))
    refund(cinema.admin, order, {"tickets": [order["tickets"][0]["id"]]})
    assert refund(cinema.admin, order)["state"] == "refunded"
    assert refunded(cinema) == [950, 1950]


def test_what_was_bought_dear_is_refunded_dear(cinema: Cinema) -> None:
    screening, tape = cinema.screening(), cinema.cassette()
    order = paid_order(cinema, screening, tape, (1, 1))
    cinema.admin.patch(f"/screenings/{screening}", {"price": euros("1.00")})
    cinema.admin.patch(f"/cassettes/{tape}", {"price": None})
    refund(cinema.admin, order)
    assert refunded(cinema) == [1950]


def test_cash_goes_back_as_cash(cinema: Cinema) -> None:
    order = cinema.member.post("/orders", {"screening": cinema.screening(), "seats": seats((1, 1))})
    cinema.admin.post(f"/orders/{order['id']}/pay", {"provider": "cash"}, 200)
    refund(cinema.admin, order)
    assert [row.provider for row in cinema.sql("SELECT provider FROM payments")] == ["cash", "cash"]


def test_every_movement_of_money_has_a_reference_of_its_own(cinema: Cinema) -> None:
    """A provider that is asked again with a key it knows moves nothing."""
    tape = cinema.cassette(quantity=3)
    order = paid_order(cinema, cinema.screening(price=euros("0.00")), tape, (1, 1), (1, 2), quantity=1)
    for ticket in order["tickets"]:
        refund(cinema.admin, order, {"tickets": [ticket["id"]]})
    refund(cinema.admin, order)
    references = [row.reference for row in cinema.sql("SELECT reference FROM payments")]
    assert refunded(cinema) == [0, 0, 500]
    assert len(set(references)) == len(references) == 4


def test_a_provider_that_is_no_longer_set_up_refunds_nothing(cinema: Cinema) -> None:
    order = paid_order(cinema, cinema.screening(), cinema.cassette(), (1, 1))
    cinema.sql("UPDATE payments SET provider = 'closed'")
    assert refund(cinema.admin, order, status=409)["code"] == "payments-not-set-up"
    assert cinema.member.get(f"/orders/{order['id']}")["state"] == "paid"
    assert refunded(cinema) == []


def test_members_refund_nothing_not_even_their_own(cinema: Cinema) -> None:
    order = paid_order(cinema, cinema.screening(), cinema.cassette(), (1, 1))
    refund(cinema.stranger, order, status=401)
    refund(cinema.member, order, status=403)
    refund(cinema.other, order, status=404)
    assert cinema.member.get(f"/orders/{order['id']}") == order


def test_a_refunded_order_is_not_refunded_again(cinema: Cinema) -> None:
    tape = cinema.cassette(quantity=2)
    order = paid_order(cinema, cinema.screening(), tape, (1, 1))
    refund(cinema.admin, order)
    for body in ({}, {"tickets": [order["tickets"][0]["id"]]}):
        assert refund(cinema.admin, order, body, 409)["code"] == "not-paid"
    assert refunded(cinema) == [1950]
    assert cinema.member.get(f"/cassettes/{tape}")["quantity"] == 2


@pytest.mark.parametrize("state", ["held", "cancelled", "expired"])
def test_only_a_paid_order_is_refunded(cinema: Cinema, state: str) -> None:
    order = cinema.member.post("/orders", {"screening": cinema.screening(), "seats": seats((1, 1))})
    if state == "cancelled":
        cinema.member.delete(f"/orders/{order['id']}")
    elif state == "expired":
        cinema.later(minutes=15)
    assert refund(cinema.admin, order, status=409)["code"] == "not-paid"
    assert cinema.member.get(f"/orders/{order['id']}")["state"] == state


@pytest.mark.either_engine
@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"tickets": [10**9]}, {"tickets.0"}),
        ({"tickets": ["<ticket>", 10**9, "<theirs>"]}, {"tickets.1", "tickets.2"}),
        ({"tickets": ["<ticket>", "<ticket>"]}, {"tickets"}),
        ({"tickets": ["<void>"]}, {"tickets.0"}),
        ({"tickets": ["1"]}, {"tickets.0"}),
        ({"tickets": None}, {"tickets"}),
        ({"tickets": []}, {"tickets"}),
        ({"cassettes": []}, {"tickets"}),
        ({"tickets": [], "cassettes": []}, {"tickets"}),
        ({"cassettes": [{"cassette": 10**9, "quantity": 1}]}, {"cassettes.0.cassette"}),
        ({"cassettes": [{"cassette": "<tape>", "quantity": 3}]}, {"cassettes.0.quantity"}),
        ({"cassettes": [{"cassette": "<tape>", "quantity": 0}]}, {"cassettes.0.quantity"}),
        ({"cassettes": [{"cassette": "<tape>", "quantity": 1}] * 2}, {"cassettes.1.cassette"}),
        ({"tickets": ["<ticket>"], "cassettes": [{"cassette": 10**9, "quantity": 1}]}, {"cassettes.0.cassette"}),
        ({"amount": euros("100.00")}, {"amount"}),
    ],
)
def test_a_bad_refund_names_its_fields_and_gives_nothing_back(cinema: Cinema, body: Any, wrong: set[str]) -> None:
    screening, tape = cinema.screening(), cinema.cassette(quantity=2)
    order = paid_order(cinema, screening, tape, (1, 1), (1, 2))
    kept, void = (ticket["id"] for ticket in order["tickets"])
    refund(cinema.admin, order, {"tickets": [void]})
    theirs = cinema.other.post("/orders", {"screening": screening, "seats": seats((1, 2))})["tickets"][0]["id"]
    before = cinema.member.get(f"/orders/{order['id']}")
    body = filled(body, ticket=kept, void=void, theirs=theirs, tape=tape)
    assert fields(refund(cinema.admin, order, body, 400)) == wrong
    assert cinema.member.get(f"/orders/{order['id']}") == before
    assert refunded(cinema) == [950]


def test_who_was_admitted_gets_nothing_back(cinema: Cinema) -> None:
    order = paid_order(cinema, cinema.screening(), cinema.cassette(), (1, 1), (1, 2))
    used, unused = (ticket["id"] for ticket in order["tickets"])
    cinema.sql("UPDATE tickets SET state = 'used' WHERE id = :id", id=used)
    for body in ({}, {"tickets": [unused, used]}):
        refused = refund(cinema.admin, order, body, 409)
        assert (refused["code"], refused["tickets"]) == ("ticket-used", [used])
    assert refunded(cinema) == []
    refund(cinema.admin, order, {"tickets": [unused]})


def test_another_holder_of_a_refunded_seat_keeps_it(cinema: Cinema) -> None:
    screening = cinema.screening()
    order = paid_order(cinema, screening, cinema.cassette(), (1, 1), (1, 2))
    refund(cinema.admin, order, {"tickets": [order["tickets"][0]["id"]]})
    theirs = cinema.other.post("/orders", {"screening": screening, "seats": seats((1, 1))})
    refund(cinema.admin, order)
    assert cinema.other.post(f"/orders/{theirs['id']}/pay", status=200)["state"] == "paid"
    assert cinema.member.get(f"/screenings/{screening}")["seats_left"] == 49
