"""One key, sent by many at once, to two servers, one of which is killed in between: one order."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.app import API
from tests.concurrency.arena import Arena
from tests.concurrency.mortal import POINTS
from tests.concurrency.test_lock_waits import WAITING
from tests.conftest import settings
from tests.processes import Server, environment, free_port, sign_in, wait_until_live

RETRIES = 20
KEYS = 2
MANY_KEYS = int(os.environ.get("CINEMA_TEST_ROUNDS", "1000"))  # of the long race
KILL_EVERY = 2  # keys
REPOSITORY = Path(__file__).parents[2]
_keys = count(1)


@dataclass(frozen=True)
class Reply:
    """What came back, byte for byte."""

    status: int
    body: bytes
    location: str | None
    replayed: str | None
    retry_after: str | None

    @property
    def code(self) -> str:
        """The code of a problem."""
        return str(json.loads(self.body).get("code", ""))


@dataclass(frozen=True)
class Mortals:
    """Two workers on one database, a member, and a screening to order seats of."""

    house: Arena
    token: str
    screening: int

    def post(self, worker: int, path: str, body: Any, key: str, **headers: str) -> Reply | None:
        """Posts on a connection of its own; None when the worker died or is not there."""
        port = self.house.servers[worker % len(self.house.servers)].port
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        sent = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        try:
            connection.request("POST", API + path, json.dumps(body), sent | headers)
            answer = connection.getresponse()
            found = answer.headers
            return Reply(
                answer.status, answer.read(), found["Location"], found["Idempotent-Replayed"], found["Retry-After"]
            )
        except (ConnectionError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def order(self, worker: int, number: int, **headers: str) -> Reply | None:
        """Orders the seat that goes with a number, under a key that does."""
        seats = [{"row": 1 + number // 50, "seat": 1 + number % 50}]
        return self.post(worker, "/orders", {"screening": self.screening, "seats": seats}, f"key {number}", **headers)

    def orders(self, number: int) -> int:
        """How many orders hold that seat."""
        place = {"screening": self.screening, "row": 1 + number // 50, "seat": 1 + number % 50}
        [(found,)] = self.house.sql(
            "SELECT count(*) FROM tickets "
            "WHERE screening_id = :screening AND row_number = :row AND seat_number = :seat",
            **place,
        )
        return int(found)


@pytest.fixture(scope="module")
def mortals(new_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mortals]:
    """Two servers that die and come back, on either engine."""
    url, log = new_database("mortals"), tmp_path_factory.mktemp("mortals") / "log"
    ports = [free_port(), free_port()]
    more = {"cinema.max_unpaid_orders": "10000", "cinema.opening_hours": "00:00-24:00"}
    command = [sys.executable, "-m", "tests.concurrency.mortal", json.dumps(settings(url, **more)), *map(str, ports)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment(), cwd=REPOSITORY)
    servers = [Server(port, log, process) for port in ports]
    try:
        for server in servers:
            wait_until_live(server)
        house = Arena(url, servers)
        yield Mortals(house, sign_in(servers[0], "member-0"), house.screening(house.hall(100, 50)))
        house.close()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_that_dies_on_the_way_leaves_no_stuck_key(mortals: Mortals, point: str) -> None:
    number = next(_keys)
    assert mortals.order(0, number, **{"X-Die-At": point}) is None
    again = mortals.order(1, number)
    assert again is not None
    assert again.status == 201  # at once: a key that was stuck would be a 409
    assert again.replayed == ("true" if point == "committed" else None)
    wait_until_live(mortals.house.servers[0])
    for worker in (0, 1):
        third = mortals.order(worker, number)
        assert third is not None
        assert (third.status, third.body, third.location) == (201, again.body, again.location)
        assert third.replayed == "true"
    assert mortals.orders(number) == 1


def insist(mortals: Mortals, retry: int, number: int, kill: bool) -> list[Reply]:
    """Orders until it has an order; gives all that was answered. `kill`: the first two try to kill their workers."""
    headers = {"X-Die-At": POINTS[number % len(POINTS)] if retry else "now"} if kill and retry < 2 else {}
    replies: list[Reply] = []
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        reply = mortals.order(retry, number, **headers)
        headers, retry = {}, retry + 1
        replies += [reply] if reply else []
        if reply and reply.status == 201:
            return replies
        time.sleep(0.05)
    raise AssertionError(f"never answered: {replies}")


def check_one_order(mortals: Mortals, kill: bool) -> None:
    """Twenty at once with one key."""
    number = next(_keys)
    with ThreadPoolExecutor(RETRIES) as pool:
        told = pool.map(lambda retry: insist(mortals, retry, number, kill), range(RETRIES))
        replies = [reply for replies in told for reply in replies]
    good = [reply for reply in replies if reply.status == 201]
    assert len(good) == RETRIES
    assert len({(reply.body, reply.location) for reply in good}) == 1
    assert len([reply for reply in good if reply.replayed is None]) <= 1
    others = {(reply.status, reply.code, reply.retry_after) for reply in replies if reply.status != 201}
    assert others <= {(409, "idempotency-key-in-use", "1")}
    assert mortals.orders(number) == 1
    for server in mortals.house.servers:
        wait_until_live(server)


def test_twenty_at_once_with_one_key_make_one_order(mortals: Mortals) -> None:
    for turn in range(KEYS):
        check_one_order(mortals, kill=turn % KILL_EVERY == 1)


@pytest.mark.slow
def test_twenty_at_once_with_each_of_many_keys(mortals: Mortals) -> None:
    for turn in range(MANY_KEYS):
        check_one_order(mortals, kill=turn % 20 == 19)


def test_a_twin_that_takes_too_long_is_not_waited_for(mortals: Mortals) -> None:
    number, caller = next(_keys), mortals.house.sql("SELECT id FROM users WHERE username = 'member-0'")[0][0]
    with mortals.house.transaction() as twin:
        twin.execute(
            text(
                "INSERT INTO idempotency_keys (caller, key, method, path, fingerprint, created_at) "
                "VALUES (:caller, :key, 'POST', '/', '', CURRENT_TIMESTAMP)"
            ),
            {"caller": f"user:{caller}", "key": f"key {number}"},
        )
        refused = mortals.order(0, number)
        twin.rollback()
    assert refused is not None
    assert (refused.status, refused.code, refused.retry_after) == (409, "idempotency-key-in-use", "1")
    good = mortals.order(0, number)
    assert good is not None
    assert (good.status, good.replayed) == (201, None)


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_what_is_tried_again_inside_claims_its_key_again(mortals: Mortals) -> None:
    """A payment locks its order, then its claims. We do it the other way round, and are more patient."""
    made = mortals.order(0, next(_keys))
    assert made is not None
    order = json.loads(made.body)["id"]
    with ThreadPoolExecutor(1) as pool, mortals.house.transaction() as other:
        other.execute(text("SET LOCAL deadlock_timeout = '20s'"))
        other.execute(text("SELECT 1 FROM seat_claims WHERE order_id = :id FOR UPDATE"), {"id": order})
        payment = pool.submit(mortals.post, 0, f"/orders/{order}/pay", {}, f"pay {order}")
        while not mortals.house.sql(WAITING) and not payment.done():
            time.sleep(0.02)
        other.execute(text("SELECT 1 FROM orders WHERE id = :id FOR UPDATE"), {"id": order})
        other.commit()
        paid = payment.result()
    again = mortals.post(1, f"/orders/{order}/pay", {}, f"pay {order}")
    assert paid is not None
    assert again is not None
    assert (paid.status, paid.replayed, again.replayed) == (200, None, "true")
    assert again.body == paid.body
