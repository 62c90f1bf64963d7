"""What holds at every address of the shop: the order of checks, slashes, methods, and the form of refusals."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from webtest import TestApp

from cinema.core.validation import MAX_BODY
from tests.dialects.vhs.shop import JSON, RAMBO, SHELF, Shop, assert_detail, bad_fields, item

pytestmark = pytest.mark.either_engine

AUTH = ["/api/auth/signup", "/api/auth/login", "/api/auth/signin", "/api/auth/token"]
SWAGGER = ["/api/swagger", "/api/swagger/"]
NOWHERE = "999999999"


def allowed(answer: Any) -> set[str]:
    """The methods that an answer says there are."""
    return set(re.split(r",\s*", answer.headers["Allow"]))


# -- addresses -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/api/cassetes",
        "/api/cassettes",
        "/api/cassetes/{tape}/",
        "/api/cassettes/{tape}/",
        *(f"{path}/" for path in AUTH),
        "/api/cassetes/{tape}/x",
        "/api/cassetes/x",
        "/api/cassetes/-1",
        "/api/cassetes/+1",
        "/api/cassetes/1.0",
        "/api/cassetes/%D9%A3",
        "/api/cassetes/9999999999999999999",
        "/api/cassetes/@@",
        "/api/cassetes/{tape}/@@",
        "/api/auth",
        "/api/auth/",
        "/api/auth/register",
        "/api/auth/login/x",
        "/api/swagger/x",
    ],
)
def test_anything_but_the_very_address_is_a_404_for_everybody(shop: Shop, path: str) -> None:
    address = path.format(tape=shop.tape())
    before = shop.stored()
    for caller in (shop.anybody, shop.rick):
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            answer = caller.call(method, address, RAMBO)
            assert_detail(answer, 404)
            assert "Location" not in answer.headers
    assert shop.stored() == before


@pytest.mark.parametrize("path", SWAGGER)
def test_the_endpoints_are_listed_for_everybody(shop: Shop, path: str) -> None:
    for caller in (shop.anybody, shop.rick):
        listed = " ".join(caller.get(path))
        for call in ("POST api/auth/signup", "POST api/auth/login", "GET api/cassetes/", "POST api/cassetes/"):
            assert call in listed
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            assert f"{method} api/cassetes/<id>" in listed


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize("path", SWAGGER)
@pytest.mark.parametrize("accept", [BROWSER, "text/html", "application/json;q=0.9, text/html"])
def test_a_browser_is_led_from_the_endpoints_to_the_documentation(shop: Shop, path: str, accept: str) -> None:
    browser = TestApp(shop.http.app)
    for method in ("HEAD", "GET"):
        answer = browser.request(path, method=method, headers={"Accept": accept}, status=302)
        assert answer.headers["Location"] == "http://localhost/docs"
        assert (answer.headers["Vary"], answer.body) == ("Accept", b"")
    assert answer.follow().content_type == "text/html"


@pytest.mark.parametrize("path", SWAGGER)
@pytest.mark.parametrize(
    "accept", [JSON, "*/*", "", "application/json, text/html", "text/html;q=0.1, */*", "?", "x/y"]
)
def test_whoever_does_not_prefer_a_page_gets_the_list(shop: Shop, path: str, accept: str) -> None:
    answer = shop.anybody.call("GET", path, status=200, Accept=accept)
    assert "GET api/cassetes/" in answer.json
    assert answer.headers["Vary"] == "Accept"


def test_where_the_documentation_is_out_of_reach_a_browser_gets_the_list_too(shop: Shop) -> None:
    headers = {"Accept": BROWSER, "X-Vhm-Root": "/api"}
    answer = TestApp(shop.http.app).get("/swagger", headers=headers, status=200)
    assert "GET api/cassetes/" in answer.json


# -- the order of checks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "strangers"), [("PUT", 401), ("PATCH", 401), ("DELETE", 401), ("OPTIONS", 401)])
def test_who_is_calling_goes_before_the_method_of_the_list(shop: Shop, method: str, strangers: int) -> None:
    answer = shop.anybody.send(method, SHELF, b"{")
    assert_detail(answer, strangers)
    assert answer.headers["WWW-Authenticate"].startswith("Token")
    refused = shop.rick.send(method, SHELF, b"{")
    assert_detail(refused, 405)
    assert {"GET", "POST"} <= allowed(refused) <= {"GET", "POST", "HEAD", "OPTIONS"}


def test_the_method_goes_before_the_object(shop: Shop) -> None:
    for cassette_id in (NOWHERE, shop.tape()):
        assert_detail(shop.anybody.send("POST", item(cassette_id), b"{"), 401)
        refused = shop.rick.send("POST", item(cassette_id), b"{")
        assert_detail(refused, 405)
        assert {"GET", "PUT", "PATCH", "DELETE"} <= allowed(refused)
        assert "POST" not in allowed(refused)


@pytest.mark.parametrize("cassette_id", [NOWHERE, "0", "9" * 18])
def test_the_object_goes_before_the_body(shop: Shop, cassette_id: str) -> None:
    assert_detail(shop.anybody.call("GET", item(cassette_id)), 404)
    for method in ("PUT", "PATCH", "DELETE"):
        for data in (b"{", b"[1]", b'{"quantity": -1}', b""):
            assert_detail(shop.anybody.send(method, item(cassette_id), data), 401)
            assert_detail(shop.rick.send(method, item(cassette_id), data), 404)


@pytest.mark.parametrize("path", AUTH)
def test_one_can_only_post_to_sign_up_or_in(shop: Shop, path: str) -> None:
    for caller in (shop.anybody, shop.rick):
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            answer = caller.send(method, path, b"{")
            assert_detail(answer, 405)
            assert "POST" in allowed(answer)
            assert not allowed(answer) & {"GET", "PUT", "PATCH", "DELETE"}


@pytest.mark.parametrize("path", SWAGGER)
def test_one_can_only_look_at_the_endpoints(shop: Shop, path: str) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = shop.anybody.call(method, path, {})
        assert_detail(answer, 405)
        assert {"GET"} <= allowed(answer) <= {"GET", "HEAD", "OPTIONS"}


def test_head_answers_like_get_without_the_body(shop: Shop) -> None:
    tape = shop.tape()
    for path in (SHELF, item(tape), *SWAGGER):
        looked, headed = shop.anybody.call("GET", path), shop.anybody.call("HEAD", path)
        assert (headed.status_int, headed.body) == (200, b"")
        assert headed.headers["Content-Type"] == looked.headers["Content-Type"]
    assert shop.anybody.call("HEAD", item(NOWHERE)).status_int == 404


# -- bodies --------------------------------------------------------------------------------------------------

WRITES = [("POST", path) for path in AUTH] + [("POST", SHELF), ("PUT", "item"), ("PATCH", "item")]
MALFORMED = [b"{", b"{'title': 'x'}", b'{"title": "x",}', b"title=x", b"\xff", b'{"a": 1} {}', b'{"a": NaN}', b"  "]
MALFORMED += [b'{"a": 1, "a": 2}', b'{"title": "\xd0"}', b"[" * 100_000, b'{"a":' * 100_000, b"\xef\xbb\xbf{}"]
NO_OBJECT = [b"[1]", b'"x"', b"null", b"1", b"true", b"[]", b'[{"title": "x"}]']


@pytest.fixture
def address(shop: Shop) -> Callable[[str], str]:
    """The address of a write."""
    tape = shop.tape()
    return lambda path: item(tape) if path == "item" else path


@pytest.mark.parametrize("data", MALFORMED + NO_OBJECT, ids=lambda data: repr(data[:20]))
def test_a_body_that_is_no_json_object_is_a_400(shop: Shop, address: Callable[[str], str], data: bytes) -> None:
    before = shop.stored()
    for method, path in WRITES:
        assert_detail(shop.rick.send(method, address(path), data), 400)
    assert shop.stored() == before


def test_no_body_names_every_field_that_is_needed(shop: Shop, address: Callable[[str], str]) -> None:
    before = shop.stored()
    for method, path in WRITES:
        if method != "PATCH":
            needed = {"username", "password"} if path in AUTH else set(RAMBO)
            assert bad_fields(shop.rick.send(method, address(path))) == needed
    assert shop.stored() == before


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"']
)
def test_json_comes_with_or_without_a_charset(shop: Shop, content_type: str) -> None:
    body = RAMBO | {"title": "Рэмбо"}
    assert shop.rick.call("POST", SHELF, body, 201, content_type=content_type).json["title"] == "Рэмбо"


@pytest.mark.parametrize("content_type", ["text/plain", "application/json; charset=utf-16", "application/x-tar"])
def test_what_does_not_say_that_it_is_json_is_refused(
    shop: Shop, address: Callable[[str], str], content_type: str
) -> None:
    before = shop.stored()
    for method, path in WRITES:
        assert_detail(shop.rick.call(method, address(path), RAMBO, content_type=content_type), 415)
    assert shop.stored() == before


def test_a_body_of_more_than_a_mebibyte_is_refused(shop: Shop, address: Callable[[str], str]) -> None:
    before = shop.stored()
    for method, path in WRITES:
        assert_detail(shop.rick.send(method, address(path), b"{}".ljust(MAX_BODY + 1)), 413)
    assert shop.stored() == before


# -- whatever else goes wrong --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/api/cassetes/%FF", "/api/cassetes/1/%FF", "/api/auth/%D0", "/api/swagger/%FF"])
def test_a_path_that_is_not_utf_8_is_refused_in_the_shops_form(shop: Shop, path: str) -> None:
    for caller in (shop.anybody, shop.rick):
        for method in ("GET", "POST", "DELETE"):
            assert_detail(caller.call(method, path), 400)


@pytest.mark.parametrize("path", ["/nothing", "/api/nothing", "/api/v1/nothing", "/api/v1/me", "/%FF", "/api/%FF"])
def test_other_addresses_answer_in_the_native_form(shop: Shop, path: str) -> None:
    answer = shop.anybody.call("GET", path)
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == answer.status_int


def test_whatever_nobody_foresaw_is_told_in_the_shops_form(shop: Shop) -> None:
    """A clock that stands still in the worst way: every view asks it."""
    tape, rick = shop.tape(), shop.rick

    def broken() -> datetime:
        raise ZeroDivisionError("the canary in the clock")

    before = shop.stored()
    shop.registry.clock = broken
    for method, path in (("GET", SHELF), ("POST", SHELF), ("GET", item(tape)), ("DELETE", item(tape))):
        answer = rick.call(method, path, RAMBO)
        assert_detail(answer, 500)
        assert "canary" not in answer.text
    assert shop.stored() == before
    native = shop.stranger.call("POST", "/auth/login", {"login": "rick", "password": "123"})
    assert (native.status_int, native.content_type) == (500, "application/problem+json")
