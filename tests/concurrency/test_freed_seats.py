"""A seat that is given up just while an order asks for it is free, and nobody is told that somebody has it."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.concurrency.arena import Arena
from tests.concurrency.test_order_waits import WAITING
from tests.processes import Answer

pytestmark = pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)  # SQLite lets one in at a time


def ordered_while_given_up(house: Arena, given_up: int, also: list[int]) -> Answer:
    """An order for a seat whose hold has ended, and those of `also`; its holder gives it up while the order waits."""
    screening = house.screening(house.hall())
    held = house.members[1].create("/orders", {"screening": screening, "seats": [{"row": 1, "seat": given_up}]})["id"]
    house.sql("UPDATE seat_claims SET expires_at = now() - interval '1 minute' WHERE order_id = :id", id=held)
    house.members[2].create("/orders", {"screening": screening, "seats": [{"row": 1, "seat": 9}]})
    body = {"screening": screening, "seats": [{"row": 1, "seat": seat} for seat in (given_up, *also)]}
    with ThreadPoolExecutor(2) as pool:
        with house.transaction() as lock:  # lets nobody have the seat before both are there
            lock.exec_driver_sql(f"SELECT 1 FROM seat_claims WHERE order_id = {held} FOR UPDATE")
            cancelled = pool.submit(house.members[1].call, "DELETE", f"/orders/{held}")
            wait_for(house, 1)
            order = pool.submit(house.members[0].call, "POST", "/orders", body)
            wait_for(house, 2)
        assert cancelled.result().status == 204
        return order.result()


def wait_for(house: Arena, number: int) -> None:
    """Until so many wait for a lock."""
    give_up = time.monotonic() + 2
    while len(house.sql(WAITING)) < number:
        assert time.monotonic() < give_up, f"not {number} are waiting"
        time.sleep(0.01)


def test_it_is_had(house: Arena) -> None:
    answer = ordered_while_given_up(house, 1, [2])
    assert (answer.status, [ticket["seat"] for ticket in answer.body["tickets"]]) == (201, [1, 2])


def test_it_is_not_named_among_those_that_somebody_has(house: Arena) -> None:
    answer = ordered_while_given_up(house, 1, [9])
    assert (answer.status, answer.code) == (409, "seats-unavailable")
    assert answer.body["conflicts"] == [{"row": 1, "seat": 9}]
