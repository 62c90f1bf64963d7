"""Entity tags: a name for every state of every object and list, the same wherever it is asked for."""

import re
from collections.abc import Callable, Iterator
from itertools import permutations, product
from typing import Any

import pytest
from webtest import TestApp, TestResponse

from tests.app import API, PASSWORD, Cinema, Person, euros, seats
from tests.conftest import opened

UNTAGGED = {
    "/docs": "a page for people",
    "/docs/access": "a page for people",
    "/docs/errors": "a page for people",
    "/docs/static/{file}": "a file, which has a date",
    "/health/live": "this process, now",
    "/health/ready": "this process, now",
    "/metrics": "this process, now",
    "/openapi.json": "the contract, no object in the database",
    "/version": "which version this is, no object in the database",
    f"{API}/reports/sales": "computed when asked for",
    f"{API}/screenings/{{id}}/best-available": "a proposal, computed when asked for",
    f"{API}/tickets/public-key": "a key, no object in the database",
    f"{API}/tickets/{{id}}/qr": "a picture",
}
STRONG = re.compile(r'"[\x21\x23-\x7e]+"')
BUILT_IN = {"anonymous", "member", "staff", "admin"}
LABEL = "kids"


class House:
    """A cinema with one of everything, and a second screening that nothing happens to."""

    def __init__(self, cinema: Cinema) -> None:
        self.cinema, self.admin, self.member = cinema, cinema.admin, cinema.member
        admin = self.admin
        self.ids = ids = {
            "genres": admin.post("/genres", {"name": "Drama"})["id"],
            "directors": admin.post("/directors", {"name": "Тарковский"})["id"],
            "actors": admin.post("/actors", {"first_name": "Анатолий", "last_name": "Солоницын"})["id"],
        }
        about = {name: [key] for name, key in ids.items()}
        ids["movies"], ids["halls"] = cinema.movie(year=1979, rating=8.1, **about), cinema.hall()
        ids["screenings"] = cinema.screening(movie=ids["movies"], hall=ids["halls"])
        ids["cassettes"] = cinema.cassette()
        ids["order"] = self.order((1, 1), (1, 2), cassettes=[{"cassette": ids["cassettes"], "quantity": 1}])
        ids["orders"], ids["tickets"] = ids["order"]["id"], ids["order"]["tickets"][0]["id"]
        ids["users"], ids["roles"] = self.member.id, "usher"
        admin.post("/roles", {"name": "usher", "permissions": ["movies:view"]})
        admin.put(f"/me/bookmarks/{ids['movies']}", status=204)
        self.quiet = cinema.screening(hall=cinema.hall(2, 3), movie=cinema.movie("Solaris"))

    def order(self, *places: tuple[int, int], **more: Any) -> Any:
        """An order of the member's."""
        return self.member.post("/orders", {"screening": self.ids["screenings"], "seats": seats(*places), **more})

    def path(self, template: str) -> str:
        """A path of the contract, with ids of what there is."""
        path, mark, query = template.removeprefix(API).partition("?")
        segments = path.split("/")
        filled = (
            str(self.ids[segments[place - 1]]) if segment.startswith("{") else segment
            for place, segment in enumerate(segments)
        )
        return "/".join(filled) + mark + query

    def looks(self) -> dict[str, str]:
        """Every path below the prefix that shows an object or a list, by its path in the contract."""
        return {
            each.path: self.path(each.path)
            for each in self.cinema.registry.operations
            if each.method == "GET" and each.dialect.name == "native" and each.path not in UNTAGGED
        }


@pytest.fixture
def house(cinema: Cinema) -> Iterator[House]:
    yield House(cinema)
    for role in list(cinema.admin.walk("/roles")):  # roles outlive a test's other rows
        if role["name"] not in BUILT_IN:
            cinema.admin.delete(f"/roles/{role['name']}")


