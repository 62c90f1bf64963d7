"""How a part of the tree talks: what its refusals look like, and how its callers say who they are.

The native dialect tells everything that goes wrong as `application/problem+json` (RFC 9457).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pyramid.response import Response

from cinema.core.errors import Invalid, Problem
from cinema.core.rendering import json_response

PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Dialect:
    """A wire format. `scheme` is the word before the credentials in the Authorization header."""

    name: str
    refuse: Callable[[Problem], Response]
    scheme: str = "Bearer"
    exact_slashes: bool = True
    """Whether a path answers only with, or only without, its final slash, as the URL map has it."""


def problem_response(problem: Problem) -> Response:
    """The answer for `problem`. A view that returns it commits its transaction; one that raises does not."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
    }
    if isinstance(problem, Invalid):
        document["errors"] = [
            {"field": error.field, "code": error.code, "message": error.message} for error in problem.errors
        ]
    return refusal(document | problem.members, problem, PROBLEM)


def refusal(document: Any, problem: Problem, content_type: str = "application/json") -> Response:
    """An answer with the status and the headers of `problem`, and `document` as its body."""
    response = json_response(document, problem.status, content_type)
    response.headers.update(problem.headers.items())
    return response


NATIVE = Dialect("native", problem_response, exact_slashes=False)
