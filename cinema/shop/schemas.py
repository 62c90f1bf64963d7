"""What the shop takes in."""

import colander

from cinema.core.paging import PageQuery, sort_field
from cinema.core.schemas import Body, Day, amount, day, integer, numeral, price, text

SORTS = ("id", "title", "released")
MAX_QUANTITY = 1_000_000


class CassetteBody(Body):
    """A cassette. Without a price it is not on sale."""

    example = {
        "title": "Jaws",
        "director": "Steven Spielberg",
        "released": "1975-06-20",
        "quantity": 3,
        "price": {"amount": "15.00", "currency": "EUR"},
    }
    title = text(1, 255)
    director = text(1, 255)
    released = day()
    quantity = integer(0, MAX_QUANTITY, missing=0)
    price = price(missing=None, nullable=True)


class CassetteQuery(PageQuery):
    """GET cassettes."""

    title = text(0, 255, missing=colander.drop)
    director = text(0, 255, missing=colander.drop)
    released = colander.SchemaNode(Day(), missing=colander.drop)
    released_from = colander.SchemaNode(Day(), missing=colander.drop)
    released_to = colander.SchemaNode(Day(), missing=colander.drop)
    quantity = numeral(0, MAX_QUANTITY)
    price = amount()
    sort = sort_field(SORTS)
