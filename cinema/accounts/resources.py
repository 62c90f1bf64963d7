"""Where accounts live: `auth/…` and `me`."""

from cinema.core.resources import Resource
from cinema.security import Acl, own_acl


class Register(Resource):
    """auth/register"""


class Login(Resource):
    """auth/login"""


class Me(Resource):
    """me: the caller's own account"""

    def __acl__(self) -> Acl:
        """The caller's."""
        return own_acl()


class Password(Resource):
    """me/password"""
