"""What no client of any dialect should send: refused in its own words, and nothing is stored."""

from typing import Any

import pytest

from cinema.core.db.base import Base
from tests.dialects.everything import Caller, Everything

WRITES = {
    "POST /api/register/": "nobody",
    "POST /api/login/": "nobody",
    "PUT /api/me/": "academic",
    "POST /api/cinema/genres/": "academic",
    "POST /api/cinema/actors/": "academic",
    "POST /api/cinema/cinema_halls/": "academic",
    "POST /api/cinema/movies/": "academic",
    "POST /api/cinema/movie_sessions/": "academic",
    "POST /api/cinema/orders/": "academic",
    "POST /auth/register": "nobody",
    "POST /auth/login": "nobody",
    "PUT /auth/login": "nobody",
    "PUT /user/password": "visitor",
    "POST /api/auth/signup": "nobody",
    "POST /api/auth/token": "nobody",
    "POST /api/cassetes/": "academic",
    "POST /cinemapi/register/": "nobody",
    "POST /cinemapi/token/": "nobody",
    "POST /cinemapi/token/refresh/": "nobody",
    "POST /cinemapi/movie/": "cineast",
    "POST /cinemapi/session/": "cineast",
    "POST /cinemapi/book/": "cineast",
}
FIELDS = ("username", "email", "password", "name", "title", "row", "price", "refresh", "tickets")
BODIES: dict[str, bytes] = {
    "deep": b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "digits": b'{"rows": ' + b"9" * 5000 + b"}",
    "nan": b'{"price": NaN}',
    "infinity": b'{"price": -Infinity}',
    "surrogates": b"{" + b", ".join(b'"%s": "\\ud800"' % name.encode() for name in FIELDS) + b"}",
    "nul": b"{" + b", ".join(b'"%s": "\\u0000"' % name.encode() for name in FIELDS) + b"}",
    "no utf-8": b'{"title": "\xff"}',
    "twice": b'{"title": "a", "title": "b"}',
    "array": b"[1]",
    "text": b'"x"',
    "null": b"null",
    "broken": b'{"title": ',
    "nothing": b"",
}
TOO_LARGE = b'{"title": "' + b"x" * (1 << 20) + b'"}'


@pytest.fixture
def callers(everything: Everything) -> dict[str, Caller]:
    """Staff, signed in to every dialect."""
    everything.person("boss", "admin")
    return {
        "nobody": everything.anybody,
        "academic": everything.academy("boss"),
        "cineast": everything.cinemapi("boss"),
        "visitor": everything.site("boss@example.com"),
    }


def send(caller: Caller, call: str, body: bytes) -> Any:
    method, path = call.split()
    headers = {"Content-Type": "application/json"}
    if caller.authorization:
        headers["Authorization"] = caller.authorization
    return caller.house.http.request(path, method=method, body=body, headers=headers, status="*")


def stored(house: Everything) -> dict[str, int]:
    """How many rows there are of everything but the record of attempts to sign in."""
    tables = [table.name for table in Base.metadata.sorted_tables if table.name not in ("sign_ins", "login_attempts")]
    return {table: house.sql(f"SELECT count(*) FROM {table}")[0][0] for table in tables}


def in_its_own_words(call: str, answer: Any) -> bool:
    """`{"message": …}` in site, `{"detail": …}` or sentences by field in the others."""
    if call.split()[1].startswith(("/auth", "/user")):
        return list(answer.json) == ["message"] and isinstance(answer.json["message"], str)
    return "code" not in answer.json and all(isinstance(value, str | list) for value in answer.json.values())


@pytest.mark.either_engine
@pytest.mark.parametrize("call", WRITES)
def test_what_is_no_decent_body_is_refused_in_the_dialects_own_words(
    everything: Everything, callers: dict[str, Caller], call: str
) -> None:
    before = stored(everything)
    for kind, body in BODIES.items():
        answer = send(callers[WRITES[call]], call, body)
        assert answer.status_int in (400, 401), (kind, answer.status_int, answer.body)
        assert in_its_own_words(call, answer), (kind, answer.body)
    assert stored(everything) == before


@pytest.mark.either_engine
@pytest.mark.parametrize("call", WRITES)
def test_a_body_that_is_too_large_is_not_even_read(
    everything: Everything, callers: dict[str, Caller], call: str
) -> None:
    answer = send(callers[WRITES[call]], call, TOO_LARGE)
    assert answer.status_int == 413
    assert in_its_own_words(call, answer)


@pytest.mark.parametrize(
    "path",
    ["/movies/%FF", "/favorites/movies/%FF/", "/api/cassetes/%FF", "/api/cinema/movies/%FF/", "/cinemapi/%FF/"],
)
def test_a_path_that_is_no_utf_8_is_refused_in_the_dialects_own_words(everything: Everything, path: str) -> None:
    answer = everything.anybody.call("GET", path)
    assert answer.status_int == 400
    assert list(answer.json) in (["message"], ["detail"])
