"""Refreshing: what follows a refresh token, for how long, and what happens when a spent one comes back."""

import base64
import json
import re
import time
from dataclasses import replace
from typing import Any

import pytest
from webtest import TestApp, TestResponse

from cinema.accounts import refresh_tokens, sessions
from cinema.accounts.sessions import Origin
from cinema.core.db.base import Base
from tests.app import PASSWORD, Cinema, Person, fields
from tests.conftest import opened

FORM = re.compile(r"([0-9]+)\.([0-9]+)\.([A-Za-z0-9_-]{22,})")  # 22 characters hold 128 bits


def sign_in(cinema: Cinema, username: str = "member") -> TestResponse:
    """What signing in answers."""
    return cinema.stranger.call("POST", "/auth/login", {"login": username, "password": PASSWORD}, 200)


def refresh(cinema: Cinema, token: Any, http: TestApp | None = None) -> TestResponse:
    """What a refresh answers."""
    return Person(http or cinema.http).call("POST", "/auth/refresh", {"refresh_token": token})


def successor(cinema: Cinema, token: str | None) -> str:
    """The refresh token that follows."""
    answer = refresh(cinema, token)
    assert answer.status_int == 200, answer.text
    return str(answer.json["refresh_token"])


def refused(cinema: Cinema, token: str | None) -> str:
    """The code with which a refresh is refused."""
    answer = refresh(cinema, token)
    assert answer.status_int == 401, answer.text
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    return str(answer.json["code"])


def holder(cinema: Cinema, pair: Any) -> Person:
    """Whoever has this pair of tokens."""
    return Person(cinema.http, token=pair["access_token"], refresh_token=pair["refresh_token"])


def claims(token: str) -> tuple[Any, Any]:
    """The header and the claims of an access token."""
    header, payload = (json.loads(base64.urlsafe_b64decode(f"{part}==")) for part in token.split(".")[:2])
    return header, payload


def session_rows(cinema: Cinema) -> list[Any]:
    """How far each session has come, and whether it has ended."""
    return cinema.sql("SELECT id, generation, ended_at IS NOT NULL FROM sessions ORDER BY id")


# -- a pair --------------------------------------------------------------------------------------------------


def test_signing_in_answers_a_pair_of_tokens(cinema: Cinema) -> None:
    user_id = cinema.member.id
    before = int(time.time())
    answer = sign_in(cinema)
    pair = answer.json
    assert set(pair) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert (pair["token_type"], pair["expires_in"]) == ("Bearer", 600)
    header, said = claims(pair["access_token"])
    assert (header["alg"], header["typ"]) == ("HS256", "at+jwt")
    assert set(said) == {"sub", "sid", "roles", "jti", "iss", "aud", "iat", "exp"}
    assert (said["sub"], said["roles"], said["iss"], said["aud"]) == (str(user_id), ["member"], "cinema", "cinema")
    assert said["exp"] - said["iat"] == 600
    assert before <= said["iat"] <= time.time()
    session, generation, _secret = FORM.fullmatch(pair["refresh_token"]).groups()  # type: ignore[union-attr]
    assert (int(session), int(generation)) == (said["sid"], 0)


def test_tokens_are_kept_by_no_cache(cinema: Cinema) -> None:
    """RFC 6749, 5.1."""
    assert cinema.member.id
    signed_in = sign_in(cinema)
    for answer in (signed_in, refresh(cinema, signed_in.json["refresh_token"])):
        assert answer.headers["Cache-Control"] == "no-store"


def test_every_session_has_secrets_of_its_own(cinema: Cinema) -> None:
    devices = [cinema.signed_in(cinema.member.id or 0) for _device in range(20)]
    parts = {part for device in devices for part in (device.refresh_token or "").split(".")[::2]}
    assert len(parts) == 40


def test_a_refresh_answers_a_new_pair_of_the_same_session(cinema: Cinema) -> None:
    assert cinema.member.id
    first = sign_in(cinema).json
    second = refresh(cinema, first["refresh_token"]).json
    assert set(second) == set(first)
    assert (second["token_type"], second["expires_in"]) == ("Bearer", 600)
    session, generation, _secret = second["refresh_token"].split(".")
    assert [session, generation] == [first["refresh_token"].split(".")[0], "1"]
    (_header, old), (_header, new) = claims(first["access_token"]), claims(second["access_token"])
    assert (new["sub"], new["sid"]) == (old["sub"], old["sid"])
    assert new["jti"] != old["jti"]
    for pair in (first, second):
        assert holder(cinema, pair).get("/me")["username"] == "member"


