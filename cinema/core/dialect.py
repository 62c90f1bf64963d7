"""How a part of the tree talks: what its refusals look like, and how its callers say who they are.

The native dialect tells everything that goes wrong as `application/problem+json` (RFC 9457).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

from pyramid.response import Response

from cinema.core.errors import Invalid, Problem
from cinema.core.rendering import JSON, json_response
from cinema.problems import PROBLEMS

PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Dialect:
    """A wire format. `scheme` is the word before the credentials in the Authorization header."""

    name: str
    refuse: Callable[[Problem], Response]
    scheme: str = "Bearer"
    exact_slashes: bool = True
    """Whether a path answers only with, or only without, its final slash, as the URL map has it."""
    refusal_type: Callable[[int], Any] = lambda _status: dict[str, Any]
    """The type of a refusal with a status, for the documentation."""
    refusal_content_type: str = JSON


def problem_response(problem: Problem) -> Response:
    """The answer for `problem`. A view that returns it commits its transaction; one that raises does not."""
    document: dict[str, Any] = {
        "type": problem_type(problem.code),
        "title": PROBLEMS[problem.code].title if problem.code in PROBLEMS else problem.title,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
    }
    if isinstance(problem, Invalid):
        document["errors"] = [
            {"field": error.field, "code": error.code, "message": error.message} for error in problem.errors
        ]
    return refusal(document | problem.members, problem, PROBLEM)


def problem_type(code: str) -> str:
    """Where a code is explained to people."""
    return f"/docs/errors#{code}"


def refusal(document: Any, problem: Problem, content_type: str = JSON) -> Response:
    """An answer with the status and the headers of `problem`, and `document` as its body."""
    response = json_response(document, problem.status, content_type)
    response.headers.update(problem.headers.items())
    return response


class FieldErrorJson(TypedDict):
    """A field that is wrong: a dotted path into the body or the query."""

    field: str
    code: str
    message: str


class ProblemJson(TypedDict):
    """What went wrong (RFC 9457). Branch on `code`, show `detail`; some codes have members of their own."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: NotRequired[str]
    errors: NotRequired[list[FieldErrorJson]]


NATIVE = Dialect(
    "native",
    problem_response,
    exact_slashes=False,
    refusal_type=lambda _status: ProblemJson,
    refusal_content_type=PROBLEM,
)
