"""An order that had to wait goes by what there is afterwards, not by what there was when it came."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, text

from tests.app import euros
from tests.concurrency.arena import Arena
from tests.processes import Answer

pytestmark = pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)  # SQLite lets one in at a time
WAITING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
SEATS = [{"row": 1, "seat": 2}, {"row": 1, "seat": 1}]


def after_waiting_for(house: Arena, screening: int, change: Callable[[Connection], Any]) -> Answer:
    """An order by the first member that begins while `change` is under way, and ends after it."""
    body = {"screening": screening, "seats": SEATS}
    with ThreadPoolExecutor(1) as pool, house.transaction() as other:
        change(other)
        order = pool.submit(house.members[0].call, "POST", "/orders", body)
        while not house.sql(WAITING):
            assert not order.done(), "it did not wait"
            time.sleep(0.01)
        other.commit()
        return order.result()


def run(statement: str, **values: Any) -> Callable[[Connection], Any]:
    """A change by SQL."""
    return lambda connection: connection.execute(text(statement), values)


def lock(screening: int, then: Callable[[Connection], Any]) -> Callable[[Connection], Any]:
    """A change of what belongs to a screening, which locks it first."""

    def change(connection: Connection) -> None:
        run("SELECT id FROM screenings WHERE id = :id FOR UPDATE", id=screening)(connection)
        then(connection)

    return change


def test_it_pays_the_price_that_was_being_changed(house: Arena) -> None:
    screening = house.screening(house.hall())
    dearer = run("UPDATE screening_prices SET amount_minor = 2000 WHERE screening_id = :id", id=screening)
    answer = after_waiting_for(house, screening, lock(screening, dearer))
    assert (answer.status, answer.body["total"]) == (201, euros("40.00"))


def test_it_gets_no_seat_that_the_hall_was_losing(house: Arena) -> None:
    hall = house.hall()
    screening = house.screening(hall)
    smaller = run("UPDATE halls SET layout = '1|.', seats_in_row = 1, rows = 1, capacity = 1 WHERE id = :id", id=hall)
    answer = after_waiting_for(house, screening, lock(screening, smaller))
    assert (answer.status, answer.code) == (400, "invalid")
    assert [error["field"] for error in answer.body["errors"]] == ["seats.0.seat"]


def test_it_is_refused_to_an_account_that_was_being_closed(house: Arena) -> None:
    screening = house.screening(house.hall())
    [[member]] = house.sql("SELECT id FROM users WHERE username = 'member-0'")
    closing = run("UPDATE users SET is_active = false WHERE id = :id", id=member)
    try:
        answer = after_waiting_for(house, screening, closing)
    finally:
        house.sql("UPDATE users SET is_active = true WHERE id = :id", id=member)
    assert (answer.status, answer.code) == (401, "token-invalid")


def test_it_takes_what_another_order_was_giving_back_and_nothing_else(house: Arena) -> None:
    screening = house.screening(house.hall())
    mine = {"screening": screening, "seats": SEATS[1:]}
    held = house.members[1].create("/orders", mine)["id"]
    gives_back = run("DELETE FROM seat_claims WHERE order_id = :id", id=held)
    assert after_waiting_for(house, screening, gives_back).status == 201
    claims = "SELECT count(DISTINCT order_id), count(*) FROM seat_claims WHERE screening_id = :id"
    assert house.sql(claims, id=screening) == [(1, 2)]