def look(person: Person, path: str, if_none_match: str | None = None, method: str = "GET") -> TestResponse:
    """What somebody is shown who knows a tag."""
    headers = {} if if_none_match is None else {"If-None-Match": if_none_match}
    return person.call(method, path, headers=headers)


def tag(person: Person, path: str) -> str:
    """The tag of what is there."""
    answer = look(person, path)
    assert answer.status_int == 200, (path, answer.body)
    assert STRONG.fullmatch(answer.headers["ETag"]), (path, answer.headers["ETag"])
    return str(answer.headers["ETag"])


def test_a_tag_for_everything_that_can_be_looked_at(house: House) -> None:
    admin = house.admin
    for path in house.looks().values():
        first, again = look(admin, path), look(admin, path)
        assert first.headers["ETag"] == again.headers["ETag"] == tag(admin, path), path
        assert first.body == again.body, path
        unchanged = look(admin, path, first.headers["ETag"])
        assert (unchanged.status_int, unchanged.body) == (304, b""), path
        assert unchanged.headers["ETag"] == first.headers["ETag"], path
        assert "Content-Length" not in unchanged.headers, path


def test_what_has_no_tag_is_listed(house: House) -> None:
    known = {each.path for each in house.cinema.registry.operations if each.method == "GET"}
    assert set(UNTAGGED) - {"/metrics"} <= known
    house.member.post(house.path("/orders/{id}/pay"), status=200)  # a ticket has a code once it is paid
    queries = {"best-available": "?seats=2", "sales": "?by=day"}
    for template in UNTAGGED:
        path = house.path(template.replace("{file}", "docs.css"))
        address = path if template.startswith(API) else f"http://localhost{path}"
        answer = house.admin.call("GET", address + queries.get(path.rsplit("/", 1)[-1], ""))
        assert answer.status_int == 200 or template == "/metrics", template
        assert "ETag" not in answer.headers or "{file}" in template, template


def test_another_process_gives_the_same_tags(house: House, database_url: str) -> None:
    admin, paths = house.admin, house.looks().values()
    here = {path: tag(admin, path) for path in paths}
    with opened(database_url) as router:
        router.registry.clock = lambda: house.cinema.now
        there = Person(TestApp(router, extra_environ={"HTTP_HOST": "localhost:80"}), admin.id)
        there.headers = admin.headers
        for path in paths:
            assert tag(there, path) == here[path], path
            assert look(there, path, here[path]).status_int == 304, path


HEADERS: dict[str, tuple[str, int]] = {
    "it": ("{}", 304),
    "weak": ("W/{}", 304),
    "among others": ('"x", {},"y"', 304),
    "weak among others": ('W/"x",W/{}', 304),
    "anything": ("*", 304),
    "anything with spaces": (" * ", 304),
    "another": ('"x"', 200),
    "others": ('"x", W/"y"', 200),
    "nothing": ("", 200),
    "garbage": ("garbage", 200),
    "a quote": ('"', 200),
    "no tags": (", ,", 200),
}


@pytest.mark.parametrize("name", HEADERS)
def test_whoever_knows_the_state_is_told_so_and_nobody_else(cinema: Cinema, name: str) -> None:
    header, status = HEADERS[name]
    member = cinema.member
    for path in (f"/movies/{cinema.movie()}", f"/cassettes/{cinema.cassette()}", "/movies", "/cassettes"):
        known = tag(member, path)
        for method in ("GET", "HEAD"):
            answer = look(member, path, header.format(known), method)
            assert (answer.status_int, answer.headers["ETag"]) == (status, known), (path, method)
            assert bool(answer.body) is (status == 200 and method == "GET"), (path, method)


@pytest.mark.parametrize("mangled", [lambda tag: tag.strip('"'), lambda tag: tag[:-1], lambda tag: f'"{tag[2:]}'])
def test_what_is_only_like_a_tag_is_none(cinema: Cinema, mangled: Callable[[str], str]) -> None:
    for path in (f"/movies/{cinema.movie()}", f"/cassettes/{cinema.cassette()}"):
        assert look(cinema.member, path, mangled(tag(cinema.member, path))).status_int == 200, path


