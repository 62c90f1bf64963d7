"""One's own account."""

from typing import Any

import pytest
from webtest import TestResponse

from tests.app import PASSWORD, Cinema, fields

NEW = "another long password"


def sign_in(cinema: Cinema, password: str) -> int:
    """The status that signing in as the member answers."""
    body = {"login": "member", "password": password}
    return int(cinema.stranger.call("POST", "/auth/login", body).status_int)


def change_password(cinema: Cinema, old: str, new: str) -> TestResponse:
    """What changing the member's password answers."""
    return cinema.member.call("PUT", "/me/password", {"old_password": old, "new_password": new})


def stored_hash(cinema: Cinema) -> Any:
    """What is kept of the member's password."""
    return cinema.sql("SELECT password_hash FROM users WHERE id = :id", id=cinema.member.id)[0][0]


def test_me_is_whoever_calls(cinema: Cinema) -> None:
    for person, username in ((cinema.member, "member"), (cinema.other, "other"), (cinema.admin, "admin")):
        me = person.get("/me")
        assert (me["id"], me["username"]) == (person.id, username)


def test_me_costs_one_statement(cinema: Cinema) -> None:
    member = cinema.member
    with cinema.statements() as statements:
        member.get("/me")
    assert len(statements) == 1


def test_putting_a_profile_resets_what_is_not_sent(cinema: Cinema) -> None:
    genre = cinema.admin.post("/genres", {"name": "Драма"})["id"]
    member = cinema.member
    before = member.get("/me")
    full = {"name": "Анна", "surname": "Каренина", "favorite_genre": genre}
    assert member.put("/me", full) == before | full
    assert member.put("/me", {"name": "Анна"}) == before | {"name": "Анна"}
    assert member.put("/me", {}) == before == member.get("/me")


def test_patching_a_profile_keeps_what_is_not_sent(cinema: Cinema) -> None:
    genre = cinema.admin.post("/genres", {"name": "Драма"})["id"]
    member = cinema.member
    before = member.get("/me")
    member.patch("/me", {"name": "Анна"})
    member.patch("/me", {"favorite_genre": genre})
    expected = before | {"name": "Анна", "favorite_genre": genre}
    assert member.patch("/me", {}) == expected
    assert member.patch("/me", {"favorite_genre": None}) == expected | {"favorite_genre": None}
    assert member.patch("/me", {"name": ""})["name"] == ""


def test_a_profile_change_touches_nobody_else(cinema: Cinema) -> None:
    before = cinema.other.get("/me")
    cinema.member.put("/me", {"name": "Анна"})
    assert cinema.other.get("/me") == before


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_unknown_favorite_genre_is_a_400_and_nothing_changes(cinema: Cinema, method: str) -> None:
    member = cinema.member
    before = member.get("/me")
    answer = member.call(method, "/me", {"name": "Анна", "favorite_genre": 10**17})
    assert answer.status_int == 400
    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [("favorite_genre", "unknown")]
    assert member.get("/me") == before


def test_a_deleted_genre_is_nobodys_favorite(cinema: Cinema) -> None:
    genre = cinema.admin.post("/genres", {"name": "Драма"})["id"]
    cinema.member.patch("/me", {"favorite_genre": genre})
    cinema.admin.delete(f"/genres/{genre}")
    assert cinema.member.get("/me")["favorite_genre"] is None


@pytest.mark.parametrize(
    "field",
    ["id", "username", "email", "password", "roles", "is_staff", "is_superuser", "is_active", "created_at"],
)
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_the_rest_of_an_account_is_not_the_profiles(cinema: Cinema, method: str, field: str) -> None:
    before = cinema.member.get("/me")
    problem = cinema.member.call(method, "/me", {field: before.get(field)}, 400).json
    assert fields(problem) == {field}
    assert cinema.member.get("/me") == before


def test_a_new_password_replaces_the_old_one(cinema: Cinema) -> None:
    assert sign_in(cinema, PASSWORD) == 401  # there is no member yet
    answer = change_password(cinema, PASSWORD, NEW)
    assert (answer.status_int, answer.body) == (204, b"")
    assert sign_in(cinema, NEW) == 200
    assert sign_in(cinema, PASSWORD) == 401


@pytest.mark.parametrize("old", ["not the password", PASSWORD.upper(), PASSWORD + " ", ""])
def test_a_wrong_old_password_is_a_403_and_nothing_changes(cinema: Cinema, old: str) -> None:
    before = stored_hash(cinema)
    answer = change_password(cinema, old, NEW)
    assert (answer.status_int, answer.json["code"]) == (403, "wrong-password")
    assert stored_hash(cinema) == before


def test_a_new_password_needs_twelve_characters(cinema: Cinema) -> None:
    before = stored_hash(cinema)
    answer = change_password(cinema, PASSWORD, "too short")
    assert (answer.status_int, fields(answer.json)) == (400, {"new_password"})
    assert stored_hash(cinema) == before


def test_a_password_change_is_ones_own(cinema: Cinema) -> None:
    cinema.other.get("/me")
    change_password(cinema, PASSWORD, NEW)
    cinema.stranger.post("/auth/login", {"login": "other", "password": PASSWORD}, 200)


@pytest.mark.parametrize("value", ["1", 1.0, True, [], {}, 0, -1, 10**18])
def test_a_favorite_genre_is_an_id_or_null(cinema: Cinema, value: Any) -> None:
    for method in ("PUT", "PATCH"):
        problem = cinema.member.call(method, "/me", {"favorite_genre": value}, 400).json
        assert fields(problem) == {"favorite_genre"}
