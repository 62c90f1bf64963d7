"""Roles, and what they may do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from cinema.accounts import access_events
from cinema.accounts.models import Role, RolePermission
from cinema.core.db.base import Base
from cinema.root import NATIVE
from cinema.security import Permission
from tests.app import Cinema, Person, fields

BUILT_IN = ["admin", "anonymous", "member", "staff"]
USHER = {"name": "usher", "description": "Stands at the door.", "permissions": ["tickets:check-in"]}
CATALOGUE = ("/movies", "/genres", "/directors", "/actors")


@contextmanager
def kept_roles(cinema: Cinema) -> Iterator[None]:
    """Puts all roles back in the end: emptying the database leaves them as they are."""
    before = _stored(cinema)
    yield
    if _stored(cinema) == before:
        return
    with cinema.database.plain_session() as db, db.begin():
        for model in reversed(before):
            db.execute(delete(model))
        for model, rows in before.items():
            db.execute(insert(model), rows)
        access_events.record(db, access_events.ROLES_CHANGED, cinema.now)


def _stored(cinema: Cinema) -> dict[type[Base], list[dict[str, Any]]]:
    with cinema.database.readers.connect() as connection:
        found = {model: connection.execute(select(model.__table__)).mappings() for model in (Role, RolePermission)}
        return {model: [dict(row) for row in rows] for model, rows in found.items()}


@pytest.fixture(autouse=True)
def _roles_stay(cinema: Cinema) -> Iterator[None]:
    with kept_roles(cinema):
        yield


def names(page: dict[str, Any]) -> list[str]:
    """The names of what is on a page."""
    return [item["name"] for item in page["items"]]


def may_add_genres(person: Person, name: str) -> bool:
    """Whether somebody may edit movies, by trying."""
    status = person.call("POST", "/genres", {"name": name}).status_int
    assert status in (201, 403)
    return status == 201


# -- one by one ----------------------------------------------------------------------------------------------


def test_a_role_is_made_read_changed_and_deleted(cinema: Cinema) -> None:
    admin = cinema.admin
    made = admin.call("POST", "/roles", USHER, 201)
    assert made.json == USHER
    assert made.headers["Location"] == "http://localhost/api/v1/roles/usher"
    assert admin.get(made.headers["Location"]) == USHER
    changed = {"description": "Checks tickets.", "permissions": ["movies:view", "tickets:check-in"]}
    assert admin.put("/roles/usher", changed) == {"name": "usher"} | changed == admin.get("/roles/usher")
    admin.delete("/roles/usher")
    assert admin.get("/roles/usher", 404)["code"] == "not-found"


def test_a_role_needs_a_name_only(cinema: Cinema) -> None:
    assert cinema.admin.post("/roles", {"name": "x"}) == {"name": "x", "description": "", "permissions": []}


def test_putting_a_role_resets_what_is_not_sent_and_patching_keeps_it(cinema: Cinema) -> None:
    admin = cinema.admin
    admin.post("/roles", USHER)
    assert admin.patch("/roles/usher", {}) == USHER
    assert admin.patch("/roles/usher", {"description": "Ы"}) == USHER | {"description": "Ы"}
    assert admin.patch("/roles/usher", {"permissions": []}) == USHER | {"description": "Ы", "permissions": []}
    assert admin.put("/roles/usher", {"permissions": ["movies:view"]}) == {
        "name": "usher",
        "description": "",
        "permissions": ["movies:view"],
    }


def test_a_taken_name_is_a_409_and_the_role_stays_as_it_is(cinema: Cinema) -> None:
    admin = cinema.admin
    admin.post("/roles", USHER)
    before = admin.get("/roles")
    for name in names(before):
        assert admin.post("/roles", {"name": name}, 409)["code"] == "name-taken"
    assert admin.get("/roles") == before


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_built_in_role_can_be_changed_but_not_deleted(cinema: Cinema, name: str) -> None:
    admin = cinema.admin
    before = admin.get(f"/roles/{name}")
    held = [*before["permissions"], "label:horror"]
    changed = {"description": "Anders", "permissions": sorted(held)}
    assert admin.put(f"/roles/{name}", changed) == {"name": name} | changed
    assert admin.delete(f"/roles/{name}", 409)["code"] == "built-in"
    assert admin.get(f"/roles/{name}") == {"name": name} | changed


def test_a_name_is_a_few_plain_letters(cinema: Cinema) -> None:
    strange = ["", " ", "Usher", "1st", "-x", "a b", "usher\n", "роль", "role:admin", "a/b", "a" * 51, "\0", 7, None]
    for name in strange:
        problem = cinema.admin.post("/roles", {"name": name}, 400)
        assert (name, fields(problem)) == (name, {"name"})
    assert names(cinema.admin.get("/roles")) == BUILT_IN


def test_a_name_can_be_used_as_an_address(cinema: Cinema) -> None:
    for name in ("a", "a" * 50, "night-shift", "x.y_z-1"):
        made = cinema.admin.call("POST", "/roles", {"name": name}, 201)
        assert cinema.admin.get(made.headers["Location"])["name"] == name


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_a_role_that_there_is_not_is_a_404(cinema: Cinema, method: str) -> None:
    for name in ("nobody", "ADMIN", "%00", "a%00b", "%0A", "admin%0A", "a" * 51, "%D1%80", "admin%20", "1"):
        answer = cinema.admin.call(method, f"/roles/{name}", None if method == "GET" else {})
        assert (name, answer.status_int, answer.json["code"]) == (name, 404, "not-found")


# -- what a role can hold ------------------------------------------------------------------------------------


def test_every_label_is_a_permission_without_being_listed(cinema: Cinema) -> None:
    labels = [f"label:{name}" for name in ("*", "18", "a.b_c-d", "a" * 50, "horror")]
    assert cinema.admin.post("/roles", {"name": "x", "permissions": labels[::-1]})["permissions"] == labels


NO_PERMISSIONS = [
    *("movies:fly", "movies", "MOVIES:EDIT", "movies:edit ", "*", "", "perm:movies:edit", "cinema.Superuser"),
    *("label:", "label:A", "label:a b", "label:**", "label:-a", "label:" + "a" * 51, "Label:a", "label:a\n"),
    *(7, None, ["movies:view"], {"name": "movies:view"}, "x" * 1000, "movies:edit\0"),
]


def test_an_unknown_permission_is_a_400_that_names_it(cinema: Cinema) -> None:
    admin = cinema.admin
    before = admin.get("/roles")
    for permission in NO_PERMISSIONS:
        body = {"permissions": ["movies:view", permission]}
        assert (permission, fields(admin.post("/roles", body | {"name": "x"}, 400))) == (
            permission,
            {"permissions.1"},
        )
        assert fields(admin.put("/roles/staff", body, 400)) == {"permissions.1"}
        assert fields(admin.patch("/roles/staff", body, 400)) == {"permissions.1"}
    assert admin.get("/roles") == before


def test_permissions_are_a_list_of_different_names(cinema: Cinema) -> None:
    for wrong in ("movies:view", {"movies:view": True}, None, ["movies:view", "movies:view"]):
        assert fields(cinema.admin.post("/roles", {"name": "x", "permissions": wrong}, 400)) == {"permissions"}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_role_has_no_other_fields_and_keeps_its_name(cinema: Cinema, method: str) -> None:
    for field in ("id", "name", "built_in", "users"):
        assert fields(cinema.admin.call(method, "/roles/staff", {field: "x"}, 400).json) == {field}


# -- lists ---------------------------------------------------------------------------------------------------


def test_roles_come_by_name_a_page_at_a_time(cinema: Cinema) -> None:
    admin = cinema.admin
    made = [admin.post("/roles", {"name": name})["name"] for name in ("zoe", "bar", "kiosk")]
    everything = sorted([*BUILT_IN, *made])
    assert [role["name"] for role in admin.walk("/roles?limit=2")] == everything
    assert [role["name"] for role in admin.walk("/roles?limit=3&sort=-name")] == everything[::-1]
    first = admin.get("/roles?limit=2&count=true")
    assert (names(first), first["total"]) == (everything[:2], 7)
    assert admin.get("/roles?limit=7")["next"] is None


def test_every_permission_is_listed_with_a_sentence(cinema: Cinema) -> None:
    listed = list(cinema.admin.walk("/permissions?limit=5"))
    assert [each["name"] for each in listed] == list(Permission)
    assert all(set(each) == {"name", "description"} for each in listed)
    assert all(each["description"][0].isupper() and each["description"].endswith(".") for each in listed)
    assert cinema.admin.get("/permissions?limit=1&count=true")["total"] == len(Permission)


@pytest.mark.parametrize("path", ["/roles", "/permissions"])
def test_a_bad_parameter_is_a_400_that_names_it(cinema: Cinema, path: str) -> None:
    for query in ("limit=0", "limit=101", "cursor=x", "cursor=", "count=1", "q=a", "user=1"):
        assert fields(cinema.admin.get(f"{path}?{query}", 400)) == {query.partition("=")[0]}


def test_a_cursor_belongs_to_its_own_list(cinema: Cinema) -> None:
    cursor = cinema.admin.get("/permissions?limit=1")["next"].partition("?")[2]
    assert fields(cinema.admin.get(f"/roles?{cursor}", 400)) == {"cursor"}


def test_looking_at_roles_costs_one_statement_and_at_permissions_none(cinema: Cinema) -> None:
    admin = cinema.admin
    for path, cost in (("/roles", 1), ("/roles?count=true", 2), ("/roles/staff", 1), ("/permissions?count=true", 0)):
        with cinema.statements() as statements:
            admin.get(path)
        assert (path, len(statements)) == (path, cost)


# -- who may -------------------------------------------------------------------------------------------------


def test_staff_look_at_roles_admins_change_them_and_members_neither(cinema: Cinema) -> None:
    staff, root = cinema.person("staff", "staff"), cinema.person("root", superuser=True)
    people = (cinema.stranger, cinema.member, staff, cinema.admin, root)
    cinema.admin.post("/roles", USHER)
    for method, path, body, expected in (
        ("GET", "/roles", None, (401, 403, 200, 200, 200)),
        ("GET", "/roles/usher", None, (401, 403, 200, 200, 200)),
        ("GET", "/permissions", None, (401, 403, 200, 200, 200)),
        ("POST", "/roles", {}, (401, 403, 403, 400, 400)),
        ("PUT", "/roles/usher", {}, (401, 403, 403, 200, 200)),
        ("PATCH", "/roles/usher", {}, (401, 403, 403, 200, 200)),
        ("DELETE", "/roles/usher", None, (401, 403, 403, 204, 404)),
    ):
        heard = tuple(person.call(method, path, body).status_int for person in people)
        assert (method, path, heard) == (method, path, expected)


def test_strangers_and_members_are_refused_without_a_statement(cinema: Cinema) -> None:
    people = (cinema.stranger, cinema.member)
    for person in people:
        for method, path in (("GET", "/roles"), ("POST", "/roles"), ("PUT", "/roles/staff"), ("DELETE", "/roles/x")):
            with cinema.statements() as statements:
                person.call(method, path, None if method == "GET" else {})
            assert statements == []


# -- at once -------------------------------------------------------------------------------------------------


def test_what_a_role_may_do_changes_for_tokens_that_are_out(cinema: Cinema) -> None:
    admin = cinema.admin
    admin.post("/roles", USHER)
    usher = cinema.person("usher", "usher")
    assert not may_add_genres(usher, "a")
    admin.patch("/roles/usher", {"permissions": ["movies:edit"]})
    assert may_add_genres(usher, "b")
    admin.put("/roles/usher", {})
    assert not may_add_genres(usher, "c")


def test_a_deleted_role_is_nobodys_and_does_not_come_back_with_its_name(cinema: Cinema) -> None:
    admin = cinema.admin
    editor = {"name": "editor", "permissions": ["movies:edit"]}
    admin.post("/roles", editor)
    usher = cinema.person("usher", "editor")
    assert may_add_genres(usher, "a")
    admin.delete("/roles/editor")
    assert not may_add_genres(usher, "b")
    admin.post("/roles", editor)
    assert not may_add_genres(usher, "c")
    assert usher.get("/me")["roles"] == ["member"]


def test_what_members_may_do_is_said_by_their_role(cinema: Cinema) -> None:
    member = cinema.member
    cinema.admin.patch("/roles/member", {"permissions": ["movies:edit"]})
    assert may_add_genres(member, "a")
    assert may_add_genres(cinema.person("late"), "b")
    cinema.admin.patch("/roles/member", {"permissions": []})
    assert not may_add_genres(member, "c")


# -- strangers -----------------------------------------------------------------------------------------------


def allow_strangers(cinema: Cinema, *held: str) -> None:
    """Gives permissions to the role of strangers."""
    cinema.admin.patch("/roles/anonymous", {"permissions": held})


def test_strangers_see_the_catalogue_once_they_may_and_nothing_else(cinema: Cinema) -> None:
    movie = cinema.movie()
    lists = [f"/{path}" for path in NATIVE if path.count("/") == 0]
    allow_strangers(cinema, "movies:view")
    assert cinema.stranger.get(f"/movies/{movie}")["id"] == movie
    for path in lists:
        expected = 200 if path in CATALOGUE else 401
        assert (path, cinema.stranger.call("GET", path).status_int) == (path, expected)
    for method, path in (("POST", "/movies"), ("PATCH", f"/movies/{movie}"), ("DELETE", f"/movies/{movie}")):
        assert cinema.stranger.call(method, path, {}).status_int == 401
    allow_strangers(cinema)
    assert {cinema.stranger.call("GET", path).status_int for path in lists} == {401}


def test_whatever_strangers_may_members_may_too(cinema: Cinema) -> None:
    member = cinema.member
    allow_strangers(cinema, "movies:edit")
    assert may_add_genres(cinema.stranger, "a")
    assert may_add_genres(member, "b")


def test_strangers_who_may_everything_break_nothing(cinema: Cinema) -> None:
    """Nobody would do this; somebody will."""
    cinema.screening()
    cinema.member.get("/me")
    allow_strangers(cinema, *Permission)
    for path in [path.replace("*", "1") for path in NATIVE] + ["users/1/roles/staff", "screenings/1/seats"]:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            answer = cinema.stranger.call(method, f"/{path}", None if method == "GET" else {})
            assert (method, path, answer.status_int) < (method, path, 500)
