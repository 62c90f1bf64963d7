"""Where the catalogue lives: `movies`, `genres`, `directors`, `actors`."""

from typing import ClassVar

from cinema.catalogue.models import Actor, Director, Genre
from cinema.core.resources import Item, Resource
from cinema.security import Permission, catalogue_acl


class Collection(Resource):
    """What is alike in all four: members read, staff write. Items inherit it."""

    __acl__ = catalogue_acl(Permission.MOVIES_VIEW, Permission.MOVIES_EDIT)


class Movies(Collection):
    """movies"""


class Movie(Item):
    """movies/{id}"""


class Names(Collection):
    """A list of genres, directors or actors; `model` says of which."""

    model: ClassVar[type[Genre | Director | Actor]]


class Genres(Names):
    """genres"""

    model = Genre


class Directors(Names):
    """directors"""

    model = Director


class Actors(Names):
    """actors"""

    model = Actor


class NameItem(Item):
    """One of such a list."""

    model: ClassVar[type[Genre | Director | Actor]]


class GenreItem(NameItem):
    """genres/{id}"""

    model = Genre


class DirectorItem(NameItem):
    """directors/{id}"""

    model = Director


class ActorItem(NameItem):
    """actors/{id}"""

    model = Actor
