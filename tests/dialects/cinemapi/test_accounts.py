"""Accounts: registering, one's own card, and everybody's cards for staff."""

from typing import Any

import pytest

from tests.app import PASSWORD
from tests.dialects.cinemapi.house import Caller, House, bad_fields, detail

DOCUMENTED = {"username": "user", "email": "user@mail.ru", "password": "testing321"}


def card(person: Caller, username: str) -> dict[str, Any]:
    """What is shown of somebody made by the tests."""
    return {"id": person.id, "username": username, "email": f"{username}@example.com"}


# -- registering ---------------------------------------------------------------------------------------------


def test_the_documents_own_account_is_registered_and_signs_in(house: House) -> None:
    answer = house.nobody.call("POST", "register/", DOCUMENTED, 201)
    assert answer.json == {"id": answer.json["id"], "username": "user", "email": "user@mail.ru"}
    assert type(answer.json["id"]) is int
    caller = house.signed_in_here("user", "testing321")
    assert caller.get("current_user/") == answer.json


@pytest.mark.parametrize("password", ["1", "123", "user", "aaaaaaa", "пароль", " 1 ", "x" * 1024])
def test_any_password_is_a_good_one(house: House, password: str) -> None:
    house.nobody.post("register/", DOCUMENTED | {"password": password})
    assert house.signed_in_here("user", password).get("current_user/")["username"] == "user"
    house.nobody.call("POST", "token/", {"username": "user", "password": "wrong"}, 401)


@pytest.mark.parametrize("username", ["a", "7", "a@b.c", "a.b+c-d_e", "Иван_1", "x" * 150])
def test_usernames_hold_letters_digits_and_a_few_signs(house: House, username: str) -> None:
    account = DOCUMENTED | {"username": username}
    assert house.nobody.post("register/", account)["username"] == username
    assert house.signed_in_here(username, "testing321").get("current_user/")["username"] == username


@pytest.mark.either_engine
@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"username": "", "email": "", "password": ""}, {"username", "email", "password"}),
        ({"username": None, "email": None, "password": None}, {"username", "email", "password"}),
        ({"username": 7, "email": 7, "password": 7}, {"username", "email", "password"}),
        ({"username": [], "email": {}, "password": True}, {"username", "email", "password"}),
        ({"username": " "}, {"username"}),
        ({"username": "x" * 151}, {"username"}),
        *[({"username": name}, {"username"}) for name in ("a b", "a/b", "a\n", "a!", "a'b", "a:b", "a\0b", "🎞")],
        *[({"email": address}, {"email"}) for address in ("nobody", "a@", "@b.c", "a b@c.d", "a@b@c", "a\0@b.c")],
        ({"email": f"{'x' * 250}@b.cd"}, {"email"}),
        ({"password": "x" * 1025}, {"password"}),
        ({"password": "1\ud800"}, {"password"}),
        ({"username": "a b", "email": "nobody"}, {"username", "email"}),
    ],
)
def test_every_bad_field_is_named_and_nobody_is_registered(
    house: House, changes: dict[str, Any], wrong: set[str]
) -> None:
    before = house.stored()
    assert house.nobody.refused("POST", "register/", DOCUMENTED | changes) == wrong
    assert house.stored() == before


@pytest.mark.parametrize("missing", [{"username"}, {"email"}, {"password"}, {"username", "email"}, set(DOCUMENTED)])
def test_all_three_are_needed(house: House, missing: set[str]) -> None:
    before = house.stored()
    account = {name: value for name, value in DOCUMENTED.items() if name not in missing}
    assert house.nobody.refused("POST", "register/", account) == missing
    assert house.stored() == before


@pytest.mark.parametrize("username", ["anna", "ANNA", "Anna"])
def test_a_username_is_given_once_in_whatever_case_and_here_as_natively(house: House, username: str) -> None:
    before = house.stored()
    assert house.nobody.refused("POST", "register/", DOCUMENTED | {"username": username}) == {"username"}
    assert house.stored() == before


def test_an_email_address_may_be_anothers_too(house: House) -> None:
    first = house.nobody.post("register/", DOCUMENTED)
    second = house.nobody.post("register/", DOCUMENTED | {"username": "second"})
    third = house.nobody.post("register/", {"username": "third", "email": "anna@example.com", "password": "1"})
    assert first["email"] == second["email"] == "user@mail.ru"
    assert house.anna.id  # and a native account may have it after one of here
    assert third["email"] == house.anna.get("current_user/")["email"]


def test_an_email_address_given_here_is_nobodys_key_natively(house: House) -> None:
    house.nobody.post("register/", DOCUMENTED)
    natively = {"login": "user@mail.ru", "password": "testing321"}
    assert house.stranger.call("POST", "/auth/login", natively).status_int == 401
    assert house.stranger.call("POST", "/auth/login", natively | {"login": "user"}).status_int == 200


