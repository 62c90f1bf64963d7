"""`If-Match`: who changes or deletes an object may say as what they know it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from webtest import TestResponse

from tests.app import Cinema, Person, euros, seats

BUILT_IN = {"anonymous", "member", "staff", "admin"}
FILM_BODY = {"title": "Zerkalo"}
CASSETTE = {"title": "C", "director": "D", "released": "1991-01-01", "quantity": 2}


def ordered(cinema: Cinema) -> str:
    order = cinema.member.post("/orders", {"screening": cinema.screening(), "seats": seats((1, 1))})
    return f"/orders/{order['id']}"


def role(cinema: Cinema) -> str:
    return f"/roles/{cinema.admin.post('/roles', {'name': 'usher'})['name']}"


def made(collection: str, body: Any) -> Callable[[Cinema], str]:
    return lambda cinema: f"{collection}/{cinema.admin.post(collection, body)['id']}"


@dataclass(frozen=True)
class Kind:
    """A kind of object: how to make one, two changes that differ, a whole new state, and a body that is bad."""

    make: Callable[[Cinema], str]
    changes: tuple[Any, Any]
    put: Any
    bad: Any
    deletable: bool = True


def named(collection: str) -> Kind:
    return Kind(made(collection, {"name": "A"}), ({"name": "B"}, {"name": "C"}), {"name": "D"}, {"name": 1})


PRICE = ({"price": euros("7.00")}, {"price": euros("8.00")})
SEATS = ({"seats": seats((2, 2))}, {"seats": seats((3, 3))})
NAMES = ({"name": "B"}, {"name": "C"})
KINDS: dict[str, Kind] = {
    "/movies/{id}": Kind(
        lambda cinema: f"/movies/{cinema.movie()}", ({"year": 1980}, {"year": 1981}), FILM_BODY, {"year": "x"}
    ),
    "/genres/{id}": named("/genres"),
    "/directors/{id}": named("/directors"),
    "/actors/{id}": Kind(
        made("/actors", {"first_name": "A", "last_name": "B"}),
        ({"first_name": "C"}, {"last_name": "D"}),
        {"first_name": "E", "last_name": "F"},
        {"first_name": 1},
    ),
    "/halls/{id}": Kind(
        lambda cinema: f"/halls/{cinema.hall()}", NAMES, {"name": "D", "rows": 2, "seats_in_row": 2}, {"name": 1}
    ),
    "/screenings/{id}": Kind(lambda cinema: f"/screenings/{cinema.screening()}", PRICE, "as it is", {"movie": "x"}),
    "/cassettes/{id}": Kind(
        lambda cinema: f"/cassettes/{cinema.cassette()}",
        ({"quantity": 7}, {"quantity": 8}),
        CASSETTE,
        {"quantity": -1},
    ),
    "/orders/{id}": Kind(ordered, SEATS, None, {"seats": 1}),
    "/me": Kind(lambda _cinema: "/me", NAMES, {"name": "D", "surname": "E"}, {"name": 1}, deletable=False),
    "/users/{id}": Kind(
        lambda cinema: f"/users/{cinema.other.id}",
        ({"is_active": False}, {"is_active": True}),
        None,
        {"is_active": 1},
        deletable=False,
    ),
    "/roles/{name}": Kind(
        role, ({"description": "B"}, {"description": "C"}), {"description": "D"}, {"description": 1}
    ),
}
WAYS = [
    (path, method)
    for path, kind in KINDS.items()
    for method in ("PATCH", "PUT", "DELETE")
    if (method != "PUT" or kind.put) and (method != "DELETE" or kind.deletable)
]
NO_OBJECT = {"/api/v1/users/{id}/sessions": "a list is ended, whatever is in it"}


@pytest.fixture(autouse=True)
def _roles(cinema: Cinema) -> Iterator[None]:
    """Roles outlive a test's other rows."""
    yield
    for each in list(cinema.admin.walk("/roles")):
        if each["name"] not in BUILT_IN:
            cinema.admin.delete(f"/roles/{each['name']}")


