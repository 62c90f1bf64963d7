"""Where accounts live: `auth/…`, `me`, `users`, `roles`, `permissions`."""

from cinema.accounts.roles import MEMBER, ROLE_NAME
from cinema.core.request import Request
from cinema.core.resources import Item, Node, Parameter, Resource
from cinema.security import Permission, granted_acl, own_acl


class Register(Resource):
    """auth/register"""


class Login(Resource):
    """auth/login"""


class Refresh(Resource):
    """auth/refresh"""


class Logout(Resource):
    """auth/logout"""

    __acl__ = own_acl()


class LogoutOthers(Resource):
    """auth/logout-others"""

    __acl__ = own_acl()


class Me(Resource):
    """me: the caller's own account; what lies below inherits its access list"""

    __acl__ = own_acl()


class Password(Resource):
    """me/password"""


class MyLogin(Resource):
    """me/login"""


class MyHistory(Resource):
    """me/history"""


class MySessions(Resource):
    """me/sessions"""


class MySession(Item):
    """me/sessions/{sid}"""


class Ready(Resource):
    """health/ready"""


class Users(Resource):
    """users"""

    __acl__ = granted_acl(view=Permission.USERS_VIEW, edit=Permission.USERS_EDIT)


class UserItem(Item):
    """users/{id}"""


class UserHistory(Resource):
    """users/{id}/history"""


class UserSessions(Resource):
    """users/{id}/sessions"""


class UserRoles(Resource):
    """users/{id}/roles"""

    __acl__ = granted_acl(view=Permission.USERS_VIEW, edit=Permission.ROLES_EDIT)


class Named(Resource):
    """A role, addressed by its name. Raises KeyError, so 404, for a segment that can be none."""

    parameter = Parameter("name", {"type": "string", "pattern": f"^{ROLE_NAME.pattern}$"}, MEMBER)

    def __init__(self, request: Request, parent: Resource | None, name: str, node: Node) -> None:
        if not ROLE_NAME.fullmatch(name):
            raise KeyError(name)
        super().__init__(request, parent, name, node)


class UserRole(Named):
    """users/{id}/roles/{role}"""


class Roles(Resource):
    """roles"""

    __acl__ = granted_acl(view=Permission.USERS_VIEW, edit=Permission.ROLES_EDIT)


class RoleItem(Named):
    """roles/{name}"""


class Permissions(Resource):
    """permissions"""

    __acl__ = granted_acl(view=Permission.USERS_VIEW, edit=Permission.ROLES_EDIT)


class PermissionCheck(Resource):
    """permissions/check"""
