"""How bookmarks are found."""

from cinema.bookmarks.models import Bookmark
from cinema.catalogue.labels import BY_SIGHT
from cinema.catalogue.models import Movie
from cinema.catalogue.queries import MOVIES
from cinema.core.listing import Listing, SortKey, equals

_bookmark = Bookmark.__table__.c

BOOKMARK_LIST = Listing(
    MOVIES.add_columns(Bookmark.saved_at).join(Bookmark, Bookmark.movie_id == Movie.id),
    sorts={"saved_at": SortKey(_bookmark.saved_at, "saved_at")},
    tie=SortKey(_bookmark.movie_id, "id"),
    sort="-saved_at",
    filters={"sight": BY_SIGHT, "owner": equals("owner", _bookmark.user_id)},
)
