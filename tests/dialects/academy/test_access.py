"""Who may call what, in which order that is found out, and which methods there are."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests.app import PASSWORD
from tests.conftest import opened
from tests.databases import empty
from tests.dialects.academy.app import (
    ACTORS,
    COLLECTIONS,
    EVENING,
    GENRES,
    HALLS,
    MOVIES,
    ORDERS,
    SESSIONS,
    Academy,
    tickets,
)

pytestmark = pytest.mark.either_engine

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
READING = {"GET", "HEAD", "OPTIONS"}
ACCOUNTS = {
    "register/": "POST, OPTIONS",
    "login/": "POST, OPTIONS",
    "me/": "GET, PUT, PATCH, HEAD, OPTIONS",
}
ALLOWED = (
    ACCOUNTS
    | {f"user/{path}": methods for path, methods in ACCOUNTS.items()}
    | dict.fromkeys(COLLECTIONS.values(), "GET, POST, HEAD, OPTIONS")
    | {
        "cinema/movies/{}/": "GET, HEAD, OPTIONS",
        "cinema/movie_sessions/{}/": "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
    }
)
PUBLIC = [path for path in ALLOWED if path.endswith(("register/", "login/"))]
CATALOGUE = [path for path in ALLOWED if path.startswith("cinema/") and path != ORDERS]
CLOSED = ["me/", "user/me/", *CATALOGUE, ORDERS]
NOWHERE = [
    *(f"{path}{{}}/" for path in (GENRES, ACTORS, HALLS, ORDERS)),
    *(f"{path}{{}}" for path in COLLECTIONS.values()),
    *(path.rstrip("/") for path in ALLOWED if "{}" not in path),
    *("cinema/", "cinema/x/", "user/", "me/1/", "register/x/", "cinema/movies/{}/x/", "cinema/movies/@@x/"),
    *("cinema/movie_sessions/{}/x/", "cinema/directors/", "cinema/tickets/", "cinema/movie-sessions/"),
]
UNREADABLE = b'{"name": '


class Furnished(NamedTuple):
    """A cinema with one of everything; the order is the user's."""

    academy: Academy
    ids: dict[str, int]

    def address(self, path: str, *, unknown: bool = False) -> str:
        """`path` with the id of the thing that is there, or of none."""
        return path.format(999_999 if unknown else self.ids.get("/".join(path.split("/")[:2]) + "/"))


@pytest.fixture
def house(academy: Academy) -> Furnished:
    """A cinema where everything exists."""
    film, hall = academy.film(), academy.cinema_hall()
    session = academy.session(movie=film, cinema_hall=hall)
    order = academy.order(academy.user, (academy.session(movie=film, cinema_hall=hall), 1, 1))["id"]
    [genre], [actor] = academy.boss.get(GENRES), academy.boss.get(ACTORS)
    ids = {GENRES: genre["id"], ACTORS: actor["id"], HALLS: hall, MOVIES: film, SESSIONS: session, ORDERS: order}
    return Furnished(academy, ids)


def methods_of(path: str) -> set[str]:
    return set(ALLOWED[path].split(", "))


def missing_at(path: str) -> list[str]:
    """The methods that an address has not."""
    return [method for method in METHODS if method not in methods_of(path)]


# -- strangers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CLOSED)
def test_a_stranger_hears_401_before_anything_else(house: Furnished, path: str) -> None:
    before = house.academy.stored()
    for method in METHODS:
        for address in (house.address(path), house.address(path, unknown=True)):
            house.academy.nobody.call(method, address, status=401)
            house.academy.nobody.call(method, address, UNREADABLE, 401)
            house.academy.nobody.call(method, f"{address}?page=x&genres=x&date=x", status=401)
    assert house.academy.stored() == before


def test_an_unknown_key_is_a_stranger(house: Furnished) -> None:
    unknown = house.academy.with_key("0" * 40)
    for path in CLOSED:
        for method in METHODS:
            unknown.call(method, house.address(path), UNREADABLE, 401)


