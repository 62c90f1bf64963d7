"""Accounts: making one, looking at one's own, changing it."""

from typing import Any

import pytest

from tests.app import PASSWORD
from tests.dialects.academy.app import Academy

ANNA = {"username": "anna", "email": "anna@example.com", "password": "12345"}
FIELDS = {"id", "username", "email", "is_staff"}
PREFIXES = ["", "user/"]
NO_TEXT: list[Any] = [None, 5, 1.5, True, [], ["anna"], {}, {"a": 1}]
BAD_USERNAMES = ["", " ", "a b", " anna", "anna ", "a/b", "a\n", "a\0b", "anna!", "a:b", "x" * 151, *NO_TEXT]
BAD_PASSWORDS = ["", "1234", "    ", "a\0bcdef", *NO_TEXT]
BAD_EMAILS = [" ", "anna", "@", "anna@", "@example.com", "a b@example.com", "a@b@c", 5, True, [], {}]
READ_ONLY = {"id": 999, "is_staff": True, "is_superuser": True, "roles": ["admin"], "groups": [1], "surprise": "x"}


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in ANNA.items() if key != name}


def unchanged(academy: Academy, path: str, method: str, body: Any) -> set[str]:
    """The fields that a refusal names; fails when it stored anything."""
    caller = academy.nobody if path.endswith("register/") else academy.user
    before = academy.stored()
    named = caller.refused(method, path, body)
    assert academy.stored() == before
    return named


# -- making one ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", PREFIXES)
def test_an_account_is_made_and_shown_without_its_password(academy: Academy, prefix: str) -> None:
    account = academy.nobody.post(f"{prefix}register/", ANNA)
    assert account == {"id": account["id"], "username": "anna", "email": "anna@example.com", "is_staff": False}
    assert type(account["id"]) is int
    key = academy.nobody.post(f"{prefix}login/", {"username": "anna", "password": "12345"}, 200)["token"]
    assert academy.with_key(key).get(f"{prefix}me/") == account


def test_both_address_plans_are_one(academy: Academy) -> None:
    key = academy.nobody.post("user/login/", {"username": "user", "password": PASSWORD}, 400)
    assert "token" not in key
    user = academy.user
    user.patch("user/me/", {"email": "new@example.com"})
    assert user.get("me/")["email"] == user.get("user/me/")["email"] == "new@example.com"


@pytest.mark.parametrize(
    "username", ["a", "1", "@", "anna@example.com", "Anna.K+1_-", "Анна", "Ёж", "x" * 150, "й" * 150]
)
def test_a_username_holds_letters_digits_and_a_few_signs(academy: Academy, username: str) -> None:
    assert academy.nobody.post("register/", ANNA | {"username": username})["username"] == username
    assert academy.with_key(academy.key(username, "12345")).get("me/")["username"] == username


def test_any_other_username_is_refused(academy: Academy) -> None:
    for username in BAD_USERNAMES:
        assert unchanged(academy, "register/", "POST", ANNA | {"username": username}) == {"username"}, username


@pytest.mark.parametrize("password", ["12345", "annaa", "пароль", "     x", "x" * 500])
def test_any_five_characters_are_a_password(academy: Academy, password: str) -> None:
    account = academy.nobody.post("register/", ANNA | {"username": "annaa", "password": password})
    assert set(account) == FIELDS
    academy.key("annaa", password)


def test_fewer_are_not(academy: Academy) -> None:
    for password in BAD_PASSWORDS:
        assert unchanged(academy, "register/", "POST", ANNA | {"password": password}) == {"password"}, password


@pytest.mark.parametrize("name", ["username", "password"])
def test_username_and_password_are_required(academy: Academy, name: str) -> None:
    assert unchanged(academy, "register/", "POST", without(name)) == {name}


@pytest.mark.parametrize("body", [without("email"), ANNA | {"email": ""}], ids=["left out", "empty"])
def test_an_email_is_optional(academy: Academy, body: dict[str, str]) -> None:
    assert academy.nobody.post("register/", body)["email"] == ""
    assert academy.with_key(academy.key("anna", "12345")).get("me/")["email"] == ""


def test_one_that_is_none_is_refused(academy: Academy) -> None:
    for email in BAD_EMAILS:
        assert unchanged(academy, "register/", "POST", ANNA | {"email": email}) == {"email"}, email


def test_two_accounts_may_share_an_email(academy: Academy) -> None:
    first = academy.nobody.post("register/", ANNA)
    second = academy.nobody.post("register/", ANNA | {"username": "anja"})
    assert first["id"] != second["id"]
    assert first["email"] == second["email"] == "anna@example.com"


def test_many_accounts_may_have_no_email(academy: Academy) -> None:
    for username in ("anna", "anja", "anka"):
        academy.nobody.post("register/", without("email") | {"username": username})


def test_every_bad_field_is_named_at_once(academy: Academy) -> None:
    body = {"username": "a b", "password": "1", "email": "x"}
    assert unchanged(academy, "register/", "POST", body) == {"username", "password", "email"}
    assert unchanged(academy, "register/", "POST", {"email": "x"}) == {"username", "password", "email"}


@pytest.mark.parametrize("username", ["anna", "ANNA", "aNNa"])
def test_a_username_that_somebody_has_in_any_case_is_refused(academy: Academy, username: str) -> None:
    academy.nobody.post("register/", ANNA)
    assert unchanged(academy, "register/", "POST", {"username": username, "password": "12345"}) == {"username"}


def test_so_is_one_that_somebody_has_natively(academy: Academy) -> None:
    academy.person("Лев")
    assert unchanged(academy, "register/", "POST", {"username": "лев", "password": "12345"}) == {"username"}


