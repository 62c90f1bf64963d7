"""Where the dialect lives: `api/auth/…`, `api/cassetes/`."""

from cinema.core.resources import Item, Resource
from cinema.security import Verb, common_acl


class SignUp(Resource):
    """api/auth/signup"""


class SignIn(Resource):
    """api/auth/login, and what others called it"""


class Endpoints(Resource):
    """api/swagger"""


class Cassettes(Resource):
    """api/cassetes/"""

    __acl__ = common_acl()
    fallback_permission = Verb.EDIT


class Cassette(Item):
    """api/cassetes/{id}"""

    __acl__ = common_acl()
    fallback_permission = Verb.EDIT