def test_a_refresh_gives_the_roles_of_the_moment(cinema: Cinema) -> None:
    member = cinema.member
    cinema.admin.put(f"/users/{member.id}/roles/staff", status=204)
    pair = refresh(cinema, member.refresh_token).json
    assert claims(pair["access_token"])[1]["roles"] == ["member", "staff"]


def test_a_refresh_asks_for_nothing_but_the_token(cinema: Cinema) -> None:
    """An access token that has expired comes along with many clients' refreshes."""
    member = cinema.member
    headers = {"Authorization": "Bearer long.since.expired"}
    body = {"refresh_token": member.refresh_token}
    assert cinema.stranger.call("POST", "/auth/refresh", body, 200, headers=headers).json["refresh_token"]


def test_no_token_is_stored(cinema: Cinema) -> None:
    assert cinema.member.id
    first = sign_in(cinema).json
    second = refresh(cinema, first["refresh_token"]).json
    refresh(cinema, first["refresh_token"])
    holder(cinema, second).post("/auth/logout-others", status=204)
    holder(cinema, second).post("/auth/logout", status=204)
    stored = " ".join(str(cinema.sql(f"SELECT * FROM {table}")) for table in Base.metadata.tables)
    for pair in (first, second):
        for secret in (*pair["access_token"].split(".")[1:], pair["refresh_token"].split(".")[2]):
            assert secret not in stored
    assert str(cinema.sql("SELECT secret FROM sessions ORDER BY id DESC LIMIT 1")[0][0]) in stored  # it would be seen


def test_what_is_stored_is_no_token_without_the_key_of_the_server(cinema: Cinema) -> None:
    session_id = int((cinema.member.refresh_token or "").split(".")[0])
    secret = cinema.sql("SELECT secret FROM sessions WHERE id = :id", id=session_id)[0][0]
    assert refused(cinema, f"{session_id}.0.{secret}") == "token-invalid"
    assert refused(cinema, refresh_tokens.make(b"", session_id, secret, 0)) == "token-invalid"


# -- the same token again ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [0, 1, 30])
def test_a_retry_within_30_seconds_gets_the_same_successor(cinema: Cinema, seconds: int) -> None:
    member = cinema.member
    first = successor(cinema, member.refresh_token)
    cinema.later(seconds=seconds)
    again = refresh(cinema, member.refresh_token).json
    assert again["refresh_token"] == first
    assert holder(cinema, again).get("/me")["id"] == member.id
    assert successor(cinema, first).split(".")[1] == "2"


def test_retries_do_not_prolong_the_30_seconds(cinema: Cinema) -> None:
    token = cinema.member.refresh_token
    first = successor(cinema, token)
    for _retry in range(2):
        cinema.later(seconds=15)
        assert successor(cinema, token) == first
    cinema.later(seconds=1)
    assert refused(cinema, token) == "token-revoked"


def assert_reuse_is_punished(cinema: Cinema, spent: str | None, others: list[Person]) -> None:
    """The session of a spent token ends, whichever of its tokens is presented; `others` are its devices."""
    member = cinema.signed_in(cinema.member.id or 0)
    assert refused(cinema, spent) == "token-revoked"
    for device in others:
        answer = device.call("GET", "/me")
        assert (answer.status_int, answer.json["code"]) == (401, "token-revoked")
        assert refused(cinema, device.refresh_token) == "token-revoked"
    assert [each["result"] for each in member.get("/me/history")["items"]] == ["refresh-reuse"]
    session_id = int((spent or "").split(".")[0])
    assert session_id not in {each["sid"] for each in member.get("/me/sessions")["items"]}
    assert successor(cinema, member.refresh_token)


def test_after_30_seconds_it_is_reuse_and_ends_the_session(cinema: Cinema) -> None:
    member = cinema.member
    pair = refresh(cinema, member.refresh_token).json
    cinema.later(seconds=31)
    assert_reuse_is_punished(cinema, member.refresh_token, [member, holder(cinema, pair)])


def test_once_the_successor_was_used_it_is_reuse_at_once(cinema: Cinema) -> None:
    member = cinema.member
    second = refresh(cinema, member.refresh_token).json
    third = refresh(cinema, second["refresh_token"]).json
    devices = [member, *(holder(cinema, pair) for pair in (second, third))]
    assert_reuse_is_punished(cinema, member.refresh_token, devices)


def test_a_token_spent_long_ago_is_reuse(cinema: Cinema) -> None:
    member = cinema.member
    token = member.refresh_token
    for _day in range(5):
        token = successor(cinema, token)
        cinema.later(days=1)
    assert_reuse_is_punished(cinema, member.refresh_token, [member])


