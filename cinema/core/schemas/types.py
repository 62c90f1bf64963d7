"""Strict colander types for single values.

colander's own types convert: its Integer takes 1.7 and "1_0", its String takes numbers and makes "" missing.
Here an integer is a JSON integer, a string is a string, and an empty string is a value.
"""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import colander

from cinema.core.money import LARGEST_MINOR, Money, decimals
from cinema.core.schemas.reasons import refuse

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DECIMAL = re.compile(r"\d{1,15}(\.\d{1,6})?", re.ASCII)
_MARGIN = timedelta(days=10)  # from either end of the calendar: room for offsets and the longest running time


class Strict(colander.SchemaType):
    """A type that takes what it is and converts nothing. `null` is taken only by nullable fields."""

    expected = "a value"

    def deserialize(self, node: colander.SchemaNode, cstruct: Any) -> Any:
        """Null and missing are told apart here; the rest is `read`'s."""
        if cstruct is colander.null:
            return colander.null
        if cstruct is None:
            if getattr(node, "nullable", False):
                return None
            raise refuse(node, "wrong-type", f"must be {self.expected}, not null")
        return self.read(node, cstruct)

    def read(self, node: colander.SchemaNode, value: Any) -> Any:
        """The value, or colander.Invalid."""
        raise NotImplementedError

    def json_schema(self, node: colander.SchemaNode) -> dict[str, Any]:  # noqa: ARG002
        """What it takes, as JSON Schema; `null` aside."""
        return {"description": f"Must be {self.expected}."}

    def wrong(self, node: colander.SchemaNode) -> colander.Invalid:
        """The error for a value of another type."""
        return refuse(node, "wrong-type", f"must be {self.expected}")


class Text(Strict):
    """A JSON string that can be stored: no NUL, no lone surrogate."""

    expected = "a string"

    def read(self, node: colander.SchemaNode, value: Any) -> str:
        """The string, unaltered."""
        if not isinstance(value, str):
            raise self.wrong(node)
        if "\0" in value or (not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value)):
            raise refuse(node, "bad-text", "holds a NUL or half of a surrogate pair")
        return value

    def json_schema(self, node: colander.SchemaNode) -> dict[str, Any]:
        """A string of so many characters, and what the field adds to that."""
        lengths = {"minLength": getattr(node, "least", 0), "maxLength": getattr(node, "most", None)}
        return {"type": "string", **_known(lengths), **getattr(node, "also_says", {})}


class Integer(Strict):
    """A JSON integer: not 1.0, not "1", not true."""

    expected = "a whole number"

    def read(self, node: colander.SchemaNode, value: Any) -> int:
        """The number."""
        if type(value) is not int:
            raise self.wrong(node)
        return value

    def json_schema(self, node: colander.SchemaNode) -> dict[str, Any]:
        """An integer within its bounds."""
        return {"type": "integer", **bounds(node)}


class Number(Strict):
    """A JSON number."""

    expected = "a number"

    def read(self, node: colander.SchemaNode, value: Any) -> Decimal:
        """The number, exactly."""
        if type(value) is int or isinstance(value, Decimal):
            return Decimal(value)
        raise self.wrong(node)

    def json_schema(self, node: colander.SchemaNode) -> dict[str, Any]:
        """A number within its bounds."""
        return {"type": "number", **bounds(node)}


class Boolean(Strict):
    """true or false."""

    expected = "true or false"

    def read(self, node: colander.SchemaNode, value: Any) -> bool:
        """The truth."""
        if not isinstance(value, bool):
            raise self.wrong(node)
        return value

    def json_schema(self, _node: colander.SchemaNode) -> dict[str, Any]:
        """A boolean."""
        return {"type": "boolean"}


