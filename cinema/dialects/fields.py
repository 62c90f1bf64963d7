"""Fields and bodies as older clients send them: what nobody asked for is ignored, `"3"` is a number too."""

import re
from typing import Any

import colander

from cinema.accounts.passwords import MAX_LENGTH
from cinema.accounts.schemas import EMAIL, check_email, check_key
from cinema.core.query_string import parse_loosely
from cinema.core.schemas import LARGEST_ID, Body, list_of, ranged, refuse, required, text
from cinema.core.schemas.objects import Object, object_schema
from cinema.dialects.types import Ids, LooseMoment, Numeral, Whole

_USERNAME = re.compile(r"[\w.@+-]+")
_EMAIL_OR_NOTHING = {"anyOf": [EMAIL, {"const": ""}]}


class KnownFields(Object):
    """A JSON object of which only the known members are read."""

    def deserialize(self, node: colander.SchemaNode, cstruct: Any) -> Any:
        """The known members, each read by the child of that name."""
        if isinstance(cstruct, dict):
            cstruct = {child.name: cstruct[child.name] for child in node.children if child.name in cstruct}
        return super().deserialize(node, cstruct)

    def json_schema(self, node: colander.SchemaNode) -> dict[str, Any]:
        """An object with these members and whatever else."""
        return {**object_schema(node), "additionalProperties": True}


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


def whole(low: int, high: int, missing: Any = required, *, nullable: bool = False) -> colander.SchemaNode:
    """A whole number from `low` to `high`, both included."""
    return ranged(Whole(), low, high, missing, nullable)


def numeral(low: int, high: int) -> colander.SchemaNode:
    """A whole number in a query string."""
    return ranged(Numeral(), low, high, colander.drop, nullable=False)


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


def ids() -> colander.SchemaNode:
    """Ids in a query string, by commas."""
    return colander.SchemaNode(Ids(), missing=colander.drop)


def moment() -> colander.SchemaNode:
    """A point in time."""
    return colander.SchemaNode(LooseMoment())


def username() -> colander.SchemaNode:
    """A username; unlike natively it may hold an `@`."""

    def validate(node: colander.SchemaNode, value: str) -> None:
        if not _USERNAME.fullmatch(value):
            raise refuse(node, "bad-username", "may hold letters, digits and @ . + - _ only")
        check_key(node, value)

    return text(1, 150, also=validate, also_says={"pattern": f"^{_USERNAME.pattern}$"})


def email(missing: Any = required, *, least: int = 1) -> colander.SchemaNode:
    """An e-mail address; with `least=0` it may be empty."""

    def validate(node: colander.SchemaNode, value: str) -> None:
        if value:
            check_email(node, value)

    return text(least, 254, missing=missing, also=validate, also_says=EMAIL if least else _EMAIL_OR_NOTHING)


def password(least: int = 1) -> colander.SchemaNode:
    """A password of at least `least` characters. There is no other rule: each dialect has its own."""

    def long_enough(node: colander.SchemaNode, value: str) -> None:
        if len(value) < least:
            raise refuse(node, "too-short", f"needs at least {least} character{'s' * (least > 1)}")

    return text(0, MAX_LENGTH, also=long_enough, also_says={"minLength": least})
