"""How films are found: one statement for a page or a film, its lists included."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, func, or_, select

from cinema.catalogue.models import Actor, Director, Genre, Movie, movie_actors, movie_directors, movie_genres
from cinema.core.db.base import Query
from cinema.core.db.sql import json_list
from cinema.core.paging import Order, SortKey, Sorts
from cinema.core.text import contains_pattern

_FULL_NAME = func.trim(Actor.first_name.concat(" ").concat(Actor.last_name))


def _list(table: Table, *columns: Any) -> Any:
    rows = select(*columns).join(table).where(table.c.movie_id == Movie.id).order_by(table.c.position)
    return json_list(rows, Movie.__table__)


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
    func.coalesce(Movie.year, 0).label("year_key"),
    func.coalesce(Movie.rating, 0.0).label("rating_key"),
    func.coalesce(Movie.duration, 0).label("duration_key"),
    _list(movie_genres, Genre.id, Genre.name).label("genres"),
    _list(movie_directors, Director.id, Director.name).label("directors"),
    _list(movie_actors, Actor.id, Actor.first_name, Actor.last_name, _FULL_NAME.label("full_name")).label("actors"),
)

_BY_ID = SortKey(Movie.__table__.c.id, "id")
_SORTS: Sorts = {
    "id": _BY_ID,
    "title": SortKey(Movie.__table__.c.title_key, "title_key"),
    "year": SortKey(func.coalesce(Movie.year, 0), "year_key"),
    "rating": SortKey(func.coalesce(Movie.rating, 0.0), "rating_key"),
    "duration": SortKey(func.coalesce(Movie.duration, 0), "duration_key"),
}


def find_names(model: type[Genre] | type[Director] | type[Actor], query: Mapping[str, Any]) -> tuple[Query, Order]:
    """The statement and the order that a checked `NameQuery` asks for."""
    table = model.__table__
    statement = select(table)
    for word in query.get("name", "").split():
        statement = statement.where(model.name_key.like(contains_pattern(word), escape="\\"))
    by_id = SortKey(table.c.id, "id")
    return statement, Order.of(
        {"id": by_id, "name": SortKey(table.c.name_key, "name_key")}, query.get("sort", "id"), by_id
    )


def find_movies(query: Mapping[str, Any]) -> tuple[Query, Order]:
    """The statement and the order that a checked `MovieQuery` asks for."""
    conditions = [*_by_words(query), *_by_lists(query), *_by_columns(query)]
    newest = "-year" if "status" in query else "id"
    return MOVIES.where(*conditions), Order.of(_SORTS, query.get("sort", newest), _BY_ID)


def _by_words(query: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    if "title" in query:
        yield Movie.title_key.like(contains_pattern(query["title"]), escape="\\")
    for word in query.get("q", "").split():
        pattern = contains_pattern(word)
        yield or_(
            Movie.search_key.like(pattern, escape="\\"),
            _listed(movie_directors, Director.name_key.like(pattern, escape="\\"), Director),
            _listed(movie_actors, Actor.name_key.like(pattern, escape="\\"), Actor),
        )


def _by_lists(query: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    for name, table in (("genre", movie_genres), ("director", movie_directors), ("actor", movie_actors)):
        if name in query:
            yield _listed(table, table.c[f"{name}_id"] == query[name])


def _by_columns(query: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    comparisons = {
        "year": Movie.year.__eq__,
        "year_from": Movie.year.__ge__,
        "year_to": Movie.year.__le__,
        "label": Movie.label.__eq__,
    }
    return (compare(query[name]) for name, compare in comparisons.items() if name in query)


def _listed(table: Table, condition: ColumnElement[bool], of: Any = None) -> ColumnElement[bool]:
    """Whether a film's list in `table` holds something that meets `condition`."""
    rows = select(table.c.movie_id) if of is None else select(table.c.movie_id).join_from(table, of)
    return rows.where(table.c.movie_id == Movie.id, condition).correlate(Movie).exists()
