"""Where the dialect lives: `movies/`, `genres/`, `directors/`, `auth/…`, `user/`, `favorites/movies/`."""

from typing import ClassVar

from cinema.catalogue import models
from cinema.core.request import Request
from cinema.core.resources import Item, Node, Resource
from cinema.security import own_acl


class Movies(Resource):
    """movies/"""


class Movie(Item):
    """movies/{id}"""


class Names(Resource):
    """A list of genres or directors; `model` says of which."""

    model: ClassVar[type[models.Genre | models.Director]]


class Genres(Names):
    """genres/"""

    model = models.Genre


class Directors(Names):
    """directors/"""

    model = models.Director


class Name(Item):
    """A genre or a director; `model` says which."""

    model: ClassVar[type[models.Genre | models.Director]]


class Genre(Name):
    """genres/{id}"""

    model = models.Genre


class Director(Name):
    """directors/{id}"""

    model = models.Director


class Register(Resource):
    """auth/register"""


class Login(Resource):
    """auth/login"""


class User(Resource):
    """user/: whoever is calling"""

    __acl__ = own_acl()


class Password(Resource):
    """user/password"""


class Favorites(Resource):
    """favorites/movies/: the caller's own"""

    __acl__ = own_acl()


class Favorite(Resource):
    """favorites/movies/{id}. What can be no id is the film 0, which there is not: a stranger hears 401 before 404."""

    parameter = Item.parameter

    def __init__(self, request: Request, parent: Resource | None, name: str, node: Node) -> None:
        super().__init__(request, parent, name, node)
        self.movie_id = int(name) if len(name) <= 18 and name.isascii() and name.isdigit() else 0
