"""The security policy: who is calling, from the token alone, and what the access lists say of it."""

import time
from typing import Any

from pyramid.authorization import ACLHelper
from pyramid.interfaces import ISecurityPolicy
from pyramid.security import Denied
from zope.interface import implementer

from cinema.accounts import api_keys
from cinema.accounts.administration import Grantor
from cinema.accounts.api_keys import ApiKeys
from cinema.accounts.identity import Identity
from cinema.accounts.knowledge import Knowledge
from cinema.accounts.tokens import AccessTokens, TokenError, TokenExpired, TokenRevoked, credentials
from cinema.core.cache import BoundedCache
from cinema.core.errors import Unauthorized
from cinema.core.request import Request
from cinema.security import SUPERUSER, Permission, caller_principals, held_permissions, permission_principal

_TOKENS_KEPT = 10_000


@implementer(ISecurityPolicy)
class SecurityPolicy:
    """Pyramid's security policy on pyramid_jwt's tokens and Pyramid's ACLs. Asks no database.

    A token is decoded once and remembered; whether it has expired or been revoked is looked at every time.
    """

    def __init__(self, tokens: AccessTokens, keys: ApiKeys, knowledge: Knowledge) -> None:
        self.tokens = tokens
        self.keys = keys
        self.knowledge = knowledge
        self._known: BoundedCache[str, Identity] = BoundedCache(_TOKENS_KEPT)
        self._acl = ACLHelper()

    def identity(self, request: Request) -> Identity | None:
        """The caller, or None for a stranger and for a token that is not valid."""
        caller = request.caller
        return caller if isinstance(caller, Identity) else None

    def look(self, request: Request) -> Identity | TokenError | None:
        """What the request's credentials come to; `request.caller` keeps it for the request."""
        scheme = request.dialect.scheme
        shown = credentials(request, scheme)
        if shown is None:
            return None
        try:
            by_key = scheme == api_keys.SCHEME
            known = self.keys.identity(request, shown) if by_key else self._bearer(request, shown)
            current = self.knowledge.current(known)
            if current is None:
                raise TokenRevoked
        except TokenError as error:
            return error
        return current

    def recognised(self, request: Request, scheme: str) -> Identity | None:
        """Who calls, without asking the database: a key that is not remembered is nobody's, nor is a bad token."""
        shown = credentials(request, scheme)
        if shown is None:
            return None
        try:
            by_key = scheme == api_keys.SCHEME
            known = self.keys.remembered(request, shown) if by_key else self._bearer(request, shown)
        except TokenError:
            return None
        return known and self.knowledge.current(known)

    def _bearer(self, request: Request, token: str) -> Identity:
        known = self._known.get(token)
        if known is None:
            known = self.tokens.identity(request, token)
            self._known.put(token, known)
        if known.expires_at <= time.time():
            raise TokenExpired
        return known

    def authenticated_userid(self, request: Request) -> str | None:
        """The caller's user id, as text."""
        identity = self.identity(request)
        return None if identity is None else str(identity.user_id)

    def permits(self, request: Request, context: Any, permission: str) -> Any:
        """What the access lists on the way up from `context` say. A bad token may do less than none."""
        if isinstance(request.caller, TokenError):
            return Denied("the access token is not valid")
        return self._acl.permits(context, request.principals, permission)

    # -- principals and permissions --------------------------------------------------------------------------

    def principals(self, request: Request) -> frozenset[str]:
        """The caller's principals as of now, which `request.principals` keeps; a stranger's for a bad token."""
        return self.knowledge.roles.principals(self.identity(request))

    def principals_of(self, user_id: int, roles: tuple[str, ...], superuser: bool) -> frozenset[str]:
        """The principals that somebody would call with."""
        return caller_principals(user_id, roles, self.knowledge.roles.permissions(roles), superuser)

    def holds(self, request: Request, permission: Permission) -> bool:
        """Whether the caller's roles hold a permission, whatever the resource."""
        principals = request.principals
        return SUPERUSER in principals or permission_principal(permission) in principals

    def held(self, request: Request) -> frozenset[str]:
        """The names of all permissions that the caller holds."""
        return held_permissions(request.principals)

    def grantor(self, request: Request) -> Grantor:
        """The caller, as somebody who changes what others may do."""
        principals = request.principals
        return Grantor(held_permissions(principals), SUPERUSER in principals)

    def require_good_token(self, request: Request) -> None:
        """Raises Unauthorized for a token that is not valid; no token at all is fine."""
        if isinstance(request.caller, TokenError):
            raise bad_token(request.caller, request.dialect.scheme)

    # -- what Pyramid asks of every policy -------------------------------------------------------------------

    def remember(self, _request: Request, _userid: str, **_kw: Any) -> list[tuple[str, str]]:
        """Nothing to remember: clients keep their tokens."""
        return []

    def forget(self, _request: Request, **_kw: Any) -> list[tuple[str, str]]:
        """Nothing to forget."""
        return []


def bad_token(error: TokenError, scheme: str = "Bearer") -> Unauthorized:
    """The 401 for a token that is not valid (RFC 6750)."""
    challenge = f'{scheme} error="invalid_token", error_description="{error.code}"'
    return Unauthorized(error.detail, code=error.code, challenge=challenge)


def challenge(request: Request) -> Unauthorized | None:
    """The 401 for whoever is not validly signed in; None for a known caller."""
    caller = request.caller
    if isinstance(caller, TokenError):
        return bad_token(caller, request.dialect.scheme)
    if caller is None:
        return Unauthorized("Sign in first: this needs an access token.", challenge=request.dialect.scheme)
    return None
