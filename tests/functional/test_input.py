"""Bad input: a problem document that names what is wrong, and nothing stored."""

import json
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webtest import TestResponse

from cinema.core.validation import MAX_BODY
from tests.app import API, PASSWORD, Cinema, Person, fields
from tests.databases import contents
from tests.examples import examples

ANNA = {"username": "anna", "email": "anna@example.com", "password": PASSWORD}
BUILT_IN = {"anonymous", "member", "staff", "admin"}
MOVIE = {"title": "Сталкер", "year": 1979}

# Everything of accounts and catalogue that takes a body, and two of other floors: who sends it, and what would do.
WRITES: dict[str, tuple[str, dict[str, Any]]] = {
    "POST /auth/register": ("stranger", ANNA),
    "POST /auth/login": ("stranger", {"login": "member", "password": PASSWORD}),
    "POST /auth/refresh": ("stranger", {"refresh_token": "x"}),
    "POST /permissions/check": ("stranger", {"permission": "movies:edit"}),
    "PUT /me": ("member", {"name": "Анна", "surname": "Каренина"}),
    "PATCH /me": ("member", {"name": "Анна", "surname": "Каренина"}),
    "PUT /me/login": ("member", {"username": "annette", "current_password": PASSWORD}),
    "PUT /me/password": ("member", {"old_password": PASSWORD, "new_password": "another long password"}),
    "POST /roles": ("admin", {"name": "usher", "description": "Opens doors."}),
    "PATCH /roles/*": ("admin", {"description": "Opens doors."}),
    "POST /movies": ("admin", MOVIE),
    "PUT /movies/*": ("admin", MOVIE),
    "PATCH /movies/*": ("admin", MOVIE),
    "POST /genres": ("admin", {"name": "Комедия"}),
    "PUT /genres/*": ("admin", {"name": "Триллер"}),
    "PATCH /directors/*": ("admin", {"name": "Кира Муратова"}),
    "POST /actors": ("admin", {"first_name": "Алиса", "last_name": "Коонен"}),
    "PUT /actors/*": ("admin", {"first_name": "Алиса", "last_name": "Коонен"}),
    "PATCH /actors/*": ("admin", {"first_name": "Алиса", "last_name": "Коонен"}),
    "POST /halls": ("admin", {"name": "Red", "rows": 5, "seats_in_row": 10}),
    "POST /cassettes": ("admin", {"title": "Jaws", "director": "Spielberg", "released": "1975-06-20"}),
}
REQUIRED = {
    "POST /auth/register": {"username", "email", "password"},
    "POST /auth/login": {"login", "password"},
    "POST /auth/refresh": {"refresh_token"},
    "POST /permissions/check": {"permission"},
    "PUT /me/password": {"old_password", "new_password"},
    "PUT /me/login": {"current_password"},
    "POST /roles": {"name"},
    "POST /movies": {"title"},
    "PUT /movies/*": {"title"},
    "POST /genres": {"name"},
    "PUT /genres/*": {"name"},
    "POST /actors": {"first_name", "last_name"},
    "PUT /actors/*": {"first_name", "last_name"},
    "POST /cassettes": {"title", "director", "released"},
}


class House(NamedTuple):
    """A furnished cinema, and the ids of its things by the segment they follow."""

    cinema: Cinema
    ids: dict[str, Any]

    def send(
        self, write: str, data: bytes | str, content_type: str = "application/json", query: str = ""
    ) -> TestResponse:
        """The answer to raw bytes."""
        method, _space, path = write.partition(" ")
        person: Person = getattr(self.cinema, WRITES[write][0])
        address = path.replace("*", str(self.ids.get(path.split("/")[1])))
        return self.cinema.http.request(
            API + address + query,
            method=method,
            body=data.encode() if isinstance(data, str) else data,
            headers=person.headers | {"Content-Type": content_type},
            status="*",
        )


@pytest.fixture
def house(cinema: Cinema) -> Iterator[House]:
    """A cinema with something to change."""
    admin = cinema.admin
    ids: dict[str, Any] = {kind: admin.post(f"/{kind}", {"name": "x"})["id"] for kind in ("genres", "directors")}
    ids["actors"] = admin.post("/actors", {"first_name": "x", "last_name": "y"})["id"]
    ids["movies"] = cinema.movie("x", **{kind: [key] for kind, key in ids.items()})
    ids["roles"] = admin.post("/roles", {"name": "porter"})["name"]
    assert cinema.member.id
    yield House(cinema, ids)
    janitor = cinema.person("janitor", "admin")  # tables of roles are not emptied between tests
    for role in janitor.get("/roles?limit=100")["items"]:
        if role["name"] not in BUILT_IN:
            janitor.delete(f"/roles/{role['name']}")