def test_a_head_shows_the_tag_and_the_length(cinema: Cinema) -> None:
    for path in (f"/movies/{cinema.movie()}", f"/cassettes/{cinema.cassette()}"):
        for _again in range(2):
            head, got = look(cinema.member, path, method="HEAD"), look(cinema.member, path)
            assert (head.status_int, head.body) == (200, b"")
            assert head.headers["ETag"] == got.headers["ETag"]
            assert head.headers["Content-Length"] == got.headers["Content-Length"] == str(len(got.body))


# -- after a change ------------------------------------------------------------------------------------------

MADE = {
    "/movies": ({"title": "A"}, {"title": "B"}),
    "/genres": ({"name": "A"}, {"name": "B"}),
    "/directors": ({"name": "A"}, {"name": "B"}),
    "/actors": ({"first_name": "A", "last_name": "B"}, {"first_name": "C", "last_name": "D"}),
    "/halls": ({"name": "A", "rows": 2, "seats_in_row": 2}, {"name": "B", "layout": "A|..\nB|PA"}),
    "/cassettes": (
        {"title": "A", "director": "B", "released": "1990-01-01", "quantity": 1},
        {"title": "C", "director": "D", "released": "1991-01-01", "quantity": 2},
    ),
    "/roles": ({"name": "usher"}, {"description": "B", "permissions": ["movies:view"]}),
}


@pytest.mark.parametrize("collection", MADE)
def test_who_makes_or_changes_something_knows_its_tag(cinema: Cinema, collection: str) -> None:
    admin, (body, change) = cinema.admin, MADE[collection]
    answer = admin.call("POST", collection, body, 201)
    path = answer.headers["Location"]
    try:
        assert answer.headers["ETag"] == tag(admin, path)
        for method in ("PATCH", "PUT"):
            changed = admin.call(method, path, change, 200)
            assert changed.headers["ETag"] == tag(admin, path) != answer.headers["ETag"]
            assert look(admin, path, changed.headers["ETag"]).status_int == 304
            assert changed.json == admin.get(path)
    finally:
        admin.delete(path)


def test_who_schedules_or_moves_a_screening_knows_its_tag(cinema: Cinema) -> None:
    admin, day = cinema.admin, cinema.now.date().isoformat()
    body = {"movie": cinema.movie(), "hall": cinema.hall(), "starts_at": f"{day}T18:00:00Z"}
    answer = admin.call("POST", "/screenings", body, 201)
    path = answer.headers["Location"]
    assert answer.headers["ETag"] == tag(admin, path)
    for method, change in (("PATCH", {"price": euros("7.00")}), ("PUT", body | {"price": euros("8.00")})):
        changed = admin.call(method, path, change, 200)
        assert changed.headers["ETag"] == tag(admin, path) != answer.headers["ETag"]


def test_who_orders_knows_the_tag_at_every_step(cinema: Cinema) -> None:
    admin, member = cinema.admin, cinema.member
    ordered = member.call("POST", "/orders", {"screening": cinema.screening(), "seats": seats((1, 1), (1, 2))}, 201)
    path, order = ordered.headers["Location"], ordered.json
    seen = [ordered.headers["ETag"]]
    assert seen == [tag(member, path)]
    for who, method, rest, body in (
        (member, "PATCH", "", {"seats": seats((2, 1), (2, 2))}),
        (member, "PATCH", "", {"extend": True}),
        (member, "POST", "/pay", {}),
        (admin, "POST", "/refund", {"tickets": [order["tickets"][0]["id"]]}),
        (admin, "POST", "/refund", {}),
    ):
        cinema.later(seconds=10)
        if rest == "/refund" and body:
            body = {"tickets": [member.get(path)["tickets"][0]["id"]]}
        seen.append(who.call(method, path + rest, body, 200).headers["ETag"])
        assert seen[-1] == tag(member, path), (rest, body)
    assert len(set(seen)) == len(seen)