@pytest.mark.parametrize("flag", ["is_staff", "is_superuser", "is_active", "roles", "groups", "user_permissions"])
def test_nobody_registers_as_staff(house: House, flag: str) -> None:
    house.nobody.post("register/", DOCUMENTED | {flag: ["admin"] if flag == "roles" else True})
    caller = house.signed_in_here("user", "testing321")
    assert caller.call("GET", "user/", status=403)
    assert caller.call("POST", "movie/", {"name": "x", "duration": "5"}, 403)


def test_whoever_is_made_staff_is_so_at_once(house: House) -> None:
    caller = house.signed_in_here("anna") if house.anna.id else house.nobody
    assert caller.call("GET", "user/", status=403)
    house.admin.put(f"/users/{house.anna.id}/roles/staff", status=204)
    assert caller.call("GET", "user/", status=200)
    assert caller.post("movie/", {"name": "x", "duration": "5"})["name"] == "x"


# -- cards ---------------------------------------------------------------------------------------------------


def test_current_user_is_one_object_of_three_fields(house: House) -> None:
    assert house.anna.get("current_user/") == card(house.anna, "anna")
    assert house.boss.get("current_user/") == card(house.boss, "boss")
    assert house.root.get("current_user/") == card(house.root, "root")


def test_staff_see_every_card_in_the_order_of_entry(house: House) -> None:
    cards = [card(house.anna, "anna"), card(house.boris, "boris"), card(house.boss, "boss"), card(house.root, "root")]
    for staff in (house.boss, house.root):
        assert staff.get("user/") == cards
        assert [staff.get(f"user/{each['id']}/") for each in cards] == cards


def test_a_user_sees_no_card_by_its_id_not_even_the_own_one(house: House) -> None:
    for path in ("user/", f"user/{house.anna.id}/", f"user/{house.boss.id}/", "user/1000000000/"):
        assert detail(house.anna.call("GET", path, status=403))
        assert detail(house.nobody.call("GET", path, status=401))


def test_accounts_without_a_username_or_an_address_have_empty_ones(house: House) -> None:
    assert house.boss.id
    house.sql("UPDATE users SET username = NULL, username_key = NULL WHERE id = :id", id=house.anna.id)
    house.sql("UPDATE users SET email = NULL, sign_in_key = NULL WHERE id = :id", id=house.boris.id)
    assert house.boss.get(f"user/{house.anna.id}/") == card(house.anna, "anna") | {"username": ""}
    assert house.boss.get(f"user/{house.boris.id}/") == card(house.boris, "boris") | {"email": ""}


def test_no_answer_holds_a_password_or_what_is_kept_of_it(house: House) -> None:
    registered = house.nobody.call("POST", "register/", DOCUMENTED, 201)
    signed_in = house.nobody.call("POST", "token/", DOCUMENTED, 200)
    refused = house.nobody.call("POST", "token/", DOCUMENTED | {"password": "guess-4711"}, 401)
    shown = house.boss.call("GET", "user/", status=200)
    [[kept]] = house.sql("SELECT password_hash FROM users WHERE username = 'user'")
    for answer in (registered, signed_in, refused, shown):
        assert not any(secret in answer.text for secret in ("testing321", "guess-4711", kept, PASSWORD))


# -- signing in ----------------------------------------------------------------------------------------------


def test_wrong_unknown_and_disabled_are_refused_alike(house: House) -> None:
    vera = house.person("vera")
    house.admin.patch(f"/users/{vera.id}", {"is_active": False})
    assert house.anna.id
    answers = [
        house.nobody.call("POST", "token/", {"username": username, "password": password}, 401)
        for username, password in (("anna", "wrong"), ("nobody", PASSWORD), ("vera", PASSWORD), ("x" * 200, "x"))
    ]
    assert len({answer.body for answer in answers}) == 1
    assert not {"access", "refresh"} & set(answers[0].json)


def test_an_email_address_does_not_replace_the_username(house: House) -> None:
    assert house.anna.id
    house.nobody.call("POST", "token/", {"username": "anna@example.com", "password": PASSWORD}, 401)


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"username", "password"}),
        ({"username": "anna"}, {"password"}),
        ({"password": PASSWORD}, {"username"}),
        ({"username": "", "password": ""}, {"username", "password"}),
        ({"username": None, "password": None}, {"username", "password"}),
        ({"username": ["anna"], "password": 7}, {"username", "password"}),
    ],
)
def test_what_is_missing_in_a_sign_in_is_named(house: House, body: dict[str, Any], wrong: set[str]) -> None:
    assert bad_fields(house.nobody.call("POST", "token/", body, 400)) == wrong


def test_sign_ins_are_remembered_for_their_owner(house: House) -> None:
    assert house.anna.id
    house.nobody.call("POST", "token/", {"username": "anna", "password": "wrong"}, 401)
    house.pair("anna")
    history = house.natively(house.anna).get("/me/history")["items"]
    assert [each["result"] for each in history] == ["success", "wrong-password"]


# -- budgets -------------------------------------------------------------------------------------------------


def test_cards_take_one_statement(house: House) -> None:
    for caller, path in (
        (house.anna, "current_user/"),
        (house.boss, "user/"),
        (house.boss, f"user/{house.anna.id}/"),
    ):
        with house.statements() as seen:
            caller.get(path)
        assert len(seen) == 1, path
