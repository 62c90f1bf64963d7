"""How the dialect shows things."""

from typing import Any

from sqlalchemy import Row


def cassette_json(row: Row[Any]) -> dict[str, Any]:
    """A cassette, from a row of the shop's `queries.CASSETTES`."""
    return {
        "id": row.id,
        "title": row.title,
        "director": row.director,
        "released": row.released,
        "quantity": row.quantity,
    }


def sign_in_json(key: str, username: str) -> dict[str, Any]:
    """The answer to a sign-up or sign-in. The password stays out of it."""
    return {"token": key, "user": {"username": username}}
