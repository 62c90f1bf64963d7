"""Accounts of the cassette shop: signing up, signing in, and what a key opens."""

import re
from typing import Any

import pytest

from tests.app import PASSWORD
from tests.conftest import opened
from tests.dialects.vhs.shop import RAMBO, SHELF, Caller, Shop, assert_detail, bad_fields

SIGN_UP, SIGN_IN = "/api/auth/signup", "/api/auth/login"
ALIASES = [SIGN_IN, "/api/auth/signin", "/api/auth/token"]
RICK = {"username": "rick", "password": "123"}
KEY = re.compile("[0-9a-f]{40}")
CANARY = "canary-пароль-7351"


def good(shop: Shop, key: str) -> bool:
    """Whether a key opens what is closed to strangers."""
    answer = Caller(shop.http, key).call("POST", SHELF, {})
    assert answer.status_int in (400, 401)
    return answer.status_int == 400


# -- signing up ----------------------------------------------------------------------------------------------


def test_signing_up_answers_a_key_that_works_at_once(shop: Shop) -> None:
    answer = shop.anybody.call("POST", SIGN_UP, RICK, 201)
    assert (answer.content_type, answer.headers["Cache-Control"]) == ("application/json", "no-store")
    assert answer.json == {"token": answer.json["token"], "user": {"username": "rick"}}
    assert KEY.fullmatch(answer.json["token"])
    assert Caller(shop.http, answer.json["token"]).post(SHELF, RAMBO)["title"] == "Rambo"


@pytest.mark.parametrize("password", ["123", "1", "x" * 1024, "пароль", "two words", " 1 ", "rick"])
def test_any_password_is_a_good_one(shop: Shop, password: str) -> None:
    account = {"username": "rick", "password": password}
    shop.anybody.post(SIGN_UP, account)
    assert good(shop, shop.anybody.post(SIGN_IN, account, 200)["token"])


@pytest.mark.parametrize("username", ["a", "a@b.c", "x" * 150, "Иван_1", "a.b+c-d"])
def test_usernames_may_hold_letters_digits_and_a_few_signs(shop: Shop, username: str) -> None:
    account = RICK | {"username": username}
    assert shop.anybody.post(SIGN_UP, account)["user"] == {"username": username}
    assert shop.anybody.post(SIGN_IN, account, 200)["user"] == {"username": username}


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"username", "password"}),
        ({"username": "rick"}, {"password"}),
        ({"password": "123"}, {"username"}),
        ({"username": "", "password": ""}, {"username", "password"}),
        ({"username": None, "password": None}, {"username", "password"}),
        ({"username": [], "password": {}}, {"username", "password"}),
        ({"username": True, "password": "123"}, {"username"}),
        ({"username": " ", "password": "123"}, {"username"}),
        ({"username": "a b", "password": ""}, {"username", "password"}),
        ({"username": "rick\n", "password": "123"}, {"username"}),
        ({"username": "x" * 151, "password": "x" * 1025}, {"username", "password"}),
        ({"username": "ﷺ" * 150, "password": "123"}, {"username"}),
        ({"username": "ri\0ck", "password": "1\ud800"}, {"username", "password"}),
    ],
)
def test_every_bad_field_is_named_and_nobody_is_signed_up(shop: Shop, body: dict[str, Any], wrong: set[str]) -> None:
    before = shop.stored()
    assert bad_fields(shop.anybody.call("POST", SIGN_UP, body)) == wrong
    assert shop.stored() == before


@pytest.mark.parametrize("username", ["rick", "RICK", "ｒｉｃｋ", "member", "Member"])
def test_a_name_is_given_once_in_whatever_case_and_here_as_natively(shop: Shop, username: str) -> None:
    shop.anybody.post(SIGN_UP, RICK)
    assert shop.member.id
    before = shop.stored()
    refused = shop.anybody.call("POST", SIGN_UP, {"username": username, "password": "another"})
    assert bad_fields(refused) == {"username"}
    assert shop.stored() == before
    assert good(shop, shop.anybody.post(SIGN_IN, RICK, 200)["token"])


