"""Sessions: the devices somebody is signed in on, and how they are signed out."""

from collections.abc import Callable
from typing import Any

import pytest

from cinema.accounts import administration
from cinema.accounts.administration import CONSOLE
from tests.app import PASSWORD, Cinema, Person

NEW = "another long password"


def sid(person: Person) -> int:
    """The session of a device."""
    return int((person.refresh_token or "").split(".")[0])


def sign_in(cinema: Cinema, password: str = PASSWORD, **more: Any) -> Person:
    """The member on one more device, signed in over HTTP."""
    pair = cinema.stranger.call("POST", "/auth/login", {"login": "member", "password": password}, 200, **more).json
    return Person(cinema.http, cinema.member.id, pair["access_token"], pair["refresh_token"])


def devices(cinema: Cinema, count: int) -> list[Person]:
    """The member on several devices, the first one included."""
    return [cinema.member, *(cinema.signed_in(cinema.member.id or 0) for _device in range(count - 1))]


def listed(person: Person) -> list[int]:
    """The sessions that somebody is shown."""
    return [each["sid"] for each in person.get("/me/sessions")["items"]]


def works(person: Person) -> bool:
    """Whether a device is signed in: with both of its tokens, or with neither."""
    known = person.call("GET", "/me")
    refreshed = person.call("POST", "/auth/refresh", {"refresh_token": person.refresh_token})
    assert known.status_int == refreshed.status_int
    if known.status_int == 200:
        person.refresh_token = refreshed.json["refresh_token"]
        return True
    assert {known.status_int, refreshed.status_int} == {401}
    assert {known.json["code"], refreshed.json["code"]} == {"token-revoked"}
    assert known.headers["WWW-Authenticate"] == 'Bearer error="invalid_token", error_description="token-revoked"'
    return False


# -- the list ------------------------------------------------------------------------------------------------


def test_the_list_says_where_one_is_signed_in(cinema: Cinema) -> None:
    member = cinema.member
    cinema.later(hours=1)
    where = {"REMOTE_ADDR": "203.0.113.7"}
    phone = sign_in(cinema, extra_environ=where)
    items = phone.get("/me/sessions")["items"]
    assert [set(each) for each in items] == [{"sid", "device", "ip", "created_at", "last_used_at", "current"}] * 2
    assert [each["sid"] for each in items] == [sid(phone), sid(member)]
    assert [each["ip"] for each in items] == ["203.0.113.7", "127.0.0.1"]
    assert [each["created_at"] for each in items] == ["2026-05-01T13:00:00Z", "2026-05-01T12:00:00Z"]
    assert [each["current"] for each in items] == [True, False]
    assert [each["current"] for each in member.get("/me/sessions")["items"]] == [False, True]


def test_a_refresh_counts_as_use(cinema: Cinema) -> None:
    member = cinema.member
    cinema.later(hours=1)
    assert works(member)
    session = member.get("/me/sessions")["items"][0]
    assert (session["created_at"], session["last_used_at"]) == ("2026-05-01T12:00:00Z", "2026-05-01T13:00:00Z")


def test_the_list_is_ones_own_and_comes_in_pages(cinema: Cinema) -> None:
    everywhere = devices(cinema, 5)
    assert cinema.other.id
    newest_first = [sid(device) for device in reversed(everywhere)]
    assert [each["sid"] for each in cinema.member.walk("/me/sessions?limit=2")] == newest_first
    assert cinema.member.get("/me/sessions?count=true")["total"] == 5
    assert listed(cinema.other) == [sid(cinema.other)]


def test_the_list_shows_nothing_that_has_ended(cinema: Cinema) -> None:
    member, phone, tablet = devices(cinema, 3)
    cinema.later(days=29)
    assert works(member)
    phone.post("/auth/logout", status=204)
    assert listed(member) == [sid(tablet), sid(member)]
    cinema.later(days=1)
    assert listed(member) == [sid(member)]


def test_no_secret_is_shown(cinema: Cinema) -> None:
    shown = cinema.member.call("GET", "/me/sessions").text
    secret = cinema.sql("SELECT secret FROM sessions")[0][0]
    assert secret not in shown
    assert (cinema.member.refresh_token or "").split(".")[2] not in shown


# -- signing out ---------------------------------------------------------------------------------------------


def test_logout_ends_this_session_and_no_other(cinema: Cinema) -> None:
    member, phone = devices(cinema, 2)
    answer = member.call("POST", "/auth/logout", status=204)
    assert answer.body == b""
    assert [works(member), works(phone), works(cinema.other)] == [False, True, True]
    assert member.call("POST", "/auth/logout").json["code"] == "token-revoked"


def test_logout_ends_what_the_session_had_before_too(cinema: Cinema) -> None:
    member = cinema.member
    pairs = [member]
    for _time in range(3):
        pair = pairs[-1].post("/auth/refresh", {"refresh_token": pairs[-1].refresh_token}, 200)
        pairs.append(Person(cinema.http, member.id, pair["access_token"], pair["refresh_token"]))
    pairs[1].post("/auth/logout", status=204)
    assert not any(works(each) for each in pairs)
    assert cinema.sql("SELECT count(*) FROM sign_ins") == [(0,)]


