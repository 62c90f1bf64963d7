"""The keys that sign access tokens, and their changing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from webtest import TestApp

from cinema.accounts import keys
from cinema.accounts.keys import FIRST, KeyRing
from cinema.accounts.knowledge import Knowledge
from tests.app import Cinema, Person
from tests.conftest import opened


def rotate(cinema: Cinema, seconds_ago: int) -> str:
    """Adds a key, as if so long ago; answers its id."""
    with cinema.database.plain_session() as db, db.begin():
        return keys.rotate(db, datetime.now(UTC) - timedelta(seconds=seconds_ago))


def kid(token: str) -> Any:
    """The key that signed a token."""
    return jwt.get_unverified_header(token)["kid"]


def access_token(person: Person) -> str:
    """Somebody's access token."""
    return person.headers["Authorization"].partition(" ")[2]


def refresh(person: Person) -> Person:
    """The same device with its next pair of tokens."""
    pair = person.post("/auth/refresh", {"refresh_token": person.refresh_token}, 200)
    return Person(person._http, person.id, pair["access_token"], pair["refresh_token"])


def signed(cinema: Cinema, key: bytes, key_id: Any, **changes: Any) -> Person:
    """Somebody with the member's claims, signed with this key."""
    claims = jwt.decode(access_token(cinema.member), options={"verify_signature": False})
    token = jwt.encode(claims | changes, key, "HS256", {"typ": "at+jwt", "kid": key_id})
    return Person(cinema.http, token=token)


def test_the_first_key_needs_no_rotation(cinema: Cinema) -> None:
    assert kid(access_token(cinema.member)) == FIRST


def test_a_new_key_signs_and_the_old_ones_tokens_stay_good(cinema: Cinema) -> None:
    devices = [cinema.member]
    for _rotation in range(3):
        new = rotate(cinema, 11)
        devices.append(refresh(devices[-1]))
        assert kid(access_token(devices[-1])) == new
    assert len({kid(access_token(device)) for device in devices}) == 4
    for device in devices:
        assert device.get("/me")["username"] == "member"


def test_nobody_is_signed_out_by_a_rotation(cinema: Cinema) -> None:
    people = [cinema.member, cinema.other, cinema.admin]
    rotate(cinema, 11)
    for person in people:
        person.get("/me")
        refresh(person).get("/me")
    assert cinema.sql("SELECT count(*) FROM sessions WHERE ended_at IS NOT NULL") == [(0,)]


def test_a_new_key_signs_only_once_everybody_has_heard_of_it(cinema: Cinema) -> None:
    assert cinema.member.id
    new = rotate(cinema, 0)
    device = refresh(cinema.member)
    assert kid(access_token(device)) == FIRST
    key = cinema.registry.knowledge.keys.get(new)
    assert signed(cinema, key.secret, new).get("/me")["username"] == "member"


def test_a_new_key_signs_after_ten_seconds(cinema: Cinema) -> None:
    now = datetime.now(UTC)
    with cinema.database.plain_session() as db, db.begin():
        new = keys.rotate(db, now)
    with cinema.database.readers.connect() as connection:
        ring = KeyRing.load(cinema.registry.secret, connection)
    for seconds, expected in ((0, FIRST), (9.999, FIRST), (10, new), (10**6, new)):
        assert ring.signing(now + timedelta(seconds=seconds)).id == expected


def test_another_process_hears_of_a_new_key_and_a_later_one_knows_it(cinema: Cinema, database_url: str) -> None:
    secret, lifetime = cinema.registry.secret, timedelta(minutes=10)
    process = Knowledge(cinema.database, secret, lifetime, lambda: cinema.now)
    new = rotate(cinema, 11)
    assert process.keys.get(new) is None
    process.poll()
    assert process.keys.get(new) == cinema.registry.knowledge.keys.get(new)
    token = access_token(refresh(cinema.member))
    with opened(database_url) as application:
        assert Person(TestApp(application), token=token).get("/me")["username"] == "member"


def test_a_rotation_that_is_rolled_back_signs_nothing(cinema: Cinema) -> None:
    assert cinema.member.id
    with cinema.database.plain_session() as db:
        new = keys.rotate(db, datetime.now(UTC) - timedelta(minutes=1))
        db.rollback()
    assert cinema.registry.knowledge.keys.get(new) is None
    assert kid(access_token(refresh(cinema.member))) == FIRST


@pytest.mark.parametrize("key_id", ["other", "", "FIRST", "0" * 12])
def test_a_key_that_is_not_on_the_ring_is_refused(cinema: Cinema, key_id: str) -> None:
    key = cinema.registry.knowledge.keys.get(FIRST).secret
    answer = signed(cinema, key, key_id).call("GET", "/me")
    assert (answer.status_int, answer.json["code"]) == (401, "token-invalid")


def test_a_key_signs_in_its_own_name_only(cinema: Cinema) -> None:
    new = rotate(cinema, 11)
    ring = cinema.registry.knowledge.keys
    for key_id, other in ((FIRST, new), (new, FIRST)):
        assert signed(cinema, ring.get(key_id).secret, key_id).get("/me")["username"] == "member"
        assert signed(cinema, ring.get(other).secret, key_id).call("GET", "/me").json["code"] == "token-invalid"


def test_the_database_alone_signs_nothing(cinema: Cinema) -> None:
    new = rotate(cinema, 11)
    salt = cinema.sql("SELECT salt FROM signing_keys")[0][0]
    for key in (salt.encode(), bytes.fromhex(salt)):
        answer = signed(cinema, key, new, roles=["admin"]).call("GET", "/me")
        assert (answer.status_int, answer.json["code"]) == (401, "token-invalid")