@pytest.mark.parametrize("path", PUBLIC)
def test_registering_and_signing_in_are_posts_for_everybody(house: Furnished, path: str) -> None:
    academy = house.academy
    for caller in (academy.nobody, academy.user, academy.boss):
        for method in missing_at(path):
            answer = caller.call(method, path, UNREADABLE, 405)
            assert answer.headers["Allow"] == ALLOWED[path]
        assert caller.refused("POST", path) == {"username", "password"}


# -- users ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CATALOGUE)
def test_a_user_reads_and_hears_403_for_any_write_before_anything_else(house: Furnished, path: str) -> None:
    academy = house.academy
    before = academy.stored()
    for method in METHODS:
        if method in READING:
            academy.user.call(method, house.address(path), status=200)
            continue
        for address in (house.address(path), house.address(path, unknown=True)):
            for body in (None, UNREADABLE, [1], {"name": "x"}):
                academy.user.call(method, address, body, 403)
    assert academy.stored() == before


def test_a_user_with_other_powers_writes_nothing_either(house: Furnished) -> None:
    seller = house.academy.caller("seller")
    house.academy.admin.post("/roles", {"name": "seller", "permissions": ["orders:view-any", "orders:edit-any"]})
    try:
        house.academy.admin.put(f"/users/{seller.id}/roles/seller", status=204)
        for path in CATALOGUE:
            for method in set(METHODS) - READING:
                seller.call(method, house.address(path), status=403)
        assert seller.get(ORDERS)["count"] == 0
    finally:
        house.academy.admin.delete("/roles/seller")


@pytest.mark.parametrize("path", ["me/", "user/me/", ORDERS])
def test_of_what_is_ones_own_only_the_method_can_be_missing(house: Furnished, path: str) -> None:
    for caller in (house.academy.user, house.academy.boss):
        for method in missing_at(path):
            for body in (None, UNREADABLE):
                assert caller.call(method, path, body, 405).headers["Allow"] == ALLOWED[path]


# -- staff ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CATALOGUE)
def test_staff_hear_405_for_a_method_that_is_missing_and_nothing_changes(house: Furnished, path: str) -> None:
    academy = house.academy
    root = academy.caller("root", superuser=True)
    before = academy.stored()
    for caller in (academy.boss, root):
        for method in missing_at(path):
            for address in (house.address(path), house.address(path, unknown=True)):
                for body in (None, UNREADABLE, {"title": "x"}):
                    assert caller.call(method, address, body, 405).headers["Allow"] == ALLOWED[path]
    assert academy.stored() == before


def test_that_there_is_no_such_thing_goes_before_what_is_wrong_with_the_body(house: Furnished) -> None:
    boss, path = house.academy.boss, house.address("cinema/movie_sessions/{}/", unknown=True)
    for method in ("PUT", "PATCH"):
        for body in (UNREADABLE, [1], {}, {"movie": "x"}, house.academy.session_body()):
            boss.call(method, path, body, 404)
    boss.call("DELETE", path, UNREADABLE, 404)
    for method in ("GET", "HEAD"):
        boss.call(method, path, status=404)
        boss.call(method, house.address("cinema/movies/{}/", unknown=True), status=404)


# -- addresses -----------------------------------------------------------------------------------------------


def test_an_address_that_is_none_is_a_404_for_everybody(house: Furnished) -> None:
    academy = house.academy
    before = academy.stored()
    for path in NOWHERE:
        for caller in (academy.nobody, academy.user, academy.boss):
            for method in METHODS:
                for body in (None, UNREADABLE, {"name": "x", "title": "x"}):
                    caller.call(method, house.address(path), body, 404)
    assert academy.stored() == before


