"""JSON as strictly as RFC 8259 lets one read it.

The standard parser takes duplicate keys, NaN, numbers of any length and any depth; a server should not.
"""

import json
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from cinema.core.errors import BadRequest

MAX_DEPTH = 16
_MAX_DIGITS = 20  # more than any field takes: what is cut off here stays out of every range
_MAX_EXPONENT = 1000  # far beyond it, even the sign of a Decimal cannot be taken away
_OUT_OF_RANGE = Decimal("Infinity")


def parse(body: bytes) -> dict[str, Any]:
    """The object in `body`. Numbers with a point or an exponent come as Decimal.

    Raises BadRequest: `malformed-json` or `not-an-object`.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise _malformed("it is not UTF-8") from None
    if _deeper_than(text, MAX_DEPTH):
        raise _malformed(f"it is nested deeper than {MAX_DEPTH} levels")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_no_duplicates,
            parse_constant=_no_constants,
            parse_int=_bounded_int,
            parse_float=_exact,
        )
    except json.JSONDecodeError as error:
        raise _malformed(f"{error.msg} at character {error.pos}") from None
    if not isinstance(value, dict):
        raise BadRequest("The body has to be a JSON object: {…}.", code="not-an-object")
    return value


def _deeper_than(text: str, limit: int) -> bool:
    """Whether brackets nest deeper than `limit`. Counting first spares nearly every body the walk."""
    if text.count("[") + text.count("{") <= limit:
        return False
    depth = 0
    quoted = escaped = False
    for character in text:
        if quoted:
            quoted = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            quoted = True
        elif character in "[{":
            depth += 1
            if depth > limit:
                return True
        elif character in "]}":
            depth -= 1
    return False


def _malformed(why: str) -> BadRequest:
    return BadRequest(f"The body is not well-formed JSON: {why}.", code="malformed-json")


def _no_duplicates(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _malformed(f"the key {key[:50]!r} stands twice")
        found[key] = value
    return found


def _no_constants(name: str) -> NoReturn:
    raise _malformed(f"{name} is not JSON")


def _bounded_int(digits: str) -> int:
    return int(digits[:_MAX_DIGITS])


def _exact(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return _OUT_OF_RANGE
    return number if number.adjusted() < _MAX_EXPONENT else _OUT_OF_RANGE
