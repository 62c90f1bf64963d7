"""The door: a ticket admits once, a lost answer can be asked for again, and every refusal says why."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.app import Cinema, Person, fields, seats
from tests.examples import examples
from tests.functional.test_qr import bought, signed

NONCE = "9b0f3c0e-6a55-4f0e"


def scan(
    person: Person, code: str, nonce: str = NONCE, status: int = 200, screening: int | None = None, **more: Any
) -> Any:
    body = {"code": code, "nonce": nonce, **({} if screening is None else {"screening": screening}), **more}
    return person.post("/tickets/check-in", body, status)


def ticket_of(cinema: Cinema, **values: Any) -> Any:
    """A member's paid ticket for a new screening."""
    [ticket] = bought(cinema.member, cinema.screening(**values), (1, 2))
    return ticket


@pytest.mark.parametrize("kind", ["plain", "signed"])
def test_a_ticket_admits_once(cinema: Cinema, kind: str) -> None:
    ticket = ticket_of(cinema)
    code = ticket["code"] if kind == "plain" else signed(ticket)
    answer = scan(cinema.admin, code)
    assert answer == {"admitted": True, "ticket": ticket | {"state": "used"}, "at": "2026-05-01T12:00:00Z"}
    assert cinema.member.get(f"/tickets/{ticket['id']}") == answer["ticket"]
    assert cinema.member.get("/tickets?state=used")["items"] == [answer["ticket"]]
    cinema.later(minutes=3)
    for again in (ticket["code"], signed(ticket)):
        refused = scan(cinema.admin, again, "another-device", 409)
        assert (refused["code"], refused["used_at"]) == ("already-used", "2026-05-01T12:00:00Z")


def test_the_same_attempt_again_gets_the_same_answer(cinema: Cinema) -> None:
    ticket = ticket_of(cinema)
    first = scan(cinema.admin, signed(ticket), screening=ticket["screening"]["id"])
    cinema.later(minutes=3)
    assert scan(cinema.admin, signed(ticket), screening=ticket["screening"]["id"]) == first
    assert scan(cinema.admin, ticket["code"]) == first


def test_a_nonce_means_nothing_to_another_ticket(cinema: Cinema) -> None:
    one, two = bought(cinema.member, cinema.screening(), (1, 1), (1, 2))
    assert scan(cinema.admin, one["code"])["ticket"]["id"] == one["id"]
    assert cinema.member.get(f"/tickets/{two['id']}")["state"] == "valid"
    assert scan(cinema.admin, two["code"])["ticket"]["id"] == two["id"]


def test_only_what_is_paid_and_not_refunded_admits(cinema: Cinema) -> None:
    screening = cinema.screening()
    order = cinema.member.post("/orders", {"screening": screening, "seats": seats((1, 1), (1, 2))})
    code, other = (ticket["code"] for ticket in order["tickets"])

    def refused(code: str) -> tuple[str, str]:
        problem = scan(cinema.admin, code, status=409)
        return problem["code"], problem["state"]

    assert refused(code) == ("ticket-not-valid", "held")
    cinema.later(minutes=15)
    assert refused(code) == ("ticket-not-valid", "void")
    cinema.member.post(f"/orders/{order['id']}/pay", status=200)
    scan(cinema.admin, code)
    cinema.admin.post(f"/orders/{order['id']}/refund", {"tickets": [order["tickets"][1]["id"]]}, 200)
    assert refused(other) == ("ticket-not-valid", "void")
    given_up = cinema.member.post("/orders", {"screening": screening, "seats": seats((1, 3))})
    cinema.member.delete(f"/orders/{given_up['id']}")
    assert refused(given_up["tickets"][0]["code"]) == ("ticket-not-valid", "void")


def test_who_went_in_gets_no_money_back(cinema: Cinema) -> None:
    ticket = ticket_of(cinema)
    scan(cinema.admin, ticket["code"])
    refused = cinema.admin.post(f"/orders/{ticket['order']}/refund", {}, 409)
    assert (refused["code"], refused["tickets"]) == ("ticket-used", [ticket["id"]])
    assert scan(cinema.admin, ticket["code"])["admitted"]


def test_a_ticket_for_another_screening_is_told_where_to_go(cinema: Cinema) -> None:
    ticket, elsewhere = ticket_of(cinema), cinema.screening()
    for screening in (elsewhere, 10**9):
        refused = scan(cinema.admin, signed(ticket), status=409, screening=screening)
        assert (refused["code"], refused["screening"]) == ("other-screening", ticket["screening"])
    assert cinema.member.get(f"/tickets/{ticket['id']}")["state"] == "valid"
    assert scan(cinema.admin, signed(ticket), screening=ticket["screening"]["id"])["admitted"]
    assert scan(cinema.admin, signed(ticket), status=409, screening=elsewhere)["code"] == "other-screening"


@pytest.mark.parametrize("code", ["x", "nGvJ5rX0uI7mP2cQeYwZ3A", "билет", "'; DROP TABLE tickets; --", " "])
def test_a_code_that_no_ticket_has_is_unknown(cinema: Cinema, code: str) -> None:
    ticket_of(cinema)
    refused = cinema.admin.post("/tickets/check-in", {"code": f"{code}!", "nonce": NONCE}, 404)
    assert refused["code"] == "unknown-ticket"


def test_a_code_in_other_capitals_is_another_code(cinema: Cinema) -> None:
    ticket = ticket_of(cinema)
    assert scan(cinema.admin, ticket["code"].swapcase(), status=404)["code"] == "unknown-ticket"


