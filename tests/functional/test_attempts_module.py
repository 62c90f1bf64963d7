"""Limits on attempts to sign in, kept in the database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from cinema.accounts.attempts import (
    FREE_FOR_ACCOUNT,
    FREE_FOR_ADDRESS,
    FREE_FOR_PAIR,
    LONGEST_DELAY,
    QUIET,
    Attempt,
    Attempts,
)
from cinema.core.errors import TooManyRequests
from tests.app import Cinema

HOME = "198.51.100.7"
DELAYS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


class Door:
    """Somebody who tries to sign in at a cinema, by default as Anna and from home."""

    def __init__(self, cinema: Cinema, on: bool = True) -> None:
        self.cinema = cinema
        self.attempts = Attempts(cinema.database, on)

    def enter(
        self, address: str = HOME, login: str = "anna", user_id: int | None = None, familiar: bool = False
    ) -> Attempt:
        """An attempt whose password is looked at. Raises TooManyRequests."""
        return self.attempts.enter(address, login, user_id, self.cinema.now, familiar=familiar)

    def wait(self, **who: Any) -> int:
        """For how many seconds an attempt is refused; 0 for one that is let in, and fails."""
        try:
            self.enter(**who)
        except TooManyRequests as refused:
            return int(refused.headers["Retry-After"])
        return 0

    def succeed(self, **who: Any) -> None:
        """An attempt whose password is right."""
        attempt = self.enter(**who)
        with self.cinema.database.plain_session() as db, db.begin():
            self.attempts.succeeded(db, attempt, self.cinema.now)

    def fail(self, times: int, **who: Any) -> None:
        """Failures one after another, at the same moment."""
        for _ in range(times):
            self.enter(**who)

    def fail_everywhere(self, times: int, **who: Any) -> None:
        """Failures, each from an address of its own."""
        for number in range(times):
            self.enter(address=f"203.0.113.{number}", **who)

    def fail_with_many(self, times: int) -> None:
        """Failures from home, each with a login of its own."""
        for number in range(times):
            self.enter(login=f"somebody-{number}")

    def failures(self, kind: str) -> list[int]:
        """What the counters of a kind stand at."""
        rows = self.cinema.sql("SELECT failures FROM login_attempts WHERE key LIKE :kind", kind=f"{kind} %")
        return [row.failures for row in rows]


@pytest.fixture
def door(cinema: Cinema) -> Door:
    """The limits, switched on."""
    return Door(cinema)


def at_once(number: int, act: Callable[[int], Any]) -> list[Any]:
    """Does `act(number)` in so many threads at the same moment; answers what each came to."""
    start = Barrier(number)

    def run(each: int) -> Any:
        start.wait()
        return act(each)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


# -- the pair of account and address -------------------------------------------------------------------------


def test_the_first_failures_are_free(door: Door) -> None:
    assert [door.wait() for _ in range(FREE_FOR_PAIR)] == [0] * FREE_FOR_PAIR
    assert door.wait() == 1


def test_the_delay_doubles_with_every_failure_up_to_a_quarter_of_an_hour(door: Door) -> None:
    door.fail(FREE_FOR_PAIR)
    for delay in DELAYS:
        assert door.wait() == delay
        door.cinema.later(seconds=delay)
        assert door.wait() == 0
    assert DELAYS[-1] == LONGEST_DELAY.total_seconds()


def test_retry_after_is_rounded_up_and_the_detail_says_when(door: Door) -> None:
    door.fail(FREE_FOR_PAIR)
    door.cinema.later(seconds=1)
    door.fail(1)
    door.cinema.later(milliseconds=300)  # of 2 s
    with pytest.raises(TooManyRequests) as refused:
        door.enter()
    assert (refused.value.status, refused.value.code) == (429, "too-many-attempts")
    assert refused.value.headers == {"Retry-After": "2"}
    assert "2 s, at 12:00:03 UTC" in refused.value.detail


def test_a_refused_attempt_is_not_counted(door: Door) -> None:
    door.fail(FREE_FOR_PAIR)
    assert [door.wait() for _ in range(3)] == [1, 1, 1]
    assert door.failures("pair") == door.failures("account") == door.failures("address") == [FREE_FOR_PAIR]


def test_a_counter_that_was_quiet_for_an_hour_starts_anew(door: Door) -> None:
    door.fail(FREE_FOR_PAIR)
    door.cinema.now += QUIET
    door.fail(FREE_FOR_PAIR)
    assert door.wait() == 1


def test_a_counter_that_was_not_quite_quiet_for_an_hour_goes_on(door: Door) -> None:
    door.fail(FREE_FOR_PAIR)
    door.cinema.now += QUIET - timedelta(seconds=1)
    door.fail(1)
    assert door.wait() == 2


def test_a_login_is_the_same_in_any_case(door: Door) -> None:
    door.fail(FREE_FOR_PAIR, login="Анна")
    assert door.wait(login="аННА") == 1


def test_an_account_is_the_same_whatever_it_signs_in_with(door: Door) -> None:
    door.fail(FREE_FOR_PAIR, login="anna", user_id=7)
    assert door.wait(login="anna@example.com", user_id=7) == 1
    assert door.wait(login="anna", user_id=8) == 0


def test_neighbours_in_an_ipv6_network_are_one_address(door: Door) -> None:
    door.fail(FREE_FOR_PAIR, address="2001:db8:1:2::1")
    assert door.wait(address="2001:db8:1:2:ffff::9") == 1
    assert door.wait(address="2001:db8:1:3::1") == 0


# -- success -------------------------------------------------------------------------------------------------


def test_success_clears_the_pair(door: Door) -> None:
    door.fail(FREE_FOR_PAIR - 1)
    door.succeed()
    door.fail(FREE_FOR_PAIR)
    assert door.wait() == 1


def test_success_is_counted_nowhere(door: Door) -> None:
    door.succeed()
    assert (door.failures("pair"), door.failures("account"), door.failures("address")) == ([], [0], [0])


def test_success_leaves_the_other_failures_of_account_and_address(door: Door) -> None:
    door.fail(2)
    door.fail_everywhere(3)
    door.fail_with_many(4)
    door.succeed()
    assert max(door.failures("account")) == 2 + 3
    assert max(door.failures("address")) == 2 + 4


def test_no_counter_falls_below_zero(door: Door) -> None:
    attempt = door.enter()
    with door.cinema.database.plain_session() as db, db.begin():
        for _ in range(3):
            door.attempts.succeeded(db, attempt, door.cinema.now)
    assert door.failures("account") == door.failures("address") == [0]


def test_success_that_is_rolled_back_took_nothing_back(door: Door) -> None:
    attempt = door.enter()
    with door.cinema.database.plain_session() as db:
        door.attempts.succeeded(db, attempt, door.cinema.now)
        db.rollback()
    assert door.failures("pair") == door.failures("account") == door.failures("address") == [1]


# -- account and address -------------------------------------------------------------------------------------


def test_an_account_tried_from_everywhere_is_delayed_for_addresses_it_does_not_know(door: Door) -> None:
    door.fail_everywhere(FREE_FOR_ACCOUNT, user_id=7)
    assert door.wait(user_id=7) == 1
    assert door.wait(user_id=8) == 0


def test_attempts_from_elsewhere_never_keep_the_owner_out(door: Door) -> None:
    door.fail_everywhere(FREE_FOR_ACCOUNT, user_id=7)
    door.cinema.later(seconds=1)
    door.fail(1, address="203.0.113.200", user_id=7)
    assert door.wait(user_id=7) == 2
    door.succeed(user_id=7, familiar=True)
    assert door.wait(user_id=7) == 2


def test_a_familiar_address_has_limits_of_its_own(door: Door) -> None:
    door.fail(FREE_FOR_PAIR, user_id=7, familiar=True)
    assert door.wait(user_id=7, familiar=True) == 1


def test_failures_from_a_familiar_address_count_against_the_account(door: Door) -> None:
    door.fail_everywhere(FREE_FOR_ACCOUNT, user_id=7, familiar=True)
    assert door.wait(user_id=7) == 1


def test_an_address_that_tries_many_accounts_is_delayed_for_all_of_them(door: Door) -> None:
    door.fail_with_many(FREE_FOR_ADDRESS)
    assert door.wait(login="another") == 1
    assert door.wait(login="another", user_id=7, familiar=True) == 1
    assert door.wait(login="another", address="203.0.113.9") == 0


def test_the_longest_of_several_delays_counts(door: Door) -> None:
    door.fail_everywhere(FREE_FOR_ACCOUNT - FREE_FOR_PAIR - 2)
    door.fail(FREE_FOR_PAIR)
    for delay in (1, 2):
        door.cinema.later(seconds=delay)
        door.fail(1)
    assert (door.wait(), door.wait(address="203.0.113.200")) == (4, 1)


# -- what is kept --------------------------------------------------------------------------------------------


def test_no_login_is_kept_in_clear_and_no_key_is_long(door: Door) -> None:
    door.fail(1, login="anna@example.com" + "\ufdfa" * 200, address="2001:db8:1111:2222:3333:4444:5555:6666")
    keys = [row.key for row in door.cinema.sql("SELECT key FROM login_attempts")]
    assert len(keys) == 3
    assert not any("anna" in key or len(key) > 100 for key in keys)


def test_counters_that_nobody_touched_for_a_day_are_swept(door: Door) -> None:
    door.fail_everywhere(4)
    door.cinema.later(hours=25)
    door.fail(1)
    assert door.failures("pair") == door.failures("account") == door.failures("address") == [1]


def test_younger_counters_are_not_swept(door: Door) -> None:
    door.fail_everywhere(4)
    door.cinema.later(hours=23)
    door.fail(1)
    assert len(door.failures("pair")) == len(door.failures("address")) == 5


def test_switched_off_nothing_is_limited_read_or_written(cinema: Cinema) -> None:
    door = Door(cinema, on=False)
    with cinema.statements() as statements:
        assert [door.wait() for _ in range(FREE_FOR_PAIR + 1)] == [0] * (FREE_FOR_PAIR + 1)
        door.succeed()
    assert statements == []


# -- many at once --------------------------------------------------------------------------------------------


def test_of_fifty_attempts_at_once_no_more_than_the_free_ones_are_let_in(door: Door) -> None:
    assert sorted(at_once(50, lambda _number: door.wait())) == [0] * FREE_FOR_PAIR + [1] * (50 - FREE_FOR_PAIR)


def test_attempts_at_once_from_everywhere_share_what_the_account_has_free(door: Door) -> None:
    waits = at_once(50, lambda number: door.wait(address=f"203.0.113.{number}", user_id=7))
    assert waits.count(0) == FREE_FOR_ACCOUNT


def test_attempts_that_cross_do_not_block_each_other_and_leave_nothing_counted(door: Door) -> None:
    def sign_in(number: int) -> None:
        for step in range(6):
            door.succeed(address=f"203.0.113.{(number + step) % 3}", user_id=(number * step) % 4)

    at_once(9, sign_in)
    assert set(door.failures("account") + door.failures("address")) == {0}
    assert door.failures("pair") == []
