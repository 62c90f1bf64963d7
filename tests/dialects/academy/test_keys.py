"""Keys: signing in, showing a key, and how long it is good."""

from typing import Any

import pytest

from tests.app import PASSWORD, Person
from tests.dialects.academy.app import Academy, Caller

GOOD = {"username": "user", "password": PASSWORD}
NO_TEXT: list[Any] = [None, 5, 1.5, True, [], {}]


def native(academy: Academy, caller: Caller) -> Person:
    """The same account, signed in natively."""
    return academy.signed_in(caller.id)


def sid(academy: Academy, device: Caller | Person) -> int:
    """The session behind a key: the newest of its account."""
    found = academy.sql("SELECT max(id) FROM sessions WHERE user_id = :id", id=device.id)
    return int(found[0][0])


# -- signing in ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["login/", "user/login/"])
def test_username_and_password_are_exchanged_for_a_key(academy: Academy, path: str) -> None:
    assert academy.user
    answer = academy.nobody.post(path, GOOD | {"email": "x", "id": 1, "is_staff": True}, 200)
    assert set(answer) == {"token"}
    assert academy.with_key(answer["token"]).get("me/")["id"] == academy.user.id


def test_earlier_keys_stay_good(academy: Academy) -> None:
    keys = [academy.user.key, academy.key("user"), academy.key("user")]
    assert len(set(keys)) == 3
    for key in keys:
        assert academy.with_key(str(key)).get("me/")["id"] == academy.user.id


@pytest.mark.parametrize(
    "body",
    [
        GOOD | {"password": PASSWORD + "x"},
        GOOD | {"password": PASSWORD.upper()},
        GOOD | {"password": " " + PASSWORD},
        GOOD | {"username": "nobody"},
        GOOD | {"username": "user@example.com"},
        GOOD | {"username": "user "},
        GOOD | {"username": "x" * 1000},
        GOOD | {"username": "\ud800"},
    ],
    ids=lambda body: ascii(body)[:60],
)
def test_what_nobody_has_is_a_400_without_a_key(academy: Academy, body: dict[str, str]) -> None:
    assert academy.user
    sessions = academy.sql("SELECT count(*) FROM sessions")
    for path in ("login/", "user/login/"):
        assert "token" not in academy.nobody.call("POST", path, body, 400).json
    assert academy.sql("SELECT count(*) FROM sessions") == sessions


def test_wrong_and_unknown_are_told_alike(academy: Academy) -> None:
    assert academy.user
    wrong, unknown = (GOOD | {"password": "12345"}, GOOD | {"username": "nobody"})
    answers = [academy.nobody.call("POST", "login/", body, 400) for body in (wrong, unknown)]
    assert answers[0].json == answers[1].json
    assert set(answers[0].json) == {"non_field_errors"}


@pytest.mark.parametrize("path", ["login/", "user/login/"])
def test_a_field_that_is_missing_or_empty_is_named(academy: Academy, path: str) -> None:
    assert academy.user
    before = academy.stored()
    assert academy.nobody.refused("POST", path, {}) == {"username", "password"}
    for name in GOOD:
        rest = {key: value for key, value in GOOD.items() if key != name}
        assert academy.nobody.refused("POST", path, rest) == {name}
        for value in ("", *NO_TEXT):
            assert academy.nobody.refused("POST", path, rest | {name: value}) == {name}, value
    assert academy.stored() == before


def test_an_email_is_no_username_even_of_who_signs_in_with_it_elsewhere(academy: Academy) -> None:
    academy.person("anna")
    body = {"login": "anna@example.com", "password": PASSWORD}
    academy.stranger.post("/auth/login", body, 200)
    academy.nobody.call("POST", "login/", {"username": "anna@example.com", "password": PASSWORD}, 400)


def test_a_username_that_is_somebodys_email_is_still_a_username(academy: Academy) -> None:
    anna = academy.person("anna")
    impostor = academy.nobody.post("register/", {"username": "anna@example.com", "password": "12345"})
    key = academy.key("anna@example.com", "12345")
    assert academy.with_key(key).get("me/")["id"] == impostor["id"] != anna.id
    academy.nobody.call("POST", "login/", {"username": "anna@example.com", "password": PASSWORD}, 400)
    pair = academy.stranger.post("/auth/login", {"login": "anna@example.com", "password": PASSWORD}, 200)
    assert Person(academy.http, token=pair["access_token"]).get("/me")["id"] == anna.id


def test_the_superuser_enters_with_username_and_password(academy: Academy) -> None:
    academy.person("root", superuser=True)
    assert academy.with_key(academy.key("root")).get("me/")["is_staff"] is True


def test_a_disabled_account_has_no_key(academy: Academy) -> None:
    user = academy.user
    academy.admin.patch(f"/users/{user.id}", {"is_active": False})
    user.get("me/", 401)
    assert "token" not in academy.nobody.post("login/", GOOD, 400)
    academy.admin.patch(f"/users/{user.id}", {"is_active": True})
    academy.with_key(academy.key("user")).get("me/")


# -- showing it ----------------------------------------------------------------------------------------------