def test_reuse_tells_where_from(cinema: Cinema) -> None:
    member = cinema.member
    successor(cinema, successor(cinema, member.refresh_token))
    body, where = {"refresh_token": member.refresh_token}, {"REMOTE_ADDR": "203.0.113.7"}
    cinema.stranger.call("POST", "/auth/refresh", body, 401, headers={"User-Agent": "Thief/1.0"}, extra_environ=where)
    found = cinema.signed_in(member.id or 0).get("/me/history")["items"][0]
    assert (found["ip"], found["user_agent"], found["result"]) == ("203.0.113.7", "Thief/1.0", "refresh-reuse")
    assert found["at"] == "2026-05-01T12:00:00Z"


def test_reuse_touches_no_other_session(cinema: Cinema) -> None:
    member, other = cinema.member, cinema.other
    device = cinema.signed_in(member.id or 0)
    successor(cinema, successor(cinema, member.refresh_token))
    assert refused(cinema, member.refresh_token) == "token-revoked"
    for person in (device, other):
        person.get("/me")
        assert successor(cinema, person.refresh_token)


def test_after_reuse_nothing_is_recorded_twice(cinema: Cinema) -> None:
    member = cinema.member
    successor(cinema, successor(cinema, member.refresh_token))
    for _time in range(3):
        assert refused(cinema, member.refresh_token) == "token-revoked"
    assert cinema.sql("SELECT count(*) FROM sign_ins WHERE result = 'refresh-reuse'")[0][0] == 1


# -- how long ------------------------------------------------------------------------------------------------


def test_a_session_ends_after_30_days_without_use(cinema: Cinema) -> None:
    device = cinema.signed_in(cinema.member.id or 0)
    cinema.later(days=30, seconds=-1)
    token = successor(cinema, device.refresh_token)
    cinema.later(days=30, seconds=-1)
    token = successor(cinema, token)
    cinema.later(days=30)
    assert refused(cinema, token) == "token-expired"


def test_a_session_ends_after_90_days_however_much_it_is_used(cinema: Cinema) -> None:
    token = cinema.member.refresh_token
    for _time in range(8):
        cinema.later(days=10)
        token = successor(cinema, token)
    cinema.later(days=10, seconds=-1)
    token = successor(cinema, token)
    cinema.later(seconds=1)
    assert refused(cinema, token) == "token-expired"


def test_an_expired_token_is_no_reuse(cinema: Cinema) -> None:
    member = cinema.member
    token = successor(cinema, successor(cinema, member.refresh_token))
    cinema.later(days=30)
    assert {refused(cinema, each) for each in (member.refresh_token, token)} == {"token-expired"}
    assert cinema.sql("SELECT count(*) FROM sign_ins") == [(0,)]


def test_how_long_is_the_operators_to_say(cinema: Cinema, database_url: str) -> None:
    user_id = cinema.member.id or 0
    lifetimes = {
        "cinema.refresh_token_idle_days": "2",
        "cinema.refresh_token_days": "3",
        "cinema.access_token_minutes": "7",
    }
    with opened(database_url, **lifetimes) as application, Cinema(application) as short:
        device = short.signed_in(user_id)
        pair = refresh(short, device.refresh_token).json
        _header, said = claims(pair["access_token"])
        assert (pair["expires_in"], said["exp"] - said["iat"]) == (420, 420)
        short.later(days=2, seconds=-1)
        token = successor(short, pair["refresh_token"])
        short.later(days=1, seconds=1)
        assert refused(short, token) == "token-expired"
        device = short.signed_in(user_id)
        short.later(days=2)
        assert refused(short, device.refresh_token) == "token-expired"


# -- sessions that do not rotate -----------------------------------------------------------------------------


def lasting(cinema: Cinema) -> str:
    """The refresh token of a session that does not rotate."""
    registry, user_id = cinema.registry, cinema.member.id or 0
    origin = Origin("127.0.0.1", "tests", "Tests")
    with cinema.database.plain_session() as db, db.begin():
        stored = cinema.sql("SELECT password_hash FROM users WHERE id = :id", id=user_id)[0][0]
        lease = replace(registry.accounts.lease, rotates=False)
        grant = sessions.begin(db, user_id, stored, origin, registry.refresh_key, lease, cinema.now)
    assert grant is not None
    return grant.refresh_token


def test_a_session_may_keep_its_token(cinema: Cinema) -> None:
    token = lasting(cinema)
    for _time in range(4):
        pair = refresh(cinema, token).json
        assert pair["refresh_token"] == token
        assert holder(cinema, pair).get("/me")["username"] == "member"
        cinema.later(days=29)
    assert refused(cinema, token) == "token-expired"


