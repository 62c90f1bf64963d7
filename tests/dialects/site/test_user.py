"""The profile and the password of whoever is calling."""

import json
from typing import Any

import pytest

from tests.app import PASSWORD, Cinema
from tests.dialects.site.visitors import PROFILE_FIELDS, Visitor, ok, refused

SPELLINGS = ("favorite_genre", "favourite_genre")
NAMINGS = [("password_1", "password_2"), ("old_password", "new_password")]
NO_TEXTS: list[Any] = [None, "", 1, True, [], {"a": 1}, "\0"]


def genre(cinema: Cinema, name: str = "Драма") -> int:
    return int(cinema.admin.post("/genres", {"name": name})["id"])


def patch(member: Visitor, body: Any) -> Any:
    """The profile after a change."""
    changed = ok(member.call("PATCH", "/user/", body), 200)
    assert changed == member.get("/user/")
    return changed


# -- the profile ---------------------------------------------------------------------------------------------


def test_a_new_profile_is_an_address_and_blanks(visitor: Visitor) -> None:
    body = {"email": "anna@example.com", "password": "12"}
    made = ok(visitor.call("POST", "/auth/register", body), 201)
    assert visitor.login(**body).get("/user/") == {
        "id": made["id"],
        "email": "anna@example.com",
        "name": "",
        "surname": "",
        "favorite_genre": None,
        "favourite_genre": None,
    }


def test_neither_the_password_nor_its_hash_is_shown(cinema: Cinema, member: Visitor) -> None:
    assert set(member.get("/user/")) == PROFILE_FIELDS
    assert PASSWORD not in member.call("GET", "/user/").text
    assert "argon2" not in member.call("GET", "/user/").text


def test_an_account_without_an_address_has_an_empty_one(cinema: Cinema, member: Visitor) -> None:
    cinema.sql("UPDATE users SET email = NULL, sign_in_key = NULL WHERE id = :id", id=cinema.member.id)
    assert member.get("/user/")["email"] == ""


def test_what_is_not_sent_stays(cinema: Cinema, member: Visitor) -> None:
    drama = genre(cinema)
    profile = patch(member, {"name": "Анна", "surname": "Каренина", "favorite_genre": drama})
    assert patch(member, {}) == profile
    assert patch(member, {"name": "Anna"}) == profile | {"name": "Anna"}
    assert patch(member, {"surname": "K."}) == profile | {"name": "Anna", "surname": "K."}


def test_no_body_changes_nothing(member: Visitor) -> None:
    assert ok(member.call("PATCH", "/user/"), 200) == member.get("/user/")


@pytest.mark.parametrize("field", ["name", "surname"])
@pytest.mark.parametrize("empty", [None, ""])
def test_a_name_can_be_emptied(member: Visitor, field: str, empty: str | None) -> None:
    patch(member, {field: "x" * 255})
    assert patch(member, {field: empty})[field] == ""


@pytest.mark.parametrize("field", ["name", "surname"])
@pytest.mark.parametrize("value", ["x" * 256, 1, True, [], {"a": 1}, "\0", "\ud800"], ids=lambda it: repr(it)[:9])
def test_a_name_is_a_short_text(member: Visitor, field: str, value: Any) -> None:
    before = member.get("/user/")
    assert refused(member.call("PATCH", "/user/", {field: value}), 400).startswith(f"{field.capitalize()} ")
    assert member.get("/user/") == before


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("form", [int, str, float, "{} ".format])
def test_a_genre_may_come_as_number_or_text_and_is_always_a_number(
    cinema: Cinema, member: Visitor, spelling: str, form: Any
) -> None:
    drama = genre(cinema)
    profile = patch(member, {spelling: form(drama)})
    for name in SPELLINGS:
        assert profile[name] == drama
        assert type(profile[name]) is int


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_one_may_have_no_favourite_any_more(cinema: Cinema, member: Visitor, spelling: str) -> None:
    patch(member, {"favorite_genre": genre(cinema)})
    profile = patch(member, {spelling: None})
    assert [profile[name] for name in SPELLINGS] == [None, None]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(
    "value", [10**9, str(10**9), 0, -1, "0", "", "Драма", 1.5, True, [1], {}, 2**63, 10**30, "9" * 30, "1e400"]
)
def test_an_unknown_genre_is_a_400_and_changes_nothing(
    cinema: Cinema, member: Visitor, spelling: str, value: Any
) -> None:
    before = patch(member, {"favorite_genre": genre(cinema), "name": "Анна"})
    refused(member.call("PATCH", "/user/", {"name": "Мария", spelling: value}), 400)
    assert member.get("/user/") == before