HEADERS = {
    "the word alone": "Token",
    "the word and a space": "Token ",
    "two words": "Token a b",
    "the key and one word more": "Token {key} b",
    "an unknown key": f"Token {'0' * 40}",
    "half a key": "Token {half}",
    "the key twice": "Token {key}{key}",
    "the key in capitals": "Token {capitals}",
    "a bare key": "{key}",
    "another scheme": "Bearer {key}",
    "one more scheme": "JWT {key}",
    "no space": "Token{key}",
    "a colon": "Token: {key}",
    "quotes": 'Token "{key}"',
    "not ASCII": "Token кто там",
    "an access token": "Token {jwt}",
    "an access token as natively": "Bearer {jwt}",
    "nothing": "",
}


@pytest.mark.either_engine
@pytest.mark.parametrize("name", HEADERS)
def test_anything_but_the_word_and_a_good_key_is_a_401(academy: Academy, name: str) -> None:
    key = str(academy.user.key)
    jwt = native(academy, academy.user).headers["Authorization"].partition(" ")[2]
    header = HEADERS[name].format(key=key, half=key[:20], capitals=key.upper(), jwt=jwt)
    headers = {"Authorization": header.encode().decode("latin-1")}
    for method, path in (
        ("GET", "me/"),
        ("PATCH", "user/me/"),
        ("GET", "cinema/genres/"),
        ("POST", "cinema/orders/"),
    ):
        academy.nobody.call(method, path, headers=headers, status=401)


def test_a_key_is_kept_only_as_a_hash(academy: Academy) -> None:
    assert str(academy.user.key) not in str(academy.stored())


def test_a_key_in_the_address_or_a_cookie_is_none(academy: Academy) -> None:
    key = academy.user.key
    academy.nobody.get(f"me/?token={key}", 401)
    academy.nobody.call("GET", "me/", headers={"Cookie": f"token={key}"}, status=401)


# -- how long it is good -------------------------------------------------------------------------------------


def test_a_key_is_good_as_long_as_it_is_used(academy: Academy) -> None:
    for _month in range(40):
        academy.later(days=29, hours=23)
        academy.user.get("me/")
    academy.later(days=30)
    academy.user.get("me/", 401)
    academy.user.get("me/", 401)


def test_a_key_is_a_session_that_its_owner_sees_and_ends(academy: Academy) -> None:
    user = academy.user
    session = sid(academy, user)
    owner = native(academy, user)
    assert session in [each["sid"] for each in owner.get("/me/sessions")["items"]]
    user.get("me/")
    owner.delete(f"/me/sessions/{session}")
    user.get("me/", 401)
    assert session not in [each["sid"] for each in owner.get("/me/sessions")["items"]]


def test_signing_out_of_all_other_devices_ends_it(academy: Academy) -> None:
    user = academy.user
    user.get("me/")
    native(academy, user).post("/auth/logout-others", status=None)
    user.get("me/", 401)


def test_what_somebody_may_is_what_they_may_now(academy: Academy) -> None:
    user = academy.user
    user.call("POST", "cinema/genres/", {"name": "Драма"}, 403)
    academy.admin.put(f"/users/{user.id}/roles/staff", status=204)
    assert user.get("me/")["is_staff"] is True
    user.post("cinema/genres/", {"name": "Драма"})
    academy.admin.delete(f"/users/{user.id}/roles/staff")
    assert user.get("me/")["is_staff"] is False
    user.call("POST", "cinema/genres/", {"name": "Комедия"}, 403)


# -- another password ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("path", ["me/", "user/me/"])
def test_a_new_password_works_at_once_and_the_old_one_no_longer(academy: Academy, path: str, method: str) -> None:
    user = academy.user
    assert "password" not in user.call(method, path, {"username": "user", "password": "54321"}, 200).json
    assert "token" not in academy.nobody.post("login/", GOOD, 400)
    academy.with_key(academy.key("user", "54321")).get("me/")
    academy.stranger.post("/auth/login", {"login": "user", "password": "54321"}, 200)


def test_the_key_that_changed_it_stays_and_all_others_end(academy: Academy) -> None:
    user, phone, rival = academy.user, academy.with_key(academy.key("user")), academy.rival
    browser = native(academy, user)
    for caller in (user, phone, rival):
        caller.get("me/")
    user.patch("me/", {"password": "54321"})
    user.get("me/")
    rival.get("me/")
    phone.get("me/", 401)
    browser.get("/me", 401)
    academy.later(minutes=2)
    user.get("me/")
    phone.get("me/", 401)


def test_another_name_or_email_ends_nothing(academy: Academy) -> None:
    user, phone = academy.user, academy.with_key(academy.key("user"))
    user.patch("me/", {"username": "anna", "email": "anna@example.com"})
    assert user.get("me/") == phone.get("me/")
    academy.key("anna")


def test_another_email_changes_nothing_about_who_signs_in_with_it_natively(academy: Academy) -> None:
    user = academy.user
    user.patch("me/", {"email": "rival@example.com"})
    assert academy.rival
    for login, user_id in (("user@example.com", user.id), ("rival@example.com", academy.rival.id)):
        pair = academy.stranger.post("/auth/login", {"login": login, "password": PASSWORD}, 200)
        assert Person(academy.http, token=pair["access_token"]).get("/me")["id"] == user_id
