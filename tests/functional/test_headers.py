"""What every answer says in its headers: the id of its request, what browsers may do with it, what caches may."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest
from webtest import TestApp, TestResponse

from tests.app import API, PASSWORD, Cinema, Person, failure
from tests.conftest import opened

pytestmark = pytest.mark.either_engine

House = TypeVar("House", bound=Cinema)
SHOP = "https://shop.example.com"
PREFLIGHT = {"Origin": SHOP, "Access-Control-Request-Method": "GET"}
GOOD_IDS = ["a", "0", "A.b_c-9", "x" * 64, "0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f"]
BAD_IDS = ["", "x" * 65, "two words", "a/b", "anna@example.com", "a\n", "a\r\nSet-Cookie: x", "\x00", "é", "٣", "a,b"]


@pytest.fixture(scope="module")
def application(new_database: Callable[[str], str]) -> Iterator[Any]:
    """An application that speaks an older dialect too, and that pages of another origin may call."""
    more = {"cinema.cors_origins": SHOP, "cinema.dialects": "site = /", "cinema.metrics": "on"}
    with opened(new_database("headers"), **more) as router:
        yield router


@pytest.fixture
def cinema(cinema: Cinema) -> Cinema:
    """A cinema that is called as by clients who know of no contract."""
    return uncontracted(cinema)


@pytest.fixture
def http(cinema: Cinema) -> TestApp:
    """Somebody who sends no header that a test does not mention."""
    return cinema.http


def uncontracted(house: House) -> House:
    """The same cinema, from before anybody came: what is sent and answered need not be in the contract."""
    house.http = TestApp(house.http.app)
    house.stranger = Person(house.http)
    return house


def answers(cinema: Cinema, **headers: str) -> dict[str, TestResponse]:
    """One answer of every kind, good ones and refusals."""
    film, admin, stranger = cinema.movie(), cinema.admin, cinema.stranger
    text = {"Content-Type": "text/plain"}

    def call(person: Person, method: str, path: str, body: Any = None, **more: str) -> TestResponse:
        return person.call(method, path, body, headers=headers | more)

    return {
        "200": call(admin, "GET", f"/movies/{film}"),
        "200 for anybody": call(stranger, "GET", "http://localhost/version"),
        "200 in numbers": call(stranger, "GET", "http://localhost/metrics"),
        "200 in a dialect": call(stranger, "GET", "http://localhost/movies/"),
        "200 with tokens": call(stranger, "POST", "/auth/login", {"login": "admin", "password": PASSWORD}),
        "201": call(admin, "POST", "/movies", {"title": "Ran"}),
        "204": call(admin, "DELETE", f"/movies/{film}"),
        "204 before a call": call(stranger, "OPTIONS", "/me", **PREFLIGHT),
        "400": call(admin, "POST", "/movies", {}),
        "400 for a path": call(stranger, "GET", "/%FF"),
        "401": call(stranger, "GET", "/me"),
        "401 for a token": call(stranger, "GET", "/me", Authorization="Bearer x.y.z"),
        "401 in a dialect": call(stranger, "GET", "http://localhost/user/"),
        "403": call(cinema.member, "POST", "/movies", {"title": "Ran"}),
        "404": call(admin, "GET", f"/movies/{film}"),
        "404 for an address": call(stranger, "GET", "http://localhost/nothing/at/all"),
        "405": call(admin, "DELETE", "/me"),
        "405 before a call": call(admin, "OPTIONS", "/me"),
        "415": cinema.http.post(f"{API}/auth/login", "x", headers=headers | text, status="*"),
        "500": failure(cinema, headers),
    }


def words(answer: TestResponse, header: str) -> list[str]:
    """What a header lists, in lower case, wherever it stands."""
    return [word.strip().lower() for word in ",".join(answer.headers.getall(header)).split(",") if word.strip()]


# -- the id of a request -------------------------------------------------------------------------------------


def test_every_answer_says_the_id_that_the_request_came_with(cinema: Cinema) -> None:
    for kind, answer in answers(cinema, **{"X-Request-ID": "order-7.of_Anna"}).items():
        assert kind.startswith(str(answer.status_int)), kind
        assert answer.headers.getall("X-Request-ID") == ["order-7.of_Anna"], kind


def test_a_request_without_an_id_gets_one_of_its_own(http: TestApp) -> None:
    found = [http.get(path, status="*").headers.getall("X-Request-ID") for path in ("/version", "/no", "/version")]
    assert all(len(ids) == 1 and len(ids[0]) == 16 for ids in found)
    assert len({ids[0] for ids in found}) == 3


@pytest.mark.parametrize("given", GOOD_IDS)
def test_an_id_may_be_a_plain_word(http: TestApp, given: str) -> None:
    assert http.get("/version", extra_environ={"HTTP_X_REQUEST_ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", BAD_IDS)
def test_anything_else_is_replaced(http: TestApp, given: str) -> None:
    answer = http.get("/version", extra_environ={"HTTP_X_REQUEST_ID": given})
    [found] = answer.headers.getall("X-Request-ID")
    assert found != given
    assert found.isalnum()
    assert "Set-Cookie" not in answer.headers


# -- what browsers are told ----------------------------------------------------------------------------------


def test_every_answer_keeps_browsers_careful(cinema: Cinema) -> None:
    for kind, answer in answers(cinema).items():
        assert kind.startswith(str(answer.status_int)), kind
        assert answer.headers.getall("X-Content-Type-Options") == ["nosniff"], kind
        assert answer.headers.getall("Referrer-Policy") == ["no-referrer"], kind
        policy = ["default-src 'none'; frame-ancestors 'none'"]
        assert answer.headers.getall("Content-Security-Policy") == policy, kind
        assert "Server" not in answer.headers, kind


# -- what caches are told ------------------------------------------------------------------------------------


def test_no_cache_keeps_a_refusal_or_a_token(cinema: Cinema) -> None:
    for kind, answer in answers(cinema).items():
        if answer.status_int >= 400 or kind == "200 with tokens":
            assert answer.headers.getall("Cache-Control") == ["no-store"], kind


def test_what_somebody_known_hears_is_not_for_others(cinema: Cinema) -> None:
    found = answers(cinema)
    for kind in ("200", "201", "204"):
        assert found[kind].headers.getall("Cache-Control") == ["private, no-cache"], kind
    for kind in ("200 for anybody", "200 in a dialect", "204 before a call"):
        assert "Cache-Control" not in found[kind].headers, kind


def test_caches_are_told_where_the_answer_depends_on_the_caller(cinema: Cinema) -> None:
    by_caller = {"200", "201", "204", "400", "401", "401 for a token", "401 in a dialect", "403", "404", "405"}
    by_caller |= {"405 before a call"}
    for kind, answer in answers(cinema).items():
        assert words(answer, "Vary").count("authorization") == (kind in by_caller), kind
        assert words(answer, "Vary").count("origin") == 1, kind


def test_caches_ask_each_time_for_what_strangers_may_see(cinema: Cinema) -> None:
    cinema.admin.put("/roles/anonymous", {"description": "Anybody", "permissions": ["movies:view"]})
    try:
        answer = cinema.stranger.call("GET", "/movies", status=200)
        assert answer.headers.getall("Cache-Control") == ["no-cache"]
        assert words(answer, "Vary").count("authorization") == 1
    finally:
        cinema.admin.put("/roles/anonymous", {"description": "Anybody", "permissions": []})
