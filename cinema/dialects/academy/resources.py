"""Where the dialect lives: `api/…` for accounts, `api/cinema/…` for all else."""

from cinema.core.resources import Item, Resource
from cinema.security import Permission, Verb, members_acl, orders_acl, own_acl


class Register(Resource):
    """api/register/"""


class Login(Resource):
    """api/login/"""


class Me(Resource):
    """api/me/"""

    __acl__ = own_acl()


class Catalogue(Resource):
    """What is alike in genres, actors and movies."""

    __acl__ = members_acl(Permission.MOVIES_EDIT)
    fallback_permission = Verb.EDIT


class Genres(Catalogue):
    """api/cinema/genres/"""


class Actors(Catalogue):
    """api/cinema/actors/"""


class Movies(Catalogue):
    """api/cinema/movies/"""


class Movie(Item):
    """api/cinema/movies/{id}/"""

    fallback_permission = Verb.EDIT


class CinemaHalls(Resource):
    """api/cinema/cinema_halls/"""

    __acl__ = members_acl(Permission.HALLS_EDIT)
    fallback_permission = Verb.EDIT


class MovieSessions(Resource):
    """api/cinema/movie_sessions/"""

    __acl__ = members_acl(Permission.SCREENINGS_EDIT)
    fallback_permission = Verb.EDIT


class MovieSession(Item):
    """api/cinema/movie_sessions/{id}/"""

    fallback_permission = Verb.EDIT


class Orders(Resource):
    """api/cinema/orders/"""

    __acl__ = orders_acl()
