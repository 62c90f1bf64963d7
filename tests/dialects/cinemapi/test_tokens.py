"""Tokens: an access token for twelve hours, and a refresh token for twenty-four that its use does not replace."""

import json
from base64 import urlsafe_b64decode
from datetime import timedelta
from typing import Any

import pytest

from cinema.accounts.keys import Key, KeyRing
from cinema.accounts.tokens import AccessTokens
from tests.app import PASSWORD, Person
from tests.conftest import opened
from tests.dialects.cinemapi.house import House, detail


@pytest.fixture
def pair(house: House) -> dict[str, str]:
    """Anna's tokens, as the dialect gave them out."""
    assert house.anna.id
    return house.pair("anna")


def claims(token: str) -> dict[str, Any]:
    """What an access token says."""
    payload = token.split(".")[1]
    said: dict[str, Any] = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return said


def refreshes(house: House, token: Any) -> bool:
    """Whether a refresh token is good for an access token; a bad one is a 401 that says so."""
    answer = house.nobody.call("POST", "token/refresh/", {"refresh": token})
    if answer.status_int == 200:
        assert set(answer.json) == {"access"}
        assert house.with_token(answer.json["access"]).get("current_user/")["username"] == "anna"
        return True
    assert answer.status_int == 401
    assert detail(answer)
    return False


def opens(house: House, token: str) -> bool:
    """Whether a token opens what is closed to strangers; a bad one is refused where everybody may look too."""
    caller = house.with_token(token)
    statuses = {caller.call("GET", path).status_int for path in ("current_user/", "hall/", "ticket/")}
    assert statuses in ({200}, {401})
    return statuses == {200}


# -- what they are -------------------------------------------------------------------------------------------


def test_signing_in_answers_two_tokens(house: House, pair: dict[str, str]) -> None:
    assert set(pair) == {"access", "refresh"}
    assert pair["access"] != pair["refresh"]
    assert house.with_token(pair["access"]).get("current_user/")["id"] == house.anna.id


def test_an_access_token_lives_twelve_hours(house: House, pair: dict[str, str]) -> None:
    refreshed = house.nobody.post("token/refresh/", {"refresh": pair["refresh"]}, 200)["access"]
    for token in (pair["access"], refreshed):
        said = claims(token)
        assert said["exp"] - said["iat"] == 12 * 60 * 60


def test_tokens_are_kept_by_nobody_on_the_way(house: House, pair: dict[str, str]) -> None:
    for path, body in (("token/", {"username": "anna", "password": PASSWORD}), ("token/refresh/", pair)):
        assert "no-store" in house.nobody.call("POST", path, body, 200).headers["Cache-Control"]


@pytest.mark.parametrize("token", [None, "", 7, True, [], {}])
def test_a_refresh_token_that_is_missing_is_a_400(house: House, token: Any) -> None:
    assert house.nobody.refused("POST", "token/refresh/", {"refresh": token}) == {"refresh"}


def test_refreshing_without_a_token_is_a_400(house: House, pair: dict[str, str]) -> None:
    assert house.nobody.refused("POST", "token/refresh/", {"access": pair["access"]}) == {"refresh"}


def test_whoever_asks_for_tokens_may_still_send_an_old_one(house: House, pair: dict[str, str]) -> None:
    old = {"Authorization": "Bearer broken"}
    body = {"username": "anna", "password": PASSWORD}
    assert house.nobody.call("POST", "token/", body, 200, headers=old)
    assert house.nobody.call("POST", "token/refresh/", {"refresh": pair["refresh"]}, 200, headers=old)


# -- how long a session lives --------------------------------------------------------------------------------


def test_a_refresh_token_is_not_replaced_by_its_use(house: House, pair: dict[str, str]) -> None:
    accesses = {pair["access"]}
    for _time in range(5):
        house.later(hours=1)
        accesses.add(house.nobody.post("token/refresh/", {"refresh": pair["refresh"]}, 200)["access"])
    assert len(accesses) == 6
    assert all(opens(house, token) for token in accesses)


def test_a_refresh_token_lives_a_day_though_nobody_uses_it_meanwhile(house: House, pair: dict[str, str]) -> None:
    house.later(hours=24, seconds=-1)
    assert refreshes(house, pair["refresh"])


def test_a_refresh_token_lives_no_longer_than_a_day_however_much_it_is_used(
    house: House, pair: dict[str, str]
) -> None:
    for _time in range(23):
        house.later(hours=1)
        assert refreshes(house, pair["refresh"])
    house.later(hours=1, microseconds=-1)
    assert refreshes(house, pair["refresh"])
    house.later(microseconds=1)
    assert not refreshes(house, pair["refresh"])
    house.later(days=30)
    assert not refreshes(house, pair["refresh"])


def test_the_operators_lifetime_of_access_tokens_is_the_native_apis(house: House) -> None:
    assert house.anna.id
    url = house.database.writers.url.render_as_string(hide_password=False)
    more = {"cinema.dialects": "cinemapi = /cinemapi", "cinema.access_token_minutes": "5"}
    with opened(url, **more) as application, House(application) as other:
        pair = other.pair("anna")
        said = claims(pair["access"])
        assert said["exp"] - said["iat"] == 12 * 60 * 60
        assert opens(other, pair["access"])
        assert refreshes(other, pair["refresh"])