def test_who_changes_an_account_knows_its_tag(cinema: Cinema) -> None:
    member, admin = cinema.member, cinema.admin
    for who, method, path, shown, body in (
        (member, "PUT", "/me", "/me", {"name": "A"}),
        (member, "PATCH", "/me", "/me", {"surname": "B"}),
        (member, "PUT", "/me/login", "/me", {"username": "mister", "current_password": PASSWORD}),
        (admin, "PATCH", f"/users/{member.id}", f"/users/{member.id}", {"is_active": False}),
    ):
        assert who.call(method, path, body, 200).headers["ETag"] == tag(who, shown), path
    assert tag(admin, f"/users/{admin.id}") == tag(admin, "/me")


# -- what changes which tag ----------------------------------------------------------------------------------

MOVIE, HALL, SCREENING, SEATS = "/movies/{id}", "/halls/{id}", "/screenings/{id}", "/screenings/{id}/seats"
EXPANDED = {"/screenings?expand=movie,hall", "/screenings/{id}?expand=movie,hall"}
SHOWINGS = {"/screenings", SCREENING, *EXPANDED}
MOVIES = {"/movies", MOVIE, "/me/bookmarks"}
ORDERS = {"/orders", "/orders/{id}"}
TICKETS = {"/tickets", "/tickets/{id}"}
USERS = {"/users", "/users/{id}"}
QUIETLY = SHOWINGS | ORDERS | TICKETS
"""Whose tags may change without their looks: when the next hold ends is in the tag of a list, for one."""

Act = Callable[[House], object]


def patching(path: str, body: Any) -> Act:
    return lambda house: house.admin.patch(house.path(path), body)


def extending(house: House) -> None:
    house.cinema.later(minutes=1)
    house.member.patch(house.path("/orders/{id}"), {"extend": True})


CHANGES: list[tuple[str, Act, set[str]]] = [
    ("a film's title", patching(MOVIE, {"title": "Stalker"}), MOVIES | SHOWINGS | ORDERS | TICKETS),
    ("a film's text", patching(MOVIE, {"description": "Zone"}), MOVIES | EXPANDED),
    ("a genre", patching("/genres/{id}", {"name": "SF"}), {"/genres", "/genres/{id}"} | MOVIES | EXPANDED),
    (
        "a director",
        patching("/directors/{id}", {"name": "Tarkovsky"}),
        {"/directors", "/directors/{id}"} | MOVIES | EXPANDED,
    ),
    ("an actor", patching("/actors/{id}", {"last_name": "S."}), {"/actors", "/actors/{id}"} | MOVIES | EXPANDED),
    ("a film's actors", patching(MOVIE, {"actors": []}), MOVIES | EXPANDED),
    ("a new film", lambda house: house.cinema.movie("Zerkalo"), {"/movies"}),
    ("a hall's name", patching(HALL, {"name": "Green"}), {"/halls", HALL} | SHOWINGS | ORDERS | TICKETS),
    (
        "a hall's seats",
        patching(HALL, {"rows": 6, "seats_in_row": 10}),
        {"/halls", HALL, SEATS} | SHOWINGS,
    ),
    ("a price", patching(SCREENING, {"price": euros("7.00")}), {SEATS} | SHOWINGS),
    ("a seat held", lambda house: house.order((3, 3)), {SEATS, "/orders", "/tickets"} | SHOWINGS),
    (
        "a seat given up",
        lambda house: house.member.delete(f"/orders/{house.member.get('/orders')['items'][0]['id']}"),
        {SEATS, "/orders", "/tickets"} | SHOWINGS,
    ),
    ("a minute that passed", lambda house: house.cinema.later(minutes=1), ORDERS),
    ("a hold extended", extending, ORDERS),
    (
        "a seat held for a while",
        lambda house: house.order((4, 4)),
        {SEATS, "/orders", "/tickets"} | SHOWINGS,
    ),
    (
        "a seat sold",
        lambda house: house.member.post(house.path("/orders/{id}/pay"), status=200),
        {SEATS, "/cassettes", "/cassettes/{id}"} | ORDERS | TICKETS,
    ),
    (
        "a hold that ended",
        lambda house: house.cinema.later(minutes=15),
        {SEATS, "/orders", "/tickets"} | SHOWINGS,
    ),
    (
        "a ticket refunded",
        lambda house: house.admin.post(house.path("/orders/{id}/refund"), {"tickets": [house.ids["tickets"]]}, 200),
        {SEATS} | SHOWINGS | ORDERS | TICKETS,
    ),
    (
        "cassettes in stock",
        patching("/cassettes/{id}", {"quantity": 7}),
        {"/cassettes", "/cassettes/{id}"},
    ),
    (
        "cassettes ordered",
        lambda house: house.member.post(
            "/orders", {"cassettes": [{"cassette": house.ids["cassettes"], "quantity": 2}]}
        ),
        {"/cassettes", "/cassettes/{id}", "/orders"},
    ),
    (
        "what a role may do",
        patching("/roles/{name}", {"permissions": ["halls:view"]}),
        {"/roles", "/roles/{name}"},
    ),
    (
        "a role granted",
        lambda house: house.admin.put(f"/users/{house.member.id}/roles/usher", status=204),
        {"/users/{id}/roles"} | USERS,
    ),
    ("a profile", lambda house: house.member.patch("/me", {"name": "M"}), USERS),
    (
        "a user disabled",
        patching("/users/{id}", {"is_active": False}),
        {"/users/{id}/sessions"} | USERS,
    ),
]


