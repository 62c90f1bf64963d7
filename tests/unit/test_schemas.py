"""Schemas that convert nothing."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import colander
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cinema.core import schemas
from cinema.core.errors import Invalid
from cinema.core.money import Money
from cinema.core.schemas import Body, deserialize

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False)
    | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


class Seat(Body):
    row = schemas.integer(1, 100)
    seat = schemas.integer(1, 100)


class Everything(Body):
    name = schemas.text(1, 5)
    note = schemas.text(0, 5, missing=None, nullable=True)
    count = schemas.integer(1, 10, missing=1)
    ratio = schemas.number(0, 10, missing=None, nullable=True)
    thing = schemas.identifier(missing=None, nullable=True)
    on = schemas.boolean(missing=False)
    at = schemas.moment(missing=None)
    day = schemas.day(missing=None)
    price = schemas.price(missing=None, nullable=True)
    word = schemas.choice("new", "old")
    ids = schemas.list_of(schemas.identifier(), missing=(), unique=True)
    seats = schemas.list_of(Seat(), least=1, missing=())


EVERYTHING = Everything().bind(currency="EUR")
PARTIAL = Everything.partial().bind(currency="EUR")


def read(**body: Any) -> dict[str, Any]:
    """What a body comes to."""
    return deserialize(EVERYTHING, {"name": "x"} | body)


def refusals(schema: Any = EVERYTHING, /, **body: Any) -> dict[str, str]:
    """What is refused, and why."""
    with pytest.raises(Invalid) as refused:
        deserialize(schema, {"name": "x"} | body)
    return {error.field: error.code for error in refused.value.errors}


def query(node: colander.SchemaNode, text: str) -> Any:
    """A parameter's value, or the code with which it is refused."""
    schema = colander.SchemaNode(schemas.Object(), node)
    node.name = "parameter"
    try:
        return deserialize(schema.bind(currency="EUR"), {"parameter": text})["parameter"]
    except Invalid as refused:
        return refused.errors[0].code


