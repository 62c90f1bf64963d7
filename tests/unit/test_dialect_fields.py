"""What the dialects share: loose fields, and refusals as fields with sentences."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import colander
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cinema.core.errors import (
    BadRequest,
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    MethodNotAllowed,
    NotFound,
    Problem,
    TooManyRequests,
    Unauthorized,
    Unavailable,
)
from cinema.core.schemas import LARGEST_ID, deserialize
from cinema.dialects import field_map, fields
from cinema.dialects.field_map import NO_FIELD, FieldMap
from cinema.dialects.fields import LooseBody, LooseQuery
from cinema.dialects.sentences import sentence
from cinema.dialects.translation import as_bad_requests, as_fields, with_field_names

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals()
    | st.text(st.characters(exclude_categories=()))
    | st.from_regex(r"\A[+-]?[0-9]{1,20}\Z")
    | st.datetimes().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


class Inner(LooseBody):
    row = fields.whole(1, 10)


class Everything(LooseBody):
    quantity = fields.whole(0, 100, missing=7)
    thing = fields.reference(missing=None, nullable=True)
    starts = fields.moment()
    username = fields.username()
    email = fields.email(missing="", least=0)
    password = fields.password(3)
    inner = Inner(missing=None)


class Things(LooseBody):
    ids = fields.references()


class Wanted(LooseQuery):
    quantity = fields.whole(0, 100, missing=colander.drop)
    ids = colander.SchemaNode(fields.Ids(), missing=colander.drop)


EVERYTHING, THINGS, WANTED = Everything(), Things(), Wanted()
GOOD = {"starts": "2026-05-01T19:30:00Z", "username": "rick", "password": "123"}


def read(field: str, value: Any) -> Any:
    """What a value of one of the fields comes to."""
    return deserialize(EVERYTHING, GOOD | {field: value})[field]


def refusals(schema: Any, body: Any) -> dict[str, str]:
    """What is refused, and why."""
    with pytest.raises(Invalid) as refused:
        deserialize(schema, body)
    return {error.field: error.code for error in refused.value.errors}


def refusal(field: str, value: Any) -> str:
    """Why a value of one of the fields is refused."""
    found = refusals(EVERYTHING, GOOD | {field: value})
    assert list(found) == [field]
    return found[field]


# -- bodies --------------------------------------------------------------------------------------------------


def test_only_known_fields_are_read() -> None:
    more = {"id": 1, "": None, "\ud800": [], "is_staff": True, "Username": "x"}
    found = deserialize(EVERYTHING, GOOD | more | {"inner": {"row": 1, "seat": -1}})
    assert set(found) == {"quantity", "thing", "starts", "username", "email", "password", "inner"}
    assert found["inner"] == {"row": 1}


def test_defaults_stand_in_for_what_is_missing() -> None:
    found = deserialize(EVERYTHING, GOOD)
    assert (found["quantity"], found["thing"], found["email"], found["inner"]) == (7, None, "", None)


def test_whatever_is_needed_is_named_beside_what_is_bad() -> None:
    assert refusals(EVERYTHING, {"quantity": -1, "surprise": 1}) == {
        "quantity": "out-of-range",
        "starts": "required",
        "username": "required",
        "password": "required",
    }


def test_a_partial_body_holds_what_was_sent() -> None:
    partial = Everything.partial()
    assert deserialize(partial, {}) == {}
    assert deserialize(partial, {"quantity": "3", "surprise": 1}) == {"quantity": 3}
    assert refusals(partial, {"username": ""}) == {"username": "too-short"}


@pytest.mark.parametrize("value", [[], "x", 1, True, None])
def test_a_body_in_a_body_is_an_object(value: Any) -> None:
    assert refusal("inner", value) == "wrong-type"


def test_a_parameter_without_a_value_was_not_given() -> None:
    assert deserialize(WANTED, {"quantity": "", "ids": "", "page": "2"}) == {}
    assert deserialize(WANTED, {"quantity": "0", "ids": "3,1,3"}) == {"quantity": 0, "ids": [3, 1, 3]}
    assert deserialize(WANTED, {"ids": ",".join(["9" * 18] * 100)})["ids"] == [10**18 - 1] * 100


@pytest.mark.parametrize(
    "ids", ["x", "1,", ",1", "1,,2", "1, 2", "-1", "1.0", "٣", "9" * 19, ",".join(["1"] * 101), " "]
)
def test_ids_by_commas_are_whole_numbers(ids: str) -> None:
    assert refusals(WANTED, {"ids": ids, "quantity": "-1"}) == {"ids": "wrong-type", "quantity": "out-of-range"}


# -- fields --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (3, 3),
        ("3", 3),
        (Decimal("3.0"), 3),
        (Decimal("3E+1"), 30),
        ("+3", 3),
        (" 3 ", 3),
        ("003", 3),
        ("0" * 18, 0),
        (0, 0),
        ("-0", 0),
        (Decimal("-0.0"), 0),
        (100, 100),
        ("100", 100),
        (Decimal("1E2"), 100),
    ],
)
def test_a_whole_number_is_one_however_it_is_written(value: Any, number: int) -> None:
    found = read("quantity", value)
    assert (found, type(found)) == (number, int)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (-1, "out-of-range"),
        (101, "out-of-range"),
        ("-1", "out-of-range"),
        ("101", "out-of-range"),
        ("9" * 18, "out-of-range"),
        (10**30, "out-of-range"),
        (Decimal("-1.0"), "out-of-range"),
        (Decimal("3.5"), "wrong-type"),
        (Decimal("Infinity"), "wrong-type"),
        (Decimal("NaN"), "wrong-type"),
        (Decimal("1E+999999"), "wrong-type"),
        (Decimal("1E-999999"), "wrong-type"),
        ("3.0", "wrong-type"),
        ("1e1", "wrong-type"),
        ("1_0", "wrong-type"),
        ("٣", "wrong-type"),
        ("²", "wrong-type"),
        ("0x1", "wrong-type"),
        ("--1", "wrong-type"),
        ("+", "wrong-type"),
        ("", "wrong-type"),
        (" ", "wrong-type"),
        ("9" * 19, "wrong-type"),
        ("x", "wrong-type"),
        (True, "wrong-type"),
        (False, "wrong-type"),
        (None, "wrong-type"),
        ([1], "wrong-type"),
        ({}, "wrong-type"),
    ],
)
def test_anything_else_is_no_whole_number(value: Any, code: str) -> None:
    assert refusal("quantity", value) == code


@pytest.mark.parametrize(("value", "found"), [(1, 1), ("1", 1), (LARGEST_ID, LARGEST_ID), (None, None)])
def test_a_reference_is_an_id_and_may_be_null_where_it_says_so(value: Any, found: int | None) -> None:
    assert read("thing", value) == found


@pytest.mark.parametrize("value", [0, -1, "0", LARGEST_ID + 1])
def test_an_id_is_positive_and_fits(value: Any) -> None:
    assert refusal("thing", value) == "out-of-range"


@pytest.mark.parametrize(
    ("value", "ids"), [([1], [1]), ([3, 1, 2], [3, 1, 2]), ([2, "1", 2, "2", 1], [2, 1]), (["7"] * 1000, [7])]
)
def test_naming_one_twice_is_naming_it_once(value: list[Any], ids: list[int]) -> None:
    assert deserialize(THINGS, {"ids": value}) == {"ids": ids}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({}, {"ids": "required"}),
        ({"ids": None}, {"ids": "wrong-type"}),
        ({"ids": []}, {"ids": "too-short"}),
        ({"ids": "1,2"}, {"ids": "wrong-type"}),
        ({"ids": {"0": 1}}, {"ids": "wrong-type"}),
        ({"ids": [1] * 1001}, {"ids": "too-long"}),
        ({"ids": [1, 0, "x", None]}, {"ids.1": "out-of-range", "ids.2": "wrong-type", "ids.3": "wrong-type"}),
    ],
)
def test_references_are_a_list_of_at_least_one_id(body: Any, found: dict[str, str]) -> None:
    assert refusals(THINGS, body) == found


def test_a_partial_body_needs_no_references() -> None:
    assert deserialize(Things.partial(), {}) == {}


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-05-01T19:30:00Z", datetime(2026, 5, 1, 19, 30, tzinfo=UTC)),
        ("2026-05-01T19:30:00", datetime(2026, 5, 1, 19, 30, tzinfo=UTC)),
        ("2026-05-01T19:30", datetime(2026, 5, 1, 19, 30, tzinfo=UTC)),
        ("2026-05-01 19:30:00", datetime(2026, 5, 1, 19, 30, tzinfo=UTC)),
        ("2026-05-01t19:30z", datetime(2026, 5, 1, 19, 30, tzinfo=UTC)),
        (" 2026-05-01T19:30:00 ", datetime(2026, 5, 1, 19, 30, tzinfo=UTC)),
        ("2026-05-01T19:30:00.25", datetime(2026, 5, 1, 19, 30, 0, 250_000, tzinfo=UTC)),
        ("2026-05-01T19:30:00.123456Z", datetime(2026, 5, 1, 19, 30, 0, 123_456, tzinfo=UTC)),
        ("2026-05-01T19:30:00+02:00", datetime(2026, 5, 1, 17, 30, tzinfo=UTC)),
        ("2026-05-01 00:30-05:00", datetime(2026, 5, 1, 5, 30, tzinfo=UTC)),
        ("1900-01-01T00:00:00", datetime(1900, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_moment_without_an_offset_is_in_utc(value: str, moment: datetime) -> None:
    found = read("starts", value)
    assert (found, found.tzinfo) == (moment, UTC)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "wrong-type"),
        ("tomorrow", "wrong-type"),
        ("2026-05-01", "wrong-type"),
        ("19:30", "wrong-type"),
        ("2026-05-01  19:30", "wrong-type"),
        ("2026-05-01T19:30:00 +02:00", "wrong-type"),
        ("2026-05-01T19:30:00+0200", "wrong-type"),
        ("2026-05-01T19:30:00.1234567", "wrong-type"),
        ("01.05.2026 19:30", "wrong-type"),
        ("٢٠٢٦-05-01T19:30:00", "wrong-type"),
        (1777663800, "wrong-type"),
        (None, "wrong-type"),
        (["2026-05-01T19:30:00"], "wrong-type"),
        ("2026-02-30T19:30:00", "no-such-time"),
        ("2026-05-01T24:30:00", "no-such-time"),
        ("2026-05-01T19:60", "no-such-time"),
        ("0001-01-01T00:00:00+14:00", "no-such-time"),
        ("9999-12-31T23:59:59", "no-such-time"),
    ],
)
def test_what_is_no_moment_is_refused(value: Any, code: str) -> None:
    assert refusal("starts", value) == code


def test_what_a_moment_looks_like_is_said_in_the_same_words_whatever_was_wrong() -> None:
    for value in (7, "tomorrow"):
        with pytest.raises(Invalid) as refused:
            read("starts", value)
        assert refused.value.errors[0].message == "must be a time such as 2026-05-01T19:30:00Z"


@pytest.mark.parametrize("value", ["a", "a@b.c", "Иван_1", "a.b+c-d", "x" * 150, "1"])
def test_a_username_may_hold_an_at(value: str) -> None:
    assert read("username", value) == value


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "too-short"),
        (" ", "too-short"),
        ("x" * 151, "too-long"),
        ("ﷺ" * 150, "too-long"),
        ("a b", "bad-username"),
        ("a\n", "bad-username"),
        ("a/b", "bad-username"),
        ("role:admin", "bad-username"),
        ("a\0", "bad-text"),
        (1, "wrong-type"),
        (None, "wrong-type"),
    ],
)
def test_what_is_no_username_is_refused(value: Any, code: str) -> None:
    assert refusal("username", value) == code


def test_an_address_may_be_empty_where_it_says_so() -> None:
    assert read("email", "") == ""
    assert read("email", "a@example.com") == "a@example.com"
    for value in (" ", "a", "a@", "@example.com", "a@@example.com", "a@example.com\n", "a" * 65 + "@example.com"):
        assert refusal("email", value) == "bad-email"
    assert refusal("email", "a@" + "b" * 250 + ".com") == "too-long"
    strict = colander.SchemaNode(fields.KnownFields(), fields.email())
    strict.children[0].name = "email"
    assert refusals(strict, {"email": ""}) == {"email": "too-short"}
    assert refusals(strict, {}) == {"email": "required"}


@pytest.mark.parametrize("value", ["123", "x" * 1024, "пароль", " 1 ", "   "])
def test_a_password_has_no_rule_but_its_length(value: str) -> None:
    assert read("password", value) == value


@pytest.mark.parametrize(("value", "code"), [("12", "too-short"), ("x" * 1025, "too-long"), (123, "wrong-type")])
def test_a_password_is_as_long_as_its_dialect_says(value: Any, code: str) -> None:
    assert refusal("password", value) == code


@pytest.mark.parametrize("field", [child.name for child in EVERYTHING.children])
@settings(deadline=None)
@given(value=VALUES)
def test_any_value_is_read_or_refused_with_a_reason(field: str, value: Any) -> None:
    try:
        read(field, value)
    except Invalid as refused:
        for error in refused.errors:
            assert error.field.split(".")[0] == field
            assert error.code
            assert error.message


# -- refusals ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("is required", "Is required."),
        ("must be from 0 to 7", "Must be from 0 to 7."),
        ("«a» is taken", "«a» is taken."),
        ("", "."),
    ],
)
def test_a_reason_becomes_a_sentence(message: str, said: str) -> None:
    assert sentence(FieldError("title", "code", message)) == said


def shown(problem: Problem) -> tuple[int, Any]:
    """The status and the JSON that refusing answers."""
    answer = field_map.refuse(problem)
    assert answer.content_type == "application/json"
    assert answer.content_length == len(answer.body)
    return answer.status_int, answer.json


def test_every_bad_field_has_a_list_of_sentences() -> None:
    wrong = [
        FieldError("title", "required", "is required"),
        FieldError("tickets.0.row", "out-of-range", "must be from 1 to 5"),
        FieldError("tickets.1", "wrong-type", "must be an object"),
        FieldError("", "taken", "these belong together"),
    ]
    assert shown(Invalid(wrong)) == (
        400,
        {
            NO_FIELD: ["These belong together."],
            "tickets": ["Must be from 1 to 5.", "Must be an object."],
            "title": ["Is required."],
        },
    )


def test_a_map_of_ones_own_is_said_as_it_is() -> None:
    fields_of_tickets = {"tickets": [{}, {"row": ["Must be from 1 to 5."]}]}
    assert shown(FieldMap(fields_of_tickets)) == (400, fields_of_tickets)


@pytest.mark.parametrize(
    ("problem", "status", "headers"),
    [
        (BadRequest("No JSON."), 400, {}),
        (Unauthorized("Sign in.", challenge="Token"), 401, {"WWW-Authenticate": "Token"}),
        (Forbidden("Not you."), 403, {}),
        (NotFound(), 404, {}),
        (MethodNotAllowed("PUT", ["GET", "HEAD"]), 405, {"Allow": "GET, HEAD"}),
        (Conflict("Taken.", code="taken", by=7), 409, {}),
        (TooManyRequests("Wait.", headers={"Retry-After": "3"}), 429, {"Retry-After": "3"}),
        (Problem("Our fault."), 500, {}),
        (Unavailable("Later."), 503, {"Retry-After": "1"}),
    ],
)
def test_all_else_is_one_sentence_with_the_problems_headers(
    problem: Problem, status: int, headers: dict[str, str]
) -> None:
    assert shown(problem) == (status, {"detail": problem.detail})
    assert headers.items() <= dict(field_map.refuse(problem).headers).items()


# -- translation ---------------------------------------------------------------------------------------------


def test_a_conflict_of_a_known_code_is_about_a_field() -> None:
    with pytest.raises(Invalid) as refused, as_fields({"username-taken": "username", "x": "y"}):
        raise Conflict("This username is taken.", code="username-taken")
    assert refused.value.errors == [FieldError("username", "username-taken", "This username is taken")]
    assert shown(refused.value) == (400, {"username": ["This username is taken."]})


def test_any_other_conflict_stays_one() -> None:
    conflict = Conflict("It is in use.", code="in-use")
    with pytest.raises(Conflict) as refused, as_fields({"username-taken": "username"}):
        raise conflict
    assert refused.value is conflict


def test_fields_get_the_dialects_names_wherever_they_begin_a_path() -> None:
    names = {"hall": "cinema_hall", "seats": "tickets"}
    wrong = ["hall", "hall.name", "seats.0.row", "title", "halls", "movie.hall", ""]
    with pytest.raises(Invalid) as refused, with_field_names(names):
        raise Invalid(FieldError(field, f"code-{field}", f"about {field}") for field in wrong)
    renamed = ["cinema_hall", "cinema_hall.name", "tickets.0.row", "title", "halls", "movie.hall", ""]
    found = {(error.field, error.code, error.message) for error in refused.value.errors}
    pairs = zip(renamed, wrong, strict=True)
    assert found == {(new, f"code-{old}", f"about {old}") for new, old in pairs}


def test_every_conflict_can_be_a_bad_request() -> None:
    with pytest.raises(BadRequest) as refused, as_bad_requests():
        raise Conflict("There are tickets.", code="in-use", dependents={"tickets": 1})
    assert (refused.value.status, refused.value.detail, refused.value.code) == (400, "There are tickets.", "in-use")
    assert shown(refused.value) == (400, {"detail": "There are tickets."})


@pytest.mark.parametrize("translated", [as_fields({"taken": "x"}), with_field_names({"a": "b"}), as_bad_requests()])
def test_nothing_else_is_touched(translated: Any) -> None:
    with pytest.raises(NotFound), translated:
        raise NotFound


def test_what_goes_well_goes_through() -> None:
    with as_fields({}), with_field_names({}), as_bad_requests():
        done = True
    assert done
