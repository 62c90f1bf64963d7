"""The films: `films.json` into the catalogue."""

import json
from collections.abc import Iterable
from datetime import datetime
from importlib.resources import files
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from cinema.catalogue.labels import EVERYTHING
from cinema.catalogue.models import Actor, Director, Genre
from cinema.catalogue.services import create_movie, save_named

_LISTS = ("genres", "directors", "actors")


class Film(NamedTuple):
    """What the programme needs of a film: its id and its length in minutes."""

    id: int
    minutes: int


def enter_films(db: Session, now: datetime) -> list[Film]:
    """Enters every film, and each genre, director and actor once. Genres that exist already are used."""
    text = files(__package__).joinpath("films.json").read_text(encoding="utf-8")
    films: list[dict[str, Any]] = json.loads(text)
    known = {"genres": _genres(db, films), "directors": _directors(db, films), "actors": _actors(db, films)}
    return [Film(create_movie(db, _with_ids(film, known), EVERYTHING, now), film["duration"]) for film in films]


def _genres(db: Session, films: list[dict[str, Any]]) -> dict[Any, int]:
    known: dict[Any, int] = {row.name: row.id for row in db.execute(select(Genre.name, Genre.id))}
    for name in _mentioned(films, "genres"):
        if name not in known:
            known[name] = save_named(db, Genre(), {"name": name}).id
    return known


def _directors(db: Session, films: list[dict[str, Any]]) -> dict[Any, int]:
    return {name: save_named(db, Director(), {"name": name}).id for name in _mentioned(films, "directors")}


def _actors(db: Session, films: list[dict[str, Any]]) -> dict[Any, int]:
    return {
        (first, last): save_named(db, Actor(), {"first_name": first, "last_name": last}).id
        for first, last in _mentioned(films, "actors")
    }


def _mentioned(films: list[dict[str, Any]], field: str) -> Iterable[Any]:
    """Every name in that list of the films, once, in the order of the first mention."""
    return dict.fromkeys(_key(name) for film in films for name in film[field])


def _with_ids(film: dict[str, Any], known: dict[str, dict[Any, int]]) -> dict[str, Any]:
    return film | {field: [known[field][_key(name)] for name in film[field]] for field in _LISTS}


def _key(name: Any) -> Any:
    """An actor is a first and a last name; everything else is one name."""
    return tuple(name) if isinstance(name, list) else name
