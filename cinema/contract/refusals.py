"""What an operation may refuse with, as far as it follows from its options and its own `refuses=`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cinema.contract.operations import Operation
from cinema.core.dialect import NATIVE, problem_type
from cinema.problems import PROBLEMS

_TITLES = {
    302: "What people look at is elsewhere.",
    400: "The request itself is wrong.",
    401: "Nobody valid is calling.",
    403: "The caller may not.",
    404: "It does not exist, or it is not the caller's to see.",
    409: "The state of things forbids it.",
    412: "It is not as the caller knew it.",
    413: "The body is larger than this server reads.",
    414: "The address is longer than any here.",
    415: "The body is not JSON in UTF-8.",
    422: "The key belongs to another request.",
    429: "Wait, then try again.",
    503: "Try again shortly.",
}


@dataclass(frozen=True)
class Refusal:
    """A status with all the codes it may come with."""

    status: int
    kind: Any
    content_type: str
    codes: tuple[str, ...] = ()

    @property
    def description(self) -> str:
        """What the status means, and which codes there are."""
        codes = ", ".join(f"[`{code}`]({problem_type(code)})" for code in self.codes)
        return f"{_TITLES[self.status]} {codes}".strip()


def examples() -> dict[str, Any]:
    """A problem document for each code there is."""
    return {
        cause.code: {
            "value": {
                "type": problem_type(cause.code),
                "title": cause.title,
                "status": cause.status,
                "code": cause.code,
                "detail": cause.cause,
            }
        }
        for cause in PROBLEMS.values()
    }


def refusals(operation: Operation) -> list[Refusal]:
    """All of them, by status."""
    dialect = operation.dialect
    by_status: dict[int, list[str]] = {}
    for code in dict.fromkeys([*_that_follow(operation), *operation.refuses]):
        status = code if isinstance(code, int) else PROBLEMS[code].status
        by_status.setdefault(status, []).extend([code] if isinstance(code, str) else [])
    return [
        Refusal(
            status,
            dialect.refusal_type(status),
            dialect.refusal_content_type,
            tuple(codes) if dialect is NATIVE else (),
        )
        for status, codes in sorted(by_status.items())
    ]


def _that_follow(operation: Operation) -> Iterator[str]:
    """The codes that no view has to name."""
    if operation.query is not None:
        yield from ("invalid", "malformed-query")
    if operation.body is not None:
        yield from ("invalid", "malformed-json", "not-an-object", "too-large", "unsupported-media-type")
    if not operation.access.looks_at_nobody:
        yield from ("token-invalid", "token-expired", "token-revoked")
        if not operation.access.everybody:
            yield "unauthenticated"
        if not operation.access.members:
            yield "forbidden"
    if operation.parameters:
        yield from ("not-found", "malformed-path")
    yield from _of_changes(operation)
    yield from ("uri-too-long", "rate-limited", "unavailable", "overloaded")


def _of_changes(operation: Operation) -> Iterator[str]:
    if operation.writes:
        yield "conflict"
    if operation.conditional:
        yield "precondition-failed"
    if operation.repeatable:
        yield from ("invalid", "idempotency-key-in-use", "idempotency-key-reused")