def stored(cinema: Cinema) -> dict[str, list[str]]:
    """Everything in the database, by table."""
    return contents(cinema.database)


def assert_problem(answer: TestResponse, status: int, code: str) -> None:
    """A problem document (RFC 9457) with the members that all of ours have."""
    problem = answer.json
    assert (answer.status_int, problem["code"]) == (status, code)
    assert answer.content_type == "application/problem+json"
    assert (problem["type"], problem["status"]) == (f"/docs/errors#{problem['code']}", status)
    assert problem["title"]
    assert problem["detail"]
    assert ("errors" in problem) == (code == "invalid")


def test_what_the_table_says_would_do_does(house: House) -> None:
    for write, (_name, body) in WRITES.items():
        expected = {401} if write == "POST /auth/refresh" else {200, 201, 204}
        assert house.send(write, json.dumps(body)).status_int in expected, write


# -- JSON ----------------------------------------------------------------------------------------------------

MALFORMED = {
    "half": b'{"title": ',
    "nothing but space": b"  \n",
    "trailing comma": b'{"title": "x",}',
    "two values": b'{"title": "x"} {}',
    "single quotes": b"{'title': 'x'}",
    "bare word": b"{title: 1}",
    "comment": b'{"title": "x"} // x',
    "duplicate key": b'{"title": "x", "title": "x"}',
    "duplicate key in another spelling": b'{"title": "x", "titl\\u0065": "y"}',
    "duplicate key further in": b'{"title": {"a": 1, "a": 1}}',
    "NaN": b'{"title": "x", "rating": NaN}',
    "Infinity": b'{"title": "x", "rating": Infinity}',
    "-Infinity": b'{"title": "x", "rating": -Infinity}',
    "leading zero": b'{"title": "x", "year": 01979}',
    "plus": b'{"title": "x", "year": +1979}',
    "hexadecimal": b'{"title": "x", "year": 0x7bb}',
    "no digit before the point": b'{"title": "x", "rating": .5}',
    "line feed in a string": b'{"title": "a\nb"}',
    "bad escape": b'{"title": "\\x41"}',
    "half an escape": b'{"title": "\\u00"}',
    "bad UTF-8": b'{"title": "\xff"}',
    "half a character": b'{"title": "\xd0"}',
    "overlong UTF-8": b'{"title": "\xc0\x80"}',
    "surrogate in UTF-8": b'{"title": "\xed\xa0\x80"}',
    "byte order mark": b'\xef\xbb\xbf{"title": "x"}',
    "UTF-16": '{"title": "x"}'.encode("utf-16"),
    "raw NUL": b'{"title": "x"}\0',
    "100,000 arrays": b"[" * 100_000,
    "100,000 arrays, closed": b"[" * 100_000 + b"]" * 100_000,
    "100,000 objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "100,000 arrays in a field": b'{"title": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "17 levels": b'{"title": ' + b"[" * 16 + b"]" * 16 + b"}",
}


@pytest.mark.either_engine
@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_json_is_a_400_and_stores_nothing(house: House, name: str) -> None:
    before = stored(house.cinema)
    for write in WRITES:
        assert_problem(house.send(write, MALFORMED[name]), 400, "malformed-json")
    assert stored(house.cinema) == before


@pytest.mark.either_engine
@pytest.mark.parametrize("body", ["[]", '["title"]', '"title"', "1", "1.5", "true", "null", '[{"title": "x"}]'])
def test_json_that_is_no_object_is_a_400_and_stores_nothing(house: House, body: str) -> None:
    before = stored(house.cinema)
    for write in WRITES:
        assert_problem(house.send(write, body), 400, "not-an-object")
    assert stored(house.cinema) == before


def test_json_may_be_as_deep_as_any_field_is(house: House) -> None:
    answer = house.send("POST /movies", '{"title": ' + "[" * 15 + "]" * 15 + "}")
    assert fields(answer.json) == {"title"}


def test_brackets_in_a_string_are_not_depth(house: House) -> None:
    title = '[{"' * 80
    assert house.send("POST /movies", json.dumps({"title": title})).json["title"] == title


# -- media types and size ------------------------------------------------------------------------------------


