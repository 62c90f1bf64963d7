"""Traps: names that look like something else, tokens in the wrong place, accounts that are gone."""

import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import jwt
import pytest

from cinema.accounts.models import Role, UserRole
from tests.app import PASSWORD, Cinema, Person
from tests.databases import migrated_sqlite
from tests.processes import Server, serving

LOOKALIKES = ["system.Authenticated", "system.Everyone", "cinema.Superuser", "admin", "staff", "1"]
NO_USERNAMES = ["role:admin", "perm:movies:edit", "user:1", "label:*", "a@b", "a b", "a/b", "a\nb"]


def access_token(person: Person) -> str:
    """Somebody's access token."""
    return person.headers["Authorization"].partition(" ")[2]


def may_nothing_special(cinema: Cinema, person: Person) -> None:
    """Fails when somebody may do more than any member."""
    owner = cinema.other
    assert person.get("/me")["is_staff"] is False
    for method, path in (
        ("POST", "/movies"),
        ("POST", "/roles"),
        ("GET", "/users"),
        ("GET", f"/users/{owner.id}"),
        ("PUT", f"/users/{person.id}/roles/admin"),
    ):
        assert person.call(method, path, {} if method == "POST" else None).status_int == 403, path
    for permission in ("movies:edit", "roles:edit", "label:*"):
        assert person.post("/permissions/check", {"permission": permission}, 200)["allowed"] is False


# -- names ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", LOOKALIKES)
def test_a_username_makes_nobody_anything(cinema: Cinema, username: str) -> None:
    account = {"username": username, "email": "anna@example.com", "password": PASSWORD}
    user_id = cinema.stranger.post("/auth/register", account)["id"]
    pair = cinema.stranger.post("/auth/login", {"login": username, "password": PASSWORD}, 200)
    anna = Person(cinema.http, user_id, pair["access_token"])
    assert anna.get("/me")["username"] == username
    may_nothing_special(cinema, anna)


def test_a_username_that_is_somebodys_id_is_not_that_somebody(cinema: Cinema) -> None:
    admin = cinema.admin
    lookalike = cinema.person(str(admin.id))
    assert lookalike.get("/me")["id"] == lookalike.id != admin.id
    may_nothing_special(cinema, lookalike)


def test_names_with_other_signs_cannot_be_registered(cinema: Cinema) -> None:
    for username in NO_USERNAMES:
        account = {"username": username, "email": "anna@example.com", "password": PASSWORD}
        problem = cinema.stranger.call("POST", "/auth/register", account, 400).json
        assert [(error["field"], error["code"]) for error in problem["errors"]] == [("username", "bad-username")]


def test_nor_do_they_make_anybody_anything_however_they_came_there(cinema: Cinema) -> None:
    for username in NO_USERNAMES:
        may_nothing_special(cinema, cinema.person(username))


def test_a_role_named_like_something_else_cannot_be_made(cinema: Cinema) -> None:
    for name in ("admin", "staff", "member", "anonymous"):
        cinema.admin.post("/roles", {"name": name}, 409)
    for name in (
        "Admin",
        "ADMIN",
        "admin ",
        " admin",
        "аdmin",
        "admin\n",
        "system.Authenticated",
        "cinema.Superuser",
    ):
        cinema.admin.post("/roles", {"name": name}, 400)
    for name in ("role:admin", "perm:movies:edit", "user:1", "", "1"):
        cinema.admin.post("/roles", {"name": name}, 400)


@pytest.mark.parametrize("name", ["system.authenticated", "cinema.superuser", "superuser"])
def test_a_role_is_only_what_it_holds(cinema: Cinema, name: str) -> None:
    member = cinema.member
    cinema.admin.post("/roles", {"name": name})
    cinema.admin.put(f"/users/{member.id}/roles/{name}", status=204)
    cinema.admin.post("/roles", {"name": name}, 409)
    may_nothing_special(cinema, member)
    cinema.admin.delete(f"/roles/{name}")


