"""Other people's accounts, for those who may."""

from typing import Any

from pyramid.view import view_config, view_defaults

from cinema.accounts import administration, models, schemas, services
from cinema.accounts.presenters import (
    RoleJson,
    SessionJson,
    SignInJson,
    UserJson,
    role_json,
    session_json,
    sign_in_json,
    user_json,
)
from cinema.accounts.queries import HISTORY_LIST, ROLE_LIST, SESSION_LIST, USER_LIST
from cinema.accounts.resources import UserHistory, UserItem, UserRole, UserRoles, Users, UserSessions
from cinema.core.db.base import Reader
from cinema.core.paging import Page, PageQuery, page
from cinema.core.rendering import Json, NoContent, no_content
from cinema.core.request import Request
from cinema.core.showing import ObjectViews, Shown, show
from cinema.security import Verb


def shown_user(db: Reader, user_id: int) -> Shown[UserJson]:
    """An account. Raises NotFound."""
    row = services.get_user(db, user_id)
    return Shown(row, lambda: user_json(row))


@view_config(context=Users, request_method="GET", permission=Verb.VIEW, query=schemas.UserQuery)
def users(_context: Users, request: Request) -> Json[Page[UserJson]]:
    """A page of accounts."""
    return page(request, USER_LIST, user_json)


@view_defaults(context=UserItem)
class UserViews(ObjectViews):
    """One account."""

    model = models.User

    def lock(self) -> None:
        """Keeps it as it is; in the order of services, which lock roles first."""
        administration.lock_roles(self.request.db)
        super().lock()

    def current(self, db: Reader) -> Shown[UserJson]:
        """The account."""
        return shown_user(db, self.id)

    @view_config(request_method="GET", permission=Verb.VIEW)
    def get(self) -> Json[UserJson]:
        """The account."""
        return show(self.request, self.current(self.request.reader))

    @view_config(
        request_method="PATCH",
        permission=Verb.EDIT,
        schema=schemas.UserPatch,
        refuses=("outranked", "last-administrator"),
    )
    def patch(self) -> Json[UserJson]:
        """Disables or enables the account."""
        request = self.request
        if "is_active" in request.validated:
            grantor = request.registry.policy.grantor(request)
            administration.set_active(request.db, self.id, request.validated["is_active"], grantor, request.now)
        return show(request, self.current(request.db))


@view_config(context=UserHistory, request_method="GET", permission=Verb.VIEW, query=PageQuery)
def user_history(context: UserHistory, request: Request) -> Json[Page[SignInJson]]:
    """Somebody's sign-ins, newest first."""
    since = request.now - request.registry.accounts.history_kept
    return page(request, HISTORY_LIST, sign_in_json, {"user": _existing(context, request), "since": since})


@view_config(context=UserSessions, request_method="GET", permission=Verb.VIEW, query=PageQuery)
def user_sessions(context: UserSessions, request: Request) -> Json[Page[SessionJson]]:
    """Where somebody is signed in."""
    current = request.identity and request.identity.session_id  # a stranger may be allowed to look
    return page(
        request,
        SESSION_LIST,
        lambda row: session_json(row, current),
        {"user": _existing(context, request)},
        besides=lambda row: row.id == current,
    )


@view_config(context=UserSessions, request_method="DELETE", permission=Verb.EDIT, refuses=("outranked",))
def end_user_sessions(context: UserSessions, request: Request) -> NoContent:
    """Ends all of somebody's sessions."""
    grantor = request.registry.policy.grantor(request)
    administration.end_sessions(request.db, _user_id(context), grantor, request.now)
    return no_content()


@view_config(context=UserRoles, request_method="GET", permission=Verb.VIEW, query=PageQuery)
def user_roles(context: UserRoles, request: Request) -> Json[Page[RoleJson]]:
    """Somebody's roles."""
    return page(request, ROLE_LIST, role_json, {"user": _existing(context, request)})


@view_defaults(context=UserRole)
class UserRoleViews:
    """A role that somebody has, or not."""

    def __init__(self, context: UserRole, request: Request) -> None:
        self.user_id = _user_id(context.__parent__)
        self.role = context.__name__
        self.request = request
        self.grantor = request.registry.policy.grantor(request)

    @view_config(request_method="PUT", permission=Verb.EDIT, refuses=("not-yours-to-give",))
    def put(self) -> NoContent:
        """Grants the role."""
        administration.grant_role(self.request.db, self.user_id, self.role, self.grantor, self.request.now)
        return no_content()

    @view_config(request_method="DELETE", permission=Verb.EDIT, refuses=("outranked", "last-administrator"))
    def delete(self) -> NoContent:
        """Revokes the role."""
        administration.revoke_role(self.request.db, self.user_id, self.role, self.grantor, self.request.now)
        return no_content()


def _user_id(context: Any) -> int:
    """The id in `users/{id}/…`."""
    user_id: int = context.__parent__.id
    return user_id


def _existing(context: Any, request: Request) -> int:
    """The same, for somebody who exists. Raises NotFound."""
    user_id: int = services.get_user(request.reader, _user_id(context)).id
    return user_id
