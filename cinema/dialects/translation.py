"""What services refuse, in the words of a dialect."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from cinema.core.errors import BadRequest, Conflict, FieldError, Invalid


@contextmanager
def as_fields(conflicts: Mapping[str, str]) -> Iterator[None]:
    """Turns a Conflict with one of these codes into a 400 about a field: `{"username-taken": "username"}`."""
    try:
        yield
    except Conflict as conflict:
        if conflict.code not in conflicts:
            raise
        message = conflict.detail.removesuffix(".")
        raise Invalid.field(conflicts[conflict.code], conflict.code, message) from None


@contextmanager
def with_field_names(names: Mapping[str, str]) -> Iterator[None]:
    """Gives the fields of an Invalid other names: `{"hall": "cinema_hall"}`."""
    try:
        yield
    except Invalid as invalid:
        raise Invalid(renamed(error, names) for error in invalid.errors) from None


@contextmanager
def as_bad_requests() -> Iterator[None]:
    """Turns every Conflict into a 400 with the same sentence."""
    try:
        yield
    except Conflict as conflict:
        raise BadRequest(conflict.detail, code=conflict.code) from None


def renamed(error: FieldError, names: Mapping[str, str]) -> FieldError:
    """The same about a field with another name."""
    first, dot, rest = error.field.partition(".")
    return FieldError(f"{names.get(first, first)}{dot}{rest}", error.code, error.message)
