"""Bookmarks over HTTP."""

from pyramid.view import view_config, view_defaults

from cinema.bookmarks import services
from cinema.bookmarks.presenters import BookmarkJson, bookmark_json
from cinema.bookmarks.queries import BOOKMARK_LIST
from cinema.bookmarks.resources import Bookmark, Bookmarks
from cinema.catalogue.labels import sight
from cinema.core.paging import Page, PageQuery, page
from cinema.core.rendering import Json, NoContent, no_content
from cinema.core.request import Request
from cinema.security import Verb


@view_config(context=Bookmarks, request_method="GET", permission=Verb.VIEW, query=PageQuery)
def bookmarks(_context: Bookmarks, request: Request) -> Json[Page[BookmarkJson]]:
    """A page of the caller's bookmarks."""
    also = {"sight": sight(request), "owner": request.identity.user_id}
    return page(request, BOOKMARK_LIST, bookmark_json, also)


@view_defaults(context=Bookmark)
class BookmarkViews:
    """One film among the caller's bookmarks."""

    def __init__(self, context: Bookmark, request: Request) -> None:
        self.movie_id = context.id
        self.request = request
        self.user_id = request.identity.user_id

    @view_config(request_method="PUT", permission=Verb.BOOKMARK)
    def put(self) -> NoContent:
        """Saves the film."""
        services.save(self.request.db, self.user_id, self.movie_id, sight(self.request), self.request.now)
        return no_content()

    @view_config(request_method="DELETE", permission=Verb.BOOKMARK)
    def delete(self) -> NoContent:
        """Forgets the film."""
        services.forget(self.request.db, self.user_id, self.movie_id, sight(self.request))
        return no_content()
