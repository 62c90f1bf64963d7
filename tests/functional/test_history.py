"""The history of sign-ins, and how little a refused one gives away."""

import re
from typing import Any

import pytest
from webtest import TestResponse

from tests.app import PASSWORD, Cinema, Person
from tests.conftest import opened

WRONG = "not the password of anybody"


def attempt(cinema: Cinema, login: str = "member", password: str = PASSWORD, **more: Any) -> TestResponse:
    """What signing in answers."""
    return cinema.stranger.call("POST", "/auth/login", {"login": login, "password": password}, **more)


def history(person: Person, path: str = "/me/history") -> list[Any]:
    """Somebody's history."""
    return list(person.get(path)["items"])


def results(person: Person) -> list[str]:
    """What somebody's attempts came to, newest first."""
    return [each["result"] for each in history(person)]


def disabled(cinema: Cinema, active: bool = False) -> None:
    """Disables the member, or enables them again."""
    cinema.admin.patch(f"/users/{cinema.member.id}", {"is_active": active})


def test_every_attempt_is_remembered_newest_first(cinema: Cinema) -> None:
    member = cinema.member
    for password in (PASSWORD, WRONG, PASSWORD):
        cinema.later(minutes=1)
        attempt(cinema, password=password)
    found = history(member)
    assert [each["result"] for each in found] == ["success", "wrong-password", "success"]
    assert [each["at"] for each in found] == [f"2026-05-01T12:0{minute}:00Z" for minute in (3, 2, 1)]


def test_an_entry_says_when_where_and_with_what(cinema: Cinema) -> None:
    member = cinema.member
    attempt(cinema, headers={"User-Agent": "Browser/1.0"}, extra_environ={"REMOTE_ADDR": "203.0.113.7"})
    entry = history(member)[0]
    assert set(entry) == {"at", "ip", "user_agent", "device", "result"}
    assert (entry["ip"], entry["user_agent"]) == ("203.0.113.7", "Browser/1.0")
    assert isinstance(entry["device"], str)


def test_a_failure_is_remembered_although_it_is_a_401(cinema: Cinema) -> None:
    member = cinema.member
    assert attempt(cinema, password=WRONG).status_int == 401
    assert cinema.sql("SELECT user_id, result FROM sign_ins") == [(member.id, "wrong-password")]


@pytest.mark.parametrize("login", ["member", "MEMBER", "member@example.com", "Member@Example.COM"])
def test_whatever_name_was_used_it_is_the_same_account(cinema: Cinema, login: str) -> None:
    member = cinema.member
    attempt(cinema, login, WRONG)
    assert results(member) == ["wrong-password"]


def test_attempts_on_a_disabled_account_are_remembered(cinema: Cinema) -> None:
    assert cinema.member.id
    disabled(cinema)
    for password in (PASSWORD, WRONG):
        assert attempt(cinema, password=password).status_int == 401
    path = f"/users/{cinema.member.id}/history"
    assert [each["result"] for each in history(cinema.admin, path)] == ["wrong-password", "disabled"]
    disabled(cinema, active=True)
    assert results(cinema.signed_in(cinema.member.id)) == ["wrong-password", "disabled"]


def test_the_history_is_ones_own_and_comes_in_pages(cinema: Cinema) -> None:
    member, other = cinema.member, cinema.other
    for password in (WRONG, WRONG, PASSWORD, WRONG, PASSWORD):
        attempt(cinema, password=password)
    attempt(cinema, "nobody")
    expected = ["success", "wrong-password", "success", "wrong-password", "wrong-password"]
    assert [each["result"] for each in member.walk("/me/history?limit=2")] == expected
    assert member.get("/me/history?count=true&limit=1")["total"] == 5
    assert history(other) == []


