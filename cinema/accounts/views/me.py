"""The caller's own account."""

from pyramid.view import view_config, view_defaults

from cinema.accounts import passwords, schemas, services, sessions
from cinema.accounts.own_account import caller_exists, own_credentials, prove
from cinema.accounts.password_rules import check_new_password
from cinema.accounts.presenters import SessionJson, SignInJson, UserJson, session_json, sign_in_json, user_json
from cinema.accounts.queries import HISTORY_LIST, SESSION_LIST
from cinema.accounts.resources import Me, MyHistory, MyLogin, MySession, MySessions, Password
from cinema.core.errors import Forbidden
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
        with caller_exists():
            return user_json(services.get_user(self.request.reader, self.user_id))

    @view_config(request_method="PUT", permission=Verb.EDIT, schema=schemas.Profile)
    @view_config(request_method="PATCH", permission=Verb.EDIT, schema=schemas.Profile.partial())
    def change(self) -> UserJson:
        """Changes the profile."""
        with caller_exists():
            services.change_profile(self.request.db, self.user_id, self.request.validated)
        return user_json(services.get_user(self.request.db, self.user_id))


@view_config(
    context=Password,
    request_method="PUT",
    permission=Verb.EDIT,
    schema=schemas.PasswordChange,
    refuses=("wrong-password", "too-many-attempts", "password-changed"),
)
def change_password(_context: Password, request: Request) -> NoContent:
    """Changes the caller's password; the old one has to be known. Ends every other session."""
    old, new = request.validated["old_password"], request.validated["new_password"]
    user = own_credentials(request)
    own = (user.username, user.email, user.name, user.surname)
    check_new_password(new, least=request.registry.accounts.password_min_length, own=own, field="new_password")
    attempt = prove(request, user, old, _wrong("The old password is not right."))
    new_hash = passwords.hash_password(new)
    stays = request.identity.session_id
    services.change_password(request.db, user.id, user.password_hash, new_hash, request.now, stays=stays)
    request.registry.attempts.succeeded(request.db, attempt, request.now)
    return no_content()


@view_config(
    context=MyLogin,
    request_method="PUT",
    permission=Verb.EDIT,
    schema=schemas.LoginChange,
    refuses=("wrong-password", "too-many-attempts", "password-changed", "username-taken", "email-taken"),
)
def change_login(_context: MyLogin, request: Request) -> UserJson:
    """Changes the caller's username or e-mail address; the password has to be known."""
    changes = request.validated
    user = own_credentials(request)
    attempt = prove(request, user, changes.pop("current_password"), _wrong("The password is not right."))
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


def _wrong(detail: str) -> Forbidden:
    return Forbidden(detail, code="wrong-password")
