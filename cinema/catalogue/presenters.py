"""How the catalogue looks from outside."""

from typing import Any

from sqlalchemy import Row

from cinema.core.db.sql import raw_json


def name_json(row: Any) -> dict[str, Any]:
    """A genre, a director or an actor: a row or an object of theirs."""
    return actor_json(row) if hasattr(row, "last_name") else {"id": row.id, "name": row.name}


def actor_json(row: Any) -> dict[str, Any]:
    """An actor."""
    return {
        "id": row.id,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "full_name": f"{row.first_name} {row.last_name}".strip(),
    }


def movie_json(row: Row[Any]) -> dict[str, Any]:
    """A film with its lists, from a row of `queries.MOVIES`."""
    return {
        "id": row.id,
        "title": row.title,
        "description": row.description,
        "trailer": row.trailer,
        "year": row.year,
        "rating": row.rating,
        "duration": row.duration,
        "poster": row.poster,
        "age_rating": row.age_rating,
        "label": row.label,
        "genres": raw_json(row.genres),
        "directors": raw_json(row.directors),
        "actors": raw_json(row.actors),
    }