def test_a_token_that_does_not_rotate_still_ends(cinema: Cinema) -> None:
    token = lasting(cinema)
    device = holder(cinema, refresh(cinema, token).json)
    device.post("/auth/logout", status=204)
    assert refused(cinema, token) == "token-revoked"
    token = lasting(cinema)
    cinema.later(days=30)
    assert refused(cinema, token) == "token-expired"
    assert cinema.sql("SELECT count(*) FROM sign_ins") == [(0,)]


# -- no refresh token ----------------------------------------------------------------------------------------


NO_TOKENS = [
    *("", " ", ".", "..", "x", "1", "1.0", "1.0.", "1.0.x", "a.b.c", "null", "токен"),
    *(f"{start}.{'A' * 43}" for start in ("-1.0", "1.-1", "٣.0", "1.9999999999", f"{'9' * 18}.0", f"{'9' * 30}.0")),
    *("x" * 5000, "1." * 4000),
]


def test_any_text_that_is_no_refresh_token_is_a_401(cinema: Cinema) -> None:
    assert cinema.member.id
    before = session_rows(cinema)
    for text in NO_TOKENS:
        assert (text, refused(cinema, text)) == (text, "token-invalid")
    assert session_rows(cinema) == before


def test_what_is_not_text_is_a_400(cinema: Cinema) -> None:
    for value in (None, 1, 1.5, True, False, [], ["1.0.x"], {}, {"refresh_token": "x"}, "\0", "\ud800"):
        answer = refresh(cinema, value)
        assert (value, answer.status_int, fields(answer.json)) == (value, 400, {"refresh_token"})


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"refresh_token"}),
        ({"token": "x"}, {"refresh_token", "token"}),
        ({"refresh_token": "1.0.x", "more": 1}, {"more"}),
    ],
)
def test_a_missing_token_or_an_unknown_field_is_a_400(cinema: Cinema, body: Any, wrong: set[str]) -> None:
    assert fields(cinema.stranger.call("POST", "/auth/refresh", body, 400).json) == wrong


def test_a_forged_token_is_refused_and_ends_nothing(cinema: Cinema) -> None:
    """Or anybody could end anybody's session."""
    member, other = cinema.member, cinema.other
    for _time in range(3):
        member.refresh_token = successor(cinema, member.refresh_token)
    session, generation, secret = (member.refresh_token or "").split(".")
    theirs = (other.refresh_token or "").split(".")
    forged = [
        f"{session}.{generation}.{'A' * 43}",
        f"{session}.0.{secret}",
        f"{session}.{int(generation) + 1}.{secret}",
        f"{theirs[0]}.{generation}.{secret}",
        f"{session}.{theirs[1]}.{theirs[2]}",
        f"{session}.{generation}.{secret[:-1]}",
        f"{session}.{generation}.{secret}A",
        f" {member.refresh_token}",
        f"{member.refresh_token}\n",
        f"{member.refresh_token}=",
        f"{member.refresh_token}.",
    ]
    before = session_rows(cinema)
    assert {refused(cinema, each) for each in forged} == {"token-invalid"}
    assert session_rows(cinema) == before
    assert successor(cinema, member.refresh_token)


def test_a_token_changed_in_any_place_is_refused(cinema: Cinema) -> None:
    token = cinema.member.refresh_token or ""
    for place, character in enumerate(token[:-1]):  # the last one may hold bits that mean nothing
        other = "A" if character != "A" else "B"
        assert refused(cinema, f"{token[:place]}{other}{token[place + 1 :]}") == "token-invalid"
    assert successor(cinema, token)


def test_a_token_of_another_cinema_is_refused(cinema: Cinema, database_url: str) -> None:
    with opened(database_url, **{"cinema.jwt_secret": "quite-another-secret-0123456789-zyxwvutsrq"}) as application:
        answer = refresh(cinema, cinema.member.refresh_token, TestApp(application))
    assert (answer.status_int, answer.json["code"]) == (401, "token-invalid")


# -- people who are gone -------------------------------------------------------------------------------------


def test_a_disabled_account_refreshes_nothing(cinema: Cinema) -> None:
    """However it came to be disabled."""
    member = cinema.member
    cinema.sql("UPDATE users SET is_active = false WHERE id = :id", id=member.id)
    assert refused(cinema, member.refresh_token) == "token-revoked"
    assert session_rows(cinema)[0][1] == 0


def test_a_deleted_account_refreshes_nothing(cinema: Cinema) -> None:
    member = cinema.member
    cinema.sql("DELETE FROM users WHERE id = :id", id=member.id)
    assert refused(cinema, member.refresh_token) == "token-invalid"
