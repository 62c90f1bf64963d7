"""How the dialect shows things."""

from datetime import date
from typing import Annotated, Any, TypedDict

from msgspec import Meta
from sqlalchemy import Row

VhsEndpointsJson = Annotated[dict[str, str], Meta(description="What each call is for, by method and path.")]


class VhsCassetteJson(TypedDict):
    """A cassette."""

    id: int
    title: str
    director: str
    released: date
    quantity: int


class VhsUserJson(TypedDict):
    """Whoever signed in."""

    username: str


class VhsSignInJson(TypedDict):
    """A key, for `Authorization: Token <key>`, and whose it is."""

    token: str
    user: VhsUserJson


def cassette_json(row: Row[Any]) -> VhsCassetteJson:
    """A cassette, from a row of the shop's `queries.CASSETTES`."""
    return {
        "id": row.id,
        "title": row.title,
        "director": row.director,
        "released": row.released,
        "quantity": row.quantity,
    }


def sign_in_json(key: str, username: str) -> VhsSignInJson:
    """The answer to a sign-up or sign-in. The password stays out of it."""
    return {"token": key, "user": {"username": username}}
