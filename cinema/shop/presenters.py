"""How the shop looks from outside."""

from typing import Any

from sqlalchemy import Row

from cinema.core.money import money_json


def cassette_json(row: Row[Any]) -> dict[str, Any]:
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
