"""How bookmarks look from outside."""

from typing import Any

from sqlalchemy import Row

from cinema.catalogue.presenters import movie_json


def bookmark_json(row: Row[Any]) -> dict[str, Any]:
    """A bookmark with its film, from a row of `queries.BOOKMARK_LIST`."""
    return {"movie": movie_json(row), "saved_at": row.saved_at}
