"""The caller's own account."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyramid.view import view_config, view_defaults
from sqlalchemy import Row

from cinema.accounts import passwords, schemas, services, sessions
from cinema.accounts.origin import origin_of
from cinema.accounts.password_rules import check_new_password
from cinema.accounts.presenters import SessionJson, SignInJson, UserJson, session_json, sign_in_json, user_json
from cinema.accounts.queries import HISTORY_LIST, SESSION_LIST
from cinema.accounts.resources import Me, MyHistory, MyLogin, MySession, MySessions, Password
from cinema.accounts.signing_in import check_password
from cinema.core.errors import Forbidden, NotFound, Unauthorized
from cinema.core.paging import Page, PageQuery, page
from cinema.core.rendering import NoContent, no_content
from cinema.core.request import Request
from cinema.security import Verb


@view_defaults(context=Me)
class MeViews:
    """The profile."""

    def __init__(self, _context: Me, request: Request) -> None:
        self.request = request
        self.user_id = request.identity.user_id

    @view_config(request_method="GET", permission=Verb.VIEW)
    def get(self) -> UserJson:
        """The caller."""
        with _caller_exists():
            return user_json(services.get_user(self.request.reader, self.user_id))

    @view_config(request_method="PUT", permission=Verb.EDIT, schema=schemas.Profile)
    @view_config(request_method="PATCH", permission=Verb.EDIT, schema=schemas.Profile.partial())
    def change(self) -> UserJson:
        """Changes the profile."""
        with _caller_exists():
            services.change_profile(self.request.db, self.user_id, self.request.validated)
        return user_json(services.get_user(self.request.db, self.user_id))


@view_config(context=Password, request_method="PUT", permission=Verb.EDIT, schema=schemas.PasswordChange)
def change_password(_context: Password, request: Request) -> NoContent:
    """Changes the caller's password; the old one has to be known. Ends every other session."""
    old, new = request.validated["old_password"], request.validated["new_password"]
    user = _own_credentials(request)
    own = (user.username, user.email, user.name, user.surname)
    check_new_password(new, least=request.registry.accounts.password_min_length, own=own, field="new_password")
    attempt = _prove(request, user, old, "The old password is not right.")
    new_hash = passwords.hash_password(new)
    stays = request.identity.session_id
    services.change_password(request.db, user.id, user.password_hash, new_hash, request.now, stays=stays)
    request.registry.attempts.succeeded(request.db, attempt, request.now)
    return no_content()


@view_config(context=MyLogin, request_method="PUT", permission=Verb.EDIT, schema=schemas.LoginChange)
def change_login(_context: MyLogin, request: Request) -> UserJson:
    """Changes the caller's username or e-mail address; the password has to be known."""
    changes = request.validated
    user = _own_credentials(request)
    attempt = _prove(request, user, changes.pop("current_password"), "The password is not right.")
    services.change_login(request.db, user.id, user.password_hash, changes)
    request.registry.attempts.succeeded(request.db, attempt, request.now)
    return user_json(services.get_user(request.db, user.id))


@view_config(context=MyHistory, request_method="GET", permission=Verb.VIEW, query=PageQuery)
def my_history(_context: MyHistory, request: Request) -> Page[SignInJson]:
    """The caller's sign-ins, failed ones too, newest first."""
    since = request.now - request.registry.accounts.history_kept
    return page(request, HISTORY_LIST, sign_in_json, {"user": request.identity.user_id, "since": since})


@view_config(context=MySessions, request_method="GET", permission=Verb.VIEW, query=PageQuery)
def my_sessions(_context: MySessions, request: Request) -> Page[SessionJson]:
    """Where the caller is signed in, newest first."""
    current = request.identity.session_id
    also = {"user": request.identity.user_id}
    return page(request, SESSION_LIST, lambda row: session_json(row, current), also)


@view_config(context=MySession, request_method="DELETE", permission=Verb.EDIT)
def end_session(context: MySession, request: Request) -> NoContent:
    """Ends one of the caller's sessions."""
    sessions.end_own(request.db, context.id, request.identity.user_id, request.now)
    return no_content()


@contextmanager
def _caller_exists() -> Iterator[None]:
    """Raises Unauthorized instead of NotFound: the token is somebody's who has been deleted."""
    try:
        yield
    except NotFound:
        raise Unauthorized("This account does not exist any more.", code="token-invalid") from None


def _own_credentials(request: Request) -> Row[Any]:
    with _caller_exists():
        return services.credentials(request.reader, request.identity.user_id)


def _prove(request: Request, user: Row[Any], password: str, otherwise: str) -> Any:
    """The attempt, where `password` is the caller's. Raises Forbidden `wrong-password`, TooManyRequests."""
    outcome = check_password(request, origin_of(request), "", user, password)
    if outcome.refused:
        raise outcome.refused
    if not outcome.right:
        raise Forbidden(otherwise, code="wrong-password")
    return outcome.attempt
