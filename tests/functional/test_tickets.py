"""Tickets: whose they are, how they are found, and what they are worth."""

import re
from typing import Any

import pytest

from tests.app import Cinema, Person, euros, fields, seats


def book(person: Person, screening: int, *places: tuple[int, int], pay: bool = False) -> Any:
    """An order for seats."""
    order = person.post("/orders", {"screening": screening, "seats": seats(*places)})
    return person.post(f"/orders/{order['id']}/pay", status=200) if pay else order


def ids(person: Person, query: str = "") -> list[int]:
    return [ticket["id"] for ticket in person.walk(f"/tickets?{query}")]


def test_a_ticket_says_everything_about_its_seat(cinema: Cinema) -> None:
    hall = cinema.hall(name="Blue", layout="A|.P")
    prices = {"standard": euros("9.50"), "premium": euros("12.00")}
    screening = cinema.screening(hall=hall, price=None, prices=prices)
    order = book(cinema.member, screening, (1, 2), pay=True)
    ticket = cinema.member.get(f"/tickets/{order['tickets'][0]['id']}")
    assert ticket == order["tickets"][0] == cinema.member.get("/tickets")["items"][0]
    assert ticket["screening"] == {
        key: cinema.member.get(f"/screenings/{screening}")[key]
        for key in ("id", "movie", "hall", "starts_at", "ends_at")
    }
    del ticket["screening"]
    assert ticket.pop("code")
    assert ticket == {
        "id": ticket["id"],
        "order": order["id"],
        "row": 1,
        "seat": 2,
        "category": "premium",
        "price": euros("12.00"),
        "state": "valid",
    }


def test_codes_cannot_be_guessed(cinema: Cinema) -> None:
    screening = cinema.screening()
    orders = [book(cinema.member, screening, *((row, seat) for seat in range(1, 11))) for row in range(1, 6)]
    codes = {ticket["code"] for order in orders for ticket in order["tickets"]}
    assert len(codes) == 50
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{20,64}", code) for code in codes)
    assert len({code[:8] for code in codes}) == len({code[-8:] for code in codes}) == 50


def test_members_see_their_own_tickets_only(cinema: Cinema) -> None:
    screening = cinema.screening()
    mine = book(cinema.member, screening, (1, 1))["tickets"][0]["id"]
    theirs = book(cinema.other, screening, (1, 2))["tickets"][0]["id"]
    assert ids(cinema.member) == ids(cinema.member, f"user={cinema.member.id}") == [mine]
    assert ids(cinema.admin) == [theirs, mine]
    assert ids(cinema.admin, f"user={cinema.other.id}") == [theirs]
    cinema.member.get(f"/tickets?user={cinema.other.id}", 403)
    assert cinema.member.get(f"/tickets/{theirs}", 404) == cinema.member.get("/tickets/1000000000", 404)
    assert cinema.admin.get(f"/tickets/{theirs}")["id"] == theirs
    for path in ("/tickets", f"/tickets/{mine}", "/tickets/1000000000"):
        cinema.stranger.get(path, 401)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_tickets_are_not_made_changed_or_deleted_by_hand(cinema: Cinema, method: str) -> None:
    ticket = book(cinema.member, cinema.screening(), (1, 1))["tickets"][0]
    assert cinema.admin.call(method, f"/tickets/{ticket['id']}", {}, 405).headers["Allow"]
    assert cinema.member.get(f"/tickets/{ticket['id']}") == ticket


def test_a_ticket_of_an_expired_order_is_void_until_it_is_paid_after_all(cinema: Cinema) -> None:
    order = book(cinema.member, cinema.screening(), (1, 1))
    path = f"/tickets/{order['tickets'][0]['id']}"
    cinema.later(minutes=15, milliseconds=-1)
    assert cinema.member.get(path)["state"] == "held"
    cinema.later(milliseconds=1)
    assert cinema.member.get(path)["state"] == "void"
    cinema.member.post(f"/orders/{order['id']}/pay", status=200)
    assert cinema.member.get(path)["state"] == "valid"


def test_tickets_are_found_by_screening_and_by_the_state_they_are_in_now(cinema: Cinema) -> None:
    screening, elsewhere = cinema.screening(), cinema.screening()
    held, valid, void = (
        book(cinema.member, screening, (1, seat), pay=seat == 2)["tickets"][0]["id"] for seat in (1, 2, 3)
    )
    cancelled = cinema.member.get(f"/tickets/{void}")["order"]
    cinema.member.delete(f"/orders/{cancelled}")
    other = book(cinema.member, elsewhere, (1, 1), pay=True)["tickets"][0]["id"]
    assert ids(cinema.member, f"screening={screening}") == [void, valid, held]
    assert ids(cinema.member, f"screening={elsewhere}&state=valid") == [other]
    assert [ids(cinema.member, f"state={state}") for state in ("held", "valid", "void", "used")] == [
        [held],
        [other, valid],
        [void],
        [],
    ]
    cinema.later(minutes=15)
    assert [ids(cinema.member, f"state={state}") for state in ("held", "void")] == [[], [void, held]]
    cinema.sql("UPDATE tickets SET state = 'used' WHERE id = :id", id=other)
    assert ids(cinema.member, "state=used") == [other]


def test_what_has_begun_is_no_longer_upcoming(cinema: Cinema) -> None:
    soon, late = cinema.screening(), cinema.screening(starts_at="2026-05-02T18:00:00Z")
    first = book(cinema.member, soon, (1, 1), pay=True)["tickets"][0]["id"]
    second = book(cinema.member, late, (1, 1), pay=True)["tickets"][0]["id"]
    cinema.later(hours=6, milliseconds=-1)
    assert ids(cinema.member, "upcoming=true&limit=1") == [second, first]
    cinema.later(milliseconds=1)
    assert ids(cinema.member, "upcoming=true") == [second]
    assert ids(cinema.member, "upcoming=false") == [first]


@pytest.mark.parametrize(
    ("query", "wrong"),
    [("screening=x", "screening"), ("state=expired", "state"), ("upcoming=yes", "upcoming"), ("code=1", "code")],
)
def test_a_bad_filter_is_named(cinema: Cinema, query: str, wrong: str) -> None:
    assert fields(cinema.member.get(f"/tickets?{query}", 400)) == {wrong}


def test_tickets_take_two_statements_however_many_there_are(cinema: Cinema) -> None:
    order = book(cinema.member, cinema.screening(), *((1, seat) for seat in range(1, 11)))
    for path in ("/tickets", f"/tickets/{order['tickets'][0]['id']}"):
        with cinema.statements() as seen:
            cinema.member.get(path)
        assert len(seen) <= 2
