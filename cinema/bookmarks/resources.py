"""Where bookmarks live: `me/bookmarks`. They inherit the access list of `me`."""

from cinema.core.resources import Item, Resource


class Bookmarks(Resource):
    """me/bookmarks"""


class Bookmark(Item):
    """me/bookmarks/{movie}"""
