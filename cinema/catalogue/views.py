"""The catalogue over HTTP."""

from typing import Any

from pyramid.view import view_config, view_defaults

from cinema.catalogue import schemas, services
from cinema.catalogue.labels import sight
from cinema.catalogue.presenters import ActorJson, MovieJson, NameJson, actor_json, movie_json, name_json
from cinema.catalogue.queries import MOVIE_LIST, NAME_LISTS
from cinema.catalogue.resources import (
    ActorItem,
    Actors,
    DirectorItem,
    Directors,
    GenreItem,
    Genres,
    Movie,
    Movies,
    NameItem,
    Names,
)
from cinema.core.paging import Page, page
from cinema.core.rendering import Created, NoContent, created, no_content
from cinema.core.request import Request
from cinema.core.schemas import Body
from cinema.security import Verb


def newest_first(query: dict[str, Any]) -> dict[str, Any]:
    """`status=new` sorts by year, newest first, unless a sort is given."""
    return {"sort": "-year"} if "status" in query and "sort" not in query else {}


_CHANGING = ("label-not-held", "no-duration", "overlap")


@view_defaults(context=Movies)
class MoviesViews:
    """Films."""

    def __init__(self, _context: Movies, request: Request) -> None:
        self.request = request

    @view_config(request_method="GET", permission=Verb.VIEW, query=schemas.MovieQuery)
    def get(self) -> Page[MovieJson]:
        """A page of films."""
        request = self.request
        return page(request, MOVIE_LIST, movie_json, {"sight": sight(request), **newest_first(request.query)})

    @view_config(request_method="POST", permission=Verb.CREATE, schema=schemas.MovieBody, refuses=("label-not-held",))
    def post(self) -> Created[MovieJson]:
        """Enters a film."""
        request = self.request
        movie_id = services.create_movie(request.db, request.validated, sight(request), request.now)
        return created(request, movie_id, movie_json(services.get_movie(request.db, movie_id, sight(request))))


@view_defaults(context=Movie)
class MovieViews:
    """One film."""

    def __init__(self, context: Movie, request: Request) -> None:
        self.id = context.id
        self.request = request

    @view_config(request_method="GET", permission=Verb.VIEW)
    def get(self) -> MovieJson:
        """The film with its genres, directors and actors."""
        return movie_json(services.get_movie(self.request.reader, self.id, sight(self.request)))

    @view_config(request_method="PUT", permission=Verb.EDIT, schema=schemas.MovieBody, refuses=_CHANGING)
    @view_config(request_method="PATCH", permission=Verb.EDIT, schema=schemas.MovieBody.partial(), refuses=_CHANGING)
    def change(self) -> MovieJson:
        """Changes the film."""
        request = self.request
        services.change_movie(request.db, self.id, request.validated, sight(request))
        return movie_json(services.get_movie(request.db, self.id, sight(request)))

    @view_config(request_method="DELETE", permission=Verb.DELETE, refuses=("in-use",))
    def delete(self) -> NoContent:
        """Deletes the film."""
        services.delete_movie(self.request.db, self.id, sight(self.request))
        return no_content()


class NamesViews:
    """Genres or directors: the context says which."""

    def __init__(self, context: Names, request: Request) -> None:
        self.model = context.model
        self.request = request

    def get(self) -> Page[NameJson]:
        """A page of them."""
        return page(self.request, NAME_LISTS[self.model], name_json)

    def post(self) -> Created[NameJson]:
        """Enters one."""
        named = services.save_named(self.request.db, self.model(), self.request.validated)
        return created(self.request, named.id, name_json(named))


class NameViews:
    """One genre or director."""

    def __init__(self, context: NameItem, request: Request) -> None:
        self.id = context.id
        self.model = context.model
        self.request = request

    def get(self) -> NameJson:
        """It."""
        return name_json(services.get_named(self.request.reader, self.model, self.id))

    def change(self) -> NameJson:
        """Renames it."""
        return name_json(services.rename(self.request.db, self.model, self.id, self.request.validated))

    def delete(self) -> NoContent:
        """Deletes it."""
        services.delete_named(self.request.db, self.model, self.id)
        return no_content()


class ActorsViews(NamesViews):
    """Actors."""

    def get(self) -> Page[ActorJson]:  # type: ignore[override]  # more fields than a name has
        """A page of them."""
        return page(self.request, NAME_LISTS[self.model], actor_json)

    def post(self) -> Created[ActorJson]:  # type: ignore[override]
        """Enters one."""
        actor = services.save_named(self.request.db, self.model(), self.request.validated)
        return created(self.request, actor.id, actor_json(actor))


class ActorViews(NameViews):
    """One actor."""

    def get(self) -> ActorJson:  # type: ignore[override]
        """It."""
        return actor_json(services.get_named(self.request.reader, self.model, self.id))

    def change(self) -> ActorJson:  # type: ignore[override]
        """Renames it."""
        return actor_json(services.rename(self.request.db, self.model, self.id, self.request.validated))


def add_name_views(
    config: Any,
    collection: type,
    item: type,
    body: type[Body],
    many: type = NamesViews,
    one: type = NameViews,
    refuses: tuple[str, ...] = (),
) -> None:
    """The seven views that genres, directors and actors have alike; `refuses` is for those that write a name."""
    config.add_view(
        many,
        attr="get",
        context=collection,
        request_method="GET",
        permission=Verb.VIEW,
        query=schemas.NameQuery,
    )
    config.add_view(
        many,
        attr="post",
        context=collection,
        request_method="POST",
        permission=Verb.CREATE,
        schema=body,
        refuses=refuses,
    )
    config.add_view(one, attr="get", context=item, request_method="GET", permission=Verb.VIEW)
    config.add_view(
        one,
        attr="change",
        context=item,
        request_method="PUT",
        permission=Verb.EDIT,
        schema=body,
        refuses=refuses,
    )
    config.add_view(
        one,
        attr="change",
        context=item,
        request_method="PATCH",
        permission=Verb.EDIT,
        schema=body.partial(),
        refuses=refuses,
    )
    config.add_view(
        one, attr="delete", context=item, request_method="DELETE", permission=Verb.DELETE, refuses=("in-use",)
    )


def includeme(config: Any) -> None:
    """Registers the views."""
    add_name_views(config, Genres, GenreItem, schemas.Name, refuses=("name-taken",))
    add_name_views(config, Directors, DirectorItem, schemas.Name)
    add_name_views(config, Actors, ActorItem, schemas.ActorName, ActorsViews, ActorViews)
    config.scan()