@pytest.mark.either_engine
@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json-patch+json",
        "application/problem+json",
        "application/json; charset=latin-1",
        "application/json; charset=utf-16",
        "application/json; charset=nonsense",
        "application/jsonx",
        "*/*",
        "",
    ],
)
def test_any_other_media_type_is_a_415_and_stores_nothing(house: House, content_type: str) -> None:
    before = stored(house.cinema)
    for write, (_name, body) in WRITES.items():
        assert_problem(house.send(write, json.dumps(body), content_type), 415, "unsupported-media-type")
    assert stored(house.cinema) == before


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "application/json; charset=utf8",
        "application/json; odd=parameter",
    ],
)
def test_json_in_utf_8_is_taken_however_it_is_written(house: House, content_type: str) -> None:
    assert house.send("POST /movies", json.dumps(MOVIE, ensure_ascii=False), content_type).json["title"] == "Сталкер"


@pytest.mark.either_engine
def test_a_body_of_more_than_a_mebibyte_is_a_413_and_stores_nothing(house: House) -> None:
    before = stored(house.cinema)
    for write, (_name, body) in WRITES.items():
        answer = house.send(write, json.dumps(body).ljust(MAX_BODY + 1))
        assert_problem(answer, 413, "too-large")
    assert stored(house.cinema) == before
    assert house.send("POST /movies", json.dumps(MOVIE).ljust(MAX_BODY)).status_int == 201


# -- fields --------------------------------------------------------------------------------------------------


@pytest.mark.either_engine
@pytest.mark.parametrize("body", ["", "{}"])
@pytest.mark.parametrize("write", REQUIRED)
def test_an_empty_body_names_every_required_field(house: House, write: str, body: str) -> None:
    before = stored(house.cinema)
    answer = house.send(write, body, "application/json" if body else "")
    assert_problem(answer, 400, "invalid")
    assert {(error["field"], error["code"]) for error in answer.json["errors"]} == {
        (name, "required") for name in REQUIRED[write]
    }
    assert stored(house.cinema) == before


@pytest.mark.either_engine
@pytest.mark.parametrize("write", WRITES)
def test_an_unknown_field_is_refused_beside_every_other_error(house: House, write: str) -> None:
    before = stored(house.cinema)
    body = WRITES[write][1]
    for name in ("surprise", "id", "is_superuser", "", "\0", "a.b", "é", "x" * 100):
        answer = house.send(write, json.dumps(body | {name: 1}))
        assert_problem(answer, 400, "invalid")
        assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [(name, "unknown-field")]
    first = next(iter(body))
    assert fields(house.send(write, json.dumps(body | {first: [], "surprise": 1})).json) == {first, "surprise"}
    assert stored(house.cinema) == before


@pytest.mark.parametrize("write", WRITES)
def test_a_name_that_is_no_text_can_still_be_shown(house: House, write: str) -> None:
    for name in ("\ud800", "x" * 10_000, "\udfff" * 200):
        answer = house.send(write, json.dumps(WRITES[write][1] | {name: 1}))
        assert_problem(answer, 400, "invalid")
        assert len(answer.body) < 2000


@pytest.mark.parametrize("write", WRITES)
def test_a_nul_or_half_a_surrogate_pair_is_a_400_that_names_the_field(house: House, write: str) -> None:
    before = stored(house.cinema)
    body = WRITES[write][1]
    texts = [name for name, good in body.items() if isinstance(good, str) and name != "released"]
    for name, value in product(texts, ("a\0b", "\0", "\ud800", "a\udc00b", "\udc00\ud800")):
        answer = house.send(write, json.dumps(body | {name: value}))
        assert_problem(answer, 400, "invalid")
        assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [(name, "bad-text")]
    assert stored(house.cinema) == before


@pytest.mark.either_engine
@pytest.mark.parametrize("write", WRITES)
def test_a_value_of_another_type_is_a_400_that_names_the_field(house: House, write: str) -> None:
    before = stored(house.cinema)
    body = WRITES[write][1]
    for name, good in body.items():
        wrong: list[Any] = [True, [], [1], {}, {"a": 1}]
        wrong += [1.7, "٣", "1_0", "1"] if isinstance(good, int) else [1, 1.7]
        for value in wrong:
            answer = house.send(write, json.dumps(body | {name: value}))
            assert_problem(answer, 400, "invalid")
            assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [(name, "wrong-type")]
    assert stored(house.cinema) == before


@pytest.mark.parametrize(
    ("write", "field"),
    [
        ("POST /movies", "year"),
        ("PATCH /movies/*", "duration"),
        ("POST /movies", "rating"),
        ("POST /movies", "genres.0"),
        ("PUT /me", "favorite_genre"),
        ("POST /halls", "rows"),
        ("POST /permissions/check", "user"),
        ("POST /cassettes", "quantity"),
    ],
)
def test_a_number_out_of_range_is_a_400_that_names_the_field(house: House, write: str, field: str) -> None:
    before = stored(house.cinema)
    name, _dot, place = field.partition(".")
    body = json.dumps({key: value for key, value in WRITES[write][1].items() if key != name})
    for number in ("-1", "-" + "9" * 5000, "9" * 5000, "1" + "0" * 30, "9" * 19, str(2**63), "1e400"):
        answer = house.send(write, f'{body[:-1]}, "{name}": {f"[{number}]" if place else number}}}')
        assert_problem(answer, 400, "invalid")
        assert fields(answer.json) == {field}
    assert stored(house.cinema) == before


def test_an_empty_string_is_not_a_missing_one(house: House) -> None:
    member, admin, movie = house.cinema.member, house.cinema.admin, f"/movies/{house.ids['movies']}"
    member.patch("/me", {"name": "Анна"})
    assert member.patch("/me", {"name": ""})["name"] == ""
    assert admin.patch(movie, {"description": ""})["description"] == ""
    problem = admin.patch(movie, {"title": ""}, 400)
    assert [(error["field"], error["code"]) for error in problem["errors"]] == [("title", "too-short")]


# -- query strings of writes ---------------------------------------------------------------------------------


@pytest.mark.either_engine
@pytest.mark.parametrize("write", WRITES)
def test_a_write_takes_no_parameters(house: House, write: str) -> None:
    before = stored(house.cinema)
    answer = house.send(write, json.dumps(WRITES[write][1]), query="?surprise=1")
    assert_problem(answer, 400, "invalid")
    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [("surprise", "unknown-field")]
    assert_problem(house.send(write, json.dumps(WRITES[write][1]), query="?%FF"), 400, "malformed-query")
    assert stored(house.cinema) == before


def test_an_item_takes_no_parameters(house: House) -> None:
    for path in ("/me", *(f"/{kind}/{key}" for kind, key in house.ids.items())):
        answer = house.cinema.admin.call("GET", f"{path}?limit=1")
        assert_problem(answer, 400, "invalid")
        assert fields(answer.json) == {"limit"}


# -- whatever else -------------------------------------------------------------------------------------------


def test_all_refusals_are_problem_documents(house: House) -> None:
    stranger, member, admin = house.cinema.stranger, house.cinema.member, house.cinema.admin
    assert_problem(stranger.call("GET", "/me"), 401, "unauthenticated")
    assert_problem(member.call("POST", "/movies", MOVIE), 403, "forbidden")
    assert_problem(member.call("GET", "/movies/0"), 404, "not-found")
    assert_problem(member.call("GET", "/nothing"), 404, "not-found")
    assert_problem(member.call("DELETE", "/me"), 405, "method-not-allowed")
    assert_problem(admin.call("POST", "/genres", {"name": "x"}), 409, "name-taken")
    assert_problem(member.call("GET", "/%FF"), 400, "malformed-path")
    assert_problem(member.call("GET", "/movies?limit=%FF"), 400, "malformed-query")


TEXT = st.text(st.characters(), max_size=20) | st.sampled_from(["", " ", "\0", "\ud800", "٣", "ﷺ" * 150, "x" * 300])
NUMBERS = st.integers() | st.integers(-(10**40), 10**40) | st.floats() | st.sampled_from([0, 1, 2**31, 2**63, 10**18])
SCALARS = st.none() | st.booleans() | NUMBERS | TEXT
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=8
)


MORE = {
    "movies": ["rating", "duration", "genres", "directors", "actors", "label", "poster", "description"],
    "me": ["favorite_genre", "username", "email"],
    "roles": ["permissions"],
    "permissions": ["path", "user"],
}


def bodies(write: str) -> st.SearchStrategy[Any]:
    """What could come: anything at all, or an object that is nearly right."""
    good = WRITES[write][1]
    known = [*good, *MORE.get(write.split("/")[1], ())]
    values = SCALARS | JSON | st.lists(st.integers(0, 3), max_size=3)
    nearly = st.dictionaries(st.sampled_from(known), values, max_size=3)
    return JSON | nearly | nearly.map(lambda some: good | some)


@pytest.mark.parametrize("write", WRITES)
def test_arbitrary_json_is_never_a_500_and_a_400_stores_nothing(house: House, write: str) -> None:
    before = stored(house.cinema)

    @examples(12)
    @given(body=bodies(write))
    def check(body: Any) -> None:
        nonlocal before
        answer = house.send(write, json.dumps(body))
        assert answer.status_int < 500
        after = stored(house.cinema)
        if answer.status_int == 400:
            assert answer.content_type == "application/problem+json"
            assert after == before
        before = after

    check()
