"""Registering, signing in, and one's own account."""

from typing import Any

from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config, view_defaults

from cinema.accounts import passwords, schemas, services
from cinema.accounts.presenters import token_json, user_json
from cinema.accounts.resources import Login, Me, Password, Register
from cinema.core.errors import Forbidden, Unauthorized
from cinema.core.rendering import json_response, no_content
from cinema.core.request import Request
from cinema.security import Verb


@view_config(context=Register, request_method="POST", permission=NO_PERMISSION_REQUIRED, schema=schemas.Registration)
def register(_context: Register, request: Request) -> Response:
    """Makes an account. Opens no session."""
    wanted = request.validated
    password = wanted.pop("password")
    services.check_new_password(password, request.registry.accounts.password_min_length)
    hashed = passwords.hash_password(password)
    user_id = services.register(request.db, password_hash=hashed, now=request.now, **wanted)
    response = json_response(user_json(services.get_user(request.db, user_id)), status=201)
    response.headers["Location"] = request.resource_url(request.root["api"]["v1"]["me"]).rstrip("/")
    return response


@view_config(context=Login, request_method="POST", permission=NO_PERMISSION_REQUIRED, schema=schemas.Login)
def login(_context: Login, request: Request) -> dict[str, Any]:
    """Exchanges a username or an e-mail address, and the password, for an access token."""
    user = services.find_for_login(request.reader, request.validated["login"])
    matches = passwords.verify_password(user.password_hash if user else None, request.validated["password"])
    if user is None or not matches or not user.is_active:
        raise Unauthorized("No account with this login and password.", code="credentials", headers=_BEARER)
    roles = user.roles.split(",") if user.roles else []
    tokens = request.registry.tokens
    token = tokens.create_token(str(user.id), roles=roles, superuser=user.is_superuser)
    return token_json(token, int(tokens.lifetime.total_seconds()))


_BEARER = {"WWW-Authenticate": "Bearer"}


@view_defaults(context=Me)
class MeViews:
    """The caller's own account."""

    def __init__(self, _context: Me, request: Request) -> None:
        self.request = request
        self.user_id = request.identity.user_id

    @view_config(request_method="GET", permission=Verb.VIEW)
    def get(self) -> dict[str, Any]:
        """The caller."""
        return user_json(services.get_user(self.request.reader, self.user_id))

    @view_config(request_method="PUT", permission=Verb.EDIT, schema=schemas.Profile)
    @view_config(request_method="PATCH", permission=Verb.EDIT, schema=schemas.Profile.partial())
    def change(self) -> dict[str, Any]:
        """Changes the profile."""
        services.change_profile(self.request.db, self.user_id, self.request.validated)
        return user_json(services.get_user(self.request.db, self.user_id))


@view_config(context=Password, request_method="PUT", permission=Verb.EDIT, schema=schemas.PasswordChange)
def change_password(_context: Password, request: Request) -> Response:
    """Changes the caller's password; the old one has to be known."""
    old, new = request.validated["old_password"], request.validated["new_password"]
    services.check_new_password(new, request.registry.accounts.password_min_length, "new_password")
    user_id = request.identity.user_id
    old_hash = services.password_hash(request.reader, user_id)
    if not passwords.verify_password(old_hash, old):
        raise Forbidden("The old password is not right.", code="wrong-password")
    services.change_password(request.db, user_id, old_hash, passwords.hash_password(new))
    return no_content()