def test_a_name_given_here_is_taken_natively(shop: Shop) -> None:
    shop.anybody.post(SIGN_UP, RICK)
    account = {"username": "Rick", "email": "rick@example.com", "password": PASSWORD}
    assert shop.stranger.post("/auth/register", account, 409)["code"] == "username-taken"


def test_nobody_signs_up_as_more_than_a_member(shop: Shop) -> None:
    more = {"id": 1, "is_staff": True, "is_superuser": True, "roles": ["admin"], "email": "x", "user": {}, "": None}
    answer = shop.anybody.post(SIGN_UP, RICK | more)
    assert answer == {"token": answer["token"], "user": {"username": "rick"}}
    shown = shop.natively("rick", "123").get("/me")
    assert (shown["roles"], shown["is_staff"], shown["email"], shown["name"]) == (["member"], False, None, "")


# -- signing in ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ALIASES)
def test_signing_in_answers_one_more_key_and_earlier_ones_stay_good(shop: Shop, path: str) -> None:
    keys = [shop.anybody.post(SIGN_UP, RICK)["token"]]
    for _time in range(2):
        answer = shop.anybody.call("POST", path, RICK | {"surprise": 1}, 200)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.json == {"token": answer.json["token"], "user": {"username": "rick"}}
        keys.append(answer.json["token"])
    assert len(set(keys)) == 3
    assert all(good(shop, key) for key in keys)


@pytest.mark.parametrize("path", ALIASES)
def test_a_wrong_password_and_an_unknown_name_are_refused_alike(shop: Shop, path: str) -> None:
    shop.anybody.post(SIGN_UP, RICK)
    answers = [
        shop.anybody.call("POST", path, {"username": username, "password": password})
        for username, password in (("rick", "1234"), ("rick", "12"), ("morty", "123"), ("x" * 200, "123"))
    ]
    assert [bad_fields(answer) for answer in answers] == [{"non_field_errors"}] * 4
    assert len({answer.body for answer in answers}) == 1


def test_a_disabled_account_is_refused_like_an_unknown_one(shop: Shop) -> None:
    shop.anybody.post(SIGN_UP, RICK)
    unknown = shop.anybody.call("POST", SIGN_IN, RICK | {"username": "morty"}, 400)
    user_id = shop.sql("SELECT id FROM users WHERE username = 'rick'")[0][0]
    shop.admin.patch(f"/users/{user_id}", {"is_active": False})
    assert shop.anybody.call("POST", SIGN_IN, RICK, 400).body == unknown.body


@pytest.mark.parametrize("path", ALIASES)
@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"username", "password"}),
        ({"username": "rick"}, {"password"}),
        ({"password": "123"}, {"username"}),
        ({"username": "", "password": ""}, {"username", "password"}),
        ({"username": None, "password": None}, {"username", "password"}),
        ({"username": ["rick"], "password": {"a": 1}}, {"username", "password"}),
    ],
)
def test_what_is_missing_in_a_sign_in_is_named(shop: Shop, path: str, body: dict[str, Any], wrong: set[str]) -> None:
    before = shop.stored()
    assert bad_fields(shop.anybody.call("POST", path, body)) == wrong
    assert shop.stored() == before


@pytest.mark.parametrize("superuser", [False, True])
def test_accounts_made_elsewhere_sign_in_by_their_username(shop: Shop, superuser: bool) -> None:
    shop.person("chief", "staff", superuser=superuser)
    answer = shop.anybody.post(SIGN_IN, {"username": "chief", "password": PASSWORD}, 200)
    assert good(shop, answer["token"])


def test_attempts_are_remembered_for_their_owner(shop: Shop) -> None:
    shop.anybody.post(SIGN_UP, RICK)
    shop.anybody.post(SIGN_IN, RICK | {"password": "1234"}, 400)
    shop.anybody.post(SIGN_IN, RICK, 200)
    history = shop.natively("rick", "123").get("/me/history")["items"]
    assert [each["result"] for each in history] == ["success", "success", "wrong-password", "success"]


