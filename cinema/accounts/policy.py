"""The security policy: who is calling, from the token alone, and what the access lists say of it."""

import time
from typing import Any

from pyramid.authorization import ACLHelper
from pyramid.interfaces import ISecurityPolicy
from pyramid.security import Denied
from zope.interface import implementer

from cinema.accounts.identity import Identity
from cinema.accounts.roles import RoleBook
from cinema.accounts.tokens import AccessTokens, TokenError, TokenExpired
from cinema.core.cache import BoundedCache
from cinema.core.errors import Unauthorized
from cinema.core.request import Request
from cinema.security import SUPERUSER, Permission, permission_principal

_TOKENS_KEPT = 10_000


@implementer(ISecurityPolicy)
class SecurityPolicy:
    """Pyramid's security policy on pyramid_jwt's tokens and Pyramid's ACLs.

    A token is decoded once and remembered; its expiry is looked at every time.
    """

    def __init__(self, tokens: AccessTokens, roles: RoleBook) -> None:
        self.tokens = tokens
        self.roles = roles
        self._known: BoundedCache[str, Identity] = BoundedCache(_TOKENS_KEPT)
        self._acl = ACLHelper()

    def identity(self, request: Request) -> Identity | None:
        """The caller, or None for a stranger and for a token that is not valid."""
        caller = request.caller
        return caller if isinstance(caller, Identity) else None

    def look(self, request: Request) -> Identity | TokenError | None:
        """What the request's credentials come to; `request.caller` keeps it for the request."""
        token = self.tokens.bearer_token(request)
        if token is None:
            return None
        known = self._known.get(token)
        try:
            if known is None:
                known = self.tokens.identity(request, token)
                self._known.put(token, known)
            if known.expires_at <= time.time():
                raise TokenExpired
        except TokenError as error:
            return error
        return known

    def authenticated_userid(self, request: Request) -> str | None:
        """The caller's user id, as text."""
        identity = self.identity(request)
        return None if identity is None else str(identity.user_id)

    def permits(self, request: Request, context: Any, permission: str) -> Any:
        """What the access lists on the way up from `context` say. A bad token may do less than none."""
        if isinstance(request.caller, TokenError):
            return Denied("the access token is not valid")
        return self._acl.permits(context, self.roles.principals(request.caller), permission)

    def holds(self, request: Request, permission: Permission) -> bool:
        """Whether the caller's roles hold a permission, whatever the resource."""
        principals = self.roles.principals(self.identity(request))
        return SUPERUSER in principals or permission_principal(permission) in principals

    def remember(self, _request: Request, _userid: str, **_kw: Any) -> list[tuple[str, str]]:
        """Nothing to remember: clients keep their tokens."""
        return []

    def forget(self, _request: Request, **_kw: Any) -> list[tuple[str, str]]:
        """Nothing to forget."""
        return []


def challenge(request: Request) -> Unauthorized | None:
    """The 401 for whoever is not validly signed in (RFC 6750); None for a known caller."""
    caller = request.caller
    if isinstance(caller, Identity):
        return None
    if caller is None:
        return Unauthorized("Sign in first: this needs an access token.", headers={"WWW-Authenticate": "Bearer"})
    error = f'Bearer error="invalid_token", error_description="{caller.code}"'
    return Unauthorized(caller.detail, code=caller.code, headers={"WWW-Authenticate": error})
