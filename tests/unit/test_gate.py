"""The gate in front of expensive work."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest

from cinema.core.errors import Unavailable
from cinema.core.gate import Gate


@contextmanager
def occupied(gate: Gate, *keys: Any) -> Iterator[Event]:
    """Threads that enter the gate one after the other, and stay until the event is set."""
    leave, threads = Event(), []

    def stay(key: Any) -> None:
        with gate.enter(key):
            leave.wait(30)

    for number, key in enumerate(keys, 1):
        threads.append(Thread(target=stay, args=(key,)))
        threads[-1].start()
        while _inside_or_queued(gate) < number:
            leave.wait(0.001)
    try:
        yield leave
    finally:
        leave.set()
        for thread in threads:
            thread.join()


def _inside_or_queued(gate: Gate) -> int:
    return 1 - gate._free + gate._queued


def test_a_request_past_the_queue_is_refused_at_once() -> None:
    gate = Gate(running=1, waiting=2, patience=30)
    with occupied(gate, "a", "b", "c"), pytest.raises(Unavailable) as refused, gate.enter("d"):
        pass
    assert refused.value.code == "overloaded"
    assert refused.value.headers["Retry-After"]


def test_one_request_of_a_key_waits_at_a_time() -> None:
    gate = Gate(running=1, waiting=2, patience=30)
    with occupied(gate, "a", "b"), pytest.raises(Unavailable), gate.enter("b"):
        pass


def test_a_request_without_a_key_may_always_queue() -> None:
    gate = Gate(running=1, waiting=2, patience=0.01)
    with occupied(gate, None), pytest.raises(Unavailable), gate.enter():
        pass


def test_a_place_is_free_again_after_an_error_and_after_waiting_in_vain() -> None:
    gate = Gate(running=1, waiting=1, patience=0.01)
    with pytest.raises(ZeroDivisionError), gate.enter():
        raise ZeroDivisionError
    with occupied(gate, None), pytest.raises(Unavailable), gate.enter("a"):
        pass
    with gate.enter("a"):
        pass


def test_those_who_wait_go_in_as_others_leave() -> None:
    gate = Gate(running=1, waiting=2, patience=30)
    with occupied(gate, "a", "b", "c") as leave:
        leave.set()
    with gate.enter():
        assert gate._queued == 0