# -- values --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "result"),
    [
        ("name", " x ", " x "),
        ("name", "𝔘" * 5, "𝔘" * 5),
        ("note", "", ""),
        ("note", None, None),
        ("count", 10, 10),
        ("ratio", 7, Decimal(7)),
        ("ratio", Decimal("0.1"), Decimal("0.1")),
        ("ratio", None, None),
        ("thing", 10**18 - 1, 10**18 - 1),
        ("on", True, True),
        ("at", "2026-05-01T19:30:00+02:00", datetime(2026, 5, 1, 17, 30, tzinfo=UTC)),
        ("at", "2026-05-01t19:30z", datetime(2026, 5, 1, 19, 30, tzinfo=UTC)),
        ("at", "2026-05-01T19:30:00.25-00:00", datetime(2026, 5, 1, 19, 30, 0, 250_000, tzinfo=UTC)),
        ("day", "2024-02-29", date(2024, 2, 29)),
        ("price", {"amount": "9.50", "currency": "EUR"}, Money(Decimal("9.50"), "EUR")),
        ("price", {"currency": "EUR", "amount": "0"}, Money(Decimal(0), "EUR")),
        ("word", "new", "new"),
        ("ids", [3, 1, 2], [3, 1, 2]),
        ("seats", [{"row": 1, "seat": 2}], [{"row": 1, "seat": 2}]),
    ],
)
def test_good_values_are_read(field: str, value: Any, result: Any) -> None:
    found = read(**{field: value})[field]
    assert (found, type(found)) == (result, type(result))


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "", "too-short"),
        ("name", " \u2003\n", "too-short"),
        ("name", "x" * 6, "too-long"),
        ("name", "a\0b", "bad-text"),
        ("name", "\ud800", "bad-text"),
        ("name", "é\udfff", "bad-text"),
        ("name", 7, "wrong-type"),
        ("name", True, "wrong-type"),
        ("name", ["x"], "wrong-type"),
        ("name", None, "wrong-type"),
        ("count", 0, "out-of-range"),
        ("count", 11, "out-of-range"),
        ("count", 10**20, "out-of-range"),
        ("count", Decimal("1.7"), "wrong-type"),
        ("count", Decimal(1), "wrong-type"),
        ("count", "1", "wrong-type"),
        ("count", "٣", "wrong-type"),
        ("count", "1_0", "wrong-type"),
        ("count", True, "wrong-type"),
        ("count", None, "wrong-type"),
        ("ratio", Decimal("-0.0001"), "out-of-range"),
        ("ratio", Decimal("10.0001"), "out-of-range"),
        ("ratio", Decimal("Infinity"), "out-of-range"),
        ("ratio", "7", "wrong-type"),
        ("ratio", True, "wrong-type"),
        ("thing", 0, "out-of-range"),
        ("thing", 10**18, "out-of-range"),
        ("on", 1, "wrong-type"),
        ("on", "true", "wrong-type"),
        ("on", None, "wrong-type"),
        ("at", "2026-05-01T19:30:00", "wrong-type"),
        ("at", "2026-05-01", "wrong-type"),
        ("at", "2026-05-01 19:30:00Z", "wrong-type"),
        ("at", "2026-05-01T19:30:00+0200", "wrong-type"),
        ("at", "2026-05-01T19:30:00Z\n", "wrong-type"),
        ("at", "٢٠٢٦-05-01T19:30:00Z", "wrong-type"),
        ("at", 1777663800, "wrong-type"),
        ("at", "2026-02-30T19:30:00Z", "no-such-time"),
        ("at", "2026-05-01T25:00:00Z", "no-such-time"),
        ("at", "2026-05-01T19:30:00+24:00", "no-such-time"),
        ("at", "0001-01-01T00:00:00+14:00", "no-such-time"),
        ("at", "9999-12-31T23:59:59Z", "no-such-time"),
        ("day", "2026-02-29", "no-such-day"),
        ("day", "0000-01-01", "no-such-day"),
        ("day", "9999-12-31", "no-such-day"),
        ("day", "2026-5-1", "wrong-type"),
        ("day", "20260501", "wrong-type"),
        ("day", 20260501, "wrong-type"),
        ("price", "9.50", "wrong-type"),
        ("price", {"amount": "9.50"}, "wrong-type"),
        ("price", {"amount": "9.50", "currency": "EUR", "x": 1}, "wrong-type"),
        ("price", {"amount": "9.50", "currency": "USD"}, "wrong-currency"),
        ("price", {"amount": "9.50", "currency": ["EUR"]}, "wrong-currency"),
        ("price", {"amount": Decimal("9.5"), "currency": "EUR"}, "bad-amount"),
        ("price", {"amount": "-1", "currency": "EUR"}, "bad-amount"),
        ("price", {"amount": "1e3", "currency": "EUR"}, "bad-amount"),
        ("price", {"amount": "9.505", "currency": "EUR"}, "bad-amount"),
        ("price", {"amount": "٩", "currency": "EUR"}, "bad-amount"),
        ("price", {"amount": "NaN", "currency": "EUR"}, "bad-amount"),
        ("price", {"amount": "1" * 15, "currency": "EUR"}, "out-of-range"),
        ("word", "NEW", "not-a-choice"),
        ("word", "", "not-a-choice"),
        ("ids", [1, 2, 1], "duplicate"),
        ("ids", [1] * 1001, "too-long"),
        ("ids", {"0": 1}, "wrong-type"),
        ("ids", "12", "wrong-type"),
        ("ids", None, "wrong-type"),
        ("seats", [], "too-short"),
    ],
)
def test_bad_values_are_refused_with_a_code(field: str, value: Any, code: str) -> None:
    assert refusals(**{field: value}) == {field: code}


@pytest.mark.parametrize("field", [child.name for child in EVERYTHING.children])
@settings(deadline=None)
@given(value=VALUES)
def test_any_value_is_read_or_refused_with_a_reason(field: str, value: Any) -> None:
    try:
        read(**{field: value})
    except Invalid as refused:
        for error in refused.errors:
            assert error.field.split(".")[0] == field
            assert error.code
            assert error.message


