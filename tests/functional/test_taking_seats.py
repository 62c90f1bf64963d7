"""How seats are taken: what an order costs, what is shown of it, whom it tells, and who gives way to whom."""

from typing import Any

import pytest

from cinema.schedule.models import seats_topic
from tests.app import Cinema, Person, euros, seats

STATEMENTS = {"sqlite": 7, "postgresql": 4}
"""Of an order of seats; on SQLite one of them begins the transaction."""


def order(person: Person, screening: int, *places: tuple[int, int], status: int = 201, **more: Any) -> Any:
    """An order for seats: the whole answer."""
    return person.call("POST", "/orders", {"screening": screening, "seats": seats(*places), **more}, status)


def assert_shown_as_it_is(person: Person, answer: Any) -> None:
    """What ordering answers is what asking for the order answers, byte for byte, with the same tag."""
    asked = person.call("GET", f"/orders/{answer.json['id']}", status=200)
    assert asked.body == answer.body
    assert asked.headers["ETag"] == answer.headers["ETag"]


def ended_and_live(cinema: Cinema) -> int:
    """A screening where the hold on 1-1 has ended, and that on 1-2 goes on for another minute; answers its id."""
    screening = cinema.screening()
    order(cinema.other, screening, (1, 1))
    cinema.later(minutes=1)
    order(cinema.other, screening, (1, 2))
    cinema.later(minutes=14)
    return screening


def test_an_order_is_answered_as_it_is_found_afterwards(cinema: Cinema) -> None:
    hall = cinema.hall(name="Grün", layout="A|.P_A\nB|....")
    price = {"standard": euros("9.50"), "premium": euros("12.00"), "accessible": euros("0")}
    screening = cinema.screening(hall=hall, price=None, prices=price)
    answer = order(cinema.member, screening, (2, 2), (1, 3), (1, 2))
    assert answer.json["total"] == euros("21.50")
    assert_shown_as_it_is(cinema.member, answer)
    tapes = [{"cassette": cinema.cassette(), "quantity": 2}]
    assert_shown_as_it_is(cinema.member, order(cinema.member, screening, (2, 1), cassettes=tapes))
    tape = [{"cassette": cinema.cassette(), "quantity": 1}]
    assert_shown_as_it_is(cinema.member, cinema.member.call("POST", "/orders", {"cassettes": tape}, 201))


@pytest.mark.parametrize("number", [1, 2, 10])
def test_an_order_takes_the_same_few_statements_however_many_seats(
    cinema: Cinema, engine_name: str, number: int
) -> None:
    screening = cinema.screening()
    for person in (cinema.member, cinema.admin):
        row = 1 if person is cinema.member else 2
        with cinema.statements() as seen:
            order(person, screening, *((row, seat) for seat in range(1, number + 1)))
        assert len(seen) <= STATEMENTS[engine_name]


def test_free_seats_and_ended_holds_are_taken_together(cinema: Cinema) -> None:
    screening = ended_and_live(cinema)
    answer = order(cinema.member, screening, (1, 3), (1, 1), (2, 5))
    found = [(ticket["row"], ticket["seat"]) for ticket in answer.json["tickets"]]
    assert found == [(1, 1), (1, 3), (2, 5)]
    assert answer.json["total"] == euros("28.50")
    assert_shown_as_it_is(cinema.member, answer)
    claims = "SELECT row_number, seat_number FROM seat_claims WHERE order_id = :id ORDER BY 1, 2"
    assert [tuple(row) for row in cinema.sql(claims, id=answer.json["id"])] == found


def test_one_live_hold_loses_the_free_seats_and_the_ended_holds_too(cinema: Cinema) -> None:
    screening = ended_and_live(cinema)
    before = cinema.sql("SELECT * FROM seat_claims ORDER BY row_number, seat_number")
    refused = order(cinema.member, screening, (1, 3), (1, 2), (1, 1), status=409).json
    assert refused["conflicts"] == seats((1, 2))
    assert refused["held"] == [{"row": 1, "seat": 2, "until": "2026-05-01T12:16:00Z"}]
    assert cinema.sql("SELECT * FROM seat_claims ORDER BY row_number, seat_number") == before
    assert cinema.sql("SELECT id FROM orders WHERE user_id = :id", id=cinema.member.id) == []


def test_sold_seats_are_lost_without_a_moment_at_which_they_are_free(cinema: Cinema) -> None:
    screening = cinema.screening()
    sold = order(cinema.other, screening, (2, 2)).json["id"]
    cinema.other.post(f"/orders/{sold}/pay", status=200)
    order(cinema.other, screening, (1, 2))
    refused = order(cinema.member, screening, (2, 2), (1, 2), (1, 1), status=409).json
    assert refused["conflicts"] == seats((1, 2), (2, 2))
    assert [(each["row"], each["seat"]) for each in refused["held"]] == [(1, 2)]


def test_whatever_changes_seats_says_of_which_screening(cinema: Cinema) -> None:
    screening, elsewhere = cinema.screening(), cinema.screening()
    order(cinema.member, elsewhere, (1, 1))
    assert cinema.admin
    first, second, third = (order(cinema.member, screening, (row, 1)).json["id"] for row in (1, 2, 3))
    steps = [
        lambda: order(cinema.member, screening, (4, 1)),
        lambda: cinema.member.patch(f"/orders/{first}", {"seats": seats((1, 1), (1, 2))}),
        lambda: cinema.member.patch(f"/orders/{first}", {"seats": seats((1, 2))}),
        lambda: cinema.member.patch(f"/orders/{first}", {"extend": True}),
        lambda: cinema.member.post(f"/orders/{first}/pay", status=200),
        lambda: cinema.admin.post(f"/orders/{first}/refund", status=200),
        lambda: cinema.member.delete(f"/orders/{second}"),
    ]
    for number, step in enumerate(steps):
        cinema.sql("DELETE FROM changes")
        step()
        assert (number, told(cinema)) == (number, {seats_topic(screening)})
    cinema.later(minutes=15)
    cinema.sql("DELETE FROM changes")
    order(cinema.other, screening, (3, 1))
    assert told(cinema) == {seats_topic(screening)}
    cinema.sql("DELETE FROM changes")
    cinema.member.post(f"/orders/{third}/pay", status=409)  # refunded at once: it gives up what it has
    order(cinema.other, screening, (3, 1), status=409)
    assert told(cinema) <= {seats_topic(screening)}


def told(cinema: Cinema) -> set[str]:
    """The topics that were written down."""
    return {topic for (topic,) in cinema.sql("SELECT topic FROM changes")}


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_connections_that_died_while_they_rested_are_replaced(cinema: Cinema) -> None:
    screening = cinema.screening()
    assert cinema.member
    with cinema.database.background.connect() as watcher:
        watcher.exec_driver_sql(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    order(cinema.member, screening, (1, 1))
    assert cinema.member.get("/orders")["items"]
