"""Registering and signing in."""

from typing import Any

import pytest
from webtest import TestResponse

from tests.app import PASSWORD, Cinema, Person, fields

ANNA = {"username": "anna", "email": "anna@example.com", "password": PASSWORD}


def register(cinema: Cinema, **changes: Any) -> TestResponse:
    """What registering Anna, with these changes, answers."""
    return cinema.stranger.call("POST", "/auth/register", ANNA | changes)


def sign_in(cinema: Cinema, login: str, password: str) -> TestResponse:
    """What signing in answers."""
    return cinema.stranger.call("POST", "/auth/login", {"login": login, "password": password})


def users(cinema: Cinema) -> int:
    """How many accounts there are."""
    return int(cinema.sql("SELECT count(*) FROM users")[0][0])


# -- registering ---------------------------------------------------------------------------------------------


def test_registering_answers_the_account_and_where_it_is(cinema: Cinema) -> None:
    answer = register(cinema, name="Анна", surname="Каренина")
    assert answer.status_int == 201
    assert answer.headers["Location"] == "http://localhost/api/v1/me"
    account = answer.json
    assert account.pop("id") > 0
    assert account == {
        "username": "anna",
        "email": "anna@example.com",
        "name": "Анна",
        "surname": "Каренина",
        "favorite_genre": None,
        "roles": ["member"],
        "is_staff": False,
        "is_active": True,
        "created_at": "2026-05-01T12:00:00Z",
    }


def test_a_new_account_is_what_its_owner_sees_under_me(cinema: Cinema) -> None:
    account = register(cinema).json
    anna = Person(cinema.http, token=sign_in(cinema, "anna", PASSWORD).json["access_token"])
    assert anna.get("/me") == account
    assert (account["name"], account["surname"]) == ("", "")


def test_no_answer_holds_the_password_or_its_hash(cinema: Cinema) -> None:
    answers = [register(cinema), sign_in(cinema, "anna", PASSWORD)]
    anna = Person(cinema.http, token=answers[1].json["access_token"])
    answers.append(anna.call("GET", "/me"))
    stored = cinema.sql("SELECT password_hash FROM users")[0][0]
    for answer in answers:
        assert PASSWORD not in answer.text
        assert stored not in answer.text
        assert "argon2" not in answer.text


def test_the_database_holds_an_argon2id_hash_and_no_password(cinema: Cinema) -> None:
    register(cinema)
    stored = cinema.sql("SELECT password_hash FROM users")[0][0]
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in stored


def test_registering_signs_nobody_in(cinema: Cinema) -> None:
    assert "token" not in register(cinema).text


@pytest.mark.parametrize(
    ("first", "second"),
    [("Anna", "aNNA"), ("Анна", "аННА"), ("Straße", "STRASSE"), ("anna", "ａｎｎａ"), ("ΣΊΣΥΦΟΣ", "σίσυφος")],
)
def test_a_username_is_taken_in_any_case(cinema: Cinema, first: str, second: str) -> None:
    assert register(cinema, username=first).json["username"] == first
    again = register(cinema, username=second, email="other@example.com")
    assert (again.status_int, again.json["code"]) == (409, "username-taken")
    assert users(cinema) == 1


def test_an_email_address_is_taken_in_any_case(cinema: Cinema) -> None:
    assert register(cinema, email="Anna@Example.com").json["email"] == "Anna@Example.com"
    again = register(cinema, username="other", email="aNNa@eXAMPLE.COM")
    assert (again.status_int, again.json["code"]) == (409, "email-taken")
    assert users(cinema) == 1


def test_a_password_needs_twelve_characters(cinema: Cinema) -> None:
    short = register(cinema, password="пароль12345")
    assert (short.status_int, fields(short.json)) == (400, {"password"})
    assert short.json["errors"][0]["code"] == "too-short"
    assert users(cinema) == 0
    assert register(cinema, password="пароль123456").status_int == 201


@pytest.mark.parametrize(
    ("password", "lookalike"),
    [
        ("cafe\u0301 au lait, s'il vous plaît", "caf\u00e9 au lait, s'il vous plaît"),
        ("  spaces count here  ", "spaces count here"),
        ("a b c d e   ", "a b c d e    "),
        ("Пароль из слов", "пароль из слов"),
        ("𝔘𝔫𝔦𝔠𝔬𝔡𝔢 🎬🎬🎬🎬🎬", "Unicode 🎬🎬🎬🎬🎬"),
        ("abcdefgh" * 25, "abcdefgh" * 25 + "a"),
        ("line\nbreak\tand\u2028more", "line break and more"),
    ],
)
def test_a_password_is_any_unicode_unaltered(cinema: Cinema, password: str, lookalike: str) -> None:
    assert register(cinema, password=password).status_int == 201
    assert sign_in(cinema, "anna", password).status_int == 200
    assert sign_in(cinema, "anna", lookalike).status_int == 401


