"""Requests that are sent again with the same `Idempotency-Key`: the same answer, and nothing done twice."""

from typing import Any

import pytest
from webtest import TestApp, TestResponse

from cinema.core.idempotency.records import SWEPT_AFTER, SWEPT_AT_ONCE, Sweeper
from tests.app import API, PASSWORD, Cinema, Person, fields, seats
from tests.conftest import opened
from tests.databases import empty

REPLAYED = "Idempotent-Replayed"
OF_EACH_TIME = {"X-Request-ID", REPLAYED}


def send(person: Person, path: str, body: Any, key: str, status: int | None = None, **headers: str) -> TestResponse:
    """Posts something with a key."""
    return person.call("POST", path, body, status, headers={"Idempotency-Key": key, **headers})


def said(answer: TestResponse) -> tuple[int, bytes, dict[str, str]]:
    """All of an answer that has to be the same again."""
    headers = {name: value for name, value in answer.headers.items() if name not in OF_EACH_TIME}
    return answer.status_int, answer.body, headers


def same_again(first: TestResponse, again: TestResponse) -> None:
    assert REPLAYED not in first.headers
    assert again.headers[REPLAYED] == "true"
    assert said(again) == said(first)


def orders(cinema: Cinema) -> int:
    return int(cinema.sql("SELECT count(*) FROM orders")[0][0])


def records(cinema: Cinema) -> int:
    return int(cinema.sql("SELECT count(*) FROM idempotency_keys")[0][0])


@pytest.fixture
def wanted(cinema: Cinema) -> dict[str, Any]:
    """The body of an order of two seats."""
    return {"screening": cinema.screening(), "seats": seats((1, 1), (1, 2))}


# -- again ---------------------------------------------------------------------------------------------------


def test_an_order_sent_again_is_the_same_order(cinema: Cinema, wanted: dict[str, Any]) -> None:
    first = send(cinema.member, "/orders", wanted, "a", 201)
    cinema.later(minutes=5)
    for path in ("/orders", "/orders/", "/orders"):
        again = send(cinema.member, path, wanted, "a", 201)
        same_again(first, again)
        assert again.headers["Location"].endswith(f"/orders/{first.json['id']}")
    assert orders(cinema) == 1


def test_without_a_key_or_with_another_one_it_is_another_request(cinema: Cinema, wanted: dict[str, Any]) -> None:
    send(cinema.member, "/orders", wanted, "a", 201)
    cinema.member.post("/orders", wanted, 409)
    assert send(cinema.member, "/orders", wanted, "b", 409).json["code"] == "seats-unavailable"


def test_paying_and_refunding_again_says_the_same_and_moves_no_more_money(
    cinema: Cinema, wanted: dict[str, Any]
) -> None:
    order = cinema.member.post("/orders", wanted)["id"]
    for person, action in ((cinema.member, "pay"), (cinema.admin, "refund")):
        first = send(person, f"/orders/{order}/{action}", {}, action, 200)
        same_again(first, send(person, f"/orders/{order}/{action}", {}, action, 200))
    assert cinema.sql("SELECT kind FROM payments ORDER BY id") == [("capture",), ("refund",)]


def test_registering_again_says_the_same_and_makes_one_account(cinema: Cinema) -> None:
    body = {"username": "anna", "email": "anna@example.com", "password": PASSWORD}
    first = send(cinema.stranger, "/auth/register", body, "a", 201)
    same_again(first, send(cinema.stranger, "/auth/register", body, "a", 201))
    assert send(cinema.member, "/auth/register", body, "a", 201).body == first.body  # nobody is asked who they are
    assert cinema.stranger.post("/auth/register", body, 409)["code"] in ("username-taken", "email-taken")