@pytest.mark.parametrize("name", ["Admin", "admin ", "perm:movies:edit", "role:admin", "cinema.Superuser"])
def test_a_role_that_somebody_wrote_into_the_table_is_only_what_it_holds(cinema: Cinema, name: str) -> None:
    member = cinema.member
    with cinema.database.plain_session() as db, db.begin():
        role = Role(name=name)
        db.add(role)
        db.flush()
        db.add(UserRole(user_id=member.id, role_id=role.id))
    cinema.registry.knowledge.load()
    try:
        assert name in member.get("/me")["roles"]
        may_nothing_special(cinema, cinema.signed_in(member.id or 0))
    finally:
        cinema.sql("DELETE FROM roles WHERE name = :name", name=name)


def test_a_role_made_anew_is_not_the_one_that_was_deleted(cinema: Cinema) -> None:
    """Nobody who had the old one has the new one, whatever their tokens say."""
    admin = cinema.admin
    admin.post("/roles", {"name": "clerk"})
    admin.put(f"/users/{cinema.member.id}/roles/clerk", status=204)
    clerk = cinema.signed_in(cinema.member.id or 0)
    admin.delete("/roles/clerk")
    admin.post("/roles", {"name": "clerk", "permissions": ["movies:edit"]})
    may_nothing_special(cinema, clerk)
    admin.delete("/roles/clerk")


def test_somebody_with_many_roles_is_still_let_in(cinema: Cinema) -> None:
    """Their tokens are long, since they name every role."""
    member = cinema.member
    names = [f"{number}".rjust(50, "x") for number in range(100)]
    with cinema.database.plain_session() as db, db.begin():
        roles = [Role(name=name) for name in names]
        db.add_all(roles)
        db.flush()
        db.add_all(UserRole(user_id=member.id, role_id=role.id) for role in roles)
    try:
        assert set(names) < set(cinema.signed_in(member.id or 0).get("/me")["roles"])
    finally:
        cinema.sql("DELETE FROM roles WHERE name LIKE 'xxxxx%'")


# -- tokens --------------------------------------------------------------------------------------------------


def changed(cinema: Cinema, person: Person, typ: Any = "at+jwt", **changes: Any) -> Person:
    """Somebody with a token that is genuine but for what it says."""
    key = cinema.registry.knowledge.keys.get("first").secret
    claims = jwt.decode(access_token(person), options={"verify_signature": False}) | changes
    header = {"alg": "HS256", "kid": "first", "typ": typ}
    return Person(cinema.http, person.id, jwt.PyJWS().encode(json.dumps(claims).encode(), key, headers=header))


def test_the_tokens_of_these_tests_are_good_when_nothing_is_changed(cinema: Cinema) -> None:
    assert changed(cinema, cinema.member).get("/me")["username"] == "member"


def test_a_subject_that_is_no_id_in_text_is_nobody(cinema: Cinema) -> None:
    member = cinema.member
    for sub in (member.id, 1, 0, 1.0, True, None, "", "role:admin", "admin", "system.Everyone", [1], "1 ", "+1"):
        answer = changed(cinema, member, sub=sub).call("GET", "/me")
        assert (sub, answer.status_int, answer.json["code"]) == (sub, 401, "token-invalid")


def test_a_genuine_token_of_another_kind_is_refused(cinema: Cinema) -> None:
    for typ in ("JWT", "rt+jwt", "refresh", "", "dpop+jwt"):
        answer = changed(cinema, cinema.member, typ).call("GET", "/me")
        assert (typ, answer.status_int, answer.json["code"]) == (typ, 401, "token-invalid")


def test_a_refresh_token_is_no_access_token(cinema: Cinema) -> None:
    member = cinema.member
    person = Person(cinema.http, token=member.refresh_token)
    for method, path in (("GET", "/me"), ("POST", "/auth/logout"), ("POST", "/orders")):
        assert person.call(method, path).json["code"] == "token-invalid"
    member.get("/me")


def test_an_access_token_is_no_refresh_token(cinema: Cinema) -> None:
    member = cinema.member
    answer = cinema.stranger.call("POST", "/auth/refresh", {"refresh_token": access_token(member)}, 401)
    assert answer.json["code"] == "token-invalid"
    member.get("/me")


