"""How three of the dialects refuse: bad fields as `{"field": ["Sentence."]}`, all else as `{"detail": "…"}`."""

from collections.abc import Mapping
from typing import Annotated, Any, TypedDict

from msgspec import Meta
from pyramid.response import Response

from cinema.core.dialect import refusal
from cinema.core.errors import BadRequest, Invalid, Problem
from cinema.dialects.sentences import sentence

NO_FIELD = "non_field_errors"

FieldMapJson = Annotated[
    dict[str, str | list[str | dict[str, list[str]]]],
    Meta(
        description=f"Sentences by field, `{NO_FIELD}` for none of them; or one sentence as `detail`.",
        examples=[{"name": ["Is required."]}, {"detail": "The body is not well-formed JSON."}],
    ),
]
"""The body of a 400. What is wrong with the members of a list of objects is a list too, with a map for each."""


class DetailJson(TypedDict):
    """Why not, in a sentence."""

    detail: str


class FieldMap(BadRequest):
    """A 400 whose body is said as it is, for errors in lists of objects."""

    default_code = "invalid"

    def __init__(self, fields: Mapping[str, Any]) -> None:
        super().__init__("Some fields need attention.")
        self.fields = fields


def refuse(problem: Problem) -> Response:
    """The answer for `problem`."""
    if isinstance(problem, FieldMap):
        return refusal(problem.fields, problem)
    if isinstance(problem, Invalid):
        return refusal(_by_field(problem), problem)
    return refusal({"detail": problem.detail}, problem)


def refusal_type(status: int) -> Any:
    """The type of a refusal with this status."""
    return FieldMapJson if status == BadRequest.status else DetailJson


def _by_field(invalid: Invalid) -> dict[str, list[str]]:
    """The sentences of every bad field; those about a member of a list are about the list."""
    fields: dict[str, list[str]] = {}
    for error in invalid.errors:
        fields.setdefault(error.field.partition(".")[0] or NO_FIELD, []).append(sentence(error))
    return fields