def test_whatever_is_created_is_created_once(cinema: Cinema) -> None:
    screening = {"movie": cinema.movie(), "hall": cinema.hall(), "starts_at": "2026-05-02T12:00:00Z"}
    for path, body in {
        "/movies": {"title": "Ran"},
        "/genres": {"name": "Drama"},
        "/directors": {"name": "Akira Kurosawa"},
        "/actors": {"first_name": "Tatsuya", "last_name": "Nakadai"},
        "/halls": {"name": "Blue", "rows": 2, "seats_in_row": 2},
        "/screenings": screening,
        "/cassettes": {"title": "Ran", "director": "Akira Kurosawa", "released": "1986-01-01"},
        "/roles": {"name": "usher", "permissions": []},
    }.items():
        first = send(cinema.admin, path, body, f"new in {path}", 201)
        same_again(first, send(cinema.admin, path, body, f"new in {path}", 201))


def test_a_refusal_that_changed_something_is_said_again(cinema: Cinema, wanted: dict[str, Any]) -> None:
    """Paid too late: the money was taken and given back, and that happens once."""
    order = cinema.member.post("/orders", wanted)["id"]
    cinema.later(minutes=20)
    cinema.other.post("/orders", wanted)
    first = send(cinema.member, f"/orders/{order}/pay", {}, "a", 409)
    assert first.json["code"] == "seats-unavailable"
    same_again(first, send(cinema.member, f"/orders/{order}/pay", {}, "a", 409))
    assert cinema.sql("SELECT kind FROM payments ORDER BY id") == [("capture",), ("refund",)]


def test_a_refusal_that_changed_nothing_is_forgotten(cinema: Cinema, wanted: dict[str, Any]) -> None:
    in_the_way = cinema.other.post("/orders", wanted)["id"]
    assert send(cinema.member, "/orders", wanted, "a", 409).json["code"] == "seats-unavailable"
    assert records(cinema) == 0
    cinema.other.delete(f"/orders/{in_the_way}")
    assert REPLAYED not in send(cinema.member, "/orders", wanted, "a", 201).headers


def test_a_record_without_an_answer_keeps_nobody_out(cinema: Cinema, wanted: dict[str, Any]) -> None:
    send(cinema.member, "/orders", wanted | {"seats": seats((3, 3))}, "a", 201)
    cinema.sql("UPDATE idempotency_keys SET status = NULL, headers = NULL, body = NULL")
    first = send(cinema.member, "/orders", wanted, "a", 201)
    same_again(first, send(cinema.member, "/orders", wanted, "a", 201))


# -- whose key, and for what ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name"), [("/genres", "Western"), ("/directors", "Drama")], ids=["other-body", "other-path"]
)
def test_a_key_is_good_for_one_request_only(cinema: Cinema, path: str, name: str) -> None:
    send(cinema.admin, "/genres", {"name": "Drama"}, "a", 201)
    refused = send(cinema.admin, path, {"name": name}, "a", 422)
    assert refused.json["code"] == "idempotency-key-reused"
    assert REPLAYED not in refused.headers
    assert [each["name"] for each in cinema.admin.walk("/genres")] == ["Drama"]
    assert cinema.admin.get("/directors")["items"] == []


def test_two_callers_may_use_the_same_key(cinema: Cinema, wanted: dict[str, Any]) -> None:
    mine = send(cinema.member, "/orders", wanted, "a", 201).json
    theirs = send(cinema.other, "/orders", wanted | {"seats": seats((2, 1))}, "a", 201).json
    assert (mine["user"], theirs["user"]) == (cinema.member.id, cinema.other.id)
    assert send(cinema.other, "/orders", wanted, "a", 422).json["code"] == "idempotency-key-reused"


def test_a_replay_needs_the_permission_still(cinema: Cinema) -> None:
    editor = cinema.person("editor", "staff")
    send(editor, "/movies", {"title": "Ran"}, "a", 201)
    cinema.admin.delete(f"/users/{editor.id}/roles/staff")
    send(editor, "/movies", {"title": "Ran"}, "a", 403)
    send(Person(cinema.http), "/movies", {"title": "Ran"}, "a", 401)


