"""Rate limits: whoever calls too often is refused, each caller by itself, and hears what is left."""

import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from pyramid_retry import RetryableException
from webtest import TestResponse

from cinema.core.limits import LimitSettings
from cinema.core.limits.quotas import Quota, Windows, rate
from cinema.core.settings import SettingError, read
from tests.app import API, NOON, Cinema, Person
from tests.conftest import opened
from tests.databases import empty, migrated_sqlite

pytestmark = pytest.mark.either_engine

SHOP = "https://shop.example.com"
_days = count(1)


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An application that lets everybody read five times and write three times a minute. Counting asks no engine."""
    with opened(
        f"sqlite:///{migrated_sqlite(tmp_path_factory.mktemp('limits') / 'cinema.sqlite3')}",
        **{
            "cinema.rate_limit_reads": "5/minute",
            "cinema.rate_limit_writes": "3/minute",
            "cinema.trusted_proxies": "10.0.0.0/8",
            "cinema.cors_origins": SHOP,
            "cinema.dialects": "academy = /\nsite = /",
            "cinema.metrics": "on",
        },
    ) as router:
        yield router


@pytest.fixture
def cinema(application: Any) -> Iterator[Cinema]:
    """An empty cinema, a day after the one before: nobody has called yet."""
    empty(application.registry.database)
    with Cinema(application) as house:
        house.now = NOON + timedelta(days=next(_days))
        yield house


def from_address(cinema: Cinema, address: str, path: str = "/movies", **headers: str) -> TestResponse:
    """What a stranger from an address hears."""
    where = {"REMOTE_ADDR": address}
    return cinema.http.get(API + path, headers=headers, extra_environ=where, status="*", expect_errors=True)


def statuses(answers: Iterator[TestResponse] | list[TestResponse]) -> list[int]:
    return [answer.status_int for answer in answers]


def use_up(person: Person, times: int = 5) -> None:
    """Reads as often as one may."""
    for _ in range(times):
        person.get("/genres")


# -- what is counted, and what is said -----------------------------------------------------------------------


def test_the_sixth_read_of_a_minute_is_refused_and_says_when_to_come_back(cinema: Cinema) -> None:
    member = cinema.member
    answers = [member.call("GET", "/genres") for _ in range(6)]
    assert statuses(answers) == [200] * 5 + [429]
    said = [answer.headers["RateLimit"] for answer in answers]
    assert said == [f'"reads";r={left};t=61' for left in (4, 3, 2, 1, 0, 0)]
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"reads";q=5;w=60'}
    refused = answers[5]
    assert (refused.json["code"], refused.json["request_id"]) == ("rate-limited", "of-a-test")
    assert (refused.headers["Retry-After"], refused.headers["Cache-Control"]) == ("61", "no-store")


@pytest.mark.parametrize("second", [0, 1, 17.5, 59, 59.99])
def test_whoever_waits_as_told_is_let_in_and_nobody_before(cinema: Cinema, second: float) -> None:
    member = cinema.member
    cinema.later(seconds=second)
    use_up(member)
    for _ in range(12):
        wait = int(member.call("GET", "/genres", status=429).headers["Retry-After"])
        assert 1 <= wait <= 61
        cinema.later(seconds=wait - 1.001)
        member.call("GET", "/genres", status=429)
        cinema.later(seconds=1.001)
        member.call("GET", "/genres", status=200)
        while member.call("GET", "/genres").status_int == 200:
            pass


def test_no_minute_lets_much_more_through_than_is_allowed(cinema: Cinema) -> None:
    """Not twice as much either, where one window of a clock ends and the next begins."""
    member = cinema.member
    cinema.later(seconds=50)
    assert statuses([member.call("GET", "/genres") for _ in range(6)]).count(200) == 5
    cinema.later(seconds=20)
    assert statuses([member.call("GET", "/genres") for _ in range(6)]).count(200) == 1
    cinema.later(seconds=120)
    assert statuses([member.call("GET", "/genres") for _ in range(6)]).count(200) == 5


def test_writes_are_counted_by_themselves_and_change_nothing_once_refused(cinema: Cinema) -> None:
    admin = cinema.admin
    answers = [admin.call("POST", "/genres", {"name": f"genre {number}"}) for number in range(4)]
    assert statuses(answers) == [201] * 3 + [429]
    assert answers[0].headers["RateLimit-Policy"] == '"writes";q=3;w=60'
    assert len(admin.get("/genres")["items"]) == 3


def test_what_is_refused_or_not_found_counts_as_well(cinema: Cinema) -> None:
    paths = ("/movies", "/nowhere", "/movies?x=1", "/me", "/%ff")
    answers = [from_address(cinema, "203.0.113.1", path) for path in paths]
    assert statuses(answers) == [401, 404, 401, 401, 400]
    said = [answer.headers["RateLimit"] for answer in answers]
    assert said == [f'"reads";r={left};t=61' for left in (4, 3, 2, 1, 0)]
    assert from_address(cinema, "203.0.113.1").status_int == 429


def test_a_refusal_asks_no_database(cinema: Cinema) -> None:
    member = cinema.member
    use_up(member)
    with cinema.statements() as seen:
        member.call("GET", "/genres", status=429)
    assert seen == []


def test_a_write_that_is_tried_again_counts_once(cinema: Cinema) -> None:
    admin, tries = cinema.admin, []
    working = cinema.registry.before_transaction

    def fails_once() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise RetryableException
        working()

    cinema.registry.before_transaction = fails_once
    try:
        answer = admin.call("POST", "/genres", {"name": "x"}, status=201)
    finally:
        cinema.registry.before_transaction = working
    assert len(tries) == 2
    assert answer.headers["RateLimit"].startswith('"writes";r=2')


# -- who a caller is -----------------------------------------------------------------------------------------


def test_accounts_are_counted_by_themselves_even_behind_one_address(cinema: Cinema) -> None:
    use_up(cinema.member)
    cinema.member.call("GET", "/genres", status=429)
    use_up(cinema.other)
    assert from_address(cinema, "127.0.0.1").status_int == 401


def test_an_account_is_one_caller_on_all_its_devices_and_addresses(cinema: Cinema) -> None:
    member = cinema.member
    assert member.id
    use_up(member, 3)
    use_up(cinema.signed_in(member.id), 2)
    assert from_address(cinema, "198.51.100.9", "/genres", **member.headers).status_int == 429


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        ("203.0.113.1", "203.0.113.1", "203.0.113.2"),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"),
        ("203.0.113.7", "::ffff:203.0.113.7", "203.0.113.8"),
    ],
)
def test_strangers_are_counted_by_address_and_by_what_one_household_has(
    cinema: Cinema, one: str, same: str, other: str
) -> None:
    assert statuses([from_address(cinema, one) for _ in range(5)]) == [401] * 5
    assert from_address(cinema, same).status_int == 429
    assert from_address(cinema, other).status_int == 401


def test_only_trusted_proxies_say_for_whom_they_speak(cinema: Cinema) -> None:
    for number in range(5):
        from_address(cinema, "10.0.0.1", **{"X-Forwarded-For": "203.0.113.9"})
        from_address(cinema, "203.0.113.10", **{"X-Forwarded-For": f"198.51.100.{number}"})
    assert from_address(cinema, "10.0.0.1", **{"X-Forwarded-For": "203.0.113.9"}).status_int == 429
    assert from_address(cinema, "10.0.0.1", **{"X-Forwarded-For": "203.0.113.11"}).status_int == 401
    assert from_address(cinema, "203.0.113.10", **{"X-Forwarded-For": "203.0.113.12"}).status_int == 429


def test_bad_tokens_count_for_the_address_however_many_there_are(cinema: Cinema) -> None:
    member = cinema.member
    for number in range(5):
        token = member.headers["Authorization"] + "x" * (number + 1)
        assert from_address(cinema, "203.0.113.20", Authorization=token).status_int == 401
    assert from_address(cinema, "203.0.113.20", Authorization="Bearer y").status_int == 429
    assert from_address(cinema, "203.0.113.20").status_int == 429
    assert from_address(cinema, "203.0.113.20", "/genres", **member.headers).status_int == 200


def test_a_token_of_an_ended_session_does_not_use_up_what_the_account_may_do(cinema: Cinema) -> None:
    member = cinema.member
    assert member.id
    other_device = cinema.signed_in(member.id)
    member.call("POST", "/auth/logout-others", status=204)
    for _ in range(6):
        from_address(cinema, "203.0.113.30", "/genres", **other_device.headers)
    use_up(member)


def test_keys_of_older_clients_count_for_their_account_and_unknown_ones_ask_nothing(cinema: Cinema) -> None:
    member = cinema.member
    assert member.id
    headers = {"Authorization": f"Token {cinema.key(member.id)}"}
    me = {"headers": headers, "status": "*", "extra_environ": {"REMOTE_ADDR": "203.0.113.40"}}
    answers = [cinema.http.get("/api/user/me/", **me) for _ in range(7)]
    assert statuses(answers) == [200] * 6 + [429]  # the first one was a stranger's: nobody had looked the key up
    assert "RateLimit" in answers[-1].headers
    with cinema.statements() as seen:
        for _ in range(6):
            cinema.http.get("/api/user/me/", **me | {"headers": {"Authorization": f"Token {'0' * 40}"}})
    assert len(seen) == 4  # four more from this address were let through


# -- what is not counted, and in whose words it is refused ---------------------------------------------------


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics", "/version", "/version/"])
def test_those_who_watch_the_server_are_not_counted(cinema: Cinema, path: str) -> None:
    for _ in range(8):
        answer = cinema.http.get(path)
        assert (answer.status_int, "RateLimit" in answer.headers) == (200, False)


@pytest.mark.parametrize("path", ["/health/live/../../api/v1/genres", "/version/x", "//version/../api/v1/genres"])
def test_no_detour_past_them_goes_uncounted(cinema: Cinema, path: str) -> None:
    answers = [
        cinema.http.get(path, extra_environ={"REMOTE_ADDR": "203.0.113.50"}, status="*", expect_errors=True)
        for _ in range(6)
    ]
    assert answers[5].status_int == 429
    assert 429 not in statuses(answers[:5])


def test_preflights_are_not_counted_and_pages_may_read_what_is_left(cinema: Cinema) -> None:
    preflight = {"Origin": SHOP, "Access-Control-Request-Method": "PUT"}
    for _ in range(8):
        assert cinema.http.options(f"{API}/genres", headers=preflight).status_int == 204
    answer = from_address(cinema, "203.0.113.60", Origin=SHOP)
    exposed = answer.headers["Access-Control-Expose-Headers"].split(", ")
    assert {"RateLimit", "RateLimit-Policy", "Retry-After"} <= set(exposed)
    for _ in range(5):
        answer = from_address(cinema, "203.0.113.60", Origin=SHOP)
    assert (answer.status_int, answer.headers["Access-Control-Allow-Origin"]) == (429, SHOP)


def test_each_dialect_refuses_in_its_own_words(cinema: Cinema) -> None:
    where = {"extra_environ": {"REMOTE_ADDR": "203.0.113.70"}, "status": "*"}
    for _ in range(5):
        cinema.http.get("/api/cinema/movies/", **where)
    refused = cinema.http.get("/api/cinema/movies/", **where)
    assert (refused.status_int, [*refused.json]) == (429, ["detail"])
    assert int(refused.headers["Retry-After"]) >= 1


# -- settings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["", "many", "600", "600/fortnight", "0/minute", "5/minute;9/hour", "-5/minute", "5/year", "1e3/minute", "on"],
)
@pytest.mark.parametrize("name", ["reads", "writes"])
def test_a_rate_that_is_none_is_told_by_the_name_of_its_setting(name: str, text: str) -> None:
    with pytest.raises(SettingError, match=f"cinema.rate_limit_{name}: must "):
        read(LimitSettings, {f"cinema.rate_limit_{name}": text})


def test_rates_are_read_as_people_write_them() -> None:
    found = [rate(text) for text in ("600/minute", "20 per 10 seconds", "1000/hour")]
    assert [(each.amount, each.get_expiry()) for each in found] == [(600, 60), (20, 10), (1000, 3600)]
    assert read(LimitSettings, {}) == LimitSettings(None, None)


# -- memory --------------------------------------------------------------------------------------------------


def test_a_multitude_of_callers_does_not_fill_the_memory_and_whoever_keeps_calling_is_remembered() -> None:
    windows = Windows(time.time, kept=100)
    quota = Quota("reads", rate("5/day"), windows)
    kept_calling = [quota.take("user 1").granted for _ in range(6)]
    for number in range(10_000):
        quota.take(f"address {number}")
        if number % 50 == 0:
            kept_calling.append(quota.take("user 1").granted)
    assert kept_calling == [True] * 5 + [False] * (len(kept_calling) - 5)
    assert windows.remembered <= 200
