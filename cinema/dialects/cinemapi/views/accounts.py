"""Accounts and tokens."""

from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config

from cinema.accounts import services, sessions
from cinema.accounts.queries import USER_LIST
from cinema.accounts.sessions import Grant, ReusedToken
from cinema.accounts.signing_in import sign_in
from cinema.core.errors import Problem, Unauthorized
from cinema.core.paging import rows_of
from cinema.core.rendering import Created, Json, made, unkept
from cinema.core.request import Request
from cinema.dialects.accounts import make_account, name_is_taken
from cinema.dialects.cinemapi import schemas
from cinema.dialects.cinemapi.house_rules import ACCESS_LIFETIME, LEASE
from cinema.dialects.cinemapi.presenters import (
    CinemapiAccessJson,
    CinemapiTokenPairJson,
    CinemapiUserJson,
    user_json,
)
from cinema.dialects.cinemapi.resources import CurrentUser, Register, Token, TokenRefresh, User, Users
from cinema.security import Verb


@view_config(
    context=Register,
    request_method="POST",
    permission=NO_PERMISSION_REQUIRED,
    query=None,
    schema=schemas.Registration,
    looks_up=name_is_taken,
)
def register(_context: Register, request: Request) -> Created[CinemapiUserJson]:
    """Makes an account."""
    wanted = request.validated
    user_id = make_account(request, wanted["password"], username=wanted["username"], email=wanted["email"])
    return made(user_json(services.get_user(request.db, user_id)))


@view_config(
    context=Token,
    request_method="POST",
    permission=NO_PERMISSION_REQUIRED,
    query=None,
    schema=schemas.Credentials,
    refuses=(401, 429),
)
def token(_context: Token, request: Request) -> Json[CinemapiTokenPairJson] | Response:
    """Exchanges username and password for an access and a refresh token."""
    wanted = request.validated
    outcome = sign_in(request, wanted["username"], wanted["password"], LEASE, find=services.find_by_username)
    if isinstance(outcome, Problem):
        return request.refuse(outcome)
    return unkept({"access": _access(request, outcome), "refresh": outcome.refresh_token})


@view_config(
    context=TokenRefresh,
    request_method="POST",
    permission=NO_PERMISSION_REQUIRED,
    query=None,
    schema=schemas.Refresh,
    refuses=(401,),
)
def refresh(_context: TokenRefresh, request: Request) -> Json[CinemapiAccessJson] | Response:
    """Exchanges a refresh token, which stays good, for an access token."""
    key = request.registry.refresh_key
    session, generation = sessions.recognise(request.reader, request.validated["refresh"], key)
    if session.rotates:  # natively begun: its client would never see the token that follows
        raise Unauthorized("This refresh token is not for here.", code="token-invalid")
    try:
        grant = sessions.refresh(request.db, session, generation, key, LEASE.idle, request.now)
    except ReusedToken:
        return request.refuse(Unauthorized("This refresh token is no longer good.", code="token-revoked"))
    return unkept({"access": _access(request, grant)})


def _access(request: Request, grant: Grant) -> str:
    issue = request.registry.tokens.issue
    access: str = issue(grant.user_id, grant.session_id, grant.roles, grant.superuser, ACCESS_LIFETIME)
    return access


@view_config(context=CurrentUser, request_method="GET", permission=Verb.VIEW, query=None)
def current_user(_context: CurrentUser, request: Request) -> CinemapiUserJson:
    """The caller."""
    return user_json(services.get_user(request.reader, request.identity.user_id))


@view_config(context=Users, request_method="GET", permission=Verb.VIEW, query=None)
def users(_context: Users, request: Request) -> list[CinemapiUserJson]:
    """All accounts."""
    return [user_json(row) for row in rows_of(request, USER_LIST, {})]


@view_config(context=User, request_method="GET", permission=Verb.VIEW, query=None)
def user(context: User, request: Request) -> CinemapiUserJson:
    """An account."""
    return user_json(services.get_user(request.reader, context.id))
