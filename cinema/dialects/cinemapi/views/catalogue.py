"""Halls and movies."""

from collections.abc import Mapping
from typing import Any

from pyramid.view import view_config, view_defaults

from cinema.catalogue import services
from cinema.catalogue.labels import sight
from cinema.catalogue.queries import MOVIE_LIST
from cinema.core.errors import BadRequest, FieldError, Invalid
from cinema.core.paging import rows_of
from cinema.core.rendering import Created, NoContent, made, no_content
from cinema.core.request import Request
from cinema.core.validation import checked
from cinema.dialects.cinemapi import schemas
from cinema.dialects.cinemapi.presenters import CinemapiHallJson, CinemapiMovieJson, hall_json, movie_json
from cinema.dialects.cinemapi.resources import Hall, Halls, Movie, Movies
from cinema.schedule.halls import get_hall
from cinema.schedule.queries import HALL_LIST
from cinema.schedule.screenings import is_scheduled
from cinema.security import Verb

_MOVIE, _PARTIAL = schemas.Movie(), schemas.Movie.partial()


@view_config(context=Halls, request_method="GET", permission=Verb.VIEW, query=None)
def halls(_context: Halls, request: Request) -> list[CinemapiHallJson]:
    """All halls."""
    return [hall_json(row) for row in rows_of(request, HALL_LIST, {})]


@view_config(context=Hall, request_method="GET", permission=Verb.VIEW, query=None)
def hall(context: Hall, request: Request) -> CinemapiHallJson:
    """A hall."""
    return hall_json(get_hall(request.reader, context.id))


_TAKEN = FieldError("name", "name-taken", "is the name of another movie")


def _name_is_taken(request: Request, values: Mapping[str, Any]) -> list[FieldError]:
    own = request.context.id if isinstance(request.context, Movie) else None
    return [_TAKEN] if "name" in values and services.is_title_taken(request.reader, values["name"], own) else []


@view_defaults(context=Movies, query=None)
class MoviesViews:
    """All films."""

    def __init__(self, _context: Movies, request: Request) -> None:
        self.request = request
        self.sight = sight(request)

    @view_config(request_method="GET", permission=Verb.VIEW)
    def get(self) -> list[CinemapiMovieJson]:
        """All films."""
        return [movie_json(row) for row in rows_of(self.request, MOVIE_LIST, {"sight": self.sight})]

    @view_config(request_method="POST", permission=Verb.CREATE, schema=schemas.Movie, looks_up=_name_is_taken)
    def post(self) -> Created[CinemapiMovieJson]:
        """One more film."""
        request = self.request
        values = _film(request, request.validated)
        movie_id = services.create_movie(request.db, values, self.sight, request.now)
        return made(movie_json(services.get_movie(request.db, movie_id, self.sight)))


@view_defaults(context=Movie, query=None)
class MovieViews:
    """One film. As soon as it has a session it stays as it is."""

    def __init__(self, context: Movie, request: Request) -> None:
        self.id = context.id
        self.request = request
        self.sight = sight(request)

    @view_config(request_method="GET", permission=Verb.VIEW)
    def get(self) -> CinemapiMovieJson:
        """The film."""
        return movie_json(services.get_movie(self.request.reader, self.id, self.sight))

    @view_config(request_method="PUT", permission=Verb.EDIT, reads=_MOVIE)
    def put(self) -> CinemapiMovieJson:
        """Replaces name and duration."""
        return self._change(_MOVIE)

    @view_config(request_method="PATCH", permission=Verb.EDIT, reads=_PARTIAL)
    def patch(self) -> CinemapiMovieJson:
        """Changes name or duration."""
        return self._change(_PARTIAL)

    @view_config(request_method="DELETE", permission=Verb.DELETE)
    def delete(self) -> NoContent:
        """Deletes the film."""
        self._check_thawed()
        services.delete_movie(self.request.db, self.id, self.sight)
        return no_content()

    def _change(self, schema: Any) -> CinemapiMovieJson:
        request = self.request
        self._check_thawed()
        values = _film(request, checked(request, schema, _name_is_taken), self.id)
        services.change_movie(request.db, self.id, values, self.sight)
        return movie_json(services.get_movie(request.db, self.id, self.sight))

    def _check_thawed(self) -> None:
        """Raises NotFound, and BadRequest for a film with sessions. It gets none until the transaction ends."""
        services.locked_movie(self.request.db, self.id, self.sight)
        if is_scheduled(self.request.db, self.id):
            raise BadRequest("The movie has sessions: it can be neither changed nor deleted.", code="movie-frozen")


def _film(request: Request, wanted: Mapping[str, Any], movie_id: int | None = None) -> dict[str, Any]:
    """What the catalogue knows of it. Raises Invalid for a name that another film has."""
    values: dict[str, Any] = {}
    if "name" in wanted:
        if services.is_title_taken(request.db, wanted["name"], movie_id):
            raise Invalid([_TAKEN])
        values["title"] = wanted["name"]
    if "duration" in wanted:
        seconds = wanted["duration"]
        values |= {"duration": -(-seconds // 60), "seconds": seconds if seconds % 60 else None}
    return values
