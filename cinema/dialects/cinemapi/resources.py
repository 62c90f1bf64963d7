"""Where the dialect lives."""

from cinema.core.resources import Item, Resource
from cinema.security import Permission, Verb, booked_tickets_acl, granted_acl, orders_acl, own_acl, public_acl


class Register(Resource):
    """register/"""


class Token(Resource):
    """token/"""


class TokenRefresh(Resource):
    """token/refresh/"""


class CurrentUser(Resource):
    """current_user/"""

    __acl__ = own_acl()


class Users(Resource):
    """user/"""

    __acl__ = granted_acl(view=Permission.USERS_VIEW, edit=Permission.USERS_EDIT)


class User(Item):
    """user/{id}/"""


class Halls(Resource):
    """hall/"""

    __acl__ = public_acl()


class Hall(Item):
    """hall/{id}/"""


class Movies(Resource):
    """movie/"""

    __acl__ = public_acl(Permission.MOVIES_EDIT)
    fallback_permission = Verb.EDIT


class Movie(Item):
    """movie/{id}/"""

    fallback_permission = Verb.EDIT


class Sessions(Resource):
    """session/"""

    __acl__ = public_acl(Permission.SCREENINGS_EDIT)
    fallback_permission = Verb.EDIT


class Session(Item):
    """session/{id}/"""

    fallback_permission = Verb.EDIT


class Book(Resource):
    """book/"""

    __acl__ = orders_acl()


class Tickets(Resource):
    """ticket/"""

    __acl__ = booked_tickets_acl()
    fallback_permission = Verb.EDIT


class Ticket(Item):
    """ticket/{id}/"""

    fallback_permission = Verb.EDIT


class TicketStatuses(Resource):
    """ticket_status/"""

    __acl__ = booked_tickets_acl()


class Payment(Item):
    """pay/{ticket}/"""

    __acl__ = orders_acl()