# -- what is none --------------------------------------------------------------------------------------------


def test_a_refresh_token_is_no_key(house: House, pair: dict[str, str]) -> None:
    assert not opens(house, pair["refresh"])
    assert not opens(house, house.signed_in(house.anna.id).refresh_token or "")


def test_an_access_token_does_not_refresh(house: House, pair: dict[str, str]) -> None:
    assert not refreshes(house, pair["access"])
    assert not refreshes(house, house.anna.token)


def test_a_native_refresh_token_is_not_for_here_and_is_not_spent_by_trying(house: House) -> None:
    device = house.signed_in(house.anna.id)
    assert not refreshes(house, device.refresh_token)
    assert device.post("/auth/refresh", {"refresh_token": device.refresh_token}, 200)["access_token"]


def test_a_forged_refresh_token_is_refused(house: House, pair: dict[str, str]) -> None:
    assert house.boris.id
    token, others = pair["refresh"], house.pair("boris")["refresh"]
    session, generation, secret = token.split(".")
    flipped = secret[:-2] + ("AA" if secret[-2:] != "AA" else "BB")
    forged = [
        f"{session}.{generation}.{flipped}",
        f"{others.split('.')[0]}.{generation}.{secret}",
        f"{session}.1.{secret}",
        f"{session}.{generation}.{others.split('.')[2]}",
        f"{session}.{generation}",
        f"{session}.{generation}.",
        f"{token}.",
        f" {token}",
        f"{token}\n",
        token.upper(),
        "x",
        "a.b.c",
        "9" * 5000,
    ]
    for each in forged:
        assert not refreshes(house, each), each
    assert refreshes(house, token)


def test_a_forged_access_token_is_refused(house: House, pair: dict[str, str]) -> None:
    said = claims(pair["access"])
    ring = KeyRing([Key("first", b"a key that is not the server's, 32 bytes", None)])
    stranger = AccessTokens(lambda: ring, "cinema", timedelta(hours=12))
    head, payload, signature = pair["access"].split(".")
    unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0"
    for token in (
        stranger.issue(house.anna.id, said["sid"], ["admin"], True),
        f"{head}.{payload}.{signature[:-4]}AAAA",
        f"{unsigned}.{payload}.",
        f"{head}.{payload}",
    ):
        assert not opens(house, token), token
    assert opens(house, pair["access"])


def test_an_expired_access_token_is_refused(house: House) -> None:
    device = house.signed_in(house.anna.id)
    assert not opens(house, house.expired_token(device))


def test_a_token_that_would_live_longer_than_twelve_hours_is_not_believed(house: House) -> None:
    session = int((house.signed_in(house.anna.id).refresh_token or "").split(".")[0])
    hours = {
        lifetime: house.registry.tokens.issue(house.anna.id, session, [], False, timedelta(hours=lifetime))
        for lifetime in (12, 13)
    }
    assert opens(house, hours[12])
    assert not opens(house, hours[13])


# -- one session among others --------------------------------------------------------------------------------


def test_a_session_of_here_is_listed_natively_and_ended_there(house: House, pair: dict[str, str]) -> None:
    anna = house.natively(house.anna)
    session = claims(pair["access"])["sid"]
    assert session in [each["sid"] for each in anna.get("/me/sessions")["items"]]
    anna.delete(f"/me/sessions/{session}")
    assert not opens(house, pair["access"])
    assert not refreshes(house, pair["refresh"])
    assert opens(house, house.anna.token or "")


def test_logging_out_natively_ends_it_here(house: House, pair: dict[str, str]) -> None:
    session = house.session()
    assert Person(house.http, house.anna.id, pair["access"]).call("POST", "/auth/logout").status_int == 204
    assert not opens(house, pair["access"])
    assert not refreshes(house, pair["refresh"])
    caller = house.with_token(pair["access"])
    assert caller.call("POST", "book/", {"session": session, "row": 1, "seat": 1, "user": house.anna.id}, 401)


def test_a_new_password_and_a_disabled_account_end_it_too(house: House, pair: dict[str, str]) -> None:
    anna, new = house.natively(house.anna), "another long password"
    anna.put("/me/password", {"old_password": PASSWORD, "new_password": new}, status=None)
    assert not opens(house, pair["access"])
    assert not refreshes(house, pair["refresh"])
    again = house.pair("anna", new)
    house.admin.patch(f"/users/{house.anna.id}", {"is_active": False})
    assert not opens(house, again["access"])
    assert not refreshes(house, again["refresh"])


def test_a_native_access_token_works_here_and_one_of_here_natively(house: House, pair: dict[str, str]) -> None:
    assert opens(house, house.anna.token or "")
    assert Person(house.http, house.anna.id, pair["access"]).get("/me")["username"] == "anna"
