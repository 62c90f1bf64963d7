"""A hall loses seats while people book them."""

from tests.app import Cinema, seats
from tests.concurrency.arena import Arena, outcomes, race
from tests.processes import Answer, Client

ROUNDS = 12


def test_nobody_ends_up_with_a_seat_that_the_hall_no_longer_has(house: Arena) -> None:
    movie = house.movie()
    clients = [house.admin, *house.members[1:]]
    said = []
    for _round in range(ROUNDS):
        hall = house.hall(rows=2, seats_in_row=7)
        screening = house.screening(hall, movie)

        def act(number: int, client: Client, hall: int = hall, screening: int = screening) -> Answer:
            if number == 0:
                return client.call("PATCH", f"/halls/{hall}", {"rows": 1, "seats_in_row": 7})
            return client.call("POST", "/orders", {"screening": screening, "seats": [{"row": 2, "seat": number}]})

        answers = race(clients, act)
        said += answers
        sold = [answer for answer in answers[1:] if answer.status == 201]
        assert not (answers[0].status == 200 and sold), "the row is gone, and somebody has a seat in it"
        rows = len(house.admin.get(f"/screenings/{screening}/seats")["rows"])
        claims = house.sql("SELECT row_number FROM seat_claims WHERE screening_id = :id", id=screening)
        assert all(row <= rows for (row,) in claims)
    assert set(outcomes(said)) <= {(200, ""), (201, ""), (400, "invalid"), (409, "seats-taken")}


def test_a_late_payment_for_a_seat_that_is_gone_is_refunded(cinema: Cinema) -> None:
    """Nobody held the seat any more when the hall lost it, but its order could still be paid."""
    hall = cinema.hall(rows=2, seats=7)
    screening = cinema.screening(hall=hall)
    order = cinema.member.post("/orders", {"screening": screening, "seats": seats((2, 1))})["id"]
    cinema.later(minutes=16)
    cinema.admin.patch(f"/halls/{hall}", {"rows": 1, "seats_in_row": 7})
    refused = cinema.member.post(f"/orders/{order}/pay", status=409)
    assert (refused["code"], refused["conflicts"]) == ("seats-unavailable", seats((2, 1)))
    assert cinema.member.get(f"/orders/{order}")["state"] == "refunded"
    assert cinema.sql("SELECT * FROM seat_claims") == []
