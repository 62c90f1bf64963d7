"""Keys: sessions like any other, for clients that cannot refresh. The cassette shop hands them out."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from cinema.accounts import administration, api_keys
from cinema.accounts.administration import CONSOLE
from cinema.accounts.models import UserSession
from tests.app import API, Person
from tests.conftest import opened
from tests.databases import empty
from tests.dialects.vhs.shop import RAMBO, SHELF, Caller, Shop
from tests.functional.test_revocation import wait_until
from tests.processes import serving

RICK = {"username": "rick", "password": "123"}
NEW = "another long password"
VHS = {"cinema.dialects": "vhs = /"}


@pytest.fixture(scope="module")
def url(new_database: Callable[[str], str]) -> str:
    """The URL of a migrated database."""
    return new_database("keys")


@pytest.fixture(scope="module")
def application(url: str) -> Iterator[Any]:
    """An application that speaks vhs."""
    with opened(url, **VHS) as router:
        yield router


@pytest.fixture
def shop(application: Any) -> Iterator[Shop]:
    """An empty shop, its clock and its people."""
    empty(application.registry.database)
    with Shop(application) as house:
        yield house


@pytest.fixture
def rick(shop: Shop) -> Caller:
    """Somebody who has signed up, and keeps the key."""
    return Caller(shop.http, shop.anybody.post("/api/auth/signup", RICK)["token"])


def one_more(shop: Shop, key: str | None = None) -> Caller:
    """Rick on one more device."""
    return Caller(shop.http, key or shop.anybody.post("/api/auth/login", RICK, 200)["token"])


def works(caller: Caller) -> bool:
    """Whether a key is good; one that is not is refused where everybody may look, too."""
    looked, written = caller.call("GET", SHELF), caller.call("POST", SHELF, {})
    assert (looked.status_int, written.status_int) in {(200, 400), (401, 401)}
    if looked.status_int == 200:
        return True
    for answer in (looked, written):
        assert list(answer.json) == ["detail"]
        assert answer.headers["WWW-Authenticate"].startswith("Token ")
    return False


def sids(person: Person) -> list[int]:
    """The sessions that somebody is shown, the oldest first."""
    return [each["sid"] for each in person.get("/me/sessions")["items"]][::-1]


def cost(shop: Shop, caller: Caller) -> int:
    """How many statements a look at the shelf takes beyond the one that reads it."""
    with shop.statements() as seen:
        caller.get()
    return len(seen) - 1


# -- listed and ended ----------------------------------------------------------------------------------------


def test_a_key_is_listed_among_the_sessions_of_its_owner(shop: Shop, rick: Caller) -> None:
    shop.later(hours=2)
    one_more(shop)
    natively = shop.natively("rick", "123")
    items = natively.get("/me/sessions")["items"]
    assert [set(each) for each in items] == [{"sid", "device", "ip", "created_at", "last_used_at", "current"}] * 3
    assert [each["current"] for each in items] == [True, False, False]
    created = [each["created_at"] for each in items]
    assert created == ["2026-05-01T14:00:00Z", "2026-05-01T14:00:00Z", "2026-05-01T12:00:00Z"]
    assert len(sids(shop.member)) == 1
    assert works(rick)


def test_a_key_is_ended_like_any_session_and_refused_at_once(shop: Shop, rick: Caller) -> None:
    other, natively = one_more(shop), shop.natively("rick", "123")
    assert works(rick)
    assert works(other)
    first, second, current = sids(natively)
    natively.delete(f"/me/sessions/{first}")
    for _call in range(5):
        assert not works(rick)
    assert works(other)
    assert sids(natively) == [second, current]
    natively.delete(f"/me/sessions/{first}", 404)


def test_a_key_that_was_never_used_can_be_ended_too(shop: Shop, rick: Caller) -> None:
    natively = shop.natively("rick", "123")
    natively.delete(f"/me/sessions/{sids(natively)[0]}")
    assert not works(rick)


def test_nobody_else_ends_a_key(shop: Shop, rick: Caller) -> None:
    [sid, _current] = sids(shop.natively("rick", "123"))
    shop.member.delete(f"/me/sessions/{sid}", 404)
    shop.admin.delete(f"/me/sessions/{sid}", 404)
    assert works(rick)


def test_logging_out_the_others_ends_keys(shop: Shop, rick: Caller) -> None:
    other, natively = one_more(shop), shop.natively("rick", "123")
    natively.post("/auth/logout-others", status=204)
    assert not works(rick)
    assert not works(other)
    natively.get("/me")


def test_a_new_password_ends_keys_and_gets_new_ones(shop: Shop, rick: Caller) -> None:
    natively = shop.natively("rick", "123")
    assert works(rick)
    natively.put("/me/password", {"old_password": "123", "new_password": NEW}, 204)
    assert not works(rick)
    shop.anybody.post("/api/auth/login", RICK, 400)
    assert works(one_more(shop, shop.anybody.post("/api/auth/login", RICK | {"password": NEW}, 200)["token"]))


def test_a_password_that_is_not_changed_ends_no_key(shop: Shop, rick: Caller) -> None:
    natively = shop.natively("rick", "123")
    natively.put("/me/password", {"old_password": "1234", "new_password": NEW}, 403)
    natively.put("/me/password", {"old_password": "123", "new_password": "short"}, 400)
    assert works(rick)


def disable_over_http(shop: Shop, user_id: int) -> None:
    """As an administrator does."""
    shop.admin.patch(f"/users/{user_id}", {"is_active": False})


def disable_on_the_command_line(shop: Shop, user_id: int) -> None:
    """As on the command line."""
    with shop.database.plain_session() as db, db.begin():
        administration.set_active(db, user_id, False, CONSOLE, shop.now)


def end_over_http(shop: Shop, user_id: int) -> None:
    """As an administrator does, leaving the account as it is."""
    shop.admin.delete(f"/users/{user_id}/sessions")


@pytest.mark.parametrize("act", [disable_over_http, disable_on_the_command_line, end_over_http])
def test_keys_end_with_whatever_ends_sessions(shop: Shop, rick: Caller, act: Callable[[Shop, int], None]) -> None:
    other, jimmy = one_more(shop), shop.jimmy
    assert works(rick)
    act(shop, shop.sql("SELECT id FROM users WHERE username = 'rick'")[0][0])
    assert not works(rick)
    assert not works(other)
    assert works(jimmy)


def test_an_enabled_account_gets_new_keys_only(shop: Shop, rick: Caller) -> None:
    user_id = shop.sql("SELECT id FROM users WHERE username = 'rick'")[0][0]
    disable_over_http(shop, user_id)
    shop.admin.patch(f"/users/{user_id}", {"is_active": True})
    assert not works(rick)
    assert works(one_more(shop))


def test_a_deleted_accounts_key_is_unknown_once_it_is_looked_up(shop: Shop, rick: Caller) -> None:
    shop.sql("DELETE FROM users WHERE username = 'rick'")
    assert not works(rick)


# -- how long they live --------------------------------------------------------------------------------------


def test_an_unused_key_ends_after_thirty_days(shop: Shop, rick: Caller) -> None:
    shop.later(days=30, seconds=-1)
    kept = one_more(shop)
    shop.later(seconds=1)
    assert not works(rick)
    assert works(kept)
    natively = shop.natively("rick", "123")
    assert len(sids(natively)) == 2


def test_a_key_that_is_used_lives_on(shop: Shop, rick: Caller) -> None:
    for _month in range(24):
        shop.later(days=29)
        assert works(rick)
    shop.later(days=30)
    assert not works(rick)


def test_looking_is_using(shop: Shop, rick: Caller) -> None:
    shop.later(days=20)
    rick.get()
    shop.later(days=20)
    rick.get()


def test_an_ended_key_does_not_live_on_by_being_tried(shop: Shop, rick: Caller) -> None:
    shop.later(days=30)
    for _time in range(3):
        assert not works(rick)
        shop.later(hours=2)
    [[ended_idle]] = shop.sql("SELECT count(*) FROM sessions WHERE last_used_at > created_at")
    assert ended_idle == 0


def test_how_long_is_a_setting(rick: Caller, url: str) -> None:
    more = VHS | {"cinema.key_idle_days": "2"}
    with opened(url, **more) as application, Shop(application) as strict:
        key = strict.anybody.post("/api/auth/login", RICK, 200)["token"]
        strict.later(days=2, seconds=-1)
        assert works(Caller(strict.http, key))
        strict.later(days=2, seconds=-1)
        assert works(Caller(strict.http, key))
        strict.later(days=2)
        assert not works(Caller(strict.http, key))


# -- what a key costs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "look_ups"), [(0, 0), (1, 0), (59, 0), (61, 1), (3000, 1)])
def test_a_key_is_remembered_for_a_minute(shop: Shop, rick: Caller, seconds: int, look_ups: int) -> None:
    assert cost(shop, rick) == 1
    shop.later(seconds=seconds)
    assert cost(shop, rick) == look_ups
    assert cost(shop, rick) == 0


def test_being_used_does_not_prolong_being_remembered(shop: Shop, rick: Caller) -> None:
    assert cost(shop, rick) == 1
    shop.later(seconds=40)
    assert cost(shop, rick) == 0
    shop.later(seconds=21)
    assert cost(shop, rick) == 1


def test_what_was_written_past_this_process_counts_after_a_minute(shop: Shop, rick: Caller) -> None:
    assert works(rick)
    shop.sql("UPDATE sessions SET ended_at = created_at")
    assert works(rick)
    shop.later(seconds=61)
    assert not works(rick)


def test_keys_that_are_none_are_not_looked_up(shop: Shop, rick: Caller) -> None:
    for key in ("x", "0" * 39, "0" * 41, (rick.key or "")[:-1] + "Z"):
        with shop.statements() as seen:
            assert not works(Caller(shop.http, key))
        assert seen == []


def test_an_ended_key_that_is_remembered_asks_no_database(shop: Shop, rick: Caller) -> None:
    natively = shop.natively("rick", "123")
    assert works(rick)
    natively.delete(f"/me/sessions/{sids(natively)[0]}")
    with shop.statements() as seen:
        assert not works(rick)
    assert seen == []


def last_used(shop: Shop) -> datetime:
    """When the only session there is was used, as it is written down."""
    with shop.database.readers.connect() as connection:
        return connection.execute(select(UserSession.last_used_at)).scalar_one()


def test_use_is_written_down_once_an_hour(shop: Shop, rick: Caller) -> None:
    began = shop.now
    shop.later(minutes=59)
    assert cost(shop, rick) == 1
    assert last_used(shop) == began
    shop.later(minutes=2)
    with shop.statements() as seen:
        rick.get()
    assert len([statement for statement in seen if statement.startswith("UPDATE sessions")]) == 1
    assert last_used(shop) == began + timedelta(minutes=61)
    for minutes in (2, 20, 30):
        shop.later(minutes=minutes)
        assert cost(shop, rick) == 1
        assert last_used(shop) == began + timedelta(minutes=61)
    shop.later(minutes=10)
    rick.get()
    assert last_used(shop) == shop.now


# -- where they are kept and where they are good -------------------------------------------------------------


def test_a_key_is_stored_nowhere(shop: Shop, rick: Caller) -> None:
    keys = {rick.key or "", one_more(shop).key or ""}
    assert works(rick)
    shop.later(hours=2)
    assert works(rick)
    stored = shop.stored()
    assert len(stored["sessions"]) == 2
    for table, rows in stored.items():
        for row in rows:
            assert not any(key in row for key in keys), table


def test_what_is_stored_of_a_key_is_none(shop: Shop, rick: Caller) -> None:
    with shop.database.readers.connect() as connection:
        [stored] = connection.execute(select(UserSession.key_hash, UserSession.secret)).all()
    for text in stored:
        assert text
        assert text != rick.key
        for key in (text, text[:40], text[-40:]):
            assert not works(Caller(shop.http, key))


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/me"), ("GET", "/movies"), ("POST", "/orders"), ("POST", "/auth/logout"), ("GET", "/me/sessions")],
)
def test_native_addresses_take_no_keys(shop: Shop, rick: Caller, method: str, path: str) -> None:
    for scheme in ("Token", "Bearer"):
        answer = shop.stranger.call(method, path, headers={"Authorization": f"{scheme} {rick.key}"})
        assert (answer.status_int, answer.content_type) == (401, "application/problem+json")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert works(rick)


def test_the_shop_takes_no_other_tokens(shop: Shop) -> None:
    member = shop.member
    access = member.headers["Authorization"].partition(" ")[2]
    for said in (f"Bearer {access}", f"Token {access}", f"Token {member.refresh_token}", f"JWT {access}"):
        answer = shop.anybody.call("POST", SHELF, RAMBO, Authorization=said)
        assert answer.status_int == 401
        assert answer.headers["WWW-Authenticate"].startswith("Token")
    assert shop.anybody.call("GET", SHELF, Authorization=f"Bearer {access}").status_int == 200, "a stranger may look"
    member.get("/me")


def test_a_key_refreshes_nothing(shop: Shop, rick: Caller) -> None:
    shop.stranger.call("POST", "/auth/refresh", {"refresh_token": rick.key}, 401)
    assert works(rick)


# -- in other processes --------------------------------------------------------------------------------------


@pytest.fixture
def neighbours(new_database: Callable[[str], str], tmp_path: Path) -> Iterator[list[httpx.Client]]:
    """Two processes on one database; what they answer is read at once."""
    with serving(tmp_path, new_database("neighbours_by_key"), count=2, dialects="vhs = /") as servers:
        clients = [httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=30) for server in servers]
        yield clients
        for client in clients:
            client.close()


def refused(client: httpx.Client, key: str) -> bool:
    """Whether a process refuses a key."""
    answer = client.get(SHELF, headers={"Authorization": f"Token {key}"})
    assert answer.status_code in (200, 401)
    return answer.status_code == 401


def test_a_key_ended_in_one_process_is_refused_in_every_other_soon_and_for_good(
    neighbours: list[httpx.Client],
) -> None:
    here, there = neighbours
    ended = here.post("/api/auth/signup", json=RICK).json()["token"]
    kept = there.post("/api/auth/login", json=RICK).json()["token"]
    for client in neighbours:
        assert not refused(client, ended)
        assert not refused(client, kept)
    pair = here.post(f"{API}/auth/login", json={"login": "rick", "password": "123"}).json()
    natively = {"Authorization": f"Bearer {pair['access_token']}"}
    listed = here.get(f"{API}/me/sessions", headers=natively).json()["items"]
    assert len(listed) == 3
    gone = min(each["sid"] for each in listed)
    assert here.delete(f"{API}/me/sessions/{gone}", headers=natively).status_code == 204
    assert refused(here, ended)
    wait_until(lambda: refused(there, ended), api_keys.REMEMBERED.total_seconds() / 2)  # before it is looked up again
    for client in [here, there] * 5:
        assert refused(client, ended)
        assert not refused(client, kept)