# -- objects -------------------------------------------------------------------------------------------------


def test_defaults_stand_in_for_what_is_missing() -> None:
    assert read() == {
        "name": "x",
        "note": None,
        "count": 1,
        "ratio": None,
        "thing": None,
        "on": False,
        "at": None,
        "day": None,
        "price": None,
        "ids": (),
        "seats": (),
    }


def test_a_partial_body_holds_what_was_sent_and_leaves_the_whole_one_alone() -> None:
    assert deserialize(PARTIAL, {}) == {}
    assert deserialize(PARTIAL, {"count": 2, "note": None}) == {"count": 2, "note": None}
    assert refusals(PARTIAL, name="") == {"name": "too-short"}
    with pytest.raises(Invalid) as refused:
        deserialize(Everything().bind(currency="EUR"), {})
    assert [(error.field, error.code) for error in refused.value.errors] == [("name", "required")]


def test_every_bad_field_is_named_by_its_path() -> None:
    seats = [{"row": 1, "seat": 1}, {"row": "2"}, 3, {"row": 0, "seat": 1, "colour": "red"}]
    assert refusals(ids=[1, "2", 0], seats=seats, surprise=1) == {
        "ids.1": "wrong-type",
        "ids.2": "out-of-range",
        "seats.1.row": "wrong-type",
        "seats.1.seat": "required",
        "seats.2": "wrong-type",
        "seats.3.colour": "unknown-field",
        "seats.3.row": "out-of-range",
        "surprise": "unknown-field",
    }


def test_errors_come_in_the_order_of_their_fields() -> None:
    with pytest.raises(Invalid) as refused:
        deserialize(EVERYTHING, {"word": 1, "at": 1, "name": 1})
    assert [error.field for error in refused.value.errors] == ["at", "name", "word"]


def test_unknown_fields_are_shown_shortened_and_not_without_end() -> None:
    assert refusals(**{"x" * 1000: 1}) == {"x" * 100: "unknown-field"}
    assert refusals(**{"\ud800": 1}) == {"\\ud800": "unknown-field"}
    assert 0 < len(refusals(**{f"x{number}": 1 for number in range(10_000)})) <= 100


# -- query strings -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("node", "text", "result"),
    [
        (schemas.numeral(1, 100), "7", 7),
        (schemas.numeral(), "9" * 18, 10**18 - 1),
        (schemas.numeral(), "007", 7),
        (schemas.numeral(1, 100), "0", "out-of-range"),
        (schemas.numeral(1, 100), "101", "out-of-range"),
        (schemas.flag(), "true", True),
        (schemas.flag(), "false", False),
        (schemas.amount(), "9.50", Money(Decimal("9.50"), "EUR")),
        (schemas.amount(), "9,50", "bad-amount"),
        (schemas.amount(), "-1", "bad-amount"),
    ],
)
def test_parameters_are_read_from_text(node: Any, text: str, result: Any) -> None:
    assert query(node, text) == result


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.0", "1e1", "1_0", "0x1", "٣", "²", " 1", "1 ", "1\n", "9" * 19])
def test_a_numeral_is_one_to_eighteen_ascii_digits(text: str) -> None:
    assert query(schemas.numeral(), text) == "wrong-type"


@pytest.mark.parametrize("text", ["", "1", "0", "True", "TRUE", "yes", "true "])
def test_a_flag_is_true_or_false(text: str) -> None:
    assert query(schemas.flag(), text) == "wrong-type"


def test_a_plus_in_a_query_may_arrive_as_a_space() -> None:
    node = colander.SchemaNode(schemas.QueryMoment())
    assert query(node, "2026-05-01T19:30:00 02:00") == datetime(2026, 5, 1, 17, 30, tzinfo=UTC)
    assert query(node, "2026-05-01 19:30:00") == "wrong-type"
