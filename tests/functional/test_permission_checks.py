"""Asking what one may do."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text
from webtest import TestResponse

from cinema.security import Permission, Verb
from tests.app import Cinema, Person, seats
from tests.conftest import opened
from tests.functional.test_roles import kept_roles

pytestmark = pytest.mark.either_engine


@pytest.fixture(autouse=True)
def _roles_stay(cinema: Cinema) -> Iterator[None]:
    with kept_roles(cinema):
        yield


def ask(person: Person, permission: Any, path: Any = None, **more: Any) -> TestResponse:
    """What the check answers."""
    body = {"permission": permission} | ({} if path is None else {"path": path}) | more
    return person.call("POST", "/permissions/check", body)


def allowed(person: Person, permission: str, path: str | None = None, **more: Any) -> bool:
    """Whether the check says yes. It always says why."""
    answer = ask(person, permission, path, **more)
    assert (permission, path, answer.status_int) == (permission, path, 200)
    assert set(answer.json) == {"allowed", "reason"}
    assert answer.json["reason"].endswith(".")
    return bool(answer.json["allowed"])


def wrong(person: Person, permission: Any, path: Any = None, **more: Any) -> list[str]:
    """The fields that a question is refused for."""
    answer = ask(person, permission, path, **more)
    assert (permission, path, answer.status_int) == (permission, path, 400)
    return [error["field"] for error in answer.json["errors"]]


def order(cinema: Cinema, person: Person) -> Any:
    """A new order of somebody's, of one seat."""
    return person.post("/orders", {"screening": cinema.screening(), "seats": seats((1, 1))})


# -- permissions ---------------------------------------------------------------------------------------------


def test_everybody_may_ask_about_every_permission(cinema: Cinema) -> None:
    staff, root = cinema.person("staff", "staff"), cinema.person("root", superuser=True)
    held = {name: set(cinema.admin.get(f"/roles/{name}")["permissions"]) for name in ("staff", "admin")}
    people = (cinema.stranger, cinema.member, staff, cinema.admin, root)
    for permission in [*Permission, "label:vip"]:
        role = "label:*" if permission.startswith("label:") else permission
        answers = [allowed(person, permission) for person in people]
        expected = [False, False, role in held["staff"], role in held["admin"], True]
        assert (permission, answers) == (permission, expected)


def test_the_answer_says_what_decided(cinema: Cinema) -> None:
    admin = cinema.admin
    said = {
        ask(admin, "movies:edit").json["reason"],
        ask(admin, "label:vip").json["reason"],
        ask(cinema.member, "movies:edit").json["reason"],
        ask(cinema.person("root", superuser=True), "movies:edit").json["reason"],
        ask(admin, "edit", "/movies/5").json["reason"],
        ask(cinema.member, "edit", "/movies/5").json["reason"],
    }
    assert said == {
        "A role gives movies:edit.",
        "A role gives label:*.",
        "No role gives movies:edit.",
        "The superuser flag allows everything.",
        "/api/v1/movies: Allow perm:movies:edit.",
        "No entry of an access list allows edit here.",
    }


def test_a_label_is_a_permission_like_others(cinema: Cinema) -> None:
    cinema.admin.post("/roles", {"name": "vip", "permissions": ["label:vip"]})
    vip = cinema.person("vip", "vip")
    assert [allowed(vip, name) for name in ("label:vip", "label:horror", "label:*")] == [True, False, False]


def test_what_is_no_permission_is_a_400(cinema: Cinema) -> None:
    names = ["movies:fly", "view", "MOVIES:EDIT", "label:", "label:A", "", " ", "x" * 101, "movies:edit\0"]
    for name in [*names, None, 7, True, [], {}]:
        for person in (cinema.stranger, cinema.admin):
            assert wrong(person, name) == ["permission"]
    empty = cinema.stranger.call("POST", "/permissions/check", {}, 400)
    assert [error["field"] for error in empty.json["errors"]] == ["permission"]
    assert wrong(cinema.stranger, "movies:edit", verb="view") == ["verb"]


