"""Registering, signing in, and new tokens for old. Whatever the Authorization header says is not looked at."""

from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config, view_defaults

from cinema.accounts import services
from cinema.accounts.policy import bad_token
from cinema.accounts.refreshing import recognised, refreshed
from cinema.accounts.sessions import Grant
from cinema.accounts.signing_in import sign_in
from cinema.accounts.tokens import TokenError
from cinema.core.errors import Problem, Unauthorized
from cinema.core.rendering import Created, made, made_unkept
from cinema.core.request import Request
from cinema.dialects.accounts import make_account
from cinema.dialects.site import schemas
from cinema.dialects.site.presenters import SiteAccountJson, SiteTokenPairJson
from cinema.dialects.site.resources import Login, Register


@view_config(
    context=Register,
    request_method="POST",
    permission=NO_PERMISSION_REQUIRED,
    query=None,
    schema=schemas.Registration,
)
def register(_context: Register, request: Request) -> Created[SiteAccountJson]:
    """Makes an account.

    Opens no session.
    """
    email = request.validated["email"]
    user_id = make_account(request, request.validated["password"], email=email, signs_in_by_email=True)
    return made({"id": user_id, "email": email})


@view_defaults(context=Login, permission=NO_PERMISSION_REQUIRED, query=None)
class LoginViews:
    """Pairs of tokens."""

    def __init__(self, _context: Login, request: Request) -> None:
        self.request = request

    @view_config(request_method="POST", schema=schemas.SignIn, refuses=(401, 429))
    def post(self) -> Created[SiteTokenPairJson] | Response:
        """A pair for an e-mail address and its password."""
        request = self.request
        email, password = request.validated["email"], request.validated["password"]
        lease = request.registry.accounts.lease
        return self._answer(sign_in(request, email, password, lease, find=services.find_by_address))

    @view_config(request_method="PUT", schema=schemas.TokenPair, refuses=(401,))
    def put(self) -> Created[SiteTokenPairJson] | Response:
        """A new pair for an old one, of which the access token has usually expired."""
        return self._answer(_refreshed(self.request))

    def _answer(self, outcome: Grant | Problem) -> Created[SiteTokenPairJson] | Response:
        """For no cache to keep. A problem is answered, not raised: that it happened has to be remembered."""
        if isinstance(outcome, Problem):
            return self.request.refuse(outcome)
        tokens = self.request.registry.tokens
        access = tokens.issue(outcome.user_id, outcome.session_id, outcome.roles, outcome.superuser)
        return made_unkept({"access_token": access, "refresh_token": outcome.refresh_token})


def _refreshed(request: Request) -> Grant | Problem:
    """What the refresh token comes to. Raises Unauthorized for tokens that are not genuine, or not one person's."""
    owner = _owner(request, request.validated["access_token"])
    session, generation = recognised(request, request.validated["refresh_token"])
    if session.user_id != owner:
        raise Unauthorized("These two tokens do not belong together.", code="token-invalid")
    return refreshed(request, session, generation)


def _owner(request: Request, access_token: str) -> int:
    """Whose access token this is or was. Raises Unauthorized."""
    try:
        return int(request.registry.tokens.identity(request, access_token, expired_too=True).user_id)
    except TokenError as error:
        raise bad_token(error) from None
