"""The caller's own account."""

from pyramid.view import view_config, view_defaults

from cinema.accounts import models, passwords, schemas, services, sessions
from cinema.accounts.own_account import caller_exists, own_credentials, prove
from cinema.accounts.password_rules import check_new_password
from cinema.accounts.presenters import SessionJson, SignInJson, UserJson, session_json, sign_in_json
from cinema.accounts.queries import HISTORY_LIST, SESSION_LIST
from cinema.accounts.resources import Me, MyHistory, MyLogin, MySession, MySessions, Password
from cinema.accounts.views.users import shown_user
from cinema.core.db.base import Reader
from cinema.core.errors import Forbidden
from cinema.core.paging import Page, PageQuery, page
from cinema.core.rendering import Json, NoContent, no_content
from cinema.core.request import Request
from cinema.core.showing import ObjectViews, Shown, show
from cinema.security import Verb


@view_defaults(context=Me)
class MeViews(ObjectViews):
    """The profile."""

    model = models.User

    def __init__(self, _context: Me, request: Request) -> None:
        self.request = request
        self.id = request.identity.user_id

    def lock(self) -> None:
        """Keeps the profile as it is."""
        with caller_exists():
            super().lock()

    def current(self, db: Reader) -> Shown[UserJson]:
        """The caller."""
        with caller_exists():
            return shown_user(db, self.id)

    @view_config(request_method="GET", permission=Verb.VIEW)
    def get(self) -> Json[UserJson]:
        """The caller."""
        return show(self.request, self.current(self.request.reader))

    @view_config(request_method="PUT", permission=Verb.EDIT, schema=schemas.Profile)
    @view_config(request_method="PATCH", permission=Verb.EDIT, schema=schemas.Profile.partial())
    def change(self) -> Json[UserJson]:
        """Changes the profile."""
        with caller_exists():
            services.change_profile(self.request.db, self.id, self.request.validated)
        return show(self.request, self.current(self.request.db))


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
def change_login(_context: MyLogin, request: Request) -> Json[UserJson]:
    """Changes the caller's username or e-mail address; the password has to be known."""
    changes = request.validated
    user = own_credentials(request)
    attempt = prove(request, user, changes.pop("current_password"), _wrong("The password is not right."))
    services.change_login(request.db, user.id, user.password_hash, changes)
    request.registry.attempts.succeeded(request.db, attempt, request.now)
    return show(request, shown_user(request.db, user.id))


@view_config(context=MyHistory, request_method="GET", permission=Verb.VIEW, query=PageQuery)
def my_history(_context: MyHistory, request: Request) -> Json[Page[SignInJson]]:
    """The caller's sign-ins, failed ones too, newest first."""
    since = request.now - request.registry.accounts.history_kept
    return page(request, HISTORY_LIST, sign_in_json, {"user": request.identity.user_id, "since": since})


@view_config(context=MySessions, request_method="GET", permission=Verb.VIEW, query=PageQuery)
def my_sessions(_context: MySessions, request: Request) -> Json[Page[SessionJson]]:
    """Where the caller is signed in, newest first."""
    current = request.identity.session_id
    return page(
        request,
        SESSION_LIST,
        lambda row: session_json(row, current),
        {"user": request.identity.user_id},
        besides=lambda row: row.id == current,
    )


@view_config(context=MySession, request_method="DELETE", permission=Verb.EDIT)
def end_session(context: MySession, request: Request) -> NoContent:
    """Ends one of the caller's sessions."""
    sessions.end_own(request.db, context.id, request.identity.user_id, request.now)
    return no_content()


def _wrong(detail: str) -> Forbidden:
    return Forbidden(detail, code="wrong-password")
