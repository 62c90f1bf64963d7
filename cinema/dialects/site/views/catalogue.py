"""Films, genres and directors: for everybody to read, whatever their Authorization header says."""

from collections.abc import Sequence
from typing import Any

from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config
from sqlalchemy import Row

from cinema.catalogue import services
from cinema.catalogue.labels import Sight
from cinema.catalogue.queries import MOVIE_LIST, NAME_LISTS
from cinema.core.listing import Listing, Values
from cinema.core.paging import rows_of
from cinema.core.request import Request
from cinema.dialects.site import schemas
from cinema.dialects.site.presenters import SiteMovieJson, SiteNameJson, movie_json, name_json
from cinema.dialects.site.resources import Director, Directors, Genre, Genres, Movie, Movies, Name, Names

PER_PAGE = 12


@view_config(context=Movies, request_method="GET", permission=NO_PERMISSION_REQUIRED, query=schemas.MovieQuery)
def movies(_context: Movies, request: Request) -> list[SiteMovieJson]:
    """All films as they were entered, or the newest first."""
    sort = "-year" if request.query.get("status") else "id"
    return [movie_json(row) for row in _rows(request, MOVIE_LIST, {"sight": Sight(), "sort": sort})]


@view_config(context=Movie, request_method="GET", permission=NO_PERMISSION_REQUIRED, query=None)
def movie(context: Movie, request: Request) -> SiteMovieJson:
    """A film."""
    return movie_json(services.get_movie(request.reader, context.id, Sight()))


@view_config(context=Genres, request_method="GET", permission=NO_PERMISSION_REQUIRED, query=schemas.NameQuery)
@view_config(context=Directors, request_method="GET", permission=NO_PERMISSION_REQUIRED, query=schemas.NameQuery)
def names(context: Names, request: Request) -> list[SiteNameJson]:
    """All genres or directors."""
    return [name_json(row) for row in _rows(request, NAME_LISTS[context.model], {})]


@view_config(context=Genre, request_method="GET", permission=NO_PERMISSION_REQUIRED, query=None)
@view_config(context=Director, request_method="GET", permission=NO_PERMISSION_REQUIRED, query=None)
def name(context: Name, request: Request) -> SiteNameJson:
    """A genre or a director."""
    return name_json(services.get_named(request.reader, context.model, context.id))


def _rows(request: Request, listing: Listing, query: Values) -> Sequence[Row[Any]]:
    """The page that is asked for, or everything."""
    page = request.query.get("page")
    if page is None:
        return rows_of(request, listing, query)
    return rows_of(request, listing, query, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
