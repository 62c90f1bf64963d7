"""Why something is refused: sentences with stable codes, and colander's tree of them as a flat list of fields."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import colander

from cinema.core.errors import FieldError, Invalid


class Reason(str):
    """Why a field is refused: a sentence with a stable code."""

    code: str

    def __new__(cls, code: str, message: str) -> "Reason":
        reason = super().__new__(cls, message)
        reason.code = code
        return reason


def refuse(node: colander.SchemaNode, code: str, message: str) -> colander.Invalid:
    """The error to raise when `node` is refused."""
    return colander.Invalid(node, Reason(code, message))


def deserialize(schema: colander.SchemaNode, data: Mapping[str, Any]) -> dict[str, Any]:
    """What `schema` makes of `data`; raises `errors.Invalid` with every bad field."""
    try:
        value: dict[str, Any] = schema.deserialize(data)
    except colander.Invalid as error:
        raise Invalid(problems(error)) from None
    return value


def readable(schema: colander.SchemaNode, data: Mapping[str, Any]) -> dict[str, Any]:
    """Those fields of `data` that are good by themselves."""
    good = {}
    for child in schema.children:
        if child.name in data:
            with suppress(colander.Invalid):
                good[child.name] = child.deserialize(data[child.name])
    return good


def problems(error: colander.Invalid) -> Iterator[FieldError]:
    """Every leaf of colander's error tree with its dotted path."""
    for path in error.paths():
        leaf = path[-1]
        if leaf.msg is None:
            continue
        keys = [step._keyname() for step in path[1:]]  # the only accessor of a step's key that colander has
        message = leaf.msg if isinstance(leaf.msg, Reason) else Reason("required", "is required")
        yield FieldError(".".join(keys), message.code, str(message))


def printable(name: str) -> str:
    """A name from a caller that can be shown in an answer."""
    return name[:100].encode("utf-8", "backslashreplace").decode()