def test_logout_of_the_others_leaves_this_one(cinema: Cinema) -> None:
    member, *others = devices(cinema, 4)
    assert member.call("POST", "/auth/logout-others", status=204).body == b""
    assert works(member)
    assert not any(works(each) for each in others)
    assert works(cinema.other)
    assert listed(member) == [sid(member)]
    member.post("/auth/logout-others", status=204)
    assert works(member)


def test_a_device_is_ended_from_another(cinema: Cinema) -> None:
    member, phone, tablet = devices(cinema, 3)
    assert member.call("DELETE", f"/me/sessions/{sid(phone)}", status=204).body == b""
    assert [works(member), works(phone), works(tablet)] == [True, False, True]
    assert listed(member) == [sid(tablet), sid(member)]


def test_a_device_may_end_itself(cinema: Cinema) -> None:
    member, phone = devices(cinema, 2)
    phone.delete(f"/me/sessions/{sid(phone)}")
    assert [works(member), works(phone)] == [True, False]


def test_what_is_not_ones_own_or_has_ended_is_a_404(cinema: Cinema) -> None:
    member, other, phone = cinema.member, cinema.other, cinema.signed_in(cinema.member.id or 0)
    phone.post("/auth/logout", status=204)
    answers = [
        member.call("DELETE", f"/me/sessions/{gone}")
        for gone in (sid(other), sid(phone), 0, sid(phone) + sid(other) + 99, "9" * 18)
    ]
    assert {answer.status_int for answer in answers} == {404}
    assert len({answer.body for answer in answers}) == 1
    assert works(other)
    cinema.admin.delete(f"/me/sessions/{sid(member)}", 404)
    assert works(member)


@pytest.mark.parametrize("segment", ["x", "-1", "1.0", "9" * 19, "%D9%A3"])
def test_what_can_be_no_session_is_a_404(cinema: Cinema, segment: str) -> None:
    assert cinema.member.call("DELETE", f"/me/sessions/{segment}", status=404)


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "POST"])
def test_a_session_can_only_be_ended(cinema: Cinema, method: str) -> None:
    answer = cinema.member.call(method, f"/me/sessions/{sid(cinema.member)}", status=405)
    assert answer.headers["Allow"] == "DELETE"


# -- passwords and people ------------------------------------------------------------------------------------


def change_password(person: Person, old: str, new: str, status: int = 204) -> None:
    """Changes somebody's password."""
    person.put("/me/password", {"old_password": old, "new_password": new}, status)


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(cinema: Cinema) -> None:
    member, *others = devices(cinema, 3)
    change_password(member, PASSWORD, NEW)
    assert works(member)
    assert not any(works(each) for each in others)
    assert works(cinema.other)
    assert works(sign_in(cinema, NEW))


@pytest.mark.parametrize(
    ("old", "new", "status"), [("not the old password", NEW, 403), (PASSWORD, "short", 400), (PASSWORD, "", 400)]
)
def test_a_password_that_is_not_changed_ends_nothing(cinema: Cinema, old: str, new: str, status: int) -> None:
    everywhere = devices(cinema, 2)
    change_password(cinema.member, old, new, status)
    assert all(works(each) for each in everywhere)


def test_an_ended_session_changes_no_password(cinema: Cinema) -> None:
    member, phone = devices(cinema, 2)
    change_password(member, PASSWORD, NEW)
    change_password(phone, NEW, PASSWORD, 401)
    assert works(sign_in(cinema, NEW))


def disable(cinema: Cinema) -> None:
    """As on the command line."""
    with cinema.database.plain_session() as db, db.begin():
        administration.set_active(db, cinema.member.id or 0, False, CONSOLE, cinema.now)


def disable_over_http(cinema: Cinema) -> None:
    """As an administrator does."""
    cinema.admin.patch(f"/users/{cinema.member.id}", {"is_active": False})


@pytest.mark.parametrize("act", [disable, disable_over_http])
def test_a_disabled_account_is_signed_out_and_stays_out(cinema: Cinema, act: Callable[[Cinema], None]) -> None:
    everywhere = devices(cinema, 3)
    act(cinema)
    assert not any(works(each) for each in everywhere)
    refused = cinema.stranger.call("POST", "/auth/login", {"login": "member", "password": PASSWORD}, 401)
    assert refused.json["code"] == "credentials"
    assert works(cinema.other)


def test_an_enabled_account_signs_in_again_with_its_old_sessions_still_ended(cinema: Cinema) -> None:
    member = cinema.member
    disable(cinema)
    cinema.admin.patch(f"/users/{member.id}", {"is_active": True})
    assert not works(member)
    assert works(sign_in(cinema))


def test_an_administrator_ends_somebodys_sessions(cinema: Cinema) -> None:
    everywhere = devices(cinema, 3)
    cinema.admin.delete(f"/users/{cinema.member.id}/sessions")
    assert not any(works(each) for each in everywhere)
    assert works(cinema.admin)
    assert works(sign_in(cinema))
