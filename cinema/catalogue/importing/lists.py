"""The genres, directors and actors of imported films: found by name, or made."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from cinema.catalogue.importing.bulk import batches, insert_rows
from cinema.catalogue.importing.films import Film
from cinema.catalogue.models import (
    Actor,
    Director,
    Genre,
    actor_key,
    movie_actors,
    movie_directors,
    movie_genres,
)
from cinema.core.text import fold

_LOOKED_UP = 1000  # names in one statement; SQLite takes 32,766 parameters, PostgreSQL 65,535

Row = dict[str, str]


class _List(NamedTuple):
    """A list that films have: the table that links, the table of what is listed, and the column to find it by.

    `row` makes the columns of what is listed out of its name.
    """

    link: Table
    link_key: str
    table: Any
    found_by: str
    row: Callable[[Any], Row]


def _named(name: str) -> Row:
    return {"name": name, "name_key": fold(name)}


def _actor(names: Mapping[str, str]) -> Row:
    first, last = names.get("first_name", ""), names["last_name"]
    return {"first_name": first, "last_name": last, "name_key": actor_key(first, last)}


LISTS = {
    "genres": _List(movie_genres, "genre_id", Genre.__table__, "name", _named),
    "directors": _List(movie_directors, "director_id", Director.__table__, "name_key", _named),
    "actors": _List(movie_actors, "actor_id", Actor.__table__, "name_key", _actor),
}


def write_lists(db: Session, movie_ids: Sequence[int], films: Sequence[Film]) -> dict[str, int]:
    """Gives the films of these ids their lists; answers how many genres, directors and actors had to be made."""
    return {name: _write_list(db, movie_ids, [film[name] for film in films], LISTS[name]) for name in LISTS}


def _write_list(db: Session, movie_ids: Sequence[int], names: Sequence[Any], listed: _List) -> int:
    rows = [[listed.row(name) for name in of_film] for of_film in names]
    ids, made = _find_or_make(db, listed, (row for of_film in rows for row in of_film))
    links = [
        {"movie_id": movie_id, listed.link_key: key, "position": place}
        for movie_id, of_film in zip(movie_ids, rows, strict=True)
        for place, key in enumerate(dict.fromkeys(ids[row[listed.found_by]] for row in of_film))
    ]
    if links:
        db.execute(insert(listed.link), links)
    return made


def _find_or_make(db: Session, listed: _List, rows: Iterable[Row]) -> tuple[dict[str, int], int]:
    """The ids of what `rows` describe, by the column they are found by, and how many of them are new.

    Of namesakes the oldest is taken.
    """
    wanted: dict[str, Row] = {}
    for row in rows:
        wanted.setdefault(row[listed.found_by], row)
    column = listed.table.c[listed.found_by]
    ids: dict[str, int] = {}
    for keys in batches(wanted, _LOOKED_UP):
        oldest = select(column, func.min(listed.table.c.id)).where(column.in_(keys)).group_by(column)
        ids.update((key, each) for key, each in db.execute(oldest))
    missing = [key for key in wanted if key not in ids]
    if missing:
        made = insert_rows(db, listed.table, [wanted[key] for key in missing])
        ids.update(zip(missing, made, strict=True))
    return ids, len(missing)