@pytest.mark.parametrize("path", [MOVIES, SESSIONS])
def test_what_can_be_no_id_is_a_404(house: Furnished, path: str) -> None:
    for segment in ("x", "-1", "1.0", "1e3", "0x1", "%D9%A3", "%20", "1%20", "0", "9" * 18, "9" * 30, "None"):
        for caller in (house.academy.user, house.academy.boss):
            caller.get(f"{path}{segment}/", 404)


# -- what answers carry --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ALLOWED)
def test_options_and_head_tell_the_methods(house: Furnished, path: str) -> None:
    for caller in (house.academy.user, house.academy.boss):
        answer = caller.call("OPTIONS", house.address(path), status=200)
        assert answer.headers["Allow"] == ALLOWED[path]
        if "HEAD" in methods_of(path):
            head, get = (caller.call(method, house.address(path), status=200) for method in ("HEAD", "GET"))
            assert head.headers["Allow"] == get.headers["Allow"] == ALLOWED[path]
            assert head.headers["Content-Length"] == get.headers["Content-Length"]


def successes(house: Furnished) -> Iterator[tuple[str, Any]]:
    """Every write with what comes of it."""
    academy, boss = house.academy, house.academy.boss
    session = house.address("cinema/movie_sessions/{}/")
    body = academy.session_body(movie=house.ids[MOVIES], cinema_hall=house.ids[HALLS])
    anna = {"username": "anna", "password": "12345"}
    yield "register/", boss.call("POST", "register/", anna, 201)
    yield "login/", boss.call("POST", "login/", anna, 200)
    yield "me/", boss.call("PATCH", "me/", {}, 200)
    yield "me/", boss.call("PUT", "me/", {"username": "boss", "password": "12345"}, 200)
    yield GENRES, boss.call("POST", GENRES, {"name": "Комедия"}, 201)
    yield ACTORS, boss.call("POST", ACTORS, {"first_name": "Лев", "last_name": "Дуров"}, 201)
    yield HALLS, boss.call("POST", HALLS, {"name": "Синий", "rows": 1, "seats_in_row": 1}, 201)
    yield MOVIES, boss.call("POST", MOVIES, academy.film_body(), 201)
    yield SESSIONS, boss.call("POST", SESSIONS, body, 201)
    yield ORDERS, boss.call("POST", ORDERS, tickets((house.ids[SESSIONS] + 1, 2, 2)), 201)
    yield "cinema/movie_sessions/{}/", boss.call("PUT", session, body, 200)
    yield "cinema/movie_sessions/{}/", boss.call("PATCH", session, {"show_time": EVENING}, 200)
    yield "cinema/movie_sessions/{}/", boss.call("DELETE", session, status=204)


def test_every_write_that_succeeds_tells_the_methods_too(house: Furnished) -> None:
    seen = [(path, answer.headers["Allow"]) for path, answer in successes(house)]
    assert len(seen) == 13
    assert seen == [(path, ALLOWED[path]) for path, _methods in seen]


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html", "application/xml", ""])
def test_answers_are_json_whatever_is_asked_for(house: Furnished, accept: str) -> None:
    for caller in (house.academy.user, house.academy.nobody):
        for path in CLOSED:
            caller.call("GET", house.address(path), headers={"Accept": accept})


# -- where the dialect lives ---------------------------------------------------------------------------------


def test_a_prefix_moves_every_address(academy: Academy, academy_url: str) -> None:
    with opened(academy_url, **{"cinema.dialects": "academy = /old"}) as router:
        empty(router.registry.database)
        with Academy(router) as moved:
            moved.person("anna")
            http = moved.http
            body = {"username": "anna", "password": PASSWORD}
            token = http.post_json("/old/api/login/", body).json["token"]
            headers = {"Authorization": f"Token {token}"}
            assert http.get("/old/api/me/", headers=headers).json["username"] == "anna"
            assert http.get("/old/api/cinema/genres/", headers=headers).json == []
            http.get("/api/me/", headers=headers, status=404)
            http.post_json("/api/login/", body, status=404)