def test_a_name_that_is_taken_is_named_beside_the_other_errors(academy: Academy) -> None:
    academy.person("anna")
    assert academy.nobody.refused("POST", "register/", ANNA | {"password": "1"}) == {"username", "password"}


def test_nobody_makes_themselves_staff(academy: Academy) -> None:
    account = academy.nobody.post("register/", ANNA | READ_ONLY)
    assert set(account) == FIELDS
    assert account["id"] != 999
    assert account["is_staff"] is False
    anna = academy.with_key(academy.key("anna", "12345"))
    anna.call("POST", "cinema/genres/", {"name": "x"}, 403)
    assert academy.sql("SELECT is_superuser FROM users WHERE username = 'anna'")[0][0] in (False, 0)


# -- looking at one's own ------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", PREFIXES)
def test_me_are_four_fields_and_what_may_be_done(academy: Academy, prefix: str) -> None:
    answer = academy.user.call("GET", f"{prefix}me/", status=200)
    assert answer.json == {
        "id": academy.user.id,
        "username": "user",
        "email": "user@example.com",
        "is_staff": False,
    }
    assert answer.headers["Allow"] == "GET, PUT, PATCH, HEAD, OPTIONS"


def test_staff_are_those_with_the_flag_and_the_superuser(academy: Academy) -> None:
    root, clerk = academy.caller("root", superuser=True), academy.caller("clerk", "admin")
    for caller, is_staff in ((academy.boss, True), (root, True), (clerk, True), (academy.user, False)):
        assert caller.get("me/")["is_staff"] is is_staff
        caller.call("POST", "cinema/genres/", {"name": f"{caller.id}"}, 201 if is_staff else 403)


# -- changing it ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, {}),
        ({"username": "anna@home"}, {"username": "anna@home"}),
        ({"username": "USER"}, {"username": "USER"}),
        ({"email": "anna@example.com"}, {"email": "anna@example.com"}),
        ({"email": ""}, {"email": ""}),
        ({"password": "54321"}, {}),
        ({"username": "anna", "email": "", "password": "54321"}, {"username": "anna", "email": ""}),
    ],
)
def test_a_patch_changes_what_it_holds(
    academy: Academy, changes: dict[str, str], shown: dict[str, str], prefix: str
) -> None:
    before = academy.user.get("me/")
    answer = academy.user.call("PATCH", f"{prefix}me/", changes, 200)
    assert answer.json == before | shown == academy.user.get("me/")
    assert answer.headers["Allow"] == "GET, PUT, PATCH, HEAD, OPTIONS"
    academy.key(answer.json["username"], changes.get("password", PASSWORD))


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_put_needs_username_and_password(academy: Academy, prefix: str) -> None:
    path = f"{prefix}me/"
    answer = academy.user.call("PUT", path, {"username": "anna", "password": "54321"}, 200)
    assert answer.json["username"] == "anna"
    assert answer.headers["Allow"] == "GET, PUT, PATCH, HEAD, OPTIONS"
    assert academy.user.put(path, ANNA)["email"] == "anna@example.com"
    assert unchanged(academy, path, "PUT", {"username": "anja"}) == {"password"}
    assert unchanged(academy, path, "PUT", {"password": "54321"}) == {"username"}
    assert unchanged(academy, path, "PUT", {"email": "anna@example.com"}) == {"username", "password"}
    academy.key("anna", "12345")


def test_a_put_without_an_email_leaves_it(academy: Academy) -> None:
    shown = academy.user.put("me/", {"username": "user", "password": "54321"})
    assert shown["email"] == "user@example.com"


BAD = [
    *(("username", each) for each in BAD_USERNAMES),
    *(("password", each) for each in BAD_PASSWORDS),
    *(("email", each) for each in BAD_EMAILS),
]


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_the_rules_are_those_of_a_new_account(academy: Academy, method: str) -> None:
    for name, value in BAD:
        assert unchanged(academy, "me/", method, ANNA | {name: value}) == {name}, value
    body = {"username": "a b", "password": "1", "email": "x"}
    assert unchanged(academy, "me/", method, body) == {"username", "password", "email"}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_name_that_is_taken_changes_nothing_not_even_the_password(academy: Academy, method: str) -> None:
    academy.person("anna")
    phone = academy.with_key(academy.key(_username(academy)))
    body = {"username": "ANNA", "password": "54321", "email": "new@example.com"}
    assert unchanged(academy, "me/", method, body) == {"username"}
    for caller in (academy.user, phone):
        assert caller.get("me/")["email"] == "user@example.com"
    academy.key("user")


def _username(academy: Academy) -> str:
    return str(academy.user.get("me/")["username"])


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_what_may_not_be_changed_is_ignored(academy: Academy, method: str) -> None:
    before = academy.user.get("me/")
    body = {"username": "user", "password": "54321"} | READ_ONLY
    assert academy.user.call(method, "me/", body, 200).json == before == academy.user.get("me/")
    academy.user.call("POST", "cinema/genres/", {"name": "x"}, 403)


def test_an_email_of_somebody_else_will_do(academy: Academy) -> None:
    assert academy.user.patch("me/", {"email": "rival@example.com"})["email"] == "rival@example.com"
    assert academy.rival.patch("me/", {"email": "rival@example.com"})["email"] == "rival@example.com"


def test_a_name_that_was_given_up_is_free(academy: Academy) -> None:
    academy.user.patch("me/", {"username": "anna"})
    assert "token" not in academy.nobody.post("login/", {"username": "user", "password": PASSWORD}, 400)
    academy.nobody.post("register/", {"username": "user", "password": "12345"})
