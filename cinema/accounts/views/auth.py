"""Registering, signing in and out."""

from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config

from cinema.accounts import passwords, schemas, services, sessions
from cinema.accounts.password_rules import check_new_password
from cinema.accounts.presenters import TokenPairJson, UserJson, grant_json
from cinema.accounts.refreshing import recognised, refreshed
from cinema.accounts.resources import Login, Logout, LogoutOthers, Refresh, Register
from cinema.accounts.sessions import Grant
from cinema.accounts.signing_in import sign_in
from cinema.accounts.views.users import shown_user
from cinema.core.errors import Problem
from cinema.core.rendering import Created, Json, NoContent, address, no_content, unkept
from cinema.core.request import Request
from cinema.core.showing import show_created_at
from cinema.security import Verb


@view_config(
    context=Register,
    request_method="POST",
    permission=NO_PERMISSION_REQUIRED,
    schema=schemas.Registration,
    refuses=("username-taken", "email-taken"),
)
def register(_context: Register, request: Request) -> Created[UserJson]:
    """Makes an account. Opens no session."""
    wanted = request.validated
    password = wanted.pop("password")
    check_new_password(password, least=request.registry.accounts.password_min_length, own=wanted.values())
    hashed = passwords.hash_password(password)
    user_id = services.register(request.db, password_hash=hashed, now=request.now, **wanted)
    return show_created_at(address(request, request.root["api"]["v1"]["me"]), shown_user(request.db, user_id))


@view_config(
    context=Login,
    request_method="POST",
    permission=NO_PERMISSION_REQUIRED,
    schema=schemas.Login,
    idempotent=False,
    refuses=("credentials", "too-many-attempts"),
)
def login(_context: Login, request: Request) -> Json[TokenPairJson] | Response:
    """Exchanges a username or an e-mail address, and the password, for a pair of tokens."""
    outcome = sign_in(
        request, request.validated["login"], request.validated["password"], request.registry.accounts.lease
    )
    return request.refuse(outcome) if isinstance(outcome, Problem) else token_pair(request, outcome)


@view_config(
    context=Refresh,
    request_method="POST",
    permission=NO_PERMISSION_REQUIRED,
    schema=schemas.Refresh,
    idempotent=False,
    refuses=("token-expired", "token-invalid", "token-revoked"),
)
def refresh(_context: Refresh, request: Request) -> Json[TokenPairJson] | Response:
    """Exchanges a refresh token for a new pair. A spent one ends its session."""
    outcome = refreshed(request, *recognised(request, request.validated["refresh_token"]))
    return request.refuse(outcome) if isinstance(outcome, Problem) else token_pair(request, outcome)


@view_config(context=Logout, request_method="POST", permission=Verb.EDIT, idempotent=False)
def logout(_context: Logout, request: Request) -> NoContent:
    """Ends this session: its access and refresh tokens are refused from now on."""
    sessions.end(request.db, request.identity.session_id, request.now)
    return no_content()


@view_config(context=LogoutOthers, request_method="POST", permission=Verb.EDIT, idempotent=False)
def logout_others(_context: LogoutOthers, request: Request) -> NoContent:
    """Ends every other session of the caller's."""
    identity = request.identity
    sessions.end_all(request.db, identity.user_id, request.now, but=identity.session_id)
    return no_content()


def token_pair(request: Request, grant: Grant) -> Json[TokenPairJson]:
    """The answer to a sign-in or a refresh, for no cache to keep (RFC 6749, 5.1)."""
    tokens = request.registry.tokens
    access = tokens.issue(grant.user_id, grant.session_id, grant.roles, grant.superuser)
    return unkept(grant_json(access, grant.refresh_token, int(tokens.lifetime.total_seconds())))
