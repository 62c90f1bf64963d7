"""The caller's bookmarks. Films with a label are not there, as everywhere in this dialect."""

from pyramid.view import view_config, view_defaults

from cinema.bookmarks import services
from cinema.bookmarks.queries import BOOKMARK_LIST
from cinema.catalogue.labels import Sight
from cinema.core.paging import rows_of
from cinema.core.request import Request
from cinema.dialects.site.presenters import SiteMessageJson, SiteMovieJson, message_json, movie_json
from cinema.dialects.site.resources import Favorite, Favorites
from cinema.security import Verb


@view_config(context=Favorites, request_method="GET", permission=Verb.VIEW, query=None)
def favorites(_context: Favorites, request: Request) -> list[SiteMovieJson]:
    """All films the caller saved, the latest first."""
    query = {"sight": Sight(), "owner": request.identity.user_id}
    return [movie_json(row) for row in rows_of(request, BOOKMARK_LIST, query)]


@view_defaults(context=Favorite, permission=Verb.BOOKMARK, query=None)
class FavoriteViews:
    """One film among them."""

    def __init__(self, context: Favorite, request: Request) -> None:
        self.movie_id = context.movie_id
        self.request = request
        self.user_id = request.identity.user_id

    @view_config(request_method="POST")
    def post(self) -> SiteMessageJson:
        """Saves the film; again is fine."""
        services.save(self.request.db, self.user_id, self.movie_id, Sight(), self.request.now)
        return message_json("The movie is bookmarked.")

    @view_config(request_method="DELETE")
    def delete(self) -> SiteMessageJson:
        """Forgets the film; one that was not saved is fine."""
        services.forget(self.request.db, self.user_id, self.movie_id, Sight())
        return message_json("The movie is not bookmarked any more.")
