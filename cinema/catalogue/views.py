"""The catalogue over HTTP."""

from typing import Any

from pyramid.view import view_config, view_defaults

from cinema.catalogue import models, schemas, services
from cinema.catalogue.labels import sight
from cinema.catalogue.models import CATALOGUE_TOPIC
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
from cinema.core.db import rows
from cinema.core.db.base import Reader
from cinema.core.paging import Page, page
from cinema.core.ready import Kept
from cinema.core.rendering import Created, Json, NoContent, no_content
from cinema.core.request import Request
from cinema.core.schemas import Body
from cinema.core.showing import ObjectViews, Shown, show, show_created
from cinema.security import Verb


def newest_first(query: dict[str, Any]) -> dict[str, Any]:
    """`status=new` sorts by year, newest first, unless a sort is given."""
    return {"sort": "-year"} if "status" in query and "sort" not in query else {}


_CHANGING = ("label-not-held", "no-duration", "overlap")
_NAMES = Kept((CATALOGUE_TOPIC,))
_FILMS = Kept((CATALOGUE_TOPIC,), by=sight)


def shown_movie(request: Request, db: Reader, movie_id: int) -> Shown[MovieJson]:
    """A film, as the caller sees it. Raises NotFound."""
    row = services.get_movie(db, movie_id, sight(request))
    return Shown(row, lambda: movie_json(row))


@view_defaults(context=Movies)
class MoviesViews:
    """Films."""

    def __init__(self, _context: Movies, request: Request) -> None:
        self.request = request

    @view_config(request_method="GET", permission=Verb.VIEW, query=schemas.MovieQuery, kept=_FILMS)
    def get(self) -> Json[Page[MovieJson]]:
        """A page of films."""
        request = self.request
        return page(request, MOVIE_LIST, movie_json, {"sight": sight(request), **newest_first(request.query)})

    @view_config(request_method="POST", permission=Verb.CREATE, schema=schemas.MovieBody, refuses=("label-not-held",))
    def post(self) -> Created[MovieJson]:
        """Enters a film."""
        request = self.request
        movie_id = services.create_movie(request.db, request.validated, sight(request), request.now)
        return show_created(request, movie_id, shown_movie(request, request.db, movie_id))


@view_defaults(context=Movie)
class MovieViews(ObjectViews):
    """One film."""

    model = models.Movie

    def current(self, db: Reader) -> Shown[MovieJson]:
        """The film, as the caller sees it."""
        return shown_movie(self.request, db, self.id)

    @view_config(request_method="GET", permission=Verb.VIEW, kept=_FILMS)
    def get(self) -> Json[MovieJson]:
        """The film with its genres, directors and actors."""
        return show(self.request, self.current(self.request.reader))

    @view_config(request_method="PUT", permission=Verb.EDIT, schema=schemas.MovieBody, refuses=_CHANGING)
    @view_config(request_method="PATCH", permission=Verb.EDIT, schema=schemas.MovieBody.partial(), refuses=_CHANGING)
    def change(self) -> Json[MovieJson]:
        """Changes the film."""
        request = self.request
        services.change_movie(request.db, self.id, request.validated, sight(request))
        return show(request, self.current(request.db))

    @view_config(request_method="DELETE", permission=Verb.DELETE, refuses=("in-use",))
    def delete(self) -> NoContent:
        """Deletes the film."""
        services.delete_movie(self.request.db, self.id, sight(self.request))
        return no_content()


def shown_name(named: Any) -> Shown[NameJson]:
    """A genre or director: a row or an object."""
    return Shown((named.id, named.name), lambda: name_json(named))


def shown_actor(actor: Any) -> Shown[ActorJson]:
    """An actor: a row or an object."""
    return Shown((actor.id, actor.first_name, actor.last_name), lambda: actor_json(actor))


class NamesViews:
    """Genres or directors: the context says which."""

    present: Any = staticmethod(name_json)
    shown: Any = staticmethod(shown_name)

    def __init__(self, context: Names, request: Request) -> None:
        self.model = context.model
        self.request = request

    def get(self) -> Json[Page[NameJson]]:
        """A page of them."""
        return page(self.request, NAME_LISTS[self.model], self.present)

    def post(self) -> Created[NameJson]:
        """Enters one."""
        named = services.save_named(self.request.db, self.model(), self.request.validated)
        return show_created(self.request, named.id, self.shown(named))


class NameViews(ObjectViews):
    """One genre or director."""

    shown: Any = staticmethod(shown_name)

    def __init__(self, context: NameItem, request: Request) -> None:
        super().__init__(context, request)
        self.named = context.model

    def lock(self) -> None:
        """Keeps it as it is."""
        rows.locked(self.request.db, self.named, self.id)

    def current(self, db: Reader) -> Shown[Any]:
        """It."""
        shown: Shown[Any] = self.shown(services.get_named(db, self.named, self.id))
        return shown

    def get(self) -> Json[NameJson]:
        """It."""
        return show(self.request, self.current(self.request.reader))

    def change(self) -> Json[NameJson]:
        """Renames it."""
        named = services.rename(self.request.db, self.named, self.id, self.request.validated)
        return show(self.request, self.shown(named))

    def delete(self) -> NoContent:
        """Deletes it."""
        services.delete_named(self.request.db, self.named, self.id)
        return no_content()


class ActorsViews(NamesViews):
    """Actors, who have more fields than a name."""

    present = staticmethod(actor_json)
    shown = staticmethod(shown_actor)

    def get(self) -> Json[Page[ActorJson]]:  # type: ignore[override]
        """A page of them."""
        return super().get()  # type: ignore[return-value]

    def post(self) -> Created[ActorJson]:  # type: ignore[override]
        """Enters one."""
        return super().post()  # type: ignore[return-value]


class ActorViews(NameViews):
    """One actor."""

    shown = staticmethod(shown_actor)

    def get(self) -> Json[ActorJson]:  # type: ignore[override]
        """It."""
        return super().get()  # type: ignore[return-value]

    def change(self) -> Json[ActorJson]:  # type: ignore[override]
        """Renames it."""
        return super().change()  # type: ignore[return-value]


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
        kept=_NAMES,
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
    config.add_view(one, attr="get", context=item, request_method="GET", permission=Verb.VIEW, kept=_NAMES)
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
