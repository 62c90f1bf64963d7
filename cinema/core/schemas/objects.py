"""Strict colander types for arrays and objects, and the bases of all schemas."""

from typing import Any

import colander

from cinema.core.schemas.reasons import printable, refuse
from cinema.core.schemas.types import Text

MAX_LIST = 1000
_MAX_NAMED = 20  # unknown members: naming 80,000 of them would cost seconds


class List(colander.Sequence):
    """A JSON array of at most `MAX_LIST` members."""

    def deserialize(self, node: colander.SchemaNode, cstruct: Any, accept_scalar: bool | None = None) -> Any:
        """The members, each read by the node's only child."""
        if cstruct is not colander.null:
            if not isinstance(cstruct, list):
                raise refuse(node, "wrong-type", "must be an array")
            if len(cstruct) > MAX_LIST:
                raise refuse(node, "too-long", f"has more than {MAX_LIST} members")
        return super().deserialize(node, cstruct, accept_scalar)

    def json_schema(self, node: colander.SchemaNode) -> dict[str, Any]:
        """An array and its bounds."""
        bounds = {"minItems": getattr(node, "least", 0), "maxItems": MAX_LIST}
        unique = {"uniqueItems": True} if getattr(node, "unique", False) else {}
        return {"type": "array", "items": json_schema(node.children[0]), **bounds, **unique}


class Object(colander.Mapping):
    """A JSON object with known members only."""

    def __init__(self) -> None:
        super().__init__(unknown="raise")

    def deserialize(self, node: colander.SchemaNode, cstruct: Any) -> Any:
        """The members, each read by the child of that name; unknown ones are refused with all the other errors."""
        if cstruct is colander.null:
            return colander.null
        if not isinstance(cstruct, dict):
            raise refuse(node, "wrong-type", "must be an object")
        known = {child.name for child in node.children}
        strangers = [name for name in cstruct if name not in known]
        if not strangers:
            return super().deserialize(node, cstruct)
        problem = colander.Invalid(node)
        try:
            super().deserialize(node, {name: value for name, value in cstruct.items() if name in known})
        except colander.Invalid as others:
            problem = others
        for name in strangers[:_MAX_NAMED]:
            child = colander.SchemaNode(Text(), name=printable(name))
            problem.add(refuse(child, "unknown-field", "is not a field of this request"))
        raise problem

    def json_schema(self, node: colander.SchemaNode) -> dict[str, Any]:
        """An object with these members and no others."""
        return {**object_schema(node), "additionalProperties": False}


def json_schema(node: colander.SchemaNode) -> dict[str, Any]:
    """What a field takes, as JSON Schema."""
    schema: dict[str, Any] = node.typ.json_schema(node)
    if getattr(node, "nullable", False):
        schema = {"anyOf": [schema, {"type": "null"}]}
    if node.missing in (None, "", 0, ()):
        schema["default"] = [] if node.missing == () else node.missing
    return schema


def object_schema(node: colander.SchemaNode) -> dict[str, Any]:
    """An object with the members of `node`."""
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {each.name: json_schema(each) for each in node.children},
    }
    required = [each.name for each in node.children if each.required]
    return schema | ({"required": required} if required else {})


class Body(colander.Schema):
    """A request body. `partial()` is the same with every field optional, for PATCH."""

    schema_type = Object

    @classmethod
    def partial(cls) -> "Body":
        """For PATCH: what is not sent is not in the result."""
        schema = cls().clone()  # instances of a colander schema share their children
        for child in schema.children:
            child.missing = colander.drop
        return schema


class Parameters(Body):
    """Parameters of a query string; all of them optional, and absent from the result when not sent."""