def test_the_answer_follows_the_roles_at_once(cinema: Cinema) -> None:
    admin, member = cinema.admin, cinema.member
    path = f"/users/{member.id}/roles/staff"
    answers = []
    for method in ("PUT", "DELETE"):
        admin.call(method, path, status=204)
        answers += [allowed(member, "movies:edit"), allowed(member, "edit", "/movies/5")]
    admin.patch("/roles/anonymous", {"permissions": ["movies:view"]})
    answers += [allowed(cinema.stranger, "movies:view"), allowed(cinema.stranger, "view", "/movies/5")]
    assert answers == [True, True, False, False, True, True]


def test_a_broken_token_is_a_401_not_a_stranger(cinema: Cinema) -> None:
    member = cinema.member
    member.call("POST", "/auth/logout", status=204)
    for person in (Person(cinema.http, token="x.y.z"), member):
        for path in (None, "/movies/5"):
            answer = ask(person, "movies:view" if path is None else "view", path)
            assert answer.status_int == 401
            assert answer.headers["WWW-Authenticate"].startswith('Bearer error="invalid_token"')


# -- verbs on paths ------------------------------------------------------------------------------------------


def test_what_the_check_says_is_what_happens(cinema: Cinema) -> None:
    """`{}` is sent: a 400 or a 409 is heard by those who may."""
    placed = order(cinema, cinema.member)
    movie, number = placed["screening"]["movie"]["id"], placed["id"]
    people = {
        "stranger": cinema.stranger,
        "member": cinema.member,
        "staff": cinema.person("staff", "staff"),
        "admin": cinema.admin,
        "root": cinema.person("root", superuser=True),
    }
    tried = [
        ("view", "/movies", "GET", ""),
        ("create", "/movies", "POST", ""),
        *[(verb, f"/movies/{movie}", method, "") for verb, method in (("view", "GET"), ("edit", "PATCH"))],
        ("delete", f"/movies/{movie}", "DELETE", ""),
        ("create", "/halls", "POST", ""),
        ("view", "/screenings", "GET", ""),
        ("view", f"/screenings/{placed['screening']['id']}/seats", "GET", ""),
        ("edit", "/cassettes/999", "PATCH", ""),
        ("view", "/orders", "GET", ""),
        ("order", "/orders", "POST", ""),
        ("view", f"/orders/{number}", "GET", ""),
        ("refund", f"/orders/{number}", "POST", "/refund"),
        ("pay", f"/orders/{number}", "POST", "/pay"),
        ("pay", f"/orders/{number}/pay", "POST", ""),
        ("edit", f"/orders/{number}", "PATCH", ""),
        ("delete", f"/orders/{number}", "DELETE", ""),
        ("view", f"/tickets/{placed['tickets'][0]['id']}", "GET", ""),
        ("view", "/me", "GET", ""),
        ("edit", "/me", "PATCH", ""),
        ("bookmark", f"/me/bookmarks/{movie}", "PUT", ""),
        ("view", "/users", "GET", ""),
        ("edit", f"/users/{cinema.other.id}", "PATCH", ""),
        ("edit", f"/users/{cinema.other.id}/roles/member", "PUT", ""),
        ("view", "/roles/staff", "GET", ""),
        ("create", "/roles", "POST", ""),
        ("edit", "/roles/staff", "PATCH", ""),
        ("delete", "/roles/staff", "DELETE", ""),
        ("view", "/permissions", "GET", ""),
    ]
    for verb, path, method, action in tried:
        for name, person in people.items():
            said = allowed(person, verb, path)
            status = person.call(method, path + action, None if method == "GET" else {}).status_int
            done = status not in (401, 403) and (status != 404 or "999" in path)
            assert (name, verb, path, said) == (name, verb, path, done)


def test_every_verb_there_is_can_be_asked_for_and_nothing_else(cinema: Cinema) -> None:
    for verb in Verb:
        assert allowed(cinema.person(f"root-{verb}", superuser=True), verb, "/movies")
    for name in ("fly", "VIEW", "movies:edit", "label:vip", "", "view "):
        assert wrong(cinema.admin, name, "/movies") == ["permission"]


