"""What can go wrong, as exceptions that know how they look to a caller (RFC 9457).

Services raise these; `error_views` turns them into `application/problem+json`. Raising rolls the transaction
back. A refusal that has to be remembered is *returned* by its view instead: see `error_views.problem_response`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that is wrong. `field` is a dotted path into the body or the query: `seats.0.row`."""

    field: str
    code: str
    message: str


class Problem(Exception):
    """A refusal or failure with a status, a stable `code` and a `detail` that a person can act on.

    `members` are extension members of the problem document, `headers` go on the answer.
    """

    status: int = 500
    title: str = "Internal Server Error"
    default_code: ClassVar[str] = "internal-error"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.default_code
        self.headers = dict(headers or {})
        self.members = members


class BadRequest(Problem):
    """400: the request itself is wrong, whatever the state of the server."""

    status = 400
    title = "Bad Request"
    default_code = "bad-request"


class Invalid(BadRequest):
    """400 that names every bad field."""

    default_code = "invalid"

    def __init__(self, errors: Iterable[FieldError]) -> None:
        self.errors = sorted(errors, key=lambda error: error.field)
        fields = ", ".join(error.field for error in self.errors)
        super().__init__(f"These fields need attention: {fields}.")

    @classmethod
    def field(cls, field: str, code: str, message: str) -> "Invalid":
        """One bad field."""
        return cls([FieldError(field, code, message)])


class Unauthorized(Problem):
    """401: nobody valid is calling. Always with a challenge (RFC 9110, 15.5.2)."""

    status = 401
    title = "Unauthorized"
    default_code = "unauthenticated"

    def __init__(self, detail: str, *, code: str | None = None, challenge: str = "Bearer") -> None:
        super().__init__(detail, code=code, headers={"WWW-Authenticate": challenge})


class Forbidden(Problem):
    """403: the caller is known and may not."""

    status = 403
    title = "Forbidden"
    default_code = "forbidden"


class NotFound(Problem):
    """404: it does not exist, or it is not the caller's to see."""

    status = 404
    title = "Not Found"
    default_code = "not-found"

    def __init__(self, detail: str = "There is nothing here, or it is not yours to see.") -> None:
        super().__init__(detail)


class MethodNotAllowed(Problem):
    """405, with what is allowed."""

    status = 405
    title = "Method Not Allowed"
    default_code = "method-not-allowed"

    def __init__(self, method: str, allowed: Iterable[str]) -> None:
        allow = ", ".join(allowed)
        super().__init__(f"{method} is not possible here. Possible: {allow}.", headers={"Allow": allow})


class Conflict(Problem):
    """409: the request is fine, the state of things forbids it."""

    status = 409
    title = "Conflict"
    default_code = "conflict"


class PreconditionFailed(Problem):
    """412: the object is not in the state that the caller demands."""

    status = 412
    title = "Precondition Failed"
    default_code = "precondition-failed"


class TooLarge(Problem):
    """413: the body is larger than this server reads."""

    status = 413
    title = "Content Too Large"
    default_code = "too-large"


class UriTooLong(Problem):
    """414: the address is longer than any that leads somewhere."""

    status = 414
    title = "URI Too Long"
    default_code = "uri-too-long"


class UnsupportedMediaType(Problem):
    """415: the body is not JSON in UTF-8."""

    status = 415
    title = "Unsupported Media Type"
    default_code = "unsupported-media-type"


class UnprocessableContent(Problem):
    """422: an idempotency key that belongs to another request."""

    status = 422
    title = "Unprocessable Content"
    default_code = "idempotency-key-reused"


class TooManyRequests(Problem):
    """429: wait, then try again."""

    status = 429
    title = "Too Many Requests"
    default_code = "too-many-attempts"


class HeadersTooLarge(Problem):
    """431: the headers are larger than this server reads."""

    status = 431
    title = "Request Header Fields Too Large"
    default_code = "headers-too-large"


class Unavailable(Problem):
    """503: try again shortly."""

    status = 503
    title = "Service Unavailable"
    default_code = "unavailable"

    def __init__(self, detail: str, *, code: str | None = None, retry_after: int = 1) -> None:
        super().__init__(detail, code=code, headers={"Retry-After": str(retry_after)})