class Moment(Strict):
    """A point in time, RFC 3339 with an offset; read into UTC."""

    expected = "a time with an offset, such as 2026-05-01T19:30:00+02:00"

    def read(self, node: colander.SchemaNode, value: Any) -> datetime:
        """The moment, aware, in UTC."""
        if not isinstance(value, str) or not _RFC3339.fullmatch(value):
            raise self.wrong(node)
        try:
            moment = datetime.fromisoformat(value.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            raise refuse(node, "no-such-time", "is no time of the calendar") from None
        if not date.min + _MARGIN < moment.date() < date.max - _MARGIN:
            raise refuse(node, "no-such-time", "is at the very end of the calendar")
        return moment

    def json_schema(self, _node: colander.SchemaNode) -> dict[str, Any]:
        """RFC 3339."""
        return {"type": "string", "format": "date-time"}


class QueryMoment(Moment):
    """A point in time in a query string, where an unescaped `+` arrives as a space."""

    def read(self, node: colander.SchemaNode, value: Any) -> datetime:
        """The moment, aware, in UTC."""
        return super().read(node, re.sub(r" (?=\d\d:\d\d$)", "+", value))


class Day(Strict):
    """A day, `YYYY-MM-DD`."""

    expected = "a day, such as 2026-05-01"

    def read(self, node: colander.SchemaNode, value: Any) -> date:
        """The day."""
        if not isinstance(value, str) or not _DATE.fullmatch(value):
            raise self.wrong(node)
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise refuse(node, "no-such-day", "is no day of the calendar") from None
        if not date.min + _MARGIN < day < date.max - _MARGIN:
            raise refuse(node, "no-such-day", "is at the very end of the calendar")
        return day

    def json_schema(self, _node: colander.SchemaNode) -> dict[str, Any]:
        """RFC 3339."""
        return {"type": "string", "format": "date"}


def bounds(node: colander.SchemaNode) -> dict[str, Any]:
    """The least and the greatest number that a field takes."""
    return _known({"minimum": getattr(node, "low", None), "maximum": getattr(node, "high", None)})


def _known(keywords: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in keywords.items() if value is not None}


def _amount_schema(currency: str) -> dict[str, Any]:
    places = decimals(currency)
    fraction = rf"(\.\d{{1,{places}}})?" if places else ""
    return {"type": "string", "pattern": rf"^\d{{1,9}}{fraction}$"}


def _money(node: colander.SchemaNode, amount: Any) -> Money:
    if not isinstance(amount, str) or not _DECIMAL.fullmatch(amount):
        raise refuse(node, "bad-amount", 'has an amount that is no decimal text, such as "9.50"')
    money = Money(Decimal(amount), node.currency)
    if money.amount != round(money.amount, decimals(node.currency)):
        raise refuse(node, "bad-amount", f"has more than {decimals(node.currency)} digits behind the point")
    if money.minor >= LARGEST_MINOR:
        raise refuse(node, "out-of-range", "is more money than this cinema counts")
    return money


class Price(Strict):
    """`{"amount": "9.50", "currency": "EUR"}`, in the cinema's currency, never negative."""

    expected = 'an amount of money, such as {"amount": "9.50", "currency": "EUR"}'

    def read(self, node: colander.SchemaNode, value: Any) -> Money:
        """The money."""
        if not isinstance(value, dict) or set(value) != {"amount", "currency"}:
            raise self.wrong(node)
        if value["currency"] != node.currency:
            raise refuse(node, "wrong-currency", f"must be in {node.currency}")
        return _money(node, value["amount"])

    def json_schema(self, node: colander.SchemaNode) -> dict[str, Any]:
        """Decimal text and the currency."""
        members = {"amount": _amount_schema(node.currency), "currency": {"const": node.currency}}
        return {"type": "object", "properties": members, "required": [*members], "additionalProperties": False}


class Amount(Strict):
    """An amount of money in a query string, in the cinema's currency."""

    expected = "an amount, such as 9.50"

    def read(self, node: colander.SchemaNode, value: Any) -> Money:
        """The money."""
        return _money(node, value)

    def json_schema(self, node: colander.SchemaNode) -> dict[str, Any]:
        """Decimal text."""
        return _amount_schema(node.currency)


class Numeral(Integer):
    """A whole number in a query string: one to eighteen ASCII digits."""

    def read(self, node: colander.SchemaNode, value: Any) -> int:
        """The number."""
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,18}", value):
            raise refuse(node, "wrong-type", "must be a whole number of at most 18 digits")
        return int(value)


class Flag(Boolean):
    """`true` or `false` in a query string."""

    def read(self, node: colander.SchemaNode, value: Any) -> bool:
        """The truth."""
        if value not in ("true", "false"):
            raise self.wrong(node)
        return bool(value == "true")
