"""What a client hears when something else holds the locks."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from tests.concurrency.arena import Arena

WAITING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def unpaid_order(house: Arena) -> int:
    """An order of one seat; answers its id."""
    body = {"screening": house.screening(house.hall()), "seats": [{"row": 1, "seat": 1}]}
    return int(house.members[0].create("/orders", body)["id"])


def test_whoever_waits_too_long_for_a_lock_is_told_to_come_back(house: Arena) -> None:
    order = unpaid_order(house)
    pay = ("POST", f"/orders/{order}/pay")
    with house.transaction() as other:
        other.execute(text("UPDATE orders SET extended = extended WHERE id = :id"), {"id": order})
        answer = house.members[0].call(*pay)
    assert (answer.status, answer.code, answer.retry_after) == (503, "unavailable", "1")
    assert house.sql("SELECT count(*) FROM payments WHERE order_id = :id", id=order) == [(0,)]
    assert house.members[0].call(*pay).status == 200


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_a_deadlock_is_retried_and_nobody_hears_of_it(house: Arena) -> None:
    """A payment locks its order, then its claims. We do it the other way round, and are more patient."""
    order = unpaid_order(house)
    with ThreadPoolExecutor(1) as pool, house.transaction() as other:
        other.execute(text("SET LOCAL deadlock_timeout = '20s'"))
        other.execute(text("SELECT 1 FROM seat_claims WHERE order_id = :id FOR UPDATE"), {"id": order})
        payment = pool.submit(house.members[0].call, "POST", f"/orders/{order}/pay")
        while not house.sql(WAITING) and not payment.done():
            time.sleep(0.02)
        # the payment has this row: we get it only when the payment is the one to give way
        other.execute(text("SELECT 1 FROM orders WHERE id = :id FOR UPDATE"), {"id": order})
        other.commit()
        assert payment.result().status == 200
    assert house.sql("SELECT count(*) FROM payments WHERE order_id = :id", id=order) == [(1,)]