@pytest.mark.parametrize(
    ("username", "code"),
    [
        ("anna@example.com", "bad-username"),
        ("anna＠example.com", "bad-username"),
        ("role:admin", "bad-username"),
        ("anna karenina", "bad-username"),
        ("anna\n", "bad-username"),
        ("", "too-short"),
        (" ", "too-short"),
        ("a" * 151, "too-long"),
        ("\ufdfa" * 150, "too-long"),  # one ligature, eighteen letters when compared
    ],
)
def test_a_username_is_letters_digits_and_a_few_signs(cinema: Cinema, username: str, code: str) -> None:
    answer = register(cinema, username=username)
    assert answer.status_int == 400
    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [("username", code)]
    assert users(cinema) == 0


@pytest.mark.parametrize("username", ["a", "Анна", "anna.k+1_2-3", "山田", "a" * 150])
def test_a_username_is_kept_as_written(cinema: Cinema, username: str) -> None:
    assert register(cinema, username=username).json["username"] == username


@pytest.mark.parametrize(
    "email",
    [
        "",
        "anna",
        "@example.com",
        "anna@",
        "a b@example.com",
        "a@b@c.de",
        "<a@example.com>",
        "a＠example.com",
        "a@example.com\nBcc: b@example.com",
        "a" * 65 + "@example.com",
        "a@" + "b" * 250 + ".com",
    ],
)
def test_an_email_address_has_to_be_one(cinema: Cinema, email: str) -> None:
    answer = register(cinema, email=email)
    assert (answer.status_int, fields(answer.json)) == (400, {"email"})
    assert users(cinema) == 0


@pytest.mark.parametrize(
    "field", ["id", "is_superuser", "is_staff", "is_active", "roles", "created_at", "password_hash", "username_key"]
)
def test_nobody_registers_with_more_than_the_fields_there_are(cinema: Cinema, field: str) -> None:
    answer = register(cinema, **{field: True})
    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [(field, "unknown-field")]
    assert users(cinema) == 0


# -- signing in ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["Anna", "anna", "ANNA", "anna@example.com", "Anna@EXAMPLE.com"])
def test_one_signs_in_by_username_or_address_in_any_case(cinema: Cinema, login: str) -> None:
    account = register(cinema, username="Anna", email="ANNA@example.com").json
    answer = sign_in(cinema, login, PASSWORD)
    assert answer.status_int == 200
    assert answer.json["token_type"] == "Bearer"
    assert answer.json["expires_in"] == 600
    anna = Person(cinema.http, token=answer.json["access_token"])
    assert anna.get("/me")["id"] == account["id"]


def test_all_refused_sign_ins_look_the_same(cinema: Cinema) -> None:
    register(cinema)
    register(cinema, username="boris", email="boris@example.com")
    cinema.sql("UPDATE users SET is_active = false WHERE username = 'boris'")
    refused = [
        sign_in(cinema, "anna", "not the password of anna"),
        sign_in(cinema, "anna@example.com", "not the password of anna"),
        sign_in(cinema, "nobody", PASSWORD),
        sign_in(cinema, "nobody@example.com", PASSWORD),
        sign_in(cinema, "boris", PASSWORD),
        sign_in(cinema, "boris", "not the password of boris"),
    ]
    assert {answer.status_int for answer in refused} == {401}
    assert len({answer.body for answer in refused}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in refused}) == 1
    assert refused[0].json["code"] == "credentials"
    assert refused[0].headers["WWW-Authenticate"] == "Bearer"


def test_a_token_carries_the_roles_of_the_moment(cinema: Cinema) -> None:
    admin = cinema.admin
    token = sign_in(cinema, "admin", PASSWORD).json["access_token"]
    signed_in = Person(cinema.http, token=token)
    assert signed_in.get("/me")["id"] == admin.id
    signed_in.post("/genres", {"name": "Драма"})


def test_a_superuser_may_everything_without_a_role(cinema: Cinema) -> None:
    cinema.person("root", superuser=True)
    root = Person(cinema.http, token=sign_in(cinema, "root", PASSWORD).json["access_token"])
    root.post("/genres", {"name": "Драма"})
    assert root.get("/me")["is_staff"] is True
    assert root.get("/me")["roles"] == ["member"]


def test_staff_are_shown_as_staff(cinema: Cinema) -> None:
    shown = {role: cinema.person(f"a-{role}", role).get("/me") for role in ("member", "staff", "admin")}
    assert {role: me["is_staff"] for role, me in shown.items()} == {"member": False, "staff": True, "admin": True}
    assert shown["admin"]["roles"] == ["admin", "member"]