def test_each_change_changes_the_tags_of_what_shows_it(house: House) -> None:
    quiet = {f"/screenings/{house.quiet}", f"/screenings/{house.quiet}/seats"}
    watched = {path.removeprefix(API): path for path in house.looks()} | {path: path for path in EXPANDED | quiet}
    del watched["/me/sessions"], watched["/me/history"], watched["/permissions"]

    def seen() -> dict[str, TestResponse]:
        return {name: look(house.admin, house.path(path)) for name, path in watched.items()}

    before = seen()
    for name, act, expected in CHANGES:
        act(house)
        after = seen()
        tags = {path for path in watched if before[path].headers["ETag"] != after[path].headers["ETag"]}
        # `expires_in` runs by itself
        bodies = {path for path in watched if before[path].body != after[path].body}
        assert expected <= tags, (name, expected - tags)
        assert bodies <= tags, (name, bodies - tags)
        assert tags - expected <= QUIETLY, (name, tags - expected)
        assert not tags & quiet, (name, tags)
        before = after


def there_and_back(house: House, paths: set[str]) -> None:
    """What is changed and changed back has the tag that it had, whatever the database has moved about meanwhile."""
    before = {path: tag(house.admin, house.path(path)) for path in paths}
    for path, there, back in (
        (MOVIE, {"title": "Stalker"}, {"title": "Сталкер"}),
        (HALL, {"name": "Green"}, {"name": "Red"}),
    ):
        house.admin.patch(house.path(path), there)
        house.admin.patch(house.path(path), back)
    assert {path: tag(house.admin, house.path(path)) for path in paths} == before


def test_the_same_state_has_the_same_tag_again(house: House) -> None:
    there_and_back(house, {"/movies", MOVIE, "/halls", HALL} | SHOWINGS - EXPANDED | ORDERS | TICKETS)


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_the_same_state_has_the_same_tag_again_with_whole_films_and_halls(house: House) -> None:
    there_and_back(house, EXPANDED)


def test_two_devices_of_one_person_see_their_sessions_each_in_their_way(cinema: Cinema) -> None:
    laptop = cinema.member
    phone = cinema.signed_in(laptop.id or 0)
    tags = {id(device): tag(device, "/me/sessions") for device in (laptop, phone)}
    assert len(set(tags.values())) == 2
    for device, other in ((laptop, phone), (phone, laptop)):
        assert look(device, "/me/sessions", tags[id(device)]).status_int == 304
        answer = look(device, "/me/sessions", tags[id(other)])
        assert answer.status_int == 200
        assert [each["current"] for each in answer.json["items"]] == [device is phone, device is laptop]