def test_a_ticket_that_was_given_up_before_it_was_paid_is_unknown(cinema: Cinema) -> None:
    order = cinema.member.post("/orders", {"screening": cinema.screening(), "seats": seats((1, 1))})
    cinema.member.patch(f"/orders/{order['id']}", {"seats": seats((1, 2))})
    gone = order["tickets"][0]
    for code in (gone["code"], signed(gone)):
        assert scan(cinema.admin, code, status=404)["code"] == "unknown-ticket"


def test_a_forged_code_is_told_from_a_real_one(cinema: Cinema) -> None:
    ticket = ticket_of(cinema)
    head, payload, signature = signed(ticket).split(".")
    better_seat = signed(ticket, seat=4).split(".")[1]
    for forged in (
        signed(ticket, secret=b"somebody else's secret"),
        f"{head}.{better_seat}.{signature}",
        f"cinema2.{payload}.{signature}",
        f"{head.upper()}.{payload}.{signature}",
        f"{head}.{payload}",
        f"{head}.{payload}.",
        f"{head}..{signature}",
        f"{head}.{payload}.{signature}=",
        f"{head}.{payload}.{signature}\n",
        f"{head}.{payload}.{signature}.",
        f"{head}.{payload}.{signature[:-1]}",
        f"{head}.{payload}.{'A' * len(signature)}",
        ".",
        f"{head}.{payload}.й",
    ):
        assert scan(cinema.admin, forged, status=400)["code"] == "bad-signature", forged
    assert cinema.member.get(f"/tickets/{ticket['id']}")["state"] == "valid"


def test_one_altered_character_makes_a_code_worthless(cinema: Cinema) -> None:
    ticket = ticket_of(cinema)
    code = signed(ticket)
    letters = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

    @examples(30)
    @given(place=st.integers(0, len(code) - 1), letter=letters)
    def check(place: int, letter: str) -> None:
        altered = code[:place] + letter + code[place + 1 :]
        if altered != code:
            assert scan(cinema.admin, altered, status=400)["code"] == "bad-signature"

    check()
    last = [code[:-1] + letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"]
    for altered in {*last} - {code}:  # some of them decode to the same bytes
        scan(cinema.admin, altered, status=400)
    assert scan(cinema.admin, code)["admitted"]


def test_labels_do_not_hide_tickets_from_the_door(cinema: Cinema) -> None:
    cinema.admin.post("/roles", {"name": "usher", "description": "", "permissions": ["tickets:check-in"]})
    usher = cinema.person("usher", "usher")
    movie = cinema.movie()
    ticket = ticket_of(cinema, movie=movie)
    cinema.admin.patch(f"/movies/{movie}", {"label": "premiere"})
    usher.get(f"/movies/{movie}", 404)
    elsewhere = cinema.screening()
    refused = scan(usher, ticket["code"], status=409, screening=elsewhere)
    assert refused["screening"]["movie"]["id"] == movie
    assert scan(usher, signed(ticket), screening=ticket["screening"]["id"])["ticket"]["id"] == ticket["id"]


def test_only_holders_of_the_permission_admit(cinema: Cinema) -> None:
    ticket = ticket_of(cinema)
    for body in ({"code": ticket["code"], "nonce": NONCE}, {}):
        cinema.stranger.post("/tickets/check-in", body, 401)
        cinema.member.post("/tickets/check-in", body, 403)
    cinema.stranger.get("/tickets/check-in", 401)
    cinema.member.get("/tickets/check-in", 403)
    assert cinema.admin.call("GET", "/tickets/check-in", status=405).headers["Allow"] == "POST"
    assert cinema.member.get(f"/tickets/{ticket['id']}")["state"] == "valid"
    asked = {"permission": "check-in", "path": "/tickets/check-in"}
    assert not cinema.member.post("/permissions/check", asked, 200)["allowed"]
    assert cinema.admin.post("/permissions/check", asked, 200)["allowed"]


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"code", "nonce"}),
        ({"code": 1, "nonce": NONCE}, {"code"}),
        ({"code": "", "nonce": NONCE}, {"code"}),
        ({"code": "x" * 501, "nonce": NONCE}, {"code"}),
        ({"code": "\0", "nonce": NONCE}, {"code"}),
        ({"code": "x", "nonce": "1234567"}, {"nonce"}),
        ({"code": "x", "nonce": "x" * 65}, {"nonce"}),
        ({"code": "x", "nonce": None}, {"nonce"}),
        ({"code": "x", "nonce": NONCE, "screening": "1"}, {"screening"}),
        ({"code": "x", "nonce": NONCE, "screening": 0}, {"screening"}),
        ({"code": "x", "nonce": NONCE, "at": "2026-05-01T12:00:00Z"}, {"at"}),
    ],
)
def test_a_bad_request_names_its_fields(cinema: Cinema, body: Any, wrong: set[str]) -> None:
    assert fields(cinema.admin.post("/tickets/check-in", body, 400)) == wrong


@pytest.mark.parametrize("nonce", ["12345678", "ж" * 64])
def test_a_nonce_has_8_to_64_characters(cinema: Cinema, nonce: str) -> None:
    ticket = ticket_of(cinema)
    first = scan(cinema.admin, ticket["code"], nonce)
    assert scan(cinema.admin, ticket["code"], nonce) == first


def test_an_admission_takes_three_statements(cinema: Cinema) -> None:
    ticket = ticket_of(cinema)
    for nonce, status in ((NONCE, 200), (NONCE, 200), ("another-device", 409)):
        with cinema.statements() as seen:
            scan(cinema.admin, signed(ticket), nonce, status)
        assert len([statement for statement in seen if "BEGIN" not in statement]) <= 3
