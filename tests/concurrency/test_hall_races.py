"""A hall loses seats while people book them."""

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
