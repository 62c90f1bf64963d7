"""Films into the database: a few statements for every five hundred."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cinema.catalogue.importing.bulk import batches, insert_rows
from cinema.catalogue.importing.films import Film
from cinema.catalogue.importing.lists import LISTS, write_lists
from cinema.catalogue.models import Movie, search_keys
from cinema.core.text import fold

_BATCH = 500
_LOCK = 0x66696C6D  # «film»: the advisory lock of imports


@dataclass
class Counts:
    """What an import has done.

    `already_there` counts repetitions within the file, too; `made` the new genres, directors and actors.
    """

    imported: int = 0
    already_there: int = 0
    made: Counter[str] = field(default_factory=Counter)


def import_films(db: Session, films: Iterable[Film], now: datetime) -> Counts:
    """Enters the films that are not there yet, and the genres, directors and actors they need.

    A film is there already when one has its folded title and its year. The caller's transaction holds it all.
    """
    _wait_for_other_imports(db)
    counts = Counts()
    for batch in batches(films, _BATCH):
        new = _not_there(db, batch)
        counts.imported += len(new)
        counts.already_there += len(batch) - len(new)
        if new:
            movie_ids = insert_rows(db, Movie.__table__, [_row(film, now) for film in new])
            counts.made.update(write_lists(db, movie_ids, new))
    return counts


def _wait_for_other_imports(db: Session) -> None:
    """Two imports at once would not see each other's films. SQLite has one writer at a time in any case."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _not_there(db: Session, films: Sequence[Film]) -> list[Film]:
    keyed: dict[tuple[str, int | None], Film] = {}
    for film in films:
        keyed.setdefault((fold(film["title"]), film["year"]), film)
    titles = {title for title, _year in keyed}
    known = select(Movie.title_key, Movie.year).where(Movie.title_key.in_(titles))
    for title, year in db.execute(known):
        keyed.pop((title, year), None)
    return list(keyed.values())


def _row(film: Film, now: datetime) -> dict[str, Any]:
    row = {name: value for name, value in film.items() if name not in LISTS}
    row["title_key"], row["search_key"] = search_keys(film["title"], film["description"])
    row["created_at"] = now
    return row
