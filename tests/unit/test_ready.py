"""Ready bytes and versions by themselves: what is kept, what has to go, and what this process knows of changes."""

import sys
import threading
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from cinema.core.changes.versions import MAX_AGE, Versions
from cinema.core.ready import Reading, Ready, ReadyBytes
from tests.app import Watch

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
NOW: Any = SimpleNamespace(now=NOON)
MEGABYTE = 1 << 20


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def versions(watch: Watch) -> Versions:
    """Versions that are current."""
    found = Versions(watch)
    found.heard(watch())
    return found


@pytest.fixture
def busy_threads() -> Iterator[None]:
    """Threads take turns as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def answer(versions: Versions, *topics: str, body: bytes = b"{}", until: datetime | None = None) -> Ready:
    """An answer that was made just now."""
    return Ready(body, '"tag"', versions.moment(), topics, until)


# -- versions ------------------------------------------------------------------------------------------------


def test_what_was_touched_since_is_not_untouched(versions: Versions) -> None:
    before = versions.moment()
    assert versions.untouched(["a", "b"], before)
    versions.touch(["b"])
    after = versions.moment()
    assert versions.untouched(["a"], before)
    assert not versions.untouched(["a", "b"], before)
    assert versions.untouched(["a", "b"], after)
    versions.touch(["c"])
    assert versions.untouched(["a", "b"], after)
    versions.touch_all()
    assert not versions.untouched(["a"], after)
    assert not versions.untouched([], after)
    assert versions.untouched(["a", "b", "c"], versions.moment())


def test_a_moment_is_never_that_of_a_touch(versions: Versions) -> None:
    """Whatever is read at a moment may miss what is touched right after, so the two are never the same number."""
    for _again in range(100):
        moment = versions.moment()
        versions.touch(["a"])
        assert not versions.untouched(["a"], moment)
        assert versions.untouched(["a"], versions.moment())


def test_topics_are_bounded_and_none_is_forgotten_for_that(versions: Versions) -> None:
    early = versions.moment()
    for number in range(250_000):
        versions.touch([f"seats:{number}"])
        if number % 50_000 == 0:
            assert not versions.untouched([f"seats:{number}"], early)
    assert not any(versions.untouched([f"seats:{number}"], early) for number in range(0, 250_000, 1000))
    assert len(versions._touched) <= 100_001
    late = versions.moment()
    assert versions.untouched(["seats:0", "seats:249999"], late)


def test_what_was_heard_long_ago_does_not_count_as_current(watch: Watch) -> None:
    versions = Versions(watch)
    assert not versions.current
    versions.heard(watch())
    assert versions.current
    watch.seconds += MAX_AGE
    assert versions.current
    watch.seconds += 0.01
    assert not versions.current
    versions.heard(watch() - MAX_AGE - 1)
    assert not versions.current


def test_of_two_threads_that_touch_a_topic_none_undoes_what_the_other_said(versions: Versions) -> None:
    moments = []

    def touch_meanwhile() -> None:
        moments.append(versions.moment())
        versions.touch(["a"])

    other = threading.Thread(target=touch_meanwhile)

    def topics() -> Iterator[str]:
        """Holds up whoever touches them, on the way, until another thread is through or waits for it."""
        other.start()
        other.join(0.2)
        yield "a"

    versions.touch(topics())
    other.join()
    assert not versions.untouched(["a"], moments[0])


def together(*acts: Any) -> None:
    """Does all of them at once."""
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# -- ready bytes ---------------------------------------------------------------------------------------------


def test_an_answer_is_ready_until_something_changes_that_it_relies_on(versions: Versions) -> None:
    kept = ReadyBytes(MEGABYTE, versions)
    assert kept.get("a", NOW) is None
    ready = answer(versions, "films", "halls")
    kept.put("a", ready)
    versions.touch(["genres"])
    assert kept.get("a", NOW) is ready
    assert kept.get("b", NOW) is None
    versions.touch(["halls"])
    assert kept.get("a", NOW) is None


def test_an_answer_that_was_begun_before_a_change_is_not_ready_after_it(versions: Versions) -> None:
    kept = ReadyBytes(MEGABYTE, versions)
    late = answer(versions, "films")
    versions.touch(["films"])
    kept.put("a", late)
    assert kept.get("a", NOW) is None


def test_an_answer_is_over_when_it_said(versions: Versions) -> None:
    kept = ReadyBytes(MEGABYTE, versions)
    kept.put("a", answer(versions, until=NOON))
    second = timedelta(seconds=1)
    assert kept.get("a", SimpleNamespace(now=NOON - second)) is not None  # type: ignore[arg-type]
    assert kept.get("a", NOW) is None
    assert kept.get("a", SimpleNamespace(now=NOON + second)) is None  # type: ignore[arg-type]


def test_nothing_is_ready_for_who_has_not_heard_of_changes_lately(versions: Versions, watch: Watch) -> None:
    kept = ReadyBytes(MEGABYTE, versions)
    kept.put("a", answer(versions))
    watch.seconds += MAX_AGE + 0.01
    assert kept.get("a", NOW) is None
    versions.heard(watch())
    assert kept.get("a", NOW) is not None


def test_reading_collects_what_an_answer_relies_on() -> None:
    reading = Reading(1, {"films"})
    reading.relies_on(["seats:1"], NOON)
    reading.relies_on(["seats:2"], NOON + timedelta(seconds=1))
    reading.relies_on(["seats:3"])
    assert (reading.topics, reading.until) == ({"films", "seats:1", "seats:2", "seats:3"}, NOON)
    reading.relies_on([], NOON - timedelta(seconds=1))
    assert reading.until == NOON - timedelta(seconds=1)


def test_the_least_recently_used_go_first(versions: Versions) -> None:
    ready = answer(versions, body=b"x" * 8000)
    kept = ReadyBytes(40 * ready.size, versions)
    for number in range(40):
        kept.put(number, ready)
    assert all(kept.get(number, NOW) for number in range(40))
    assert kept.get(0, NOW)  # and so the one after is the oldest now
    kept.put(2, ready)
    kept.put("new", ready)
    kept.put("newer", ready)
    assert [number for number in range(40) if kept.get(number, NOW) is None] == [1, 3]
    assert kept.size == 40 * ready.size


def test_what_takes_an_others_place_takes_its_room(versions: Versions) -> None:
    kept = ReadyBytes(MEGABYTE, versions)
    sizes = [10, 20_000, 300, 0]
    for size in sizes:
        ready = answer(versions, body=b"x" * size)
        kept.put("a", ready)
        assert (len(kept), kept.size) == (1, ready.size)
        assert kept.get("a", NOW) is ready
    other = answer(versions, "t", body=b"y")
    kept.put("b", other)
    assert (len(kept), kept.size) == (2, ready.size + other.size)


def test_an_answer_that_would_push_out_all_others_is_not_kept(versions: Versions) -> None:
    kept = ReadyBytes(MEGABYTE, versions)
    small = answer(versions)
    kept.put("a", small)
    kept.put("b", answer(versions, body=b"x" * (MEGABYTE // 16)))
    assert (len(kept), kept.size, kept.get("b", NOW)) == (1, small.size, None)
    largest = MEGABYTE // 16 - small.size + 2
    kept.put("c", answer(versions, body=b"x" * largest))
    assert kept.get("c", NOW)


def test_without_memory_nothing_is_kept(versions: Versions) -> None:
    kept = ReadyBytes(0, versions)
    kept.put("a", answer(versions))
    assert (len(kept), kept.size, kept.get("a", NOW)) == (0, 0, None)


def test_a_million_queries_take_no_more_room_than_there_is(versions: Versions) -> None:
    ready = answer(versions, "films", body=b"x" * 500)
    kept = ReadyBytes(MEGABYTE, versions)
    for number in range(1_000_000):
        kept.put(number, ready)
        if number % 50_000 == 0:
            assert kept.size == len(kept) * ready.size <= MEGABYTE
    assert kept.size == len(kept) * ready.size <= MEGABYTE
    assert len(kept) == MEGABYTE // ready.size
    assert kept.get(999_999, NOW) is ready
    assert kept.get(999_999 - len(kept), NOW) is None
    assert kept.get(0, NOW) is None


@pytest.mark.parametrize(("key", "body", "topics"), [(1000, 40, 1), (20, 5000, 103), (950, 2000, 3)])
def test_what_is_kept_takes_no_more_than_it_is_counted_for(
    versions: Versions, key: int, body: int, topics: int
) -> None:
    kept = ReadyBytes(8 * MEGABYTE, versions)
    tracemalloc.start()
    try:
        before, _peak = tracemalloc.get_traced_memory()
        for number in range(2000):
            asked = ("/api/v1/movies", f"{number:0{key}}", "localhost:6543", "http", "", "")
            names = tuple(f"seats:{number}:{topic}" for topic in range(topics))
            kept.put((asked, None), answer(versions, *names, body=bytes(body)))
        after, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before <= kept.size


@pytest.mark.usefixtures("busy_threads")
def test_threads_leave_the_books_in_order(versions: Versions) -> None:
    ready = [answer(versions, body=b"x" * (100 * size)) for size in range(20)]
    kept = ReadyBytes(100 * ready[10].size, versions)

    def use(offset: int) -> None:
        for number in range(3000):
            kept.put((number * offset) % 211, ready[(number + offset) % 20])
            kept.get((number + offset) % 211, NOW)

    together(*(lambda offset=offset: use(offset) for offset in (1, 3, 7, 11)))  # type: ignore[misc]
    assert kept.size == sum(each.size for each in kept._kept.values()) <= 100 * ready[10].size
