"""Whatever comes: never a failure of ours, and a refusal stores nothing."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webtest import TestResponse

from tests.app import PASSWORD
from tests.dialects.academy.app import (
    ACTORS,
    EVENING,
    GENRES,
    HALLS,
    MOVIES,
    ORDERS,
    SESSIONS,
    Academy,
    Caller,
    keeps_the_conventions,
    tickets,
)
from tests.examples import examples

SESSION = f"{SESSIONS}{{}}/"
WRITES = [
    *("POST register/", "POST login/", "PUT me/", "PATCH me/"),
    *(f"POST {path}" for path in (GENRES, ACTORS, HALLS, MOVIES, SESSIONS, ORDERS)),
    *(f"PUT {SESSION}", f"PATCH {SESSION}"),
]
REQUIRED = {
    "POST register/": {"username", "password"},
    "POST login/": {"username", "password"},
    "PUT me/": {"username", "password"},
    f"POST {GENRES}": {"name"},
    f"POST {ACTORS}": {"first_name", "last_name"},
    f"POST {HALLS}": {"name", "rows", "seats_in_row"},
    f"POST {MOVIES}": {"title", "description", "duration", "genres", "actors"},
    f"POST {SESSIONS}": {"show_time", "movie", "cinema_hall"},
    f"POST {ORDERS}": {"tickets"},
    f"PUT {SESSION}": {"show_time", "movie", "cinema_hall"},
}


class Furnished(NamedTuple):
    """A cinema with one of everything, and a body for every write that would do."""

    academy: Academy
    session: int
    bodies: dict[str, dict[str, Any]]

    def send(self, write: str, content: bytes, content_type: str = "application/json") -> TestResponse:
        """The answer to raw bytes, whatever it is."""
        method, _space, path = write.partition(" ")
        return self._caller(path).call(
            method, path.format(self.session), content, headers={"Content-Type": content_type}
        )

    def _caller(self, path: str) -> Caller:
        if path in ("register/", "login/"):
            return self.academy.nobody
        return self.academy.user if path in ("me/", ORDERS) else self.academy.boss


@pytest.fixture
def house(academy: Academy) -> Furnished:
    """A cinema where everything exists, and everybody who writes."""
    film, hall = academy.film(), academy.cinema_hall()
    session = academy.session(movie=film, cinema_hall=hall)
    free = academy.session(movie=film, cinema_hall=hall)
    account = {"username": "user", "password": PASSWORD, "email": "user@example.com"}
    names = {"first_name": "Лев", "last_name": "Дуров"}
    scheduled = {"show_time": EVENING, "movie": film, "cinema_hall": hall}
    assert academy.user
    assert academy.rival
    bodies = {
        "POST register/": account | {"username": "anna"},
        "POST login/": {"username": "rival", "password": PASSWORD},
        "PUT me/": account,
        "PATCH me/": account,
        f"POST {GENRES}": {"name": "Комедия"},
        f"POST {ACTORS}": names,
        f"POST {HALLS}": {"name": "Синий", "rows": 2, "seats_in_row": 3},
        f"POST {MOVIES}": academy.film_body(),
        f"POST {SESSIONS}": scheduled,
        f"POST {ORDERS}": tickets((session, 1, 1), (free, 2, 2)),
        f"PUT {SESSION}": scheduled,
        f"PATCH {SESSION}": scheduled,
    }
    return Furnished(academy, session, bodies)


def test_what_would_do_does(house: Furnished) -> None:
    assert list(house.bodies) == WRITES
    for write, body in house.bodies.items():
        assert house.send(write, json.dumps(body).encode()).status_int in (200, 201), write


# -- bytes ---------------------------------------------------------------------------------------------------

MALFORMED = [
    *(b"{", b'{"name": ', b"  ", b"{name: 1}", b"{'name': 'x'}", b'{"name": "x",}', b'{"name": "x"} {}', b"name=x"),
    *(b'{"name": NaN}', b'{"name": Infinity}', b'{"name": 01}', b'{"name": "a\nb"}', b'{"name": "\\x41"}', b"\xff"),
    *(b'{"name": "\xff"}', b'\xef\xbb\xbf{"name": "x"}', '{"name": "x"}'.encode("utf-16"), b'{"name": "x"}\0'),
    *(
        b"[" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b'{"tickets": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    ),
]
NO_OBJECTS = [b"[]", b"[1]", b'"x"', b"1", b"1.5", b"true", b"null", b'[{"name": "x"}]', b'""']


def test_a_body_that_is_no_json_object_is_a_400_and_stores_nothing(house: Furnished) -> None:
    before = house.academy.stored()
    for write in WRITES:
        for content in (*MALFORMED, *NO_OBJECTS):
            answer = house.send(write, content)
            assert answer.status_int == 400, (write, content[:40])
            assert isinstance(answer.json, dict)
    assert house.academy.stored() == before


@pytest.mark.either_engine
@pytest.mark.parametrize("write", REQUIRED)
def test_an_empty_body_is_one_without_any_field(house: Furnished, write: str) -> None:
    before = house.academy.stored()
    for content in (b"", b"{}", b'{"surprise": 1}'):
        answer = house.send(write, content)
        assert (answer.status_int, set(answer.json)) == (400, REQUIRED[write])
    assert house.academy.stored() == before


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
def test_json_in_utf_8_is_taken_with_and_without_a_charset(house: Furnished, content_type: str) -> None:
    for write, body in house.bodies.items():
        content = json.dumps(body, ensure_ascii=False).encode()
        assert house.send(write, content, content_type).status_int in (200, 201), write


def test_what_nobody_asked_for_is_ignored(house: Furnished) -> None:
    strange = {
        "surprise": {"a": [1]},
        "": 1,
        "id": "x",
        "is_staff": "x",
        "full_name": 5,
        "\ud800": None,
        "a" * 5000: 1,
    }
    for write, body in house.bodies.items():
        answer = house.send(write, json.dumps(body | strange).encode())
        assert answer.status_int in (200, 201), write
        assert not {"surprise", "", "a" * 5000} & set(answer.json)


# -- anything at all -----------------------------------------------------------------------------------------

TEXT = st.text(st.characters(), max_size=20) | st.sampled_from(["", " ", "\0", "\ud800", "٣", "ﷺ" * 150, "x" * 300])
NUMBERS = st.integers() | st.integers(-(10**40), 10**40) | st.floats() | st.sampled_from([0, 1, 2**31, 2**63, 10**18])
NUMERALS = st.sampled_from(["1", " 1 ", "+1", "-0", "1.0", "1e2", "01", "0x1", "9" * 18, "9" * 19, "1" + "0" * 400])
TIMES = st.datetimes().map(str) | st.sampled_from(
    ["0001-01-01T00:00:00", "9999-12-31T23:59:59Z", "2026-05-01T24:00:00", "2026-05-01T00:00:00+23:59", "2026-05-01"]
)
SCALARS = st.none() | st.booleans() | NUMBERS | NUMERALS | TEXT | TIMES
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=8
)
SMALL = st.integers(-1, 12)


def values(house: Furnished, name: str) -> st.SearchStrategy[Any]:
    """What could stand in a field, tickets nearly right among it."""
    some = SCALARS | JSON | st.lists(SMALL | NUMBERS, max_size=3)
    if name != "tickets":
        return some
    here = st.just(house.session)
    good = st.fixed_dictionaries({"row": st.integers(0, 6), "seat": SMALL, "movie_session": here | here | SMALL})
    part = st.fixed_dictionaries({}, optional=dict.fromkeys(("row", "seat", "movie_session", "id"), SCALARS | SMALL))
    return some | st.lists(good, max_size=4) | st.lists(good | part | good | JSON, min_size=1, max_size=5)


def sent(house: Furnished, write: str) -> st.SearchStrategy[Any]:
    """What could come: anything, an object with some of the fields, or one that would do but for one or two."""
    good = house.bodies[write]
    some = st.fixed_dictionaries({}, optional={name: values(house, name) for name in [*good, "id"]})
    names = st.lists(st.sampled_from([*good]), max_size=2, unique=True)
    replaced = names.flatmap(lambda few: st.fixed_dictionaries({name: values(house, name) for name in few}))
    nearly = replaced.map(lambda few: good | few)
    return JSON | some | nearly | nearly


def never_fails(check: Callable[..., None], number: int, **strategies: st.SearchStrategy[Any]) -> None:
    """Runs `check` on so many examples."""
    examples(number)(given(**strategies)(check))()


@pytest.mark.parametrize("write", WRITES)
def test_arbitrary_json_is_never_a_failure_and_a_refusal_stores_nothing(house: Furnished, write: str) -> None:
    before = house.academy.stored()
    statuses = set()

    def check(body: Any) -> None:
        nonlocal before
        answer = house.send(write, json.dumps(body).encode())
        assert answer.status_int in (200, 201, 400, 409)
        after = house.academy.stored()
        if answer.status_int >= 400 and "login" not in write:
            assert after == before
        statuses.add(answer.status_int)
        before = after

    never_fails(check, 25, body=sent(house, write))
    assert 400 in statuses


def test_an_order_is_bought_whole_or_not_at_all(house: Furnished) -> None:
    sold: set[tuple[int, int, int]] = set()
    outcomes = []

    def check(wanted: list[tuple[int, int]]) -> None:
        body = tickets(*((house.session, row, seat) for row, seat in wanted))
        places = {(house.session, row, seat) for row, seat in wanted}
        answer = house.academy.user.call("POST", ORDERS, body)
        inside = all(1 <= row <= 5 and 1 <= seat <= 10 for row, seat in wanted)
        right = inside and len(places) == len(wanted) and not places & sold
        assert answer.status_int == (201 if right else 400)
        if right:
            sold.update(places)
        else:
            assert len(answer.json["tickets"]) == len(wanted)
            assert any(answer.json["tickets"])
        shown = house.academy.user.get(f"{SESSIONS}{house.session}/")["taken_places"]
        assert [(each["row"], each["seat"]) for each in shown] == sorted(place[1:] for place in sold)
        outcomes.append(right)

    place = st.tuples(st.integers(0, 6), st.integers(0, 11))
    never_fails(check, 30, wanted=st.lists(place, min_size=1, max_size=4))
    assert set(outcomes) == {True, False}


# -- not only bodies -----------------------------------------------------------------------------------------

PARAMETERS = ["title", "genres", "actors", "date", "movie", "page", "x", ""]
WILD = (
    st.text(st.characters(codec="utf-8"), max_size=12) | NUMERALS | st.sampled_from(["1,2", ",", "2026-05-01", "%"])
)


def quoted(text: str) -> str:
    """Every byte as `%XX`."""
    return "".join(f"%{byte:02X}" for byte in text.encode())


def queries() -> st.SearchStrategy[str]:
    """Query strings, such as make sense and such as do not."""
    pair = st.tuples(st.sampled_from(PARAMETERS), WILD.map(quoted)).map("=".join)
    raw = st.text(st.sampled_from("%F0&=+;,1a-"), max_size=12)
    return st.lists(pair | raw, max_size=4).map("&".join)


@pytest.mark.parametrize("path", [GENRES, MOVIES, SESSIONS, ORDERS, "me/", SESSION])
def test_an_arbitrary_query_string_is_never_a_failure(house: Furnished, path: str) -> None:
    def check(query: str) -> None:
        answer = house.academy.user.call("GET", f"{path.format(house.session)}?{query}")
        assert answer.status_int in (200, 400, 404)

    never_fails(check, 25, query=queries())


def test_an_arbitrary_header_is_never_a_failure_and_never_a_key(house: Furnished) -> None:
    def check(header: str) -> None:
        answer = house.academy.nobody.call("GET", "me/", headers={"Authorization": header})
        assert answer.status_int == 401

    any_text = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60)
    hexadecimal = st.text(st.sampled_from("0123456789abcdef"), min_size=40, max_size=40)
    never_fails(
        check, 80, header=any_text | any_text.map(lambda text: f"Token {text}") | hexadecimal.map("Token {}".format)
    )


def test_an_arbitrary_segment_is_never_a_failure(house: Furnished) -> None:
    def check(segment: str, method: str) -> None:
        before = house.academy.stored() if method not in ("GET", "HEAD") else None
        for path in (MOVIES, SESSIONS, GENRES, ORDERS):
            url = f"/api/{path}{quoted(segment)}/"
            headers = house.academy.boss.headers
            answer = house.academy.http.request(url, method=method, headers=headers, status="*")
            keeps_the_conventions(answer)
            assert answer.status_int in (200, 400, 404, 405), (path, segment)
        assert before is None or house.academy.stored() == before

    segments = st.text(st.characters(codec="utf-8", exclude_characters="/"), min_size=1, max_size=20) | NUMERALS
    fresh = segments.filter(lambda text: not text.strip().lstrip("+").isdigit() and text not in (".", ".."))
    never_fails(check, 25, segment=fresh, method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]))
