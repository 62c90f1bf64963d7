"""Fields and bodies as older clients send them: what nobody asked for is ignored, `"3"` is a number too."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import colander

from cinema.accounts.passwords import MAX_LENGTH
from cinema.accounts.schemas import check_email, check_key
from cinema.core.query_string import parse_loosely
from cinema.core.request import Request
from cinema.core.schemas import (
    LARGEST_ID,
    Body,
    Integer,
    Moment,
    Strict,
    Text,
    deserialize,
    list_of,
    refuse,
    required,
    text,
)
from cinema.core.schemas.objects import Object
from cinema.core.validation import read_body

_USERNAME = re.compile(r"[\w.@+-]+")
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_IDS = re.compile(r"[0-9]{1,18}(,[0-9]{1,18}){0,99}", re.ASCII)
_WITHOUT_OFFSET = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?", re.ASCII)


class KnownFields(Object):
    """A JSON object of which only the known members are read."""

    def deserialize(self, node: colander.SchemaNode, cstruct: Any) -> Any:
        """The known members, each read by the child of that name."""
        if isinstance(cstruct, dict):
            cstruct = {child.name: cstruct[child.name] for child in node.children if child.name in cstruct}
        return super().deserialize(node, cstruct)


class LooseBody(Body):
    """A request body whose unknown fields are ignored."""

    schema_type = KnownFields
    parse = staticmethod(parse_loosely)


class GivenFields(KnownFields):
    """The parameters of a query string of which only the known ones are read; one without a value was not given."""

    def deserialize(self, node: colander.SchemaNode, cstruct: Any) -> Any:
        """The known parameters that have a value."""
        if isinstance(cstruct, dict):
            cstruct = {name: value for name, value in cstruct.items() if value}
        return super().deserialize(node, cstruct)


class LooseQuery(Body):
    """A query string whose unknown parameters are ignored."""

    schema_type = GivenFields
    parse = staticmethod(parse_loosely)


class Ids(Strict):
    """Ids in a query string, by commas."""

    expected = "whole numbers, such as 1,2"

    def read(self, node: colander.SchemaNode, value: Any) -> list[int]:
        """The ids."""
        if not isinstance(value, str) or not _IDS.fullmatch(value):
            raise self.wrong(node)
        return [int(each) for each in value.split(",")]


class Whole(Integer):
    """A whole number: 3, 3.0, "3"; not 3.5, not true."""

    def read(self, node: colander.SchemaNode, value: Any) -> int:
        """The number."""
        if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
            return int(value)
        if isinstance(value, Decimal) and value.is_finite() and abs(value) < LARGEST_ID and value == int(value):
            return int(value)
        return super().read(node, value)


class LooseMoment(Strict):
    """A point in time; one without an offset is in UTC."""

    expected = "a time such as 2026-05-01T19:30:00Z"

    def read(self, node: colander.SchemaNode, value: Any) -> datetime:
        """The moment, aware, in UTC."""
        if not isinstance(value, str):
            raise self.wrong(node)
        spelled = value.strip().replace(" ", "T", 1)
        if _WITHOUT_OFFSET.fullmatch(spelled):
            spelled += "Z"
        try:
            return Moment().read(node, spelled).astimezone(UTC)
        except colander.Invalid as invalid:
            if getattr(invalid.msg, "code", None) == "wrong-type":
                raise self.wrong(node) from None
            raise


def whole(low: int, high: int, missing: Any = required, *, nullable: bool = False) -> colander.SchemaNode:
    """A whole number from `low` to `high`, both included."""

    def validate(node: colander.SchemaNode, value: int | None) -> None:
        if value is not None and not low <= value <= high:
            raise refuse(node, "out-of-range", f"must be from {low} to {high}")

    return colander.SchemaNode(Whole(), validator=validate, missing=missing, nullable=nullable)


def reference(missing: Any = required, *, nullable: bool = False) -> colander.SchemaNode:
    """The id of something; whether it exists is the service's to say."""
    return whole(1, LARGEST_ID, missing, nullable=nullable)


def references() -> colander.SchemaNode:
    """The ids of at least one thing; naming one twice is naming it once."""
    node = list_of(reference(), least=1)
    node.preparer = _each_once
    return node


def _each_once(ids: Any) -> Any:
    """Of a list; what was not sent is left as it is."""
    return list(dict.fromkeys(ids)) if isinstance(ids, list) else ids


def moment() -> colander.SchemaNode:
    """A point in time."""
    return colander.SchemaNode(LooseMoment())


def username() -> colander.SchemaNode:
    """A username; unlike natively it may hold an `@`."""

    def validate(node: colander.SchemaNode, value: str) -> None:
        if not _USERNAME.fullmatch(value):
            raise refuse(node, "bad-username", "may hold letters, digits and @ . + - _ only")
        check_key(node, value)

    return text(1, 150, also=validate)


def email(missing: Any = required, *, least: int = 1) -> colander.SchemaNode:
    """An e-mail address; with `least=0` it may be empty."""

    def validate(node: colander.SchemaNode, value: str) -> None:
        if value:
            check_email(node, value)

    return text(least, 254, missing=missing, also=validate)


def password(least: int = 1) -> colander.SchemaNode:
    """A password of at least `least` characters. There is no other rule: each dialect has its own."""

    def validate(node: colander.SchemaNode, value: str) -> None:
        if len(value) < least:
            raise refuse(node, "too-short", f"needs at least {least} character{'s' * (least > 1)}")
        if len(value) > MAX_LENGTH:
            raise refuse(node, "too-long", f"has {len(value)} characters; {MAX_LENGTH} are allowed")

    return colander.SchemaNode(Text(), validator=validate, least=least, most=MAX_LENGTH)


def read(request: Request, schema: Body) -> dict[str, Any]:
    """What `schema` makes of the request's body: for views that look first whether there is anything to change."""
    return deserialize(schema, read_body(request))