# -- who sees what -------------------------------------------------------------------------------------------


@pytest.fixture
def strangers_may_look(house: House) -> Iterator[None]:
    house.admin.put("/roles/anonymous", {"permissions": ["movies:view", "screenings:view"]})
    yield
    house.admin.put("/roles/anonymous", {})


@pytest.mark.usefixtures("strangers_may_look")
def test_each_caller_gets_their_own_bytes_whoever_asked_before(house: House) -> None:
    cinema, film = house.cinema, house.ids["movies"]
    house.admin.patch(f"/movies/{film}", {"label": LABEL})
    house.admin.put("/roles/usher", {"permissions": [f"label:{LABEL}"]})
    people = {
        "blind": house.member,
        "stranger": cinema.stranger,
        "seeing": cinema.person("usher", "usher"),
        "all-seeing": house.admin,
    }
    paths = ["/movies", f"/movies/{film}", "/movies?count=true", f"/movies?label={LABEL}", *EXPANDED]
    paths += ["/screenings", SCREENING, SEATS]
    paths = [house.path(path) for path in paths]
    own = {(name, path): alone(person, path, cinema) for name, person in people.items() for path in paths}
    for path in paths:
        assert own["blind", path].headers.get("ETag") != own["seeing", path].headers["ETag"], path
    for order in permutations(people):
        cinema.registry.versions.touch_all()
        for name, path in product((*order, *order), paths):
            mine, answer = own[name, path], look(people[name], path)
            assert same(answer, mine), (path, name, order)
    for (name, other), path in product(permutations(people, 2), paths):
        mine, theirs = own[name, path], own[other, path].headers.get("ETag", '"x"')
        if theirs != mine.headers.get("ETag"):
            assert look(people[name], path, theirs).status_int == mine.status_int in (200, 404), (path, name, other)


def alone(person: Person, path: str, cinema: Cinema) -> TestResponse:
    """What somebody is shown when nothing is ready."""
    cinema.registry.versions.touch_all()
    return look(person, path)


def same(one: TestResponse, other: TestResponse) -> bool:
    """Whether two answers are the same; of refusals the status counts."""
    if one.status_int != other.status_int or one.status_int != 200:
        return bool(one.status_int == other.status_int)
    return bool((one.body, one.headers["ETag"]) == (other.body, other.headers["ETag"]))


def test_who_may_look_is_asked_before_any_tag(house: House) -> None:
    path = house.path(MOVIE)
    known = tag(house.admin, path)
    bad = Person(house.cinema.http, token="x.y.z")
    for person in (house.cinema.stranger, bad):
        for header in (known, "*"):
            assert look(person, path, header).status_int == 401
            assert look(person, path, header, "HEAD").status_int == 401
    refused = look(house.member, "/users", tag(house.admin, "/users"))
    assert refused.status_int == 403
    order = house.path("/orders/{id}")
    assert look(house.cinema.other, order, tag(house.admin, order)).status_int == 404


def test_a_role_that_loses_a_label_sees_it_no_more(house: House) -> None:
    film, holder = house.path(MOVIE), house.cinema.person("usher", "usher")
    house.admin.patch(film, {"label": LABEL})
    house.admin.put("/roles/usher", {"permissions": [f"label:{LABEL}"]})
    for _again in range(2):
        known, listed = tag(holder, film), tag(holder, "/movies")
    house.admin.put("/roles/usher", {"permissions": []})
    assert look(holder, film, known).status_int == 404
    answer = look(holder, "/movies", listed)
    assert answer.status_int == 200
    assert house.ids["movies"] not in [each["id"] for each in answer.json["items"]]
    assert look(holder, house.path(SEATS), "*").status_int == 404