def test_a_token_in_the_address_or_the_body_is_none(cinema: Cinema) -> None:
    token = access_token(cinema.member)
    assert cinema.stranger.call("GET", f"/me?access_token={token}").status_int == 401
    assert cinema.stranger.call("GET", "/me", headers={"Cookie": f"access_token={token}"}).status_int == 401
    assert cinema.stranger.call("POST", "/auth/logout", {"access_token": token}).status_int == 401


# -- accounts that are gone ----------------------------------------------------------------------------------


def test_the_token_of_a_deleted_account_is_nobodys(cinema: Cinema) -> None:
    member, screening, cassette = cinema.member, cinema.screening(), cinema.cassette()
    movie = cinema.movie()
    seat = [{"row": 1, "seat": 1}]
    cinema.sql("DELETE FROM users WHERE id = :id", id=member.id)
    password = {"old_password": PASSWORD, "new_password": "another long password"}
    login = {"current_password": PASSWORD, "username": "x"}
    for method, path, body in (
        ("GET", "/me", None),
        ("PUT", "/me", {"name": "x"}),
        ("PATCH", "/me", {"name": "x"}),
        ("PUT", "/me/password", password),
        ("PUT", "/me/login", login),
        ("POST", "/orders", {"screening": screening, "seats": seat}),
        ("POST", "/orders", {"cassettes": [{"cassette": cassette, "quantity": 1}]}),
    ):
        answer = member.call(method, path, body)
        assert (method, path, answer.status_int) == (method, path, 401)
    for method, path in (
        ("GET", "/me/bookmarks"),
        ("PUT", f"/me/bookmarks/{movie}"),
        ("DELETE", f"/me/bookmarks/{movie}"),
        ("GET", "/me/sessions"),
        ("GET", "/me/history"),
        ("GET", "/orders"),
        ("GET", "/tickets"),
        ("POST", "/auth/logout-others"),
        ("POST", "/auth/logout"),
        ("DELETE", f"/me/sessions/{(member.refresh_token or '').split('.')[0]}"),
    ):
        answer = member.call(method, path)
        assert answer.status_int < 500, (method, path)
        assert answer.status_int in (401, 404, 409) or not answer.body or answer.json["items"] == []
    assert cinema.sql("SELECT count(*) FROM orders") == cinema.sql("SELECT count(*) FROM bookmarks") == [(0,)]


# -- requests as only a socket can send them -----------------------------------------------------------------


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server; what it reads off a socket has nothing to do with its database."""
    folder: Path = tmp_path_factory.mktemp("socket")
    with serving(folder, f"sqlite:///{migrated_sqlite(folder / 'cinema.sqlite3')}") as (running,):
        yield running


def ask(server: Server, *headers: bytes) -> int:
    """The status that a GET of `me` with these headers answers."""
    lines = [b"GET /api/v1/me HTTP/1.1", b"Host: localhost", b"Connection: close", *headers, b"", b""]
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):  # it may answer before it has heard the end
            connection.sendall(b"\r\n".join(lines))
        return int(connection.makefile("rb").readline().split()[1])


@pytest.mark.parametrize(
    ("headers", "statuses"),
    [
        ([], {401}),
        ([b"Authorization: Bearer " + b"x" * 1_000_000], {400, 401, 431}),
        ([b"Authorization: Bearer " + b"x" * 100_000], {431}),
        ([b"Authorization: Bearer x.y.z"] * 100, {400, 401}),
        ([b"Authorization: Bearer x.y.z", b"Authorization: Basic eA=="], {400, 401}),
        ([b"Authorization: Bearer \xd1\x82.\xd0\xbe.\xd0\xba"], {400, 401}),
        ([b"Authorization: \xff\xfe"], {400, 401}),
        ([b"Authorization: Bearer \x00"], {400, 401}),
        ([b"Authorization:"], {401}),
        ([b"Authorization: Bearer"], {401}),
        ([b"Authorization: Bearer " + b"." * 60_000], {431}),
        ([b"Authorization: Bearer " + b"." * 12_000], {401}),
    ],
)
def test_strange_headers_are_refused(server: Server, headers: list[bytes], statuses: set[int]) -> None:
    assert ask(server, *headers) in statuses
    assert ask(server) == 401  # and it still answers
