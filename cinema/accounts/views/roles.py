"""Roles and permissions, for those who may."""

from pyramid.view import view_config, view_defaults

from cinema.accounts import administration, schemas
from cinema.accounts.presenters import PermissionJson, RoleJson, permission_json, role_json
from cinema.accounts.queries import ROLE, ROLE_LIST
from cinema.accounts.resources import Permissions, RoleItem, Roles
from cinema.core.errors import NotFound
from cinema.core.paging import Page, page, page_of
from cinema.core.rendering import Created, NoContent, created, no_content
from cinema.core.request import Request
from cinema.security import Permission, Verb

_CHANGING = ("not-yours-to-give", "outranked", "last-administrator")


@view_defaults(context=Roles)
class RolesViews:
    """Roles."""

    def __init__(self, _context: Roles, request: Request) -> None:
        self.request = request

    @view_config(request_method="GET", permission=Verb.VIEW, query=schemas.RoleQuery)
    def get(self) -> Page[RoleJson]:
        """A page of roles."""
        return page(self.request, ROLE_LIST, role_json)

    @view_config(
        request_method="POST",
        permission=Verb.CREATE,
        schema=schemas.RoleBody,
        refuses=("name-taken", "not-yours-to-give"),
    )
    def post(self) -> Created[RoleJson]:
        """Makes a role."""
        request = self.request
        name = request.validated["name"]
        grantor = request.registry.policy.grantor(request)
        administration.create_role(request.db, **request.validated, grantor=grantor, now=request.now)
        return created(request, name, _role(request, name))


@view_defaults(context=RoleItem)
class RoleViews:
    """One role."""

    def __init__(self, context: RoleItem, request: Request) -> None:
        self.name = context.__name__
        self.request = request

    @view_config(request_method="GET", permission=Verb.VIEW)
    def get(self) -> RoleJson:
        """The role."""
        row = ROLE.run(self.request.reader, name=self.name).one_or_none()
        if row is None:
            raise NotFound
        return role_json(row)

    @view_config(request_method="PUT", permission=Verb.EDIT, schema=schemas.RoleReplacement, refuses=_CHANGING)
    @view_config(
        request_method="PATCH", permission=Verb.EDIT, schema=schemas.RoleReplacement.partial(), refuses=_CHANGING
    )
    def change(self) -> RoleJson:
        """Changes what the role may do; known everywhere within two seconds."""
        request = self.request
        grantor = request.registry.policy.grantor(request)
        administration.change_role(request.db, self.name, grantor, request.now, **request.validated)
        return _role(request, self.name)

    @view_config(
        request_method="DELETE", permission=Verb.DELETE, refuses=("built-in", "outranked", "last-administrator")
    )
    def delete(self) -> NoContent:
        """Deletes the role."""
        request = self.request
        grantor = request.registry.policy.grantor(request)
        administration.delete_role(request.db, self.name, grantor, request.now)
        return no_content()


@view_config(context=Permissions, request_method="GET", permission=Verb.VIEW, query=schemas.PermissionQuery)
def permissions(_context: Permissions, request: Request) -> Page[PermissionJson]:
    """Every permission there is. `label:<name>` is valid without being listed."""
    return page_of(request, list(Permission), permission_json)


def _role(request: Request, name: str) -> RoleJson:
    return role_json(ROLE.run(request.db, name=name).one())
