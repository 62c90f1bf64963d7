"""Limits on signing in, over HTTP: who waits, for how long, and who does not."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.app import PASSWORD, Cinema
from tests.conftest import opened

HOME, ELSEWHERE = "192.0.2.1", "203.0.113.9"


@pytest.fixture
def limited(cinema: Cinema, database_url: str) -> Iterator[Cinema]:
    """The same cinema with the limits on, and one member, `anna`."""
    cinema.person("anna")
    with opened(database_url, **{"cinema.login_limits": "on"}) as application, Cinema(application) as house:
        yield house


def sign_in(cinema: Cinema, password: str = PASSWORD, login: str = "anna", address: str = HOME) -> Any:
    body = {"login": login, "password": password}
    return cinema.stranger.call("POST", "/auth/login", body, extra_environ={"REMOTE_ADDR": address})


def fail(cinema: Cinema, times: int, **more: str) -> list[int]:
    return [sign_in(cinema, "a wrong password", **more).status_int for _time in range(times)]


def test_after_five_failures_one_has_to_wait(limited: Cinema) -> None:
    assert fail(limited, 5) == [401] * 5
    refused = sign_in(limited)
    assert (refused.status_int, refused.json["code"]) == (429, "too-many-attempts")
    assert refused.headers["Retry-After"] == "1"
    assert refused.content_type == "application/problem+json"


def test_the_wait_over_the_right_password_signs_in(limited: Cinema) -> None:
    fail(limited, 5)
    limited.later(seconds=1)
    assert sign_in(limited).status_int == 200


def test_the_wait_grows_with_every_failure(limited: Cinema) -> None:
    fail(limited, 5)
    waits = []
    for _failure in range(4):
        waits.append(int(sign_in(limited).headers["Retry-After"]))
        limited.later(seconds=waits[-1])
        assert fail(limited, 1) == [401]
    assert waits == [1, 2, 4, 8]


def test_whoever_signs_in_starts_anew(limited: Cinema) -> None:
    fail(limited, 4)
    assert sign_in(limited).status_int == 200
    assert fail(limited, 5) == [401] * 5


def test_an_unknown_account_waits_like_a_known_one(limited: Cinema) -> None:
    assert fail(limited, 5, login="nobody") == [401] * 5
    assert sign_in(limited, login="nobody").status_int == 429


def test_another_address_may_still_try(limited: Cinema) -> None:
    fail(limited, 6)
    assert sign_in(limited, address=ELSEWHERE).status_int == 200


def test_attempts_from_everywhere_keep_nobody_out_who_signed_in_from_here_before(limited: Cinema) -> None:
    assert sign_in(limited).status_int == 200
    for number in range(30):
        fail(limited, 1, address=f"203.0.113.{number}")
    assert sign_in(limited, address=ELSEWHERE).status_int == 429, "the account is under attack"
    assert sign_in(limited).status_int == 200, "and its owner is at home"


def test_what_was_refused_unlooked_at_is_remembered(limited: Cinema) -> None:
    assert sign_in(limited).status_int == 200
    fail(limited, 5)
    sign_in(limited)
    results = limited.sql("SELECT result FROM sign_ins ORDER BY id DESC")
    assert [result for (result,) in results] == ["limited", *["wrong-password"] * 5, "success"]


def test_guessing_the_old_password_is_limited_too(limited: Cinema) -> None:
    anna = limited.signed_in(limited.sql("SELECT id FROM users WHERE username = 'anna'")[0][0])
    body = {"old_password": "a wrong password", "new_password": "another long enough one"}
    answers = [anna.call("PUT", "/me/password", body).status_int for _time in range(6)]
    assert answers == [403] * 5 + [429]
