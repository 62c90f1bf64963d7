"""Whatever a client may send: never a 5xx, and what is refused leaves nothing behind."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webtest import TestResponse

from tests.dialects.vhs.shop import JSON, RAMBO, SHELF, Shop, item
from tests.examples import examples

ACCOUNT = {"username": "morty", "password": "123"}
WRITES: dict[str, dict[str, Any]] = {
    "POST /api/auth/signup": ACCOUNT,
    "POST /api/auth/login": ACCOUNT,
    "POST /api/cassetes/": RAMBO | {"quantity": 1},
    "PUT /api/cassetes/*": RAMBO | {"quantity": 1},
    "PATCH /api/cassetes/*": RAMBO | {"quantity": 1},
}
SIGN_INS = {"sign_ins", "login_attempts"}  # a sign-in that fails is remembered there

ODD = ["", " ", "\0", "\ud800", "٣", "ﷺ" * 150, "x" * 300, "-0", "1e3", "1992-10-22", "9999-12-31", "0001-01-01"]
TEXT = st.text(st.characters(), max_size=20) | st.sampled_from(ODD)
NUMBERS = st.integers() | st.integers(-(10**40), 10**40) | st.floats() | st.sampled_from([0, 2**31, 2**63, 10**18])
SCALARS = st.none() | st.booleans() | NUMBERS | TEXT
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=8
)
few = examples(10)


def bodies(good: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Anything at all, or an object that is nearly right."""
    nearly = st.dictionaries(st.sampled_from([*good, "id", "price"]), SCALARS | ANYTHING, max_size=3)
    return ANYTHING | nearly | nearly.map(lambda some: good | some)


def assert_refused_in_the_shops_form(answer: TestResponse) -> None:
    """A map of fields with lists of sentences, or one sentence."""
    assert answer.content_type == JSON
    if list(answer.json) == ["detail"]:
        assert isinstance(answer.json["detail"], str)
        return
    assert answer.status_int == 400
    assert answer.json
    for sentences in answer.json.values():
        assert sentences
        assert all(isinstance(sentence, str) and sentence for sentence in sentences)


@pytest.fixture
def send(shop: Shop) -> Callable[[str, bytes], TestResponse]:
    """Sends bytes to one of the writes, signed in, with a cassette to change."""
    tape, rick = shop.tape(), shop.rick

    def sent(write: str, data: bytes) -> TestResponse:
        method, _space, path = write.partition(" ")
        return rick.send(method, path.replace("*", str(tape)), data)

    return sent


def check_one(shop: Shop, send: Callable[[str, bytes], TestResponse], write: str, data: bytes) -> None:
    """Sends it; whatever is answered, nothing is stored by halves."""
    before = shop.stored()
    answer = send(write, data)
    assert answer.status_int < 500
    after = shop.stored()
    changed = {name for name in before if before[name] != after[name]}
    if answer.status_int >= 400:
        assert_refused_in_the_shops_form(answer)
        assert changed <= (SIGN_INS if write.endswith("login") else set())
    elif write.endswith("signup"):
        assert {"users", "user_roles", "sessions", "sign_ins"} <= changed
    elif answer.body and "cassetes" in write:
        assert shop.anybody.get(item(answer.json["id"])) == answer.json
    assert stock(shop) == {each["id"]: each["quantity"] for each in shop.anybody.get() if each["quantity"]}


def stock(shop: Shop) -> dict[int, int]:
    """How many there should be of each cassette, from every change that was written down."""
    rows = shop.sql("SELECT cassette_id, sum(change) FROM stock_movements GROUP BY cassette_id")
    return {cassette_id: int(number) for cassette_id, number in rows if number}


@pytest.mark.parametrize("write", WRITES)
def test_what_is_nearly_right_is_stored_whole_or_not_at_all(
    shop: Shop, send: Callable[[str, bytes], TestResponse], write: str
) -> None:
    @few
    @given(body=bodies(WRITES[write]))
    def check(body: Any) -> None:
        check_one(shop, send, write, json.dumps(body).encode())

    check()


@pytest.mark.parametrize("write", WRITES)
def test_any_bytes_are_answered(shop: Shop, send: Callable[[str, bytes], TestResponse], write: str) -> None:
    @few
    @given(data=st.binary(max_size=60))
    def check(data: bytes) -> None:
        check_one(shop, send, write, data)

    check()


def test_any_filter_is_answered(shop: Shop) -> None:
    tape = shop.anybody.get(item(shop.tape()))
    names = st.sampled_from([*RAMBO, "quantity", "id", "x"])
    storable = st.text(st.characters(codec="utf-8"), max_size=20)

    @few
    @given(filters=st.dictionaries(names, storable | st.sampled_from([*map(str, tape.values()), "\0", "9" * 20])))
    def check(filters: dict[str, str]) -> None:
        answer = shop.anybody.call("GET", f"{SHELF}?{urlencode(filters)}")
        if answer.status_int == 400:
            assert_refused_in_the_shops_form(answer)
            assert set(answer.json) <= set(filters)
            return
        wanted = {name: value for name, value in filters.items() if name in {*RAMBO, "quantity"}}
        fits = all(str(tape[name]) == value or name == "quantity" for name, value in wanted.items())
        fits = fits and int(wanted.get("quantity", 0)) == 0
        assert (answer.status_int, answer.json) == (200, [tape] if fits else [])

    check()


def test_any_path_below_the_shelf_is_answered(shop: Shop) -> None:
    assert shop.tape()

    @few
    @given(segment=st.binary(min_size=1, max_size=20), method=st.sampled_from(["GET", "PUT", "PATCH", "DELETE"]))
    def check(segment: bytes, method: str) -> None:
        answer = shop.anybody.call(method, f"{SHELF}{quote_from_bytes(segment, safe='')}")
        assert answer.status_int in {200, 400, 401, 404, 405}

    check()
