"""How films and names are found: one statement for a page or a film, its lists included."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnClause,
    ColumnElement,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
)

from cinema.catalogue.labels import BY_SIGHT, VISIBLE
from cinema.catalogue.models import Actor, Director, Genre, Movie, movie_actors, movie_directors, movie_genres
from cinema.core.db.base import Query
from cinema.core.db.prepared import Prepared
from cinema.core.db.sql import json_list, position
from cinema.core.listing import Filter, Listing, SortKey, contains, equals
from cinema.core.text import LIKE_ESCAPE, contains_pattern

_WORDS = 5  # of a search, each looked for by itself

_FULL_NAME = func.trim(Actor.first_name.concat(" ").concat(Actor.last_name))
_ZERO: ColumnClause[Any] = literal_column("0")  # not a parameter: the indexes are on these very expressions
_YEAR = func.coalesce(Movie.year, _ZERO)
_RATING = func.coalesce(Movie.rating, _ZERO)
_DURATION = func.coalesce(Movie.duration, _ZERO)


RUNNING_TIME = func.coalesce(Movie.seconds, Movie.duration * 60).label("running_time")
"""A film's length in seconds."""


def _list(table: Table, *columns: Any) -> Any:
    rows = select(*columns).join(table).where(table.c.movie_id == Movie.id).order_by(table.c.position)
    return json_list(rows, Movie.__table__)


GENRES = _list(movie_genres, Genre.id, Genre.name).label("genres")
DIRECTORS = _list(movie_directors, Director.id, Director.name).label("directors")
ACTORS = _list(movie_actors, Actor.id, Actor.first_name, Actor.last_name, _FULL_NAME.label("full_name")).label(
    "actors"
)

MOVIES: Query = select(
    Movie.id,
    Movie.title,
    Movie.title_key,
    Movie.description,
    Movie.trailer,
    Movie.year,
    Movie.rating,
    Movie.duration,
    Movie.poster,
    Movie.age_rating,
    Movie.label,
    RUNNING_TIME,
    _YEAR.label("year_key"),
    _RATING.label("rating_key"),
    _DURATION.label("duration_key"),
    GENRES,
    DIRECTORS,
    ACTORS,
).where(VISIBLE)
"""Everything that is ever shown of films, one row each; only what the caller's `Sight` shows."""

MOVIE = Prepared(MOVIES.where(Movie.id == bindparam("id")))
IS_THERE = Prepared(select(Movie.id).where(Movie.id == bindparam("id"), VISIBLE))


# -- filters -------------------------------------------------------------------------------------------------


def _listed(table: Table, condition: ColumnElement[bool], of: Any = None) -> ColumnElement[bool]:
    """Whether a film's list in `table` holds something that meets `condition`."""
    rows = select(table.c.movie_id) if of is None else select(table.c.movie_id).join_from(table, of)
    return rows.where(table.c.movie_id == Movie.id, condition).correlate(Movie).exists()


def _has(name: str, table: Table) -> Filter:
    return Filter(_listed(table, table.c[f"{name}_id"] == bindparam(name)), lambda value: {name: value})


def _has_any(name: str, table: Table, column: str) -> Filter:
    """Any of some ids."""
    bar = literal_column("'|'", Text())
    condition = position(bindparam(name), bar + cast(table.c[column], Text()) + bar) > 0
    return Filter(_listed(table, condition), lambda ids: {name: f"|{'|'.join(map(str, ids))}|"})


def _mentions(pattern: BindParameter[str]) -> ColumnElement[bool]:
    return or_(
        Movie.search_key.like(pattern, escape=LIKE_ESCAPE),
        _listed(movie_directors, Director.name_key.like(pattern, escape=LIKE_ESCAPE), Director),
        _listed(movie_actors, Actor.name_key.like(pattern, escape=LIKE_ESCAPE), Actor),
    )


def _by_words(name: str, mentions: Callable[[BindParameter[str]], ColumnElement[bool]]) -> Filter:
    """Every word of `name` is mentioned: the last pattern has what is left, and «anything» for what is missing."""

    def patterns(text: str) -> dict[str, str]:
        words = text.split(maxsplit=_WORDS - 1)
        words += [""] * (_WORDS - len(words))
        return {f"{name}{place}": contains_pattern(word) for place, word in enumerate(words)}

    return Filter(and_(*(mentions(bindparam(f"{name}{place}")) for place in range(_WORDS))), patterns)


# -- lists ---------------------------------------------------------------------------------------------------

_BY_ID = SortKey(Movie.__table__.c.id, "id")

MOVIE_LIST = Listing(
    MOVIES,
    sorts={
        "id": _BY_ID,
        "title": SortKey(Movie.__table__.c.title_key, "title_key"),
        "year": SortKey(_YEAR, "year_key"),
        "rating": SortKey(_RATING, "rating_key"),
        "duration": SortKey(_DURATION, "duration_key"),
    },
    tie=_BY_ID,
    sort="id",
    filters={
        "sight": BY_SIGHT,
        "title": contains("title", Movie.title_key),
        "q": _by_words("q", _mentions),
        "genre": _has("genre", movie_genres),
        "any_genre": _has_any("any_genre", movie_genres, "genre_id"),
        "any_actor": _has_any("any_actor", movie_actors, "actor_id"),
        "director": _has("director", movie_directors),
        "actor": _has("actor", movie_actors),
        "year": equals("year", Movie.year),
        "year_from": Filter(Movie.year >= bindparam("year_from"), lambda year: {"year_from": year}),
        "year_to": Filter(Movie.year <= bindparam("year_to"), lambda year: {"year_to": year}),
        "label": equals("label", Movie.label),
    },
)


def _name_list(model: type[Genre | Director | Actor]) -> Listing:
    table = model.__table__
    by_id = SortKey(table.c.id, "id")
    return Listing(
        select(table),
        sorts={"id": by_id, "name": SortKey(table.c.name_key, "name_key")},
        tie=by_id,
        sort="id",
        filters={"name": _by_words("name", lambda pattern: model.name_key.like(pattern, escape=LIKE_ESCAPE))},
    )


NAME_LISTS = {model: _name_list(model) for model in (Genre, Director, Actor)}