def test_a_path_is_read_as_an_address_is(cinema: Cinema) -> None:
    for path in ("/movies/5", "movies/5", "/movies/5/", "//movies//5"):
        assert allowed(cinema.admin, "edit", path)
        assert not allowed(cinema.member, "edit", path)


NO_PATHS = [
    *("/nothing", "/api/v1/movies", "/movies/x", "/movies/-1", "/movies/1234567890123456789", "/movies/٣"),
    *("/", "//", "/auth", "/movies/5/seats", "/movies/5?limit=1", "/movies/5#x", "/movies/..", "/..", "/movies/%35"),
    *("/screenings/1/seats/x", "/screenings/1/seats/seats", "/screenings/seats", "/orders/pay", "/orders/1/fly"),
    *("/roles/ADMIN", "/roles/" + "a" * 51, "/users/1/roles/Я", "/MOVIES", "/movies /5", "http://localhost/movies"),
    *("/health/live", "/__class__", "/movies/__acl__", "/movies\n", "/\u202emovies", "/movies/../halls", "/" * 1000),
]


def test_a_path_that_leads_nowhere_is_a_400(cinema: Cinema) -> None:
    for path in NO_PATHS:
        for person in (cinema.stranger, cinema.member, cinema.admin):
            with cinema.statements() as statements:
                assert wrong(person, "view", path) == ["path"]
            assert statements == []


def test_what_is_no_path_is_a_400(cinema: Cinema) -> None:
    for path in ("", " ", "/movies\0", "/" + "x" * 1000, 5, True, [], {"path": "/movies"}):
        assert wrong(cinema.stranger, "view", path) == ["path"]


# -- what belongs to somebody --------------------------------------------------------------------------------


def test_the_owner_may_and_to_others_it_is_not_there(cinema: Cinema) -> None:
    placed = order(cinema, cinema.member)
    for path, verbs in (
        ("/orders/{}", ("view", "edit", "delete", "pay")),
        ("/orders/{}/pay", ("pay",)),
        ("/tickets/{}", ("view",)),
    ):
        mine = placed["id"] if "orders" in path else placed["tickets"][0]["id"]
        assert all(allowed(cinema.member, verb, path.format(mine)) for verb in verbs)
        for verb in Verb:
            theirs, missing = (ask(cinema.other, verb, path.format(number)) for number in (mine, 999_999))
            assert (theirs.status_int, theirs.json["code"]) == (404, "not-found")
            assert (theirs.body, theirs.headers) == (missing.body, missing.headers)
    assert not allowed(cinema.member, "refund", f"/orders/{placed['id']}")


def test_strangers_may_nothing_with_orders_whether_they_exist_or_not(cinema: Cinema) -> None:
    number = order(cinema, cinema.member)["id"]
    for verb in Verb:
        with cinema.statements() as statements:
            theirs, missing = (ask(cinema.stranger, verb, f"/orders/{key}") for key in (number, 999_999))
        assert (theirs.status_int, theirs.json["allowed"], statements) == (200, False, [])
        assert theirs.json["reason"].replace(str(number), "999999") == missing.json["reason"]


def test_whoever_sees_every_order_hears_which_are_not_there(cinema: Cinema) -> None:
    number = order(cinema, cinema.member)["id"]
    assert allowed(cinema.admin, "refund", f"/orders/{number}")
    assert ask(cinema.admin, "refund", "/orders/999999").status_int == 404


# -- about somebody else -------------------------------------------------------------------------------------


def test_staff_ask_about_others(cinema: Cinema) -> None:
    member, staff, admin = cinema.member, cinema.person("staff", "staff"), cinema.admin
    root = cinema.person("root", superuser=True)
    theirs = [allowed(staff, "roles:edit", user=person.id) for person in (member, staff, admin, root)]
    assert theirs == [False, False, True, True]
    theirs = [allowed(staff, "edit", "/movies/5", user=person.id) for person in (member, staff, admin, root)]
    assert theirs == [False, True, True, True]


def test_a_question_about_others_is_answered_with_todays_roles(cinema: Cinema) -> None:
    admin, member = cinema.admin, cinema.member
    for method, expected in (("PUT", True), ("DELETE", False)):
        admin.call(method, f"/users/{member.id}/roles/staff", status=204)
        assert allowed(admin, "movies:edit", user=member.id) is expected


