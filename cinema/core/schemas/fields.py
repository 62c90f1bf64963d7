"""The fields that schemas are made of."""

from collections.abc import Callable, Mapping
from typing import Any

import colander

from cinema.core.schemas.objects import List
from cinema.core.schemas.reasons import refuse
from cinema.core.schemas.types import (
    Amount,
    Boolean,
    Day,
    Flag,
    Integer,
    Moment,
    Number,
    Numeral,
    Price,
    Strict,
    Text,
)

LARGEST_ID = 10**18 - 1

Validator = Callable[[colander.SchemaNode, Any], None]
required = colander.required


def text(
    least: int = 1,
    most: int = 255,
    *,
    missing: Any = required,
    nullable: bool = False,
    also: Validator | None = None,
    also_says: Mapping[str, Any] | None = None,
) -> colander.SchemaNode:
    """A string of `least` to `most` characters; one that must not be empty must not be blank either.

    What `also` checks, `also_says` says in the keywords of JSON Schema.
    """

    def validate(node: colander.SchemaNode, value: str | None) -> None:
        if value is None:
            return
        if len(value) > most:
            raise refuse(node, "too-long", f"has {len(value)} characters; {most} are allowed")
        if len(value) < least or (least and not value.strip()):
            raise refuse(node, "too-short", f"needs at least {least} character{'s' * (least > 1)}")
        if also:
            also(node, value)

    says = {"pattern": r"\S", **(also_says or {})} if least else {**(also_says or {})}
    return colander.SchemaNode(
        Text(),
        validator=validate,
        missing=missing,
        nullable=nullable,
        least=least,
        most=most,
        also_says=says,
    )


def integer(low: int, high: int, *, missing: Any = required, nullable: bool = False) -> colander.SchemaNode:
    """A whole number from `low` to `high`, both included."""
    return ranged(Integer(), low, high, missing, nullable)


def number(low: int, high: int, *, missing: Any = required, nullable: bool = False) -> colander.SchemaNode:
    """A number from `low` to `high`, both included."""
    return ranged(Number(), low, high, missing, nullable)


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

    return colander.SchemaNode(List(), member, validator=validate, missing=missing, least=least, unique=unique)


def numeral(low: int = 0, high: int = LARGEST_ID) -> colander.SchemaNode:
    """A whole number in a query string."""
    return ranged(Numeral(), low, high, colander.drop, nullable=False)


def flag() -> colander.SchemaNode:
    """`true` or `false` in a query string."""
    return colander.SchemaNode(Flag(), missing=colander.drop)


def choice(*words: str, missing: Any = colander.drop) -> colander.SchemaNode:
    """One of a few words."""

    def validate(node: colander.SchemaNode, value: str) -> None:
        if value not in words:
            raise refuse(node, "not-a-choice", f"must be one of: {', '.join(words)}")

    return colander.SchemaNode(Text(), validator=validate, missing=missing, also_says={"enum": [*words]})


def ranged(kind: Strict, low: int, high: int, missing: Any, nullable: bool) -> colander.SchemaNode:
    """A number of this kind from `low` to `high`, both included."""

    def validate(node: colander.SchemaNode, value: Any) -> None:
        if value is not None and not low <= value <= high:
            raise refuse(node, "out-of-range", f"must be from {low} to {high}")

    return colander.SchemaNode(kind, validator=validate, missing=missing, nullable=nullable, low=low, high=high)
