"""A whole visit, from signing up to holding tickets."""

from tests.app import Cinema, euros, seats


def test_a_stranger_buys_two_seats_and_a_tape(cinema: Cinema) -> None:
    screening, tape = cinema.screening(), cinema.cassette()
    account = {"username": "anna", "email": "anna@example.com", "password": "a long enough password"}
    cinema.stranger.post("/auth/register", account)
    signed_in = cinema.stranger.post(
        "/auth/login", {"login": "ANNA@example.com", "password": account["password"]}, 200
    )
    anna = type(cinema.stranger)(cinema.http, token=signed_in["access_token"])

    body = {"screening": screening, "seats": seats((3, 5), (3, 4)), "cassettes": [{"cassette": tape, "quantity": 1}]}
    order = anna.post("/orders", body)
    assert order["state"] == "held"
    assert order["total"] == euros("24.00")
    assert order["expires_in"] == 15 * 60
    assert [(ticket["row"], ticket["seat"]) for ticket in order["tickets"]] == [(3, 4), (3, 5)]

    paid = anna.post(f"/orders/{order['id']}/pay", status=200)
    assert paid["state"] == "paid"
    assert {ticket["state"] for ticket in paid["tickets"]} == {"valid"}
    assert len({ticket["code"] for ticket in paid["tickets"]}) == 2
    assert cinema.member.get(f"/screenings/{screening}")["seats_left"] == 48
    assert cinema.member.get(f"/cassettes/{tape}")["quantity"] == 2
    assert [ticket["order"] for ticket in anna.get("/tickets")["items"]] == [order["id"]] * 2
