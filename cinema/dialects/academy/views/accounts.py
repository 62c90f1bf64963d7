"""Accounts."""

from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config, view_defaults

from cinema.accounts import services
from cinema.core.errors import Problem
from cinema.core.rendering import Created, Json, made, unkept
from cinema.core.request import Request
from cinema.dialects.academy import schemas
from cinema.dialects.academy.answers import AcademyTokenJson, AcademyUserJson
from cinema.dialects.academy.presenters import user_json
from cinema.dialects.academy.resources import Login, Me, Register
from cinema.dialects.academy.views import with_allow
from cinema.dialects.accounts import key_for, make_account, name_is_taken, set_password
from cinema.dialects.translation import as_fields
from cinema.security import Verb


@view_config(
    context=Register,
    request_method="POST",
    permission=NO_PERMISSION_REQUIRED,
    query=None,
    schema=schemas.Account,
    looks_up=name_is_taken,
    decorator=with_allow,
)
def register(_context: Register, request: Request) -> Created[AcademyUserJson]:
    """Makes an account."""
    wanted = request.validated
    email = wanted.get("email") or None
    user_id = make_account(request, wanted["password"], username=wanted["username"], email=email)
    return made(user_json(services.get_user(request.db, user_id)))


@view_config(
    context=Login,
    request_method="POST",
    permission=NO_PERMISSION_REQUIRED,
    query=None,
    schema=schemas.Login,
    refuses=(429,),
    decorator=with_allow,
)
def login(_context: Login, request: Request) -> Json[AcademyTokenJson] | Response:
    """Exchanges username and password for a key."""
    key = key_for(request, request.validated["username"], request.validated["password"])
    return request.refuse(key) if isinstance(key, Problem) else unkept({"token": key})


@view_defaults(context=Me, query=None, decorator=with_allow)
class MeViews:
    """The caller's own account."""

    def __init__(self, _context: Me, request: Request) -> None:
        self.request = request
        self.user_id = request.identity.user_id

    @view_config(request_method="GET", permission=Verb.VIEW)
    def get(self) -> AcademyUserJson:
        """The caller."""
        return user_json(services.get_user(self.request.reader, self.user_id))

    @view_config(request_method="PUT", permission=Verb.EDIT, schema=schemas.Account)
    @view_config(request_method="PATCH", permission=Verb.EDIT, schema=schemas.Account.partial())
    def change(self) -> AcademyUserJson:
        """Changes username, e-mail address and password, as far as given."""
        request, changes = self.request, dict(self.request.validated)
        if "password" in changes:
            set_password(request, changes.pop("password"))
        if "email" in changes:
            changes["email"] = changes["email"] or None
        with as_fields({"username-taken": "username"}):
            services.change_contact(request.db, self.user_id, changes)
        return user_json(services.get_user(request.db, self.user_id))
