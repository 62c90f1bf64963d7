"""Colander types for what older clients send: `"3"` is a number too, and a time without an offset is in UTC."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import colander

from cinema.core.schemas import LARGEST_ID, Integer, Moment, Strict

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_IDS = re.compile(r"[0-9]{1,18}(,[0-9]{1,18}){0,99}", re.ASCII)
_WITHOUT_OFFSET = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?", re.ASCII)
_OFFSET = r"([Zz]|[+-]\d\d:\d\d)"


class Ids(Strict):
    """Ids in a query string, by commas."""

    expected = "whole numbers, such as 1,2"

    def read(self, node: colander.SchemaNode, value: Any) -> list[int]:
        """The ids."""
        if not isinstance(value, str) or not _IDS.fullmatch(value):
            raise self.wrong(node)
        return [int(each) for each in value.split(",")]

    def json_schema(self, _node: colander.SchemaNode) -> dict[str, Any]:
        """Digits and commas."""
        return {"type": "string", "pattern": f"^{_IDS.pattern}$", "examples": ["1,2"]}


class Whole(Integer):
    """A whole number: 3, 3.0, "3"; not 3.5, not true."""

    def read(self, node: colander.SchemaNode, value: Any) -> int:
        """The number."""
        if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
            return int(value)
        if isinstance(value, Decimal) and value.is_finite() and abs(value) < LARGEST_ID and value == int(value):
            return int(value)
        return super().read(node, value)

    def json_schema(self, node: colander.SchemaNode) -> dict[str, Any]:
        """An integer, or a string that spells one."""
        return {"anyOf": [super().json_schema(node), _spelled(_WHOLE.pattern)]}


class Numeral(Whole):
    """A whole number in a query string, where everything is text."""

    def json_schema(self, node: colander.SchemaNode) -> dict[str, Any]:
        """An integer within its bounds."""
        return Integer.json_schema(self, node)


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

    def json_schema(self, _node: colander.SchemaNode) -> dict[str, Any]:
        """RFC 3339, with the offset left out if need be."""
        return {
            "description": "A point in time; one without an offset is in UTC.",
            **_spelled(f"{_WITHOUT_OFFSET.pattern}{_OFFSET}?"),
            "examples": ["2026-05-01T19:30:00Z"],
        }


def _spelled(pattern: str) -> dict[str, Any]:
    """Text, with blanks around it or not."""
    return {"type": "string", "pattern": rf"^\s*{pattern}\s*$"}
