"""Registering, logging in, and new tokens for old ones."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.app import PASSWORD, Cinema, Person
from tests.conftest import opened
from tests.dialects.site.visitors import SITE, Visitor, expired, forged, ok, refused

ANNA = {"email": "anna@example.com", "password": "12"}
COOKIE_SAFE = re.compile(r"[A-Za-z0-9\-_.!~*'()]+")
NO_TEXTS: list[Any] = [None, "", 1, 1.5, True, [], ["x"], {}, {"a": 1}, "\0", "\ud800"]
BAD_EMAILS = [*NO_TEXTS, "anna", "anna@", "@example.com", "a b@example.com", "anna@example.com ", "a@b@c", "x" * 300]
BAD_PASSWORDS = [*NO_TEXTS, "x" * 5000]


def claims_of(person: Person) -> tuple[int, int]:
    """The ids of somebody and of the session."""
    return person.id or 0, int((person.refresh_token or "").split(".")[0])


def renew(visitor: Visitor, **changes: Any) -> Any:
    """What the client does after a 401, with other values in the body."""
    return visitor.call("PUT", "/auth/login/", visitor.pair | changes)


# -- registering ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slash", ["", "/"])
def test_an_account_is_an_address_and_any_password(cinema: Cinema, visitor: Visitor, slash: str) -> None:
    made = ok(visitor.call("POST", f"/auth/register{slash}", ANNA), 201)
    assert made == {"id": made["id"], "email": "anna@example.com"}
    anna = visitor.login(**ANNA)
    assert anna.get("/user/")["id"] == made["id"]
    [(username, stored)] = cinema.sql("SELECT username, password_hash FROM users WHERE id = :id", id=made["id"])
    assert username is None
    assert stored.startswith("$argon2id$")


@pytest.mark.parametrize("password", ["1", "пароль", "x" * 1024, "Ж 🎬"])
def test_passwords_have_no_rule(visitor: Visitor, password: str) -> None:
    body = ANNA | {"password": password}
    ok(visitor.call("POST", "/auth/register", body), 201)
    assert visitor.login(**body).get("/user/")["email"] == "anna@example.com"


def test_registering_does_not_log_in(visitor: Visitor, cinema: Cinema) -> None:
    ok(visitor.call("POST", "/auth/register", ANNA), 201)
    assert cinema.sql("SELECT id FROM sessions") == []


def test_whatever_else_is_sent_means_nothing(visitor: Visitor) -> None:
    more = {"id": 1, "role": "admin", "is_superuser": True, "name": "Анна", "username": "anna", "": None}
    made = ok(visitor.call("POST", "/auth/register", ANNA | more), 201)
    profile = visitor.login(**ANNA).get("/user/")
    assert (profile["id"], profile["name"]) == (made["id"], "")


@pytest.mark.parametrize("email", ["anna@example.com", "ANNA@example.com", "anna@EXAMPLE.COM"])
def test_an_address_has_one_account_in_any_case(cinema: Cinema, visitor: Visitor, email: str) -> None:
    ok(visitor.call("POST", "/auth/register", ANNA), 201)
    again = visitor.call("POST", "/auth/register", {"email": email, "password": "another"})
    assert refused(again, 400) == "This e-mail address has an account already."
    assert len(cinema.sql("SELECT id FROM users")) == 1
    assert visitor.login(**ANNA)


def test_a_native_accounts_address_is_taken_too(cinema: Cinema, visitor: Visitor) -> None:
    assert cinema.member.id
    refused(visitor.call("POST", "/auth/register", {"email": "member@example.com", "password": "x"}), 400)


@pytest.mark.parametrize("email", BAD_EMAILS, ids=repr)
def test_no_account_without_an_address(cinema: Cinema, visitor: Visitor, email: Any) -> None:
    said = refused(visitor.call("POST", "/auth/register", ANNA | {"email": email}), 400)
    assert said.startswith("Email ")
    assert cinema.sql("SELECT id FROM users") == []


@pytest.mark.parametrize("password", BAD_PASSWORDS, ids=lambda value: repr(value)[:20])
def test_no_account_without_a_password(cinema: Cinema, visitor: Visitor, password: Any) -> None:
    said = refused(visitor.call("POST", "/auth/register", ANNA | {"password": password}), 400)
    assert said.startswith("Password ")
    assert cinema.sql("SELECT id FROM users") == []


@pytest.mark.parametrize("path", ["/auth/register", "/auth/login"])
def test_what_is_missing_is_named(visitor: Visitor, path: str) -> None:
    everything = "Email is required. Password is required."
    assert refused(visitor.call("POST", path, {}), 400) == refused(visitor.call("POST", path), 400) == everything
    assert refused(visitor.call("POST", path, {"email": "anna@example.com"}), 400) == "Password is required."
    assert refused(visitor.call("POST", path, {"password": "12"}), 400) == "Email is required."


# -- logging in ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slash", ["", "/"])
def test_logging_in_answers_two_tokens_that_a_cookie_can_hold(cinema: Cinema, visitor: Visitor, slash: str) -> None:
    assert cinema.member.id
    body = {"email": "member@example.com", "password": PASSWORD}
    answer = visitor.call("POST", f"/auth/login{slash}", body)
    pair = ok(answer, 201)
    assert set(pair) == {"access_token", "refresh_token"}
    for token in pair.values():
        assert COOKIE_SAFE.fullmatch(token)
        assert len(token.split(".")) == 3
    assert answer.headers["Cache-Control"] == "no-store"
    assert Visitor(cinema.http, f"Bearer {pair['access_token']}").get("/user/")["id"] == cinema.member.id


def test_the_session_is_one_like_any_other(cinema: Cinema, visitor: Visitor) -> None:
    assert cinema.member.id
    phone = visitor.login("member@example.com", PASSWORD)
    [here, there] = sorted(cinema.member.get("/me/sessions")["items"], key=lambda each: each["current"])
    assert (here["current"], there["current"]) == (False, True)
    assert [each["result"] for each in cinema.member.get("/me/history")["items"]] == ["success"]
    cinema.member.delete(f"/me/sessions/{here['sid']}")
    refused(phone.call("GET", "/user/"), 401)
    refused(renew(phone), 401)


def test_the_case_of_an_address_does_not_matter(cinema: Cinema, visitor: Visitor) -> None:
    assert cinema.member.id
    assert visitor.login("Member@Example.COM", PASSWORD)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("member@example.com", "wrong"),
        ("member@example.com", PASSWORD.upper()),
        ("nobody@example.com", PASSWORD),
        ("member", PASSWORD),
        ("no address at all", "x"),
    ],
)
def test_a_wrong_address_or_password_is_a_401_that_says_no_more(
    cinema: Cinema, visitor: Visitor, email: str, password: str
) -> None:
    assert cinema.member.id
    answer = visitor.call("POST", "/auth/login", {"email": email, "password": password})
    assert refused(answer, 401) == "No account with this login and password."
    assert len(cinema.sql("SELECT id FROM sign_ins")) == 1, "it is remembered"


def test_a_disabled_account_does_not_log_in(cinema: Cinema, visitor: Visitor) -> None:
    cinema.admin.patch(f"/users/{cinema.member.id}", {"is_active": False})
    answer = visitor.call("POST", "/auth/login", {"email": "member@example.com", "password": PASSWORD})
    assert refused(answer, 401) == "No account with this login and password."


@pytest.mark.parametrize("field", ["email", "password"])
@pytest.mark.parametrize("value", NO_TEXTS, ids=repr)
def test_logging_in_needs_two_texts(visitor: Visitor, field: str, value: Any) -> None:
    said = refused(visitor.call("POST", "/auth/login", ANNA | {field: value}), 400)
    assert said.startswith(f"{field.capitalize()} ")


# -- new tokens for old --------------------------------------------------------------------------------------


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_pair_is_exchanged_for_a_new_one(cinema: Cinema, member: Visitor, slash: str) -> None:
    answer = member.call("PUT", f"/auth/login{slash}", member.pair)
    pair = ok(answer, 201)
    assert set(pair) == {"access_token", "refresh_token"}
    assert not set(pair.values()) & set(member.pair.values())
    assert all(COOKIE_SAFE.fullmatch(token) for token in pair.values())
    assert answer.headers["Cache-Control"] == "no-store"
    renewed = Visitor(cinema.http, f"Bearer {pair['access_token']}", pair["refresh_token"])
    assert renewed.get("/user/")["id"] == cinema.member.id
    assert ok(renew(renewed), 201)


def test_the_access_token_may_have_expired(cinema: Cinema, member: Visitor) -> None:
    late = Visitor(cinema.http, f"Bearer {expired(cinema, cinema.member)}", member.refresh_token)
    refused(late.call("GET", "/user/"), 401)
    assert ok(renew(late), 201)


def test_an_older_access_token_of_ones_own_will_do(cinema: Cinema, member: Visitor) -> None:
    elsewhere = cinema.signed_in(cinema.member.id or 0)
    assert ok(renew(member, access_token=expired(cinema, elsewhere)), 201)


@pytest.mark.either_engine
@pytest.mark.parametrize(
    "token", ["", "undefined", "x", "a.b.c", "1.0.secret", "é", "9" * 50, f"1.0.{'A' * 43}", "x" * 100_000]
)
@pytest.mark.parametrize("slot", ["access_token", "refresh_token"])
def test_what_is_no_token_is_a_401(member: Visitor, slot: str, token: str) -> None:
    refused(renew(member, **{slot: token}), 401)
    assert ok(renew(member), 201), "nothing has happened to the session"


@pytest.mark.parametrize("slot", ["access_token", "refresh_token"])
def test_a_token_that_is_missing_is_a_401(member: Visitor, slot: str) -> None:
    body = {name: token for name, token in member.pair.items() if name != slot}
    refused(member.call("PUT", "/auth/login", body), 401)


@pytest.mark.parametrize("body", [b"", b"{}", b'{"email": "anna@example.com"}'])
def test_a_body_without_any_token_is_a_400(member: Visitor, body: bytes) -> None:
    assert refused(member.call("PUT", "/auth/login", body), 400) == "Refresh token is required."


@pytest.mark.parametrize("slot", ["access_token", "refresh_token"])
@pytest.mark.parametrize("value", [None, 1, True, [], {}, "\0"], ids=repr)
def test_a_token_that_is_no_text_is_a_400(member: Visitor, slot: str, value: Any) -> None:
    assert refused(renew(member, **{slot: value}), 400).startswith(slot.replace("_", " ").capitalize())


def test_neither_token_does_for_the_other(member: Visitor) -> None:
    access, refresh = member.token, member.refresh_token
    refused(renew(member, refresh_token=access), 401)
    refused(renew(member, access_token=refresh), 401)
    refused(renew(member, access_token=refresh, refresh_token=access), 401)


def test_a_forged_token_is_refused(cinema: Cinema, member: Visitor) -> None:
    session, generation, secret = member.refresh_token.split(".")
    refused(renew(member, access_token=forged(cinema.member)), 401)
    refused(renew(member, refresh_token=f"{session}.{generation}.{secret[::-1]}"), 401)
    refused(renew(member, refresh_token=f"{session}.1.{secret}"), 401)


def test_tokens_of_two_people_are_refused_and_nobody_is_logged_out(member: Visitor, other: Visitor) -> None:
    refused(renew(member, access_token=other.token), 401)
    refused(renew(other, access_token=member.token), 401)
    for each in (member, other):
        assert ok(renew(each), 201)


def test_within_half_a_minute_the_same_refresh_token_gets_the_same_successor(cinema: Cinema, member: Visitor) -> None:
    first = ok(renew(member), 201)
    cinema.later(seconds=30)
    assert ok(renew(member), 201)["refresh_token"] == first["refresh_token"]


def test_a_spent_refresh_token_ends_the_session(cinema: Cinema, member: Visitor) -> None:
    pair = ok(renew(member), 201)
    cinema.later(seconds=31)
    assert refused(renew(member), 401) == "This refresh token was spent before."
    for token in (member.token, pair["access_token"]):
        refused(Visitor(cinema.http, f"Bearer {token}").call("GET", "/user/"), 401)
    refused(renew(member, **pair), 401)
    elsewhere = cinema.signed_in(cinema.member.id or 0)
    assert [each["result"] for each in elsewhere.get("/me/history")["items"]] == ["refresh-reuse"]


def test_a_session_that_has_ended_is_not_renewed(cinema: Cinema, member: Visitor) -> None:
    cinema.member.post("/auth/logout", status=204)
    refused(renew(member), 401)


def test_a_disabled_account_gets_no_new_tokens(cinema: Cinema, member: Visitor) -> None:
    cinema.admin.patch(f"/users/{cinema.member.id}", {"is_active": False})
    refused(renew(member), 401)


def test_a_month_without_use_ends_a_session(cinema: Cinema, member: Visitor) -> None:
    cinema.later(days=30)
    refused(renew(member), 401)


# -- limits --------------------------------------------------------------------------------------------------


@pytest.fixture
def limited(cinema: Cinema, database_url: str) -> Iterator[Cinema]:
    """The same cinema with the limits on, and its member."""
    assert cinema.member.id
    with opened(database_url, **SITE, **{"cinema.login_limits": "on"}) as application, Cinema(application) as house:
        yield house


def test_after_five_wrong_passwords_one_has_to_wait(limited: Cinema) -> None:
    visitor = Visitor(limited.http)
    body = {"email": "member@example.com", "password": "wrong"}
    for _time in range(5):
        refused(visitor.call("POST", "/auth/login", body), 401)
    answer = visitor.call("POST", "/auth/login", body | {"password": PASSWORD})
    refused(answer, 429)
    assert answer.headers["Retry-After"] == "1"
    limited.later(seconds=1)
    assert visitor.login("member@example.com", PASSWORD)


def test_guessing_the_current_password_is_limited_too(limited: Cinema) -> None:
    member = Visitor(limited.http).login("member@example.com", PASSWORD)
    body = {"password_1": "wrong", "password_2": "new"}
    statuses = [member.call("PUT", "/user/password", body).status_int for _time in range(6)]
    assert statuses == [400] * 5 + [429]
    limited.later(seconds=1)
    ok(member.call("PUT", "/user/password", {"password_1": PASSWORD, "password_2": "new"}), 200)
    statuses = [member.call("PUT", "/user/password", body).status_int for _time in range(6)]
    assert statuses == [400] * 5 + [429], "whoever was right starts anew"