def test_too_many_attempts_have_to_wait(shop: Shop) -> None:
    shop.anybody.post(SIGN_UP, RICK)
    url = shop.database.writers.url.render_as_string(hide_password=False)
    more = {"cinema.dialects": "vhs = /", "cinema.login_limits": "on"}
    with opened(url, **more) as application, Shop(application) as limited:
        for _attempt in range(5):
            limited.anybody.post(SIGN_IN, RICK | {"password": "1234"}, 400)
        refused = limited.anybody.call("POST", SIGN_IN, RICK)
        assert_detail(refused, 429)
        assert int(refused.headers["Retry-After"]) > 0
        limited.later(seconds=int(refused.headers["Retry-After"]))
        limited.anybody.post(SIGN_IN, RICK, 200)


# -- keys ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "Token",
        "Token ",
        "Token {key} {key}",
        "Token {key}x",
        "Token x{key}",
        "Token {upper}",
        "Token " + 40 * "0",
        "Token undefined",
        "Token ключ",
        "Token " + 5000 * "a",
        "{key}",
        "Bearer {key}",
        "JWT {key}",
        "Basic {key}",
        "Token{key}",
        "Token: {key}",
        "",
    ],
)
def test_anything_but_a_known_key_opens_nothing(shop: Shop, header: str) -> None:
    key = shop.rick.key or ""
    tape, before = shop.tape(), shop.stored()
    said = header.format(key=key, upper=key.upper() if key.upper() != key else "A" * 40).encode().decode("latin-1")
    for method, path in (("POST", SHELF), ("PUT", f"{SHELF}{tape}"), ("PATCH", f"{SHELF}{tape}")):
        answer = shop.anybody.call(method, path, RAMBO, Authorization=said)
        assert_detail(answer, 401)
        assert re.match(r"Token\b", answer.headers["WWW-Authenticate"])
    assert shop.stored() == before


def test_the_scheme_is_read_in_any_case(shop: Shop) -> None:
    for scheme in ("Token", "token", "TOKEN"):
        answer = shop.anybody.call("POST", SHELF, RAMBO, Authorization=f"{scheme} {shop.rick.key}")
        assert answer.status_int == 201


def test_a_bad_key_is_refused_even_where_everybody_may_look(shop: Shop) -> None:
    tape = shop.tape()
    for path in (SHELF, f"{SHELF}{tape}"):
        assert_detail(Caller(shop.http, "0" * 40).call("GET", path), 401)
        shop.anybody.get(path)


def test_a_bad_key_keeps_nobody_from_signing_in(shop: Shop) -> None:
    forgetful = Caller(shop.http, "0" * 40)
    forgetful.post(SIGN_UP, RICK)
    assert good(shop, forgetful.post(SIGN_IN, RICK, 200)["token"])


# -- secrets -------------------------------------------------------------------------------------------------


def test_no_answer_holds_a_password_or_its_hash(shop: Shop) -> None:
    morty = {"username": "morty", "password": CANARY}
    bodies = [morty, morty, morty | {"password": f"{CANARY}!"}, morty | {"username": ""}, {"password": [CANARY]}]
    answers = [shop.anybody.call("POST", path, body) for path in (SIGN_UP, *ALIASES) for body in bodies]
    key = answers[0].json["token"]
    answers += [Caller(shop.http, key).call(method, SHELF, RAMBO) for method in ("GET", "POST", "PUT")]
    assert {answer.status_int for answer in answers} == {200, 201, 400, 405}
    for answer in answers:
        said = f"{answer.headers} {answer.text}"
        assert CANARY not in said
        assert "argon2" not in said
    for signed_in in answers:
        if "user" in signed_in.json:
            assert signed_in.json["user"] == {"username": "morty"}


def test_a_key_is_answered_only_to_whoever_signs_in(shop: Shop) -> None:
    key = shop.anybody.post(SIGN_UP, RICK)["token"]
    rick = Caller(shop.http, key)
    for method, path in (("GET", SHELF), ("POST", SHELF), ("GET", "/api/swagger"), ("PUT", SHELF), ("GET", "/api/x")):
        answer = rick.call(method, path)
        assert key not in f"{answer.headers} {answer.text}"
