"""How the catalogue looks from outside."""

from typing import Any, TypedDict

from sqlalchemy import Row

from cinema.core.db.sql import raw_json


class NameJson(TypedDict):
    """A genre or a director."""

    id: int
    name: str


class ActorJson(TypedDict):
    """An actor."""

    id: int
    first_name: str
    last_name: str
    full_name: str


class MovieJson(TypedDict):
    """A film. `duration` is in minutes, `rating` from 0 to 10; a `label` hides it from who lacks `label:<label>`."""

    id: int
    title: str
    description: str | None
    trailer: str | None
    year: int | None
    rating: float | None
    duration: int | None
    poster: str | None
    age_rating: str | None
    label: str | None
    genres: list[NameJson]
    directors: list[NameJson]
    actors: list[ActorJson]


def name_json(row: Any) -> NameJson:
    """A genre or a director: a row or an object of theirs."""
    return {"id": row.id, "name": row.name}


def actor_json(row: Any) -> ActorJson:
    """An actor."""
    return {
        "id": row.id,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "full_name": f"{row.first_name} {row.last_name}".strip(),
    }


def movie_json(row: Row[Any]) -> MovieJson:
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
