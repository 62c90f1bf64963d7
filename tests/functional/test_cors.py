"""Web pages of other origins: which may call, and that none of it is about cookies."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from webtest import TestResponse

from cinema.core.cors import CorsSettings
from cinema.core.settings import SettingError, read
from tests.app import API, Cinema, Person, failure
from tests.conftest import opened
from tests.databases import empty
from tests.startup.test_start import complaint, good

pytestmark = pytest.mark.either_engine

SHOP, OTHER_SHOP = "https://shop.example.com", "http://localhost:3000"
FOREIGN = [
    "https://example.com",
    "https://evil-shop.example.com",
    "https://shop.example.com.evil.com",
    "https://shop.example.com:8443",
    "https://shop.example.com/",
    "http://shop.example.com",
    "HTTPS://SHOP.EXAMPLE.COM",
    f"{SHOP} {OTHER_SHOP}",
    "null",
    "*",
    "",
]
EXPOSED = {
    "allow",
    "etag",
    "idempotent-replayed",
    "location",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "www-authenticate",
}
PREFLIGHT = {
    "Access-Control-Request-Method": "PATCH",
    "Access-Control-Request-Headers": "authorization, content-type",
}


@pytest.fixture(scope="module")
def url(new_database: Callable[[str], str]) -> str:
    """The URL of a migrated database."""
    return new_database("cors")


@pytest.fixture(scope="module")
def application(url: str) -> Iterator[Any]:
    """An application that two origins may call."""
    with opened(url, **{"cinema.cors_origins": f"{SHOP}\n  {OTHER_SHOP}", "cinema.dialects": "vhs = /"}) as router:
        yield router


@contextmanager
def another(url: str, **more: str) -> Iterator[Cinema]:
    """An empty cinema with other settings."""
    with opened(url, **more) as router:
        empty(router.registry.database)
        with Cinema(router) as house:
            yield house


def preflight(cinema: Cinema, path: str, origin: str) -> TestResponse:
    """What a browser asks before it lets a page call."""
    return cinema.stranger.call("OPTIONS", path, headers={"Origin": origin} | PREFLIGHT)


def access_control(answer: TestResponse) -> dict[str, str]:
    """All headers that are for browsers only."""
    return {
        name.lower(): value for name, value in answer.headers.items() if name.lower().startswith("access-control")
    }


def words(text: str) -> set[str]:
    """What a header lists."""
    return {word.strip().lower() for word in text.split(",")}


def varies(answer: TestResponse) -> bool:
    """Whether a cache is told to keep an answer for each origin."""
    return "origin" in words(",".join(answer.headers.getall("Vary")))


# -- preflights ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", [SHOP, OTHER_SHOP])
@pytest.mark.parametrize("path", ["/me", "/movies/1", "/auth/login", "/nothing", "http://localhost/api/cassetes/"])
def test_a_page_that_may_call_is_told_how(cinema: Cinema, origin: str, path: str) -> None:
    with cinema.statements() as seen:
        answer = preflight(cinema, path, origin)
    assert (answer.status_int, answer.body, seen) == (204, b"", [])
    headers = access_control(answer)
    assert headers["access-control-allow-origin"] == origin
    assert {"get", "post", "put", "patch", "delete"} <= words(headers["access-control-allow-methods"])
    assert {"authorization", "content-type", "idempotency-key"} <= words(headers["access-control-allow-headers"])
    assert "*" not in headers["access-control-allow-headers"]
    assert int(headers["access-control-max-age"]) > 0
    assert "access-control-allow-credentials" not in headers
    assert varies(answer)


@pytest.mark.parametrize("origin", FOREIGN)
def test_any_other_page_is_told_nothing(cinema: Cinema, origin: str) -> None:
    answer = preflight(cinema, "/me", origin)
    assert (answer.status_int, access_control(answer)) == (401, {})
    assert varies(answer)


def test_options_that_are_no_preflight_are_a_method_like_any_other(cinema: Cinema) -> None:
    answer = cinema.member.call("OPTIONS", "/me", headers={"Origin": SHOP})
    assert answer.status_int == 405
    assert access_control(answer)["access-control-allow-origin"] == SHOP
    asked = cinema.member.call("OPTIONS", "/me", headers=PREFLIGHT)
    assert (asked.status_int, access_control(asked)) == (405, {})


# -- answers -------------------------------------------------------------------------------------------------


def answers(cinema: Cinema, origin: str | None) -> dict[str, TestResponse]:
    """One answer of every kind, good ones and refusals."""
    headers = {} if origin is None else {"Origin": origin}
    film, admin, stranger = cinema.movie(), cinema.admin, cinema.stranger
    text = {"Content-Type": "text/plain"}

    def call(person: Person, method: str, path: str, body: Any = None) -> TestResponse:
        return person.call(method, path, body, headers=headers)

    return {
        "200": call(admin, "GET", f"/movies/{film}"),
        "201": call(admin, "POST", "/movies", {"title": "Ran"}),
        "204": call(admin, "DELETE", f"/movies/{film}"),
        "400": call(admin, "POST", "/movies", {}),
        "400 for a path": call(stranger, "GET", "/%FF"),
        "401": call(stranger, "GET", "/me"),
        "403": call(cinema.member, "POST", "/movies", {"title": "Ran"}),
        "404": call(admin, "GET", f"/movies/{film}"),
        "404 for an address": call(stranger, "GET", "/nothing"),
        "405": call(admin, "DELETE", "/me"),
        "415": cinema.http.post(f"{API}/auth/login", "x", headers=headers | text, status="*"),
        "500": failure(cinema, headers),
    }


@pytest.mark.parametrize("origin", [SHOP, OTHER_SHOP])
def test_a_page_that_may_call_reads_every_answer_errors_too(cinema: Cinema, origin: str) -> None:
    for kind, answer in answers(cinema, origin).items():
        assert kind.startswith(str(answer.status_int)), kind
        headers = access_control(answer)
        assert headers.pop("access-control-allow-origin") == origin, kind
        exposed = words(headers.pop("access-control-expose-headers"))
        assert exposed >= EXPOSED, kind
        assert headers == {}, kind
        assert varies(answer), kind


@pytest.mark.parametrize("origin", [*FOREIGN, None])
def test_no_other_page_reads_any(cinema: Cinema, origin: str | None) -> None:
    for kind, answer in answers(cinema, origin).items():
        assert kind.startswith(str(answer.status_int)), kind
        assert access_control(answer) == {}, kind
        assert varies(answer), kind


def test_the_dialects_answer_other_pages_alike(cinema: Cinema) -> None:
    for method, path, status in (
        ("GET", "/api/cassetes/", 200),
        ("POST", "/api/cassetes/", 401),
        ("GET", "/api/cassetes/x", 404),
        ("PUT", "/api/auth/login", 405),
        ("GET", "/api/cassetes/%FF", 400),
    ):
        for origin, allowed in ((SHOP, SHOP), (FOREIGN[0], None)):
            answer = cinema.http.request(path, method=method, headers={"Origin": origin}, status=status)
            assert access_control(answer).get("access-control-allow-origin") == allowed, path
            assert varies(answer)


# -- the setting ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("origins", ["*", f"* {SHOP}"])
@pytest.mark.parametrize("origin", [SHOP, "https://anywhere.example", "null"])
def test_a_star_lets_every_page_call_and_never_with_credentials(url: str, origins: str, origin: str) -> None:
    with another(url, **{"cinema.cors_origins": origins}) as cinema:
        asked = preflight(cinema, "/me", origin)
        assert asked.status_int == 204
        for answer in (asked, *answers(cinema, origin).values()):
            headers = access_control(answer)
            assert headers["access-control-allow-origin"] == "*"
            assert "access-control-allow-credentials" not in headers
            assert not varies(answer), "one answer is good for all"


def test_a_call_from_no_page_is_not_marked_where_every_page_may_call(url: str) -> None:
    with another(url, **{"cinema.cors_origins": "*"}) as cinema:
        assert access_control(cinema.stranger.call("GET", "/me")) == {}


@pytest.mark.parametrize("setting", [{}, {"cinema.cors_origins": ""}, {"cinema.cors_origins": " \n "}])
def test_where_no_origin_is_named_there_is_no_trace_of_it(url: str, setting: dict[str, str]) -> None:
    with another(url, **setting) as cinema:
        asked = preflight(cinema, "/me", SHOP)
        assert asked.status_int == 401
        for answer in (asked, *answers(cinema, SHOP).values()):
            assert access_control(answer) == {}
            assert not varies(answer)


@pytest.mark.parametrize(
    "origin",
    [
        "shop.example.com",
        "https://shop.example.com/",
        "https://shop.example.com/path",
        "https://*.example.com",
        "https://user@shop.example.com",
        "ftp://shop.example.com",
        "https://Shop.example.com",
        "https://shop.example.com:port",
        "https://shop.example.com:",
        "https://[::1",
        "null",
        "https://",
        f"{SHOP},{OTHER_SHOP}",
    ],
)
def test_what_is_no_origin_is_named(origin: str) -> None:
    with pytest.raises(SettingError) as refused:
        read(CorsSettings, {"cinema.cors_origins": f"{SHOP} {origin}"})
    assert str(refused.value).startswith("setting cinema.cors_origins: ")
    assert repr(origin) in str(refused.value)


@pytest.mark.parametrize("origin", [SHOP, OTHER_SHOP, "https://192.0.2.1:8443", "http://[2001:db8::1]:3000", "*"])
def test_origins_as_browsers_write_them_can_be_named(origin: str) -> None:
    assert read(CorsSettings, {"cinema.cors_origins": f" {origin}\n"}).origins == {origin}


def test_a_bad_origin_stops_the_start_with_one_line(tmp_path: Path, sqlite_template: Path) -> None:
    bad = {"cinema.cors_origins": "https://shop.example.com/path"}
    assert "setting cinema.cors_origins: must be origins" in complaint(tmp_path, good(sqlite_template) | bad)
