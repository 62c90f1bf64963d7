"""How the shop looks from outside."""

from datetime import date
from typing import Any, TypedDict

from sqlalchemy import Row

from cinema.core.money import MoneyJson, money_json


class CassetteJson(TypedDict):
    """A cassette; without a price it is not on sale."""

    id: int
    title: str
    director: str
    released: date
    quantity: int
    available: int
    price: MoneyJson | None


def cassette_json(row: Row[Any]) -> CassetteJson:
    """A cassette, from a row of `queries.CASSETTES`. `available` is what nobody's unpaid order holds."""
    return {
        "id": row.id,
        "title": row.title,
        "director": row.director,
        "released": row.released,
        "quantity": row.quantity,
        "available": max(row.quantity - row.claimed, 0),
        "price": money_json(row.price_minor, row.currency),
    }
