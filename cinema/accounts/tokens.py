"""Access tokens: pyramid_jwt's policy, mended.

As it comes, it accepts tokens without `exp` or of another kind, checks no issuer, sets no `kid` or `typ`, takes an
integer `sub` for a stranger, matches the scheme by case, and cannot tell an expired token from a forged one.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from jwt.types import Options
from pyramid_jwt import JWTAuthenticationPolicy

from cinema.accounts.identity import Identity
from cinema.accounts.keys import KeyRing
from cinema.core.request import Request

ALGORITHM = "HS256"
TYPE = "at+jwt"  # RFC 9068
_SCHEME = "Bearer"
_MAX_LENGTH = 16_384
_REQUIRED: Options = {"require": ["sub", "iss", "aud", "exp", "iat", "sid"]}


class TokenError(Exception):
    """A token that is none of ours: forged, mangled, of another kind, for somebody else."""

    code = "token-invalid"
    detail = "The access token is not valid here. Sign in again."


class TokenExpired(TokenError):
    """A token that was good."""

    code = "token-expired"
    detail = "The access token has expired. Get a new one with the refresh token."


class TokenRevoked(TokenError):
    """A token whose session has ended."""

    code = "token-revoked"
    detail = "The session of this access token has ended. Sign in again."


def credentials(request: Request, scheme: str) -> str | None:
    """What follows `scheme`, in any case, in the Authorization header; None without a header of that scheme."""
    said, _space, credentials = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return credentials.strip() if said.lower() == scheme.lower() else None


class AccessTokens(JWTAuthenticationPolicy):
    """Makes and reads access tokens (JWT, HS256). `keys` answers the ring as it is now."""

    def __init__(self, keys: Callable[[], KeyRing], issuer: str, lifetime: timedelta) -> None:
        super().__init__(None, algorithm=ALGORITHM, auth_type=_SCHEME, audience=issuer, expiration=lifetime)
        self.keys = keys
        self.issuer = issuer
        self.lifetime = lifetime
        self.longest = lifetime
        """No token that lives longer is believed: whether it was revoked is not remembered for as long."""

    def create_token(
        self, principal: str, expiration: timedelta | None = None, audience: str | None = None, **claims: Any
    ) -> str:
        """A token for `principal`, the user's id as text; `claims` have to hold `sid`."""
        now = int(time.time())
        payload = claims | {
            "sub": principal,
            "iss": self.issuer,
            "aud": audience or self.audience,
            "iat": now,
            "exp": now + int((expiration or self.lifetime).total_seconds()),
            "jti": secrets.token_urlsafe(12),
        }
        key = self.keys().signing(datetime.fromtimestamp(now, UTC))
        return jwt.encode(payload, key.secret, ALGORITHM, headers={"typ": TYPE, "kid": key.id})

    def issue(
        self,
        user_id: int,
        session_id: int,
        roles: Sequence[str],
        superuser: bool,
        lifetime: timedelta | None = None,
    ) -> str:
        """A token for a session of somebody's."""
        claims: dict[str, Any] = {"sid": session_id, "roles": list(roles)}
        if superuser:
            claims["superuser"] = True
        return self.create_token(str(user_id), lifetime, **claims)

    def bearer_token(self, request: Request) -> str | None:
        """The token in the Authorization header, or None when there is none."""
        return credentials(request, _SCHEME)

    def get_claims(self, request: Request) -> dict[str, Any]:
        """The claims of the request's token, `{}` without one. Raises TokenError."""
        token = self.bearer_token(request)
        return {} if token is None else self.jwt_decode(request, token)

    def jwt_decode(self, _request: Request, token: str, *, expired_too: bool = False) -> dict[str, Any]:
        """The claims of `token`. Raises TokenError, and TokenExpired unless `expired_too`."""
        if len(token) > _MAX_LENGTH or not token.isascii():
            raise TokenError
        try:
            header = jwt.get_unverified_header(token)
            key = self.keys().get(header.get("kid"))
            if key is None or header.get("typ") != TYPE:
                raise TokenError
            claims: dict[str, Any] = jwt.decode(
                token,
                key.secret,
                algorithms=[ALGORITHM],
                audience=self.audience,
                issuer=self.issuer,
                options=_REQUIRED | {"verify_exp": not expired_too},
            )
        except jwt.ExpiredSignatureError:
            raise TokenExpired from None
        except jwt.InvalidTokenError:
            raise TokenError from None
        return claims

    def identity(self, request: Request, token: str, *, expired_too: bool = False) -> Identity:
        """Who `token` says is calling. Raises TokenError, and TokenExpired unless `expired_too`."""
        claims = self.jwt_decode(request, token, expired_too=expired_too)
        subject, session_id, roles = claims["sub"], claims["sid"], claims.get("roles", ())
        if not (subject.isascii() and subject.isdigit() and len(subject) <= 18):
            raise TokenError
        if type(session_id) is not int or not _are_names(roles):
            raise TokenError
        if claims["exp"] - claims["iat"] > self.longest.total_seconds():
            raise TokenError
        superuser = claims.get("superuser") is True
        return Identity(int(subject), session_id, tuple(roles), superuser, int(claims["exp"]))


def _are_names(roles: Any) -> bool:
    return isinstance(roles, list | tuple) and all(isinstance(role, str) for role in roles)