class Thing:
    """An object that an administrator handles."""

    def __init__(self, cinema: Cinema, kind: str) -> None:
        self.admin, self.kind, self._name = cinema.admin, KINDS[kind], kind
        self.path = self.kind.make(cinema)

    @property
    def shown(self) -> TestResponse:
        return self.admin.call("GET", self.path, status=200)

    @property
    def tag(self) -> str:
        return str(self.shown.headers["ETag"])

    @property
    def methods(self) -> list[str]:
        """The ways to change it, the last of which may be its end."""
        return [method for method in ("PATCH", "PUT", "DELETE") if (self._name, method) in WAYS]

    def body(self, method: str) -> Any:
        """What changes it. A screening is put as it is, but for the price."""
        if method == "PUT" and self.kind.put == "as it is":
            now = self.shown.json
            return {
                "movie": now["movie"]["id"],
                "hall": now["hall"]["id"],
                "starts_at": now["starts_at"],
                "price": None,
            }
        return {"PATCH": self.kind.changes[0], "PUT": self.kind.put, "DELETE": None}[method]

    def act(self, method: str, if_match: str, person: Person | None = None, body: Any = None) -> TestResponse:
        """Changes or deletes it as what somebody knows it."""
        content = self.body(method) if body is None else body
        return (person or self.admin).call(method, self.path, content, headers={"If-Match": if_match})

    def change(self) -> None:
        """Somebody else changes it."""
        before = self.tag
        for body in self.kind.changes:
            self.admin.patch(self.path, body)
            if self.tag != before:
                return
        raise AssertionError(f"{self.path} does not change")


def still(tag: str) -> str:
    """A tag without the part that moves."""
    return tag.strip('"').partition(".")[0]


def test_every_object_that_can_be_changed_and_looked_at_is_tried(cinema: Cinema) -> None:
    native = [each for each in cinema.registry.operations if each.dialect.name == "native"]
    shown = {each.path for each in native if each.tagged} - set(NO_OBJECT)
    changing = {(each.path, each.method) for each in native if each.method in ("PUT", "PATCH", "DELETE")}
    assert {each for each in changing if each[0] in shown} == {(f"/api/v1{path}", method) for path, method in WAYS}


@pytest.mark.parametrize("path", KINDS)
def test_who_knows_it_as_it_is_may_change_it_and_nobody_else(cinema: Cinema, path: str) -> None:
    thing = Thing(cinema, path)
    for method in thing.methods:
        old = thing.tag
        thing.change()
        now = thing.shown
        refused = thing.act(method, old)
        assert (refused.status_int, refused.json["code"]) == (412, "precondition-failed"), refused.body
        assert refused.json["current"] == now.json
        assert still(refused.headers["ETag"]) == still(now.headers["ETag"]) != still(old)
        after = thing.shown
        assert (after.body, after.headers["ETag"]) == (now.body, now.headers["ETag"])
        answer = thing.act(method, refused.headers["ETag"])
        assert answer.status_int == (204 if method == "DELETE" else 200), answer.body
    if path == "/orders/{id}":
        assert thing.shown.json["state"] == "cancelled"
    elif thing.kind.deletable:
        assert thing.admin.call("GET", thing.path).status_int == 404


MATCHING = ["{}", "*", " * ", '"x", {}', '{},W/"y"']
OTHERS = ["W/{}", 'W/{}, "x"', '"x"', "garbage", "", '"', "W/*", '"*"', ", ,"]


@pytest.mark.parametrize("path", ["/movies/{id}", "/cassettes/{id}", "/screenings/{id}"])
def test_one_of_the_tags_has_to_be_the_strong_one_of_now(cinema: Cinema, path: str) -> None:
    thing = Thing(cinema, path)
    for header in MATCHING:
        assert thing.act("PATCH", header.format(thing.tag)).status_int == 200, header
    for header in OTHERS:
        assert thing.act("PATCH", header.format(thing.tag)).status_int == 412, header


@pytest.mark.parametrize(
    "path",
    KINDS,
)
def test_a_refusal_has_the_tag_of_what_it_shows(cinema: Cinema, path: str) -> None:
    thing = Thing(cinema, path)
    refused = thing.act("PATCH", '"x"')
    assert refused.status_int == 412
    assert refused.headers["ETag"] == thing.tag
    assert thing.admin.call("GET", thing.path, headers={"If-None-Match": refused.headers["ETag"]}).status_int == 304


@pytest.mark.parametrize("path", KINDS)
def test_everything_else_is_refused_first(cinema: Cinema, path: str) -> None:
    thing, member, known = Thing(cinema, path), cinema.person("somebody"), None
    before = thing.tag
    for method in thing.methods:
        known = thing.body(method)
        if method != "DELETE":
            bad = thing.act(method, '"x"', body=thing.kind.bad)
            assert (bad.status_int, bad.json["code"]) == (400, "invalid")
        stranger = thing.act(method, '"x"', cinema.stranger)
        assert (stranger.status_int, "current" in stranger.json) == (401, False)
        if path != "/me":
            refused = thing.act(method, '"x"', member)
            assert refused.status_int == (404 if path == "/orders/{id}" else 403)
            assert "current" not in refused.json
            for header in ('"x"', "*"):
                missing = cinema.admin.call(method, nowhere(thing.path), known, headers={"If-Match": header})
                assert missing.status_int == 404, (method, header)
    assert thing.tag == before


