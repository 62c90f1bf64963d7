"""Where the schedule lives: `halls`, `screenings`."""

from cinema.core.resources import Item, Resource
from cinema.security import Permission, catalogue_acl


class Halls(Resource):
    """halls"""

    __acl__ = catalogue_acl(Permission.HALLS_VIEW, Permission.HALLS_EDIT)


class Hall(Item):
    """halls/{id}"""


class Screenings(Resource):
    """screenings"""

    __acl__ = catalogue_acl(Permission.SCREENINGS_VIEW, Permission.SCREENINGS_EDIT)


class Screening(Item):
    """screenings/{id}"""
