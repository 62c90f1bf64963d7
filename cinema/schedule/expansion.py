"""`expand=movie,hall`: screenings with the whole film and hall instead of their names, for one statement each."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from cinema.catalogue.models import Movie
from cinema.catalogue.presenters import movie_json
from cinema.catalogue.queries import MOVIES
from cinema.core.db.base import Reader
from cinema.schedule.models import Hall
from cinema.schedule.presenters import ExpandableScreeningJson, ScreeningJson, hall_json


def expand(
    db: Reader, screenings: Sequence[ScreeningJson], wanted: Iterable[str], sees: Any
) -> list[ExpandableScreeningJson]:
    """The same screenings; `sees` are the parameters of the caller's sight."""
    found: dict[str, dict[int, Any]] = {}
    if "movie" in wanted:
        ids = {screening["movie"]["id"] for screening in screenings}
        rows = db.execute(MOVIES.where(Movie.id.in_(ids)), sees)
        found["movie"] = {row.id: movie_json(row) for row in rows}
    if "hall" in wanted:
        ids = {screening["hall"]["id"] for screening in screenings}
        halls = db.execute(select(Hall.__table__).where(Hall.id.in_(ids)))
        found["hall"] = {row.id: hall_json(row) for row in halls}
    return [_expanded(screening, found) for screening in screenings]


def _expanded(screening: ScreeningJson, found: dict[str, dict[int, Any]]) -> ExpandableScreeningJson:
    whole: Any = dict(screening)
    for name, things in found.items():
        short = whole[name]
        whole[name] = things.get(short["id"], short)  # gone since the screenings were read: its name stays
    answer: ExpandableScreeningJson = whole
    return answer
