"""Strict colander types and the few functions that make fields of them.

colander's own types convert: its Integer takes 1.7 and "1_0", its String takes numbers and makes "" missing.
Here an integer is a JSON integer, a string is a string, and an empty string is a value.

Every refusal is a `Reason`: a message with a stable code. `problems` turns colander's tree of them into a flat
list of fields.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import colander

from cinema.core.errors import FieldError, Invalid
from cinema.core.money import LARGEST_MINOR, Money, decimals

LARGEST_ID = 10**18 - 1
MAX_LIST = 1000

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DECIMAL = re.compile(r"\d{1,15}(\.\d{1,6})?", re.ASCII)
_MARGIN = timedelta(days=2)  # from either end of the calendar: room for offsets and running times


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


# -- types ---------------------------------------------------------------------------------------------------


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


class Integer(Strict):
    """A JSON integer: not 1.0, not "1", not true."""

    expected = "a whole number"

    def read(self, node: colander.SchemaNode, value: Any) -> int:
        """The number."""
        if type(value) is not int:
            raise self.wrong(node)
        return value


class Number(Strict):
    """A JSON number."""

    expected = "a number"

    def read(self, node: colander.SchemaNode, value: Any) -> Decimal:
        """The number, exactly."""
        if type(value) is int or isinstance(value, Decimal):
            return Decimal(value)
        raise self.wrong(node)


class Boolean(Strict):
    """true or false."""

    expected = "true or false"

    def read(self, node: colander.SchemaNode, value: Any) -> bool:
        """The truth."""
        if not isinstance(value, bool):
            raise self.wrong(node)
        return value


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


class Amount(Strict):
    """An amount of money in a query string, in the cinema's currency."""

    expected = "an amount, such as 9.50"

    def read(self, node: colander.SchemaNode, value: Any) -> Money:
        """The money."""
        return _money(node, value)


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
        for name in strangers:
            child = colander.SchemaNode(Text(), name=printable(name))
            problem.add(refuse(child, "unknown-field", "is not a field of this request"))
        raise problem


class Body(colander.Schema):
    """A request body. `partial()` is the same with every field optional, for PATCH."""

    schema_type = Object

    @classmethod
    def partial(cls) -> "Body":
        """For PATCH: what is not sent is not in the result."""
        schema = cls()
        for child in schema.children:
            child.missing = colander.drop
        return schema


class Parameters(Body):
    """Parameters of a query string; all of them optional, and absent from the result when not sent."""


# -- fields --------------------------------------------------------------------------------------------------

Validator = Callable[[colander.SchemaNode, Any], None]
required = colander.required


def text(
    least: int = 1,
    most: int = 255,
    *,
    missing: Any = required,
    nullable: bool = False,
    also: Validator | None = None,
) -> colander.SchemaNode:
    """A string of `least` to `most` characters; one that must not be empty must not be blank either."""

    def validate(node: colander.SchemaNode, value: str | None) -> None:
        if value is None:
            return
        if len(value) > most:
            raise refuse(node, "too-long", f"has {len(value)} characters; {most} are allowed")
        if len(value) < least or (least and not value.strip()):
            raise refuse(node, "too-short", f"needs at least {least} character{'s' * (least > 1)}")
        if also:
            also(node, value)

    return colander.SchemaNode(Text(), validator=validate, missing=missing, nullable=nullable)


def integer(low: int, high: int, *, missing: Any = required, nullable: bool = False) -> colander.SchemaNode:
    """A whole number from `low` to `high`, both included."""
    return _ranged(Integer(), low, high, missing, nullable)


def number(low: int, high: int, *, missing: Any = required, nullable: bool = False) -> colander.SchemaNode:
    """A number from `low` to `high`, both included."""
    return _ranged(Number(), low, high, missing, nullable)


def identifier(*, missing: Any = required, nullable: bool = False) -> colander.SchemaNode:
    """The id of something; whether it exists is the service's to say."""
    return integer(1, LARGEST_ID, missing=missing, nullable=nullable)


def boolean(*, missing: Any = required) -> colander.SchemaNode:
    """true or false."""
    return colander.SchemaNode(Boolean(), missing=missing)


def moment(*, missing: Any = required) -> colander.SchemaNode:
    """A time with an offset."""
    return colander.SchemaNode(Moment(), missing=missing)


def day(*, missing: Any = required, nullable: bool = False) -> colander.SchemaNode:
    """A day of the calendar."""
    return colander.SchemaNode(Day(), missing=missing, nullable=nullable)


@colander.deferred
def _currency(_node: colander.SchemaNode, bound: Mapping[str, Any]) -> Any:
    return bound["currency"]


def price(*, missing: Any = required, nullable: bool = False) -> colander.SchemaNode:
    """Money in the cinema's currency."""
    return colander.SchemaNode(Price(), missing=missing, nullable=nullable, currency=_currency)


def amount() -> colander.SchemaNode:
    """An amount of money in a query string."""
    return colander.SchemaNode(Amount(), missing=colander.drop, currency=_currency)


def list_of(
    member: colander.SchemaNode,
    *,
    least: int = 0,
    missing: Any = required,
    unique: bool = False,
) -> colander.SchemaNode:
    """An array of at least `least` members, each once where `unique`."""

    def validate(node: colander.SchemaNode, values: list[Any]) -> None:
        if len(values) < least:
            raise refuse(node, "too-short", f"needs at least {least} member{'s' * (least > 1)}")
        if unique and len(set(values)) < len(values):
            raise refuse(node, "duplicate", "names something twice")

    return colander.SchemaNode(List(), member, validator=validate, missing=missing)


def numeral(low: int = 0, high: int = LARGEST_ID) -> colander.SchemaNode:
    """A whole number in a query string."""
    return _ranged(Numeral(), low, high, colander.drop, nullable=False)


def flag() -> colander.SchemaNode:
    """`true` or `false` in a query string."""
    return colander.SchemaNode(Flag(), missing=colander.drop)


def choice(*words: str, missing: Any = colander.drop) -> colander.SchemaNode:
    """One of a few words."""

    def validate(node: colander.SchemaNode, value: str) -> None:
        if value not in words:
            raise refuse(node, "not-a-choice", f"must be one of: {', '.join(words)}")

    return colander.SchemaNode(Text(), validator=validate, missing=missing)


def _ranged(kind: Strict, low: int, high: int, missing: Any, nullable: bool) -> colander.SchemaNode:
    def validate(node: colander.SchemaNode, value: Any) -> None:
        if value is not None and not low <= value <= high:
            raise refuse(node, "out-of-range", f"must be from {low} to {high}")

    return colander.SchemaNode(kind, validator=validate, missing=missing, nullable=nullable)


# -- results -------------------------------------------------------------------------------------------------


def deserialize(schema: colander.SchemaNode, data: Mapping[str, Any]) -> dict[str, Any]:
    """What `schema` makes of `data`; raises `errors.Invalid` with every bad field."""
    try:
        value: dict[str, Any] = schema.deserialize(data)
    except colander.Invalid as error:
        raise Invalid(problems(error)) from None
    return value


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
