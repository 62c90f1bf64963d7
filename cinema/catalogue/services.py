"""The rules of the catalogue."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cinema.catalogue.events import DurationChanging
from cinema.catalogue.labels import Sight, permission_to_see
from cinema.catalogue.models import Actor, Director, Genre, Movie, movie_actors, movie_directors, movie_genres
from cinema.catalogue.queries import IS_THERE, MOVIE
from cinema.core.db import rows
from cinema.core.db.base import Reader
from cinema.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from cinema.core.events import announce
from cinema.core.text import fold

Named = Genre | Director | Actor

_LISTS: dict[str, tuple[Table, Any]] = {
    "genres": (movie_genres, Genre),
    "directors": (movie_directors, Director),
    "actors": (movie_actors, Actor),
}


def get_named(db: Reader, model: type[Named], key: int) -> Row[Any]:
    """A genre, director or actor, for presenting. Raises NotFound."""
    row = db.execute(select(model.__table__).where(model.id == key)).one_or_none()
    if row is None:
        raise NotFound
    return row


def save_named(db: Session, thing: Named, names: Mapping[str, str]) -> Named:
    """Writes the names of a new or existing genre, director or actor.

    Raises Conflict `name-taken` for a genre's name that another genre has.
    """
    for field, name in names.items():
        setattr(thing, field, name)
    db.add(thing)
    try:
        db.flush()
    except IntegrityError:
        raise Conflict(f"There is a genre {names['name']} already.", code="name-taken") from None
    return thing


def rename(db: Session, model: type[Named], key: int, names: Mapping[str, str]) -> Named:
    """Changes the names of a genre, director or actor. Raises NotFound, Conflict `name-taken`."""
    return save_named(db, rows.locked(db, model, key), names)


def delete_named(db: Session, model: type[Named], key: int) -> None:
    """Deletes a genre, director or actor that no film has. Raises NotFound, Conflict `in-use`."""
    rows.delete(db, rows.locked(db, model, key))


def get_movie(db: Reader, movie_id: int, sight: Sight) -> Row[Any]:
    """A film with its lists, for presenting. Raises NotFound."""
    row = MOVIE.run(db, id=movie_id, **sight.parameters).one_or_none()
    if row is None:
        raise NotFound
    return row


def check_movie(db: Reader, movie_id: int, sight: Sight) -> None:
    """Raises NotFound for a film that does not exist, or not for a caller with this sight."""
    if IS_THERE.run(db, id=movie_id, **sight.parameters).one_or_none() is None:
        raise NotFound


def is_title_taken(db: Reader, title: str, besides: int | None = None) -> bool:
    """Whether another film than `besides` is called exactly so."""
    others = select(Movie.id).where(Movie.title_key == fold(title), Movie.title == title)
    return any(row.id != besides for row in db.execute(others))


def create_movie(db: Session, values: Mapping[str, Any], sight: Sight, now: datetime) -> int:
    """Enters a film; answers its id.

    Raises Invalid for an unknown genre, director or actor, Forbidden for a label that hides it from who enters it.
    """
    _keep_in_sight(values, sight)
    movie = Movie(created_at=now)
    _write(db, movie, values)
    return movie.id


def change_movie(db: Session, movie_id: int, values: Mapping[str, Any], sight: Sight) -> None:
    """Changes what `values` holds.

    Raises NotFound, what `create_movie` raises, and what others have against a new duration.
    """
    movie = locked_movie(db, movie_id, sight)
    _keep_in_sight(values, sight)
    minutes = values.get("duration", movie.duration)
    if minutes != movie.duration:
        announce(db, DurationChanging(db, movie, minutes, sight))
    _write(db, movie, values)


def delete_movie(db: Session, movie_id: int, sight: Sight) -> None:
    """Deletes a film that is not scheduled. Raises NotFound, Conflict `in-use`."""
    rows.delete(db, locked_movie(db, movie_id, sight))


def locked_movie(db: Session, movie_id: int, sight: Sight) -> Movie:
    """A film that neither changes nor is scheduled until the transaction ends. Raises NotFound."""
    movie = rows.locked(db, Movie, movie_id)
    if not sight.shows(movie.label):
        raise NotFound
    return movie


def _keep_in_sight(values: Mapping[str, Any], sight: Sight) -> None:
    """Nobody makes a film vanish from under their own eyes."""
    label = values.get("label")
    if label is not None and not sight.shows(label):
        needed = permission_to_see(label)
        raise Forbidden(f"You would not see the movie any more: that label needs {needed}.", code="label-not-held")


def _write(db: Session, movie: Movie, values: Mapping[str, Any]) -> None:
    lists = {name: values[name] for name in _LISTS if name in values}
    errors = unknown_ids(db, lists)
    if errors:
        raise Invalid(errors)
    for name, value in values.items():
        if name not in lists:
            setattr(movie, name, value)
    db.add(movie)
    db.flush()
    for name, ids in lists.items():
        _write_list(db, movie.id, name, ids)


def unknown_ids(db: Reader, lists: Mapping[str, Sequence[int]]) -> list[FieldError]:
    """Which of the genres, directors and actors there are not."""
    errors = []
    for name, ids in lists.items():
        model = _LISTS[name][1]
        known = {row.id for row in db.execute(select(model.id).where(model.id.in_(ids)))} if ids else set()
        errors += [
            FieldError(f"{name}.{position}", "unknown", f"there is no {name[:-1]} {key}")
            for position, key in enumerate(ids)
            if key not in known
        ]
    return errors


def _write_list(db: Session, movie_id: int, name: str, ids: Sequence[int]) -> None:
    table, model = _LISTS[name]
    key = f"{model.__name__.lower()}_id"
    db.execute(delete(table).where(table.c.movie_id == movie_id))
    if ids:
        listed = [{"movie_id": movie_id, key: each, "position": place} for place, each in enumerate(ids)]
        db.execute(insert(table), listed)