def test_no_password_and_no_login_is_kept(cinema: Cinema) -> None:
    """People type their password into the wrong field."""
    assert cinema.member.id
    for login, password in (("member", "canary-password-1"), ("canary-password-2", WRONG)):
        attempt(cinema, login, password)
    tables = ("sign_ins", "access_events", "sessions", "users")
    assert "canary" not in " ".join(str(cinema.sql(f"SELECT * FROM {table}")) for table in tables)


# -- how long ------------------------------------------------------------------------------------------------


def test_what_is_older_than_90_days_is_forgotten(cinema: Cinema) -> None:
    assert cinema.member.id
    attempt(cinema, password=WRONG)
    cinema.later(days=45)
    attempt(cinema)
    device = cinema.signed_in(cinema.member.id)
    cinema.later(days=45)
    assert results(device) == ["success", "wrong-password"]
    cinema.later(seconds=1)
    assert results(device) == ["success"]
    assert device.get("/me/history?count=true")["total"] == 1
    assert [each["result"] for each in history(cinema.admin, f"/users/{device.id}/history")] == ["success"]


def test_what_is_forgotten_is_deleted_with_the_next_attempt(cinema: Cinema) -> None:
    assert cinema.member.id
    for login in ("member", "nobody"):
        attempt(cinema, login, WRONG)
    cinema.later(days=91)
    for login in ("member", "nobody"):
        attempt(cinema, login, WRONG)
    assert cinema.sql("SELECT count(*) FROM sign_ins") == [(2,)]


def test_one_persons_attempts_forget_nobody_elses(cinema: Cinema) -> None:
    assert cinema.member.id
    assert cinema.other.id
    attempt(cinema, "other")
    cinema.later(days=91)
    attempt(cinema, "member")
    assert cinema.sql("SELECT count(*) FROM sign_ins") == [(2,)]


def test_how_long_is_the_operators_to_say(cinema: Cinema, database_url: str) -> None:
    user_id = cinema.member.id or 0
    with opened(database_url, **{"cinema.login_history_days": "2"}) as application, Cinema(application) as brief:
        attempt(brief, password=WRONG)
        brief.later(days=1)
        attempt(brief)
        brief.later(days=1, seconds=1)
        assert results(brief.signed_in(user_id)) == ["success"]


# -- giving nothing away -------------------------------------------------------------------------------------


def test_all_refused_sign_ins_look_the_same(cinema: Cinema) -> None:
    assert cinema.member.id
    assert cinema.other.id
    cinema.sql("UPDATE users SET is_active = false WHERE username = 'other'")
    cases = [
        ("member", WRONG),
        ("member@example.com", WRONG),
        ("member", ""),
        ("member", PASSWORD.upper()),
        ("other", PASSWORD),
        ("other@example.com", PASSWORD),
        ("other", WRONG),
        ("nobody", PASSWORD),
        ("nobody@example.com", PASSWORD),
        ("nobody", ""),
        ("role:admin", PASSWORD),
        ("' OR 1=1 --", PASSWORD),
    ]
    answers = [attempt(cinema, login, password) for login, password in cases]
    assert {answer.status_int for answer in answers} == {401}
    assert len({answer.body for answer in answers}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1
    assert (answers[0].json["code"], answers[0].headers["WWW-Authenticate"]) == ("credentials", "Bearer")


def test_all_refused_sign_ins_ask_the_database_the_same(cinema: Cinema) -> None:
    """One row written each, by the same statements: there is nothing to be measured."""
    assert cinema.member.id
    assert cinema.other.id
    cinema.sql("UPDATE users SET is_active = false WHERE username = 'other'")
    asked = []
    for login, password in (("member", WRONG), ("other", PASSWORD), ("other", WRONG), ("nobody", PASSWORD)):
        with cinema.statements() as statements:
            attempt(cinema, login, password)
        asked.append([re.sub(r"IS NULL|= [?%]\S*", "= …", statement) for statement in statements])
    assert asked[0]
    assert asked.count(asked[0]) == len(asked)
    assert cinema.sql("SELECT count(*) FROM sign_ins") == [(4,)]
