"""Genres, actors, halls and movies."""

from collections.abc import Mapping
from typing import Any

from pyramid.view import view_config, view_defaults

from cinema.catalogue import models, services
from cinema.catalogue.labels import sight
from cinema.catalogue.queries import MOVIE_LIST, NAME_LISTS
from cinema.core.errors import FieldError
from cinema.core.paging import rows_of
from cinema.core.rendering import Created, made
from cinema.core.request import Request
from cinema.dialects.academy import schemas
from cinema.dialects.academy.answers import (
    AcademyActorJson,
    AcademyCreatedMovieJson,
    AcademyGenreJson,
    AcademyHallJson,
    AcademyListedMovieJson,
    AcademyMovieJson,
)
from cinema.dialects.academy.presenters import (
    actor_json,
    created_movie_json,
    genre_json,
    hall_json,
    listed_movie_json,
    movie_json,
)
from cinema.dialects.academy.resources import Actors, CinemaHalls, Genres, Movie, Movies
from cinema.dialects.academy.views import with_allow
from cinema.dialects.translation import as_fields
from cinema.schedule import halls
from cinema.schedule.queries import HALL_LIST
from cinema.security import Verb

_FILTERS = {"title": "title", "genres": "any_genre", "actors": "any_actor"}


def _unknown_ids(request: Request, values: Mapping[str, Any]) -> list[FieldError]:
    return services.unknown_ids(
        request.reader, {name: values[name] for name in ("genres", "actors") if name in values}
    )


@view_config(context=Genres, request_method="GET", permission=Verb.VIEW, query=None, decorator=with_allow)
def genres(_context: Genres, request: Request) -> list[AcademyGenreJson]:
    """All genres."""
    return [genre_json(row) for row in rows_of(request, NAME_LISTS[models.Genre], {})]


@view_config(
    context=Genres,
    request_method="POST",
    permission=Verb.CREATE,
    query=None,
    schema=schemas.Genre,
    decorator=with_allow,
)
def add_genre(_context: Genres, request: Request) -> Created[AcademyGenreJson]:
    """One more genre."""
    with as_fields({"name-taken": "name"}):
        return made(genre_json(services.save_named(request.db, models.Genre(), request.validated)))


@view_config(context=Actors, request_method="GET", permission=Verb.VIEW, query=None, decorator=with_allow)
def actors(_context: Actors, request: Request) -> list[AcademyActorJson]:
    """All actors."""
    return [actor_json(row) for row in rows_of(request, NAME_LISTS[models.Actor], {})]


@view_config(
    context=Actors,
    request_method="POST",
    permission=Verb.CREATE,
    query=None,
    schema=schemas.Actor,
    decorator=with_allow,
)
def add_actor(_context: Actors, request: Request) -> Created[AcademyActorJson]:
    """One more actor."""
    return made(actor_json(services.save_named(request.db, models.Actor(), request.validated)))


@view_config(context=CinemaHalls, request_method="GET", permission=Verb.VIEW, query=None, decorator=with_allow)
def cinema_halls(_context: CinemaHalls, request: Request) -> list[AcademyHallJson]:
    """All halls."""
    return [hall_json(row) for row in rows_of(request, HALL_LIST, {})]


@view_config(
    context=CinemaHalls,
    request_method="POST",
    permission=Verb.CREATE,
    query=None,
    schema=schemas.CinemaHall,
    decorator=with_allow,
)
def add_cinema_hall(_context: CinemaHalls, request: Request) -> Created[AcademyHallJson]:
    """One more hall."""
    return made(hall_json(halls.create_hall(request.db, request.validated)))


@view_defaults(context=Movies, decorator=with_allow)
class MoviesViews:
    """Films."""

    def __init__(self, _context: Movies, request: Request) -> None:
        self.request = request
        self.sight = sight(request)

    @view_config(request_method="GET", permission=Verb.VIEW, query=schemas.MovieFilters)
    def get(self) -> list[AcademyListedMovieJson]:
        """All films by title, or those that the parameters pick."""
        wanted = {_FILTERS[name]: value for name, value in self.request.query.items()}
        found = rows_of(self.request, MOVIE_LIST, {"sort": "title", "sight": self.sight, **wanted})
        return [listed_movie_json(row) for row in found]

    @view_config(
        request_method="POST", permission=Verb.CREATE, query=None, schema=schemas.Movie, looks_up=_unknown_ids
    )
    def post(self) -> Created[AcademyCreatedMovieJson]:
        """One more film."""
        request = self.request
        movie_id = services.create_movie(request.db, request.validated, self.sight, request.now)
        return made(created_movie_json(services.get_movie(request.db, movie_id, self.sight)))


@view_config(context=Movie, request_method="GET", permission=Verb.VIEW, query=None, decorator=with_allow)
def movie(context: Movie, request: Request) -> AcademyMovieJson:
    """A film."""
    return movie_json(services.get_movie(request.reader, context.id, sight(request)))
