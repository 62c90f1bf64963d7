"""How bookmarks look from outside."""

from typing import Any, TypedDict

from sqlalchemy import Row

from cinema.catalogue.presenters import MovieJson, movie_json
from cinema.core.rendering import Moment


class BookmarkJson(TypedDict):
    """A saved film."""

    movie: MovieJson
    saved_at: Moment


def bookmark_json(row: Row[Any]) -> BookmarkJson:
    """A bookmark with its film, from a row of `queries.BOOKMARK_LIST`."""
    return {"movie": movie_json(row), "saved_at": row.saved_at}
