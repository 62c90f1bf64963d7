"""Where the shop lives: `cassettes`."""

from cinema.core.resources import Item, Resource
from cinema.security import Permission, catalogue_acl


class Cassettes(Resource):
    """cassettes"""

    __acl__ = catalogue_acl(Permission.CASSETTES_VIEW, Permission.CASSETTES_EDIT)


class Cassette(Item):
    """cassettes/{id}"""
