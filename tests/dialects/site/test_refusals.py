"""What is refused at every address alike: methods, tokens, bodies; and what web pages of other origins may do."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.app import PASSWORD, Cinema
from tests.conftest import opened
from tests.dialects.site.visitors import SITE, Visitor, expired, forged, ok, refused

pytestmark = pytest.mark.either_engine

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
READ_ONLY = {"GET", "HEAD"}
PUBLIC = {
    "/movies/": READ_ONLY,
    "/movies/{film}": READ_ONLY,
    "/movies/{film}/": READ_ONLY,
    "/genres/": READ_ONLY,
    "/genres/{genre}": READ_ONLY,
    "/genres/{genre}/": READ_ONLY,
    "/directors/": READ_ONLY,
    "/directors/{director}": READ_ONLY,
    "/directors/{director}/": READ_ONLY,
    "/auth/register": {"POST"},
    "/auth/register/": {"POST"},
    "/auth/login": {"POST", "PUT"},
    "/auth/login/": {"POST", "PUT"},
}
PRIVATE = {
    "/user/": {"GET", "HEAD", "PATCH"},
    "/user/password": {"PUT"},
    "/user/password/": {"PUT"},
    "/favorites/movies/": READ_ONLY,
    "/favorites/movies/{film}/": {"POST", "DELETE"},
}
UNKNOWN_FILMS = ["/favorites/movies/1000000000/", "/favorites/movies/x/", f"/favorites/movies/{'9' * 30}/"]
WRITES = ["POST /auth/register", "POST /auth/login", "PUT /auth/login", "PATCH /user/", "PUT /user/password"]
ORIGIN = "http://127.0.0.1:3000"


@pytest.fixture
def ids(cinema: Cinema) -> dict[str, int]:
    """One of everything."""
    genre, director = (cinema.admin.post(f"/{kind}", {"name": "x"})["id"] for kind in ("genres", "directors"))
    film = cinema.movie("Ran", genres=[genre], directors=[director])
    return {"film": film, "genre": genre, "director": director}


def bad_headers(cinema: Cinema) -> list[str]:
    """Authorization headers that nobody valid sends."""
    gone = cinema.signed_in(cinema.member.id or 0)
    gone.post("/auth/logout", status=204)
    good = cinema.member.headers["Authorization"].removeprefix("Bearer ")
    bad = ["undefined", "", "null", "a.b.c", "é", good[:-1], f"{good} x", cinema.member.refresh_token]
    bad += [expired(cinema, cinema.member), forged(cinema.member), *(gone.headers["Authorization"].split()[1:])]
    return ["", "Bearer", good, f"Token {good}", "Basic YTpi", *(f"Bearer {token}" for token in bad)]


# -- methods -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PUBLIC | PRIVATE)
def test_every_other_method_is_a_405_that_says_what_is_possible(
    cinema: Cinema, member: Visitor, ids: dict[str, int], path: str
) -> None:
    allowed = (PUBLIC | PRIVATE)[path]
    callers = [member, Visitor.of(cinema.http, cinema.admin)]
    if path in PUBLIC:
        callers.append(Visitor(cinema.http))
    for method in set(METHODS) - allowed:
        for caller in callers:
            answer = caller.call(method, path.format(**ids))
            refused(answer, 405)
            assert set(answer.headers["Allow"].split(", ")) == allowed


@pytest.mark.parametrize("path", PUBLIC | PRIVATE)
def test_what_is_possible_is_no_405(member: Visitor, ids: dict[str, int], path: str) -> None:
    for method in (PUBLIC | PRIVATE)[path]:
        assert member.call(method, path.format(**ids)).status_int in (200, 400), method


@pytest.mark.parametrize(
    "path",
    [
        *("/movies/{film}/x", "/movies/{film}/x/", "/movies/{film}/@@", "/movies/new", "/genres/{genre}/movies/"),
        *("/auth", "/auth/", "/auth/logout", "/auth/login/x", "/user", "/user/x", "/user/password/x"),
        *("/favorites/movies/{film}/x/", "/favorites/genres/"),
    ],
)
def test_there_is_nothing_anywhere_else(member: Visitor, ids: dict[str, int], path: str) -> None:
    for method in METHODS:
        refused(member.call(method, path.format(**ids)), 404)


# -- tokens --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*PRIVATE, *UNKNOWN_FILMS])
def test_without_a_valid_token_everything_private_is_a_401_before_anything_else(
    cinema: Cinema, ids: dict[str, int], path: str
) -> None:
    address = path.format(**ids)
    for header in bad_headers(cinema):
        caller = Visitor(cinema.http, header)
        for method in METHODS:
            for body in (None, b"{"):
                refused(caller.call(method, address, body), 401)


def test_no_header_at_all_is_a_401_too(cinema: Cinema) -> None:
    for path in ("/user/", "/favorites/movies/"):
        refused(cinema.http.get(path, status="*"), 401)


def test_the_catalogue_does_not_look_at_the_header(cinema: Cinema, ids: dict[str, int]) -> None:
    for path in (path for path, allowed in PUBLIC.items() if allowed == READ_ONLY):
        expected = cinema.http.get(path.format(**ids), status=200).json
        for header in bad_headers(cinema):
            assert Visitor(cinema.http, header).get(path.format(**ids)) == expected


def test_registering_and_logging_in_do_not_look_at_the_header(cinema: Cinema, member: Visitor) -> None:
    for number, header in enumerate(bad_headers(cinema)):
        caller = Visitor(cinema.http, header)
        body = {"email": f"{number}@example.com", "password": "x"}
        ok(caller.call("POST", "/auth/register/", body), 201)
        assert caller.login(**body)
        ok(caller.call("PUT", "/auth/login/", member.pair), 201)


def test_the_challenge_names_the_scheme(cinema: Cinema) -> None:
    assert Visitor(cinema.http, "").call("GET", "/user/").headers["WWW-Authenticate"] == "Bearer"
    challenge = Visitor(cinema.http).call("GET", "/user/").headers["WWW-Authenticate"]
    assert challenge.startswith('Bearer error="invalid_token"')


def test_the_scheme_is_read_in_any_case(cinema: Cinema, member: Visitor) -> None:
    assert Visitor(cinema.http, f"bearer {member.token}").get("/user/")["id"] == cinema.member.id


# -- bodies --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize(
    "body", [b"{", b"[1]", b'"x"', b"1", b"null", b"true", b" ", b"\xff", b'{"email": NaN}', b'{"a": 1, "a": 1}']
)
def test_a_body_that_is_no_json_object_is_a_400(member: Visitor, write: str, body: bytes) -> None:
    method, _space, path = write.partition(" ")
    assert refused(member.call(method, path, body), 400).startswith("The body ")


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8"])
def test_json_may_name_its_charset(visitor: Visitor, content_type: str) -> None:
    body = {"email": "anna@example.com", "password": "пароль"}
    ok(visitor.call("POST", "/auth/register", body, headers={"Content-Type": content_type}), 201)
    assert visitor.login(**body)


@pytest.mark.parametrize("write", WRITES)
def test_too_large_a_body_is_a_413(member: Visitor, write: str) -> None:
    method, _space, path = write.partition(" ")
    refused(member.call(method, path, b" " * (2**20 + 1)), 413)


@pytest.mark.parametrize("write", WRITES)
def test_a_write_does_not_look_at_the_query(member: Visitor, write: str) -> None:
    method, _space, path = write.partition(" ")
    good = {"email": "member@example.com", "password": PASSWORD, **member.pair}
    body = good | {"password_1": PASSWORD, "password_2": "x"} | ({"email": "a@b.org"} if "register" in path else {})
    assert member.call(method, f"{path}?page=x&page=y&%FF", body).status_int in (200, 201)


# -- other origins -------------------------------------------------------------------------------------------


@pytest.fixture
def abroad(cinema: Cinema, database_url: str) -> Iterator[Cinema]:
    """The same cinema, which a page of another origin may call."""
    assert cinema.member.id
    with (
        opened(database_url, **SITE, **{"cinema.cors_origins": ORIGIN}) as application,
        Cinema(application) as house,
    ):
        yield house


def words(answer: Any, header: str) -> set[str]:
    return {word.strip().lower() for word in answer.headers[header].split(",")}


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/user/", "/user/password/", "/favorites/movies/1/", "/auth/login/"])
def test_a_page_of_another_origin_may_ask_first(abroad: Cinema, path: str, method: str) -> None:
    headers = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization, content-type",
    }
    answer = abroad.http.options(path, headers=headers, status=204)
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert method.lower() in words(answer, "Access-Control-Allow-Methods")
    assert {"authorization", "content-type"} <= words(answer, "Access-Control-Allow-Headers")


def test_a_page_of_another_origin_hears_a_401_and_everything_else(abroad: Cinema) -> None:
    caller = Visitor(abroad.http)
    for path, status in (("/user/", 401), ("/favorites/movies/", 401), ("/movies/", 200), ("/movies/0/", 404)):
        answer = caller.call("GET", path, headers={"Origin": ORIGIN})
        assert answer.status_int == status
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert caller.call("POST", "/auth/login/", {}, headers={"Origin": ORIGIN}).headers["Access-Control-Allow-Origin"]


def test_a_page_of_no_allowed_origin_may_not(abroad: Cinema) -> None:
    answer = Visitor(abroad.http).call("GET", "/movies/", headers={"Origin": "http://evil.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers
