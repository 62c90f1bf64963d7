"""Whatever a caller sends: an answer, never a failure, and a refusal only as the client can show it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.app import PASSWORD, Cinema
from tests.dialects.site.visitors import Visitor, refused
from tests.examples import examples

TEXT = st.text(st.characters(), max_size=20) | st.sampled_from(["", " ", "\0", "\ud800", "٣", "ﷺ" * 150, "x" * 2000])
NUMBERS = st.integers() | st.floats() | st.sampled_from([0, 1, 2**31, 2**63, 10**18, -(10**40)])
SCALARS = st.none() | st.booleans() | NUMBERS | TEXT
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=8
)
ADDRESSES = st.sampled_from(["anna@example.com", "member@example.com", "ﷺ@example.com", f"a@{'b' * 63}.org"])
PASSWORDS = st.sampled_from([PASSWORD, "1"])
FIELDS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "POST /auth/register": {"email": ADDRESSES, "password": PASSWORDS},
    "POST /auth/login": {"email": ADDRESSES, "password": PASSWORDS},
    "PUT /auth/login": {"access_token": TEXT, "refresh_token": st.from_regex(r"[0-9]{1,18}\.[0-9]{1,9}\.[\w-]{43}")},
    "PATCH /user/": {
        **dict.fromkeys(("name", "surname"), TEXT),
        **dict.fromkeys(("favorite_genre", "favourite_genre"), st.integers().map(str) | st.integers(0, 2**70)),
    },
    "PUT /user/password": dict.fromkeys(("password_1", "password_2", "old_password", "new_password"), PASSWORDS),
    "POST /favorites/movies/1/": {},
    "DELETE /favorites/movies/1/": {},
}


def bodies(write: str) -> st.SearchStrategy[Any]:
    """What could come: anything at all, or an object that is nearly right."""
    fields = {name: good | SCALARS | JSON for name, good in FIELDS[write].items()}
    return JSON | st.fixed_dictionaries({}, optional=fields) | st.fixed_dictionaries(FIELDS[write])


@pytest.mark.parametrize("write", FIELDS)
def test_no_body_is_ever_a_failure(cinema: Cinema, member: Visitor, write: str) -> None:
    method, _space, path = write.partition(" ")

    @examples(10)
    @given(body=bodies(write))
    def check(body: Any) -> None:
        answer = member.call(method, path, json.dumps(body).encode())
        assert answer.status_int in (200, 201, 400, 401, 404)
        if answer.status_int >= 400:
            refused(answer, answer.status_int)

    check()


@pytest.mark.parametrize("path", ["/movies/", "/genres/", "/directors/"])
def test_no_query_is_ever_a_failure(cinema: Cinema, visitor: Visitor, path: str) -> None:
    cinema.movie()
    values = st.integers().map(str) | st.text("0123456789%+-.eE &=;\0x", max_size=30)

    @examples(20)
    @given(page=values, status=values | st.just("new"))
    def check(page: str, status: str) -> None:
        answer = visitor.call("GET", f"{path}?page={page}&status={status}")
        assert answer.status_int in (200, 400)
        if answer.status_int == 400:
            refused(answer, 400)

    check()
