"""JSON, read strictly."""

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cinema.core.errors import BadRequest
from cinema.core.strict_json import MAX_DEPTH, parse

TEXT = st.text(st.characters(exclude_categories=()))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=10,
)


def refusal(body: bytes) -> str:
    """The code with which a body is refused."""
    with pytest.raises(BadRequest) as refused:
        parse(body)
    return refused.value.code


def depth(value: Any) -> int:
    """How deep arrays and objects nest."""
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


@settings(deadline=None)
@given(st.dictionaries(TEXT, JSON, max_size=4).filter(lambda value: depth(value) <= MAX_DEPTH), st.booleans())
def test_what_was_written_is_read_back(value: dict[str, Any], ascii_only: bool) -> None:
    written = json.dumps(value, ensure_ascii=ascii_only)
    try:
        body = written.encode("utf-8")
    except UnicodeEncodeError:  # lone surrogates can only be written as escapes
        body = json.dumps(value).encode("ascii")
    assert parse(body) == value


@settings(deadline=None)
@given(st.binary() | st.text().map(str.encode) | JSON.map(json.dumps).map(str.encode))
def test_any_bytes_are_an_object_or_a_bad_request(body: bytes) -> None:
    with suppress(BadRequest):
        assert isinstance(parse(body), dict)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": 1.70}', Decimal("1.70")),
        (b'{"a": 1e2}', Decimal("1e2")),
        (b'{"a": 0.1}', Decimal("0.1")),
        (b'{"a": -0.0}', Decimal("-0.0")),
        (b'{"a": 1e-400}', Decimal("1e-400")),
        (b'{"a": 1e99999999999999999999}', Decimal("Infinity")),
    ],
)
def test_numbers_with_a_point_or_an_exponent_are_exact_decimals(body: bytes, value: Decimal) -> None:
    found = parse(body)["a"]
    assert isinstance(found, Decimal)
    assert found == value


@pytest.mark.parametrize("digits", [21, 5000, 1_000_000])
@pytest.mark.parametrize("sign", ["", "-"])
def test_an_integer_too_long_for_any_field_stays_too_large_for_all(sign: str, digits: int) -> None:
    found = parse(f'{{"a": {sign}{"7" * digits}}}'.encode())["a"]
    assert type(found) is int
    assert abs(found) >= 10**18


def test_an_integer_of_nineteen_digits_is_exact() -> None:
    assert parse(b'{"a": 1234567890123456789, "b": -1234567890123456789}') == {
        "a": 1234567890123456789,
        "b": -1234567890123456789,
    }


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("around", ["{}", '{{"a": {}}}', '{{"a": [1, {}]}}'])
def test_constants_that_are_no_json_are_refused(constant: str, around: str) -> None:
    assert refusal(around.format(constant).encode()) == "malformed-json"


@pytest.mark.parametrize(
    "body",
    [b'{"a": 1, "a": 1}', b'{"a": 1, "\\u0061": 2}', b'{"a": [{"b": 1, "b": 2}]}', '{"é": 1, "\\u00e9": 2}'.encode()],
)
def test_a_key_stands_once(body: bytes) -> None:
    assert refusal(body) == "malformed-json"


def test_the_same_key_may_stand_in_different_objects() -> None:
    assert parse(b'{"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]}')["b"] == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_nesting_ends_at_the_limit(opening: str) -> None:
    closing = "]" if opening == "[" else "}"

    def nested(levels: int) -> bytes:
        return f'{{"a": {opening * (levels - 1)}{"1" if closing == "}" else ""}{closing * (levels - 1)}}}'.encode()

    assert depth(parse(nested(MAX_DEPTH))) == MAX_DEPTH
    for levels in (MAX_DEPTH + 1, 1000, 100_000):
        assert refusal(nested(levels)) == "malformed-json"


def test_brackets_side_by_side_are_not_deep() -> None:
    assert len(parse(b'{"a": [' + b"[{}]," * 999 + b"[]]}")["a"]) == 1000


@pytest.mark.parametrize("text", ['[{"' * 50, "\\" * 51 + "[" * 50, '"' * 50 + "{" * 50, '\\"[' * 50])
def test_brackets_in_strings_do_not_count(text: str) -> None:
    assert parse(json.dumps({"a": text, text: "b"}).encode()) == {"a": text, text: "b"}


def test_brackets_behind_a_string_do_count() -> None:
    assert refusal(b'{"a": "\\\\", "b": ' + b"[" * 16 + b"]" * 16 + b"}") == "malformed-json"


@pytest.mark.parametrize("body", [b"[]", b"[{}]", b'"{}"', b"1", b"1.5", b"true", b"null", b"1e99999999999999999999"])
def test_only_an_object_is_a_body(body: bytes) -> None:
    assert refusal(body) == "not-an-object"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"}",
        b"{}}",
        b"{}{}",
        b'{"a"}',
        b'{"a":}',
        b'{"a": 1,}',
        b"{'a': 1}",
        b"{1: 1}",
        b"\xff",
        b"\xef\xbb\xbf{}",
        b'{"a": "\xed\xa0\x80"}',
        b'{"a": "\n"}',
        b'{"a": "\\u12"}',
        b'{"a": 01}',
        b'{"a": 1.}',
        '{"a": ٣}'.encode(),
        b"\0",
    ],
)
def test_what_is_no_json_is_refused(body: bytes) -> None:
    assert refusal(body) == "malformed-json"