@pytest.mark.parametrize("key", ["", " ", "a" * 256, "é", "a\tb", "\x7f"], ids=repr)
def test_what_cannot_be_a_key_is_refused(cinema: Cinema, wanted: dict[str, Any], key: str) -> None:
    refused = send(cinema.member, "/orders", wanted, key, 400)
    assert fields(refused.json) == {"Idempotency-Key"}
    assert refused.json["errors"][0]["code"] == "bad-idempotency-key"
    assert (orders(cinema), records(cinema)) == (0, 0)


@pytest.mark.parametrize("key", ["a", "~" * 255, '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "two words"])
def test_anything_else_can_be_one(cinema: Cinema, wanted: dict[str, Any], key: str) -> None:
    same_again(send(cinema.member, "/orders", wanted, key, 201), send(cinema.member, "/orders", wanted, key, 201))


# -- what is kept, and how long ------------------------------------------------------------------------------


def test_a_key_is_kept_for_a_day(cinema: Cinema, wanted: dict[str, Any]) -> None:
    wanted["screening"] = cinema.screening(starts_at="2026-05-09T12:00:00Z")
    first = send(cinema.member, "/orders", wanted, "a", 201)
    cinema.later(hours=23, minutes=59)
    same_again(first, send(cinema.member, "/orders", wanted, "a", 201))
    cinema.later(minutes=1)
    second = send(cinema.member, "/orders", wanted | {"seats": seats((4, 4))}, "a", 201)
    assert second.json["id"] != first.json["id"]
    same_again(second, send(cinema.member, "/orders", wanted | {"seats": seats((4, 4))}, "a", 201))


def test_what_is_too_old_is_swept_a_bounded_number_at_a_time(cinema: Cinema) -> None:
    send(cinema.admin, "/movies", {"title": "Ran"}, "first", 201)
    cinema.sql(
        "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :many) "
        "INSERT INTO idempotency_keys (caller, key, method, path, fingerprint, created_at) "
        "SELECT caller, 'old-' || n, method, path, fingerprint, created_at FROM idempotency_keys, numbers",
        many=SWEPT_AT_ONCE + 9,
    )
    cinema.later(hours=23)
    send(cinema.admin, "/movies", {"title": "Ran"}, "second", 201)
    assert records(cinema) == SWEPT_AT_ONCE + 11
    cinema.later(hours=2)
    send(cinema.admin, "/movies", {"title": "Ran"}, "third", 201)
    assert records(cinema) == 12
    cinema.later(minutes=1)
    send(cinema.admin, "/movies", {"title": "Ran"}, "fourth", 201)
    assert records(cinema) == 13, "not every request sweeps"
    cinema.later(minutes=5)
    send(cinema.admin, "/movies", {"title": "Ran"}, "fifth", 201)
    kept = cinema.sql("SELECT key FROM idempotency_keys ORDER BY created_at")
    assert kept == [("second",), ("third",), ("fourth",), ("fifth",)]


def test_keys_go_faster_than_they_come(cinema: Cinema) -> None:
    """However many come within a few minutes."""
    for number in range(3):
        send(cinema.admin, "/genres", {"name": f"old {number}"}, f"old {number}", 201)
    cinema.later(hours=23, minutes=59)
    send(cinema.admin, "/genres", {"name": "new"}, "new", 201)
    cinema.later(minutes=2)
    for number in range(SWEPT_AFTER):
        send(cinema.admin, "/genres", {"name": f"new {number}"}, f"new {number}", 201)
    assert records(cinema) == SWEPT_AFTER + 1


def test_no_body_is_kept(cinema: Cinema) -> None:
    canary = "canary in the first row, centre"
    body = {"username": "anna", "email": "anna@example.com", "password": canary}
    send(cinema.stranger, "/auth/register", body, "a", 201)
    [record] = cinema.sql("SELECT * FROM idempotency_keys")
    kept = b"\n".join(bytes(value) if isinstance(value, bytes) else str(value).encode() for value in record)
    assert b"anna" in kept  # the answer is
    assert canary.encode() not in kept


def test_tokens_are_never_kept(cinema: Cinema) -> None:
    body = {"login": "member", "password": PASSWORD}
    cinema.person("member")
    pairs = [send(cinema.stranger, "/auth/login", body, "a", 200) for _time in range(2)]
    fresh = [
        send(cinema.stranger, "/auth/refresh", {"refresh_token": pair.json["refresh_token"]}, "a", 200)
        for pair in pairs
    ]
    assert len({answer.json["access_token"] for answer in pairs + fresh}) == 4
    assert not any(REPLAYED in answer.headers for answer in pairs + fresh)
    assert records(cinema) == 0


def test_what_changes_nothing_or_has_its_own_way_takes_no_key(cinema: Cinema) -> None:
    asked = {"permission": "movies:edit"}
    assert send(cinema.member, "/permissions/check", asked, "", 200).json["allowed"] is False
    send(cinema.admin, "/tickets/check-in", {"code": "x", "nonce": "at-the-door"}, "", 404)
    leaving = cinema.signed_in(int(cinema.member.id or 0))
    send(leaving, "/auth/logout-others", {}, "", 204)
    send(leaving, "/auth/logout", {}, "", 204)
    assert records(cinema) == 0


# -- what it costs, and what others hear ---------------------------------------------------------------------


def test_a_key_costs_two_statements_and_a_replay_two_in_all(cinema: Cinema, wanted: dict[str, Any]) -> None:
    cinema.registry.idempotency_sweeper = Sweeper()
    send(cinema.member, "/orders", wanted, "sweeps", 201)
    with cinema.statements() as without:
        cinema.member.post("/orders", wanted | {"seats": seats((2, 1))})
    with cinema.statements() as first:
        send(cinema.member, "/orders", wanted | {"seats": seats((3, 1))}, "a", 201)
    with cinema.statements() as again:
        send(cinema.member, "/orders", wanted | {"seats": seats((3, 1))}, "a", 201)
    assert len(first) == len(without) + 2
    assert len([statement for statement in again if not statement.startswith("BEGIN")]) == 2


def test_a_refusal_before_anything_is_written_asks_no_database(cinema: Cinema) -> None:
    with cinema.statements() as statements:
        send(cinema.stranger, "/auth/register", {"username": "anna"}, "a", 400)
        send(cinema.stranger, "/auth/register", {"username": "anna", "password": "short"}, "a", 400)
    assert statements == []


def test_older_clients_hear_what_they_always_heard(database_url: str) -> None:
    with opened(database_url, **{"cinema.dialects": "vhs = /"}) as router:
        empty(router.registry.database)
        with Cinema(router) as cinema:
            headers = {"Idempotency-Key": ""}
            body = {"username": "anna", "password": PASSWORD}
            answers = [cinema.http.post_json("/api/auth/signup", body, headers=headers, status="*") for _ in range(2)]
            assert [answer.status_int for answer in answers] == [201, 400]
            assert records(cinema) == 0


def test_a_replay_is_no_booking(database_url: str) -> None:
    with opened(database_url, **{"cinema.metrics": "on"}) as router:
        empty(router.registry.database)
        with Cinema(router) as cinema:
            body = {"screening": cinema.screening(), "seats": seats((1, 1))}
            for _time in range(3):
                send(cinema.member, "/orders", body, "a", 201)
            assert "cinema_bookings_total 1.0" in cinema.http.get("/metrics").text


# -- addresses -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("detour", ["/genres/", "//genres", "/x/../genres", "/%00/../genres"])
def test_every_way_to_an_address_is_the_same_request(application: Any, cinema: Cinema, detour: str) -> None:
    first = send(cinema.admin, "/genres", {"name": "Drama"}, "one", 201)
    headers = cinema.admin.headers | {"Idempotency-Key": "one"}
    same_again(first, TestApp(application).post_json(API + detour, {"name": "Drama"}, headers=headers, status=201))