def test_both_spellings_may_say_the_same_but_not_two_things(cinema: Cinema, member: Visitor) -> None:
    drama, comedy = genre(cinema), genre(cinema, "Комедия")
    profile = patch(member, {"favorite_genre": drama, "favourite_genre": str(drama)})
    said = refused(member.call("PATCH", "/user/", {"favorite_genre": drama, "favourite_genre": comedy}), 400)
    assert said == "Favourite genre is not the same as favorite_genre."
    assert member.get("/user/") == profile


def test_address_password_and_id_do_not_change_here(cinema: Cinema, member: Visitor, visitor: Visitor) -> None:
    before = member.get("/user/")
    sent = {"id": 1, "email": "x@example.com", "password": "new", "is_superuser": True, "roles": ["admin"], "": 1}
    assert patch(member, sent) == before
    assert visitor.login(before["email"], PASSWORD)
    assert cinema.member.get("/me")["roles"] == ["member"]


def test_a_deleted_accounts_token_is_a_401(cinema: Cinema, member: Visitor) -> None:
    cinema.sql("DELETE FROM users WHERE id = :id", id=cinema.member.id)
    refused(member.call("GET", "/user/"), 401)
    refused(member.call("PATCH", "/user/", {"name": "x"}), 401)
    refused(member.call("PUT", "/user/password", {"password_1": PASSWORD, "password_2": "x"}), 401)


def test_the_profile_takes_one_statement(cinema: Cinema, member: Visitor) -> None:
    with cinema.statements() as seen:
        member.get("/user/")
    assert len(seen) == 1


# -- the password --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("naming", NAMINGS, ids=lambda names: names[0])
@pytest.mark.parametrize("slash", ["", "/"])
def test_the_new_password_works_at_once_and_the_old_no_longer(
    cinema: Cinema, member: Visitor, visitor: Visitor, naming: tuple[str, str], slash: str
) -> None:
    body = dict(zip(naming, (PASSWORD, "1"), strict=True))
    ok(member.call("PUT", f"/user/password{slash}", body), 200)
    assert visitor.login("member@example.com", "1")
    old = {"email": "member@example.com", "password": PASSWORD}
    refused(visitor.call("POST", "/auth/login", old), 401)


def test_other_sessions_end_and_this_one_stays(cinema: Cinema, member: Visitor, other: Visitor) -> None:
    elsewhere = Visitor.of(cinema.http, cinema.signed_in(cinema.member.id or 0))
    ok(member.call("PUT", "/user/password", {"password_1": PASSWORD, "password_2": "new"}), 200)
    refused(elsewhere.call("GET", "/user/"), 401)
    refused(elsewhere.call("PUT", "/auth/login", elsewhere.pair), 401)
    assert member.get("/user/")
    assert ok(member.call("PUT", "/auth/login", member.pair), 201)
    assert other.get("/user/"), "nobody else is concerned"


@pytest.mark.parametrize("naming", NAMINGS, ids=lambda names: names[0])
def test_without_the_current_password_nothing_changes(
    cinema: Cinema, member: Visitor, visitor: Visitor, naming: tuple[str, str]
) -> None:
    elsewhere = Visitor.of(cinema.http, cinema.signed_in(cinema.member.id or 0))
    body = dict(zip(naming, ("wrong", "new"), strict=True))
    assert refused(member.call("PUT", "/user/password", body), 400) == "The current password is not right."
    assert visitor.login("member@example.com", PASSWORD)
    assert elsewhere.get("/user/")


@pytest.mark.either_engine
@pytest.mark.parametrize("naming", NAMINGS, ids=lambda names: names[0])
@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("value", NO_TEXTS, ids=repr)
def test_both_passwords_have_to_be_texts(
    member: Visitor, visitor: Visitor, naming: tuple[str, str], place: int, value: Any
) -> None:
    body = dict(zip(naming, (PASSWORD, "new"), strict=True)) | {naming[place]: value}
    said = refused(member.call("PUT", "/user/password", body), 400)
    assert said.startswith(naming[place].replace("_", " ").capitalize())
    assert visitor.login("member@example.com", PASSWORD)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "Password 1 is required. Password 2 is required."),
        ({"password_1": PASSWORD}, "Password 2 is required."),
        ({"password_2": "new"}, "Password 1 is required."),
        ({"old_password": PASSWORD}, "New password is required."),
        ({"new_password": "new"}, "Old password is required."),
        ({"password_1": PASSWORD, "new_password": "new"}, "Old password is required."),
    ],
    ids=json.dumps,
)
def test_both_passwords_have_to_be_there(member: Visitor, body: dict[str, str], said: str) -> None:
    assert refused(member.call("PUT", "/user/password", body), 400) == said