def nowhere(path: str) -> str:
    """The path of something that there is not."""
    collection, key = path.rsplit("/", 1)
    return f"{collection}/{'999999' if key.isdigit() else 'nobody'}"


def test_what_a_caller_may_not_see_is_not_shown_by_a_refusal(cinema: Cinema) -> None:
    film = cinema.movie(label="kids")
    screening = cinema.screening(movie=film)
    cinema.admin.post("/roles", {"name": "editor", "permissions": ["movies:edit", "screenings:edit"]})
    editor = cinema.person("editor", "editor")
    for path, body in ((f"/movies/{film}", {"title": "x"}), (f"/screenings/{screening}", {"price": None})):
        for method in ("PATCH", "DELETE"):
            for header in ('"x"', "*"):
                content = body if method == "PATCH" else None
                answer = editor.call(method, path, content, headers={"If-Match": header})
                assert (answer.status_int, "current" in answer.json) == (404, False), (path, method, header)


def test_seats_that_moved_do_not_change_a_screening(cinema: Cinema) -> None:
    path = f"/screenings/{cinema.screening()}"
    known = cinema.admin.call("GET", path).headers["ETag"]
    cinema.member.post("/orders", {"screening": int(path.rsplit("/", 1)[-1]), "seats": seats((1, 1))})
    assert cinema.admin.call("GET", path).headers["ETag"] != known
    answer = cinema.admin.call("PATCH", path, {"price": euros("7.00")}, headers={"If-Match": known})
    assert (answer.status_int, answer.json["seats_left"]) == (200, 49)
    refused = cinema.admin.call("PATCH", path, {"price": euros("8.00")}, headers={"If-Match": known})
    assert (refused.status_int, refused.json["current"]["price"]) == (412, euros("7.00"))
    assert refused.json["current"] == cinema.admin.get(path)


def test_whole_films_and_halls_do_not_change_a_screening(cinema: Cinema) -> None:
    path = f"/screenings/{cinema.screening()}"
    known = cinema.admin.call("GET", f"{path}?expand=movie,hall").headers["ETag"]
    answer = cinema.admin.call("PATCH", path, {"price": euros("7.00")}, headers={"If-Match": known})
    assert answer.status_int == 200


def test_cassettes_that_are_claimed_do_not_change_a_cassette(cinema: Cinema) -> None:
    key = cinema.cassette()
    path = f"/cassettes/{key}"
    known = cinema.admin.call("GET", path).headers["ETag"]
    cinema.member.post("/orders", {"cassettes": [{"cassette": key, "quantity": 1}]})
    assert cinema.admin.call("GET", path).headers["ETag"] != known
    answer = cinema.admin.call("PATCH", path, {"price": euros("7.00")}, headers={"If-Match": known})
    assert answer.status_int == 200


def test_seconds_that_ran_do_not_change_an_order_and_its_end_does(cinema: Cinema) -> None:
    member, path = cinema.member, ordered(cinema)
    known = member.call("GET", path).headers["ETag"]
    cinema.later(seconds=61)
    assert member.call("GET", path).headers["ETag"] != known
    answer = member.call("PATCH", path, {"seats": seats((2, 2))}, headers={"If-Match": known})
    assert answer.status_int == 200
    known = answer.headers["ETag"]
    cinema.later(minutes=15)
    refused = member.call("PATCH", path, {"extend": True}, headers={"If-Match": known})
    assert (refused.status_int, refused.json["current"]["state"]) == (412, "expired")


def test_a_refusal_leaves_nothing_locked(cinema: Cinema) -> None:
    thing = Thing(cinema, "/movies/{id}")
    assert thing.act("PATCH", '"x"').status_int == 412
    thing.change()


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/me/login", {"username": "somebody", "current_password": "x"}),
        ("PUT", "/me/password", {"old_password": "x", "new_password": "y"}),
        ("PUT", "/me/bookmarks/{movie}", None),
        ("DELETE", "/me/bookmarks/{movie}", None),
        ("PUT", "/users/{user}/roles/staff", None),
        ("DELETE", "/users/{user}/sessions", None),
    ],
)
def test_where_there_is_no_tag_none_is_ignored(cinema: Cinema, method: str, path: str, body: Any) -> None:
    address = path.format(movie=cinema.movie(), user=cinema.member.id)
    refused = cinema.admin.call(method, address, body, 412, headers={"If-Match": '"x"'})
    assert refused.json["code"] == "precondition-failed"
    assert "current" not in refused.json
    anything = cinema.admin.call(method, address, body, headers={"If-Match": "*"})
    assert anything.status_int != 412
