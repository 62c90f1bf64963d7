"""Roles and permissions, for those who may."""

from pyramid.view import view_config, view_defaults

from cinema.accounts import administration, schemas
from cinema.accounts.presenters import PermissionJson, RoleJson, permission_json, role_json
from cinema.accounts.queries import ROLE, ROLE_LIST
from cinema.accounts.resources import Permissions, RoleItem, Roles
from cinema.core.db.base import Reader
from cinema.core.errors import NotFound
from cinema.core.paging import Page, page, page_of
from cinema.core.rendering import Created, Json, NoContent, no_content
from cinema.core.request import Request
from cinema.core.showing import ObjectViews, Shown, show, show_created
from cinema.security import Permission, Verb

_CHANGING = ("not-yours-to-give", "outranked", "last-administrator")


def shown_role(db: Reader, name: str) -> Shown[RoleJson]:
    """A role. Raises NotFound."""
    row = ROLE.run(db, name=name).one_or_none()
    if row is None:
        raise NotFound
    return Shown(row, lambda: role_json(row))


@view_defaults(context=Roles)
class RolesViews:
    """Roles."""

    def __init__(self, _context: Roles, request: Request) -> None:
        self.request = request

    @view_config(request_method="GET", permission=Verb.VIEW, query=schemas.RoleQuery)
    def get(self) -> Json[Page[RoleJson]]:
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
        return show_created(request, name, shown_role(request.db, name))


@view_defaults(context=RoleItem)
class RoleViews(ObjectViews):
    """One role."""

    def __init__(self, context: RoleItem, request: Request) -> None:
        self.name = context.__name__
        self.request = request

    def lock(self) -> None:
        """Keeps it as it is."""
        administration.lock_roles(self.request.db)

    def current(self, db: Reader) -> Shown[RoleJson]:
        """The role."""
        return shown_role(db, self.name)

    @view_config(request_method="GET", permission=Verb.VIEW)
    def get(self) -> Json[RoleJson]:
        """The role."""
        return show(self.request, self.current(self.request.reader))

    @view_config(request_method="PUT", permission=Verb.EDIT, schema=schemas.RoleReplacement, refuses=_CHANGING)
    @view_config(
        request_method="PATCH", permission=Verb.EDIT, schema=schemas.RoleReplacement.partial(), refuses=_CHANGING
    )
    def change(self) -> Json[RoleJson]:
        """Changes what the role may do; known everywhere within two seconds."""
        request = self.request
        grantor = request.registry.policy.grantor(request)
        administration.change_role(request.db, self.name, grantor, request.now, **request.validated)
        return show(request, self.current(request.db))

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
def permissions(_context: Permissions, request: Request) -> Json[Page[PermissionJson]]:
    """Every permission there is. `label:<name>` is valid without being listed."""
    return page_of(request, list(Permission), permission_json)