def test_whose_order_it_is_is_answered_for_those_who_see_it(cinema: Cinema) -> None:
    cinema.admin.post("/roles", {"name": "helpdesk", "permissions": ["users:view"]})
    helpdesk, member = cinema.person("helpdesk", "helpdesk"), cinema.member
    path = f"/orders/{order(cinema, member)['id']}"
    answers = [allowed(cinema.admin, "view", path, user=person.id) for person in (member, cinema.other, cinema.admin)]
    assert answers == [True, False, True]
    for known in (path, "/orders/999999"):
        assert ask(helpdesk, "view", known, user=member.id).status_int == 404
    assert allowed(helpdesk, "view", "/movies/5", user=member.id)


def test_a_disabled_account_may_nothing(cinema: Cinema) -> None:
    gone = cinema.person("gone", "staff")
    cinema.admin.patch(f"/users/{gone.id}", {"is_active": False})
    for permission, path in (("movies:edit", None), ("view", "/movies/5")):
        assert not allowed(cinema.admin, permission, path, user=gone.id)
        assert ask(cinema.admin, permission, path, user=gone.id).json["reason"] == "The account is disabled."


def test_members_ask_about_themselves_only(cinema: Cinema) -> None:
    member = cinema.member
    with cinema.statements() as statements:
        assert not allowed(member, "movies:edit", user=member.id)
    for user in (cinema.other.id, 999_999):
        assert ask(member, "movies:edit", user=user).json["code"] == "forbidden"
        stranger = ask(cinema.stranger, "movies:edit", user=user)
        assert (stranger.status_int, stranger.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert statements == []


def test_who_is_asked_about_has_to_exist(cinema: Cinema) -> None:
    assert ask(cinema.admin, "movies:edit", user=999_999).status_int == 404
    for user in (0, -1, "1", 1.5, None, True, 10**18):
        assert wrong(cinema.admin, "movies:edit", user=user) == ["user"]


# -- without the database ------------------------------------------------------------------------------------

PATHS = [
    *("/movies", "/movies/5", "/halls/5", "/screenings/5", "/screenings/5/seats", "/cassettes/5", "/orders"),
    *("/tickets", "/me", "/me/bookmarks/5", "/users", "/users/5", "/users/5/roles/staff", "/roles/staff"),
]


def test_no_check_asks_the_database(cinema: Cinema) -> None:
    for person in (cinema.stranger, cinema.member, cinema.admin, cinema.person("root", superuser=True)):
        with cinema.statements() as statements:
            for permission in [*Permission, "label:vip"]:
                allowed(person, permission)
            for path in PATHS:
                for verb in Verb:
                    allowed(person, verb, path)
        assert statements == []


def test_only_what_belongs_to_somebody_is_looked_up_once(cinema: Cinema) -> None:
    path = f"/orders/{order(cinema, cinema.member)['id']}"
    for person in (cinema.member, cinema.admin):
        with cinema.statements() as statements:
            allowed(person, "view", path)
        assert len(statements) == 1


def test_checks_go_on_while_the_database_is_away(new_database: Callable[[str], str]) -> None:
    url = new_database("away")
    with opened(url) as application, Cinema(application) as house:
        member, admin = house.member, house.admin
        take_away(url)
        house.database.dispose()
        for _again in range(2):
            assert [allowed(person, "movies:edit") for person in (house.stranger, member, admin)] == [0, 0, 1]
            assert [allowed(person, "view", "/movies/5") for person in (house.stranger, member, admin)] == [0, 1, 1]
        assert [person.call("GET", "/me").status_int for person in (member, admin)] == [503, 503]
        assert ask(admin, "movies:edit", user=member.id).status_int == 503


def take_away(url: str) -> None:
    """Makes a database unreachable, for good."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        file = Path(str(address.database))
        for part in file.parent.iterdir():
            part.unlink()
        file.mkdir()
        return
    server = create_engine(
        address.set(drivername="postgresql+psycopg", database="postgres"), isolation_level="AUTOCOMMIT"
    )
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {address.database} WITH (FORCE)"))
    server.dispose()
