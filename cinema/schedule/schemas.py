"""What the schedule takes in."""

from typing import Any

import colander

from cinema.core.paging import PageQuery, sort_field
from cinema.core.schemas import (
    LARGEST_ID,
    Body,
    Day,
    Object,
    Parameters,
    QueryMoment,
    identifier,
    integer,
    moment,
    numeral,
    price,
    refuse,
    text,
)
from cinema.schedule import layout

HALL_SORTS = ("id", "name")
EXPANDABLE = ("movie", "hall")
SCREENING_SORTS = ("starts_at", "id")
_LONGEST_LAYOUT = layout.MAX_ROWS * (layout.MAX_SEATS_IN_ROW + 20)


def _layout(node: colander.SchemaNode, value: str) -> None:
    try:
        layout.parse(value)
    except layout.LayoutError as error:
        raise refuse(node, "bad-layout", str(error)) from None


def _seats_are_said_once(node: colander.SchemaNode, value: dict[str, Any]) -> None:
    """Either the rectangle or the layout."""
    sides = [name for name in ("rows", "seats_in_row") if name in value]
    problem = colander.Invalid(node)
    if "layout" in value:
        for name in sides:
            problem.add(refuse(node[name], "either-or", "give either a layout or rows and seats_in_row"))
    elif len(sides) == 1:
        missing = "rows" if sides == ["seats_in_row"] else "seats_in_row"
        problem.add(refuse(node[missing], "required", f"is required beside {sides[0]}"))
    if problem.children:
        raise problem


def _seats_are_said(node: colander.SchemaNode, value: dict[str, Any]) -> None:
    if not {"rows", "seats_in_row", "layout"} & set(value):
        problem = colander.Invalid(node)
        problem.add(refuse(node["layout"], "required", "is required, or rows and seats_in_row"))
        raise problem
    _seats_are_said_once(node, value)


class HallPatch(Body):
    """PATCH halls/{id}."""

    example = {"name": "Studio", "rows": 10, "seats_in_row": 12}
    name = text(1, 255, missing=colander.drop)
    rows = integer(1, layout.MAX_ROWS, missing=colander.drop)
    seats_in_row = integer(1, layout.MAX_SEATS_IN_ROW, missing=colander.drop)
    layout = text(1, _LONGEST_LAYOUT, missing=colander.drop, also=_layout)
    validator = staticmethod(_seats_are_said_once)


class HallBody(HallPatch):
    """POST halls, PUT halls/{id}."""

    example = {"name": "Studio", "layout": "A|..__..\n |______\nB|PP__PA"}
    name = text(1, 255)
    validator = staticmethod(_seats_are_said)


class HallQuery(PageQuery):
    """GET halls."""

    name = text(0, 255, missing=colander.drop)
    sort = sort_field(HALL_SORTS)


def _prices() -> colander.SchemaNode:
    categories = [price(missing=colander.drop) for _category in layout.CATEGORIES.values()]
    for node, category in zip(categories, layout.CATEGORIES.values(), strict=True):
        node.name = category
    return colander.SchemaNode(Object(), *categories, missing=colander.drop)


def _price_is_said_once(node: colander.SchemaNode, value: dict[str, Any]) -> None:
    if value.get("price") is not None and "prices" in value:
        problem = colander.Invalid(node)
        problem.add(refuse(node["prices"], "either-or", "give either a price or prices"))
        raise problem


class ScreeningBody(Body):
    """POST screenings. Without any price the screening is not on sale."""

    example = {
        "movie": 1,
        "hall": 1,
        "starts_at": "2027-05-01T19:30:00+02:00",
        "price": {"amount": "9.50", "currency": "EUR"},
    }
    movie = identifier()
    hall = identifier()
    starts_at = moment()
    price = price(missing=colander.drop, nullable=True)
    prices = _prices()
    validator = staticmethod(_price_is_said_once)


class ScreeningReplacement(ScreeningBody):
    """PUT screenings/{id}: prices that are not sent are taken away."""

    price = price(missing=None, nullable=True)


def _expand() -> colander.SchemaNode:
    """Some of the expandable members, by comma."""

    def validate(node: colander.SchemaNode, value: str) -> None:
        if not set(value.split(",")) <= set(EXPANDABLE):
            raise refuse(node, "not-a-choice", f"must be some of: {', '.join(EXPANDABLE)}")

    word = f"({'|'.join(EXPANDABLE)})"
    return text(1, 100, missing=colander.drop, also=validate, also_says={"pattern": f"^{word}(,{word})*$"})


class OneScreeningQuery(Parameters):
    """GET screenings/{id}."""

    expand = _expand()


class ScreeningQuery(PageQuery):
    """GET screenings."""

    expand = _expand()

    date = colander.SchemaNode(Day(), missing=colander.drop)
    starts_from = colander.SchemaNode(QueryMoment(), name="from", missing=colander.drop)
    starts_to = colander.SchemaNode(QueryMoment(), name="to", missing=colander.drop)
    movie = numeral(1, LARGEST_ID)
    hall = numeral(1, LARGEST_ID)
    sort = sort_field(SCREENING_SORTS)
