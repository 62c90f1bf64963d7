"""Access tokens: pyramid_jwt's policy, mended.

As it comes, it accepts tokens without `exp` or of another kind, checks no issuer, sets no `kid` or `typ`, takes an
integer `sub` for a stranger, matches the scheme by case, and cannot tell an expired token from a forged one.
"""

import hashlib
import time
from datetime import timedelta
from typing import Any

import jwt
from jwt.types import Options
from pyramid_jwt import JWTAuthenticationPolicy

from cinema.accounts.identity import Identity
from cinema.core.request import Request
from cinema.core.secrets import derive

ALGORITHM = "HS256"
TYPE = "at+jwt"  # RFC 9068
_SCHEME = "bearer"
_MAX_LENGTH = 4096
_REQUIRED: Options = {"require": ["sub", "iss", "aud", "exp", "iat"]}


class TokenError(Exception):
    """A token that is none of ours: forged, mangled, of another kind, for somebody else."""

    code = "token-invalid"
    detail = "The access token is not valid here. Sign in again."


class TokenExpired(TokenError):
    """A token that was good."""

    code = "token-expired"
    detail = "The access token has expired. Get a new one."


class AccessTokens(JWTAuthenticationPolicy):
    """Makes and reads access tokens (JWT, HS256)."""

    def __init__(self, secret: bytes, issuer: str, minutes: int) -> None:
        key = derive(secret, "access-token")
        self.lifetime = timedelta(minutes=minutes)
        super().__init__(key, algorithm=ALGORITHM, auth_type="Bearer", audience=issuer, expiration=self.lifetime)
        self.issuer = issuer
        self.key_id = hashlib.sha256(key).hexdigest()[:12]

    def create_token(
        self, principal: str, expiration: timedelta | None = None, audience: str | None = None, **claims: Any
    ) -> str:
        """A token for `principal`, the user's id as text."""
        now = int(time.time())
        lifetime = expiration or self.lifetime
        payload = claims | {
            "sub": principal,
            "iss": self.issuer,
            "aud": audience or self.audience,
            "iat": now,
            "exp": now + int(lifetime.total_seconds()),
        }
        return jwt.encode(payload, self.private_key, ALGORITHM, headers={"typ": TYPE, "kid": self.key_id})

    def bearer_token(self, request: Request) -> str | None:
        """The token in the Authorization header, or None when there is none."""
        scheme, _space, token = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        return token.strip() if scheme.lower() == _SCHEME else None

    def get_claims(self, request: Request) -> dict[str, Any]:
        """The claims of the request's token, `{}` without one. Raises TokenError."""
        token = self.bearer_token(request)
        return {} if token is None else self.jwt_decode(request, token)

    def jwt_decode(self, request: Request, token: str) -> dict[str, Any]:  # noqa: ARG002
        """The claims of `token`. Raises TokenError or TokenExpired."""
        if len(token) > _MAX_LENGTH or not token.isascii():
            raise TokenError
        try:
            header = jwt.get_unverified_header(token)
            if header.get("typ") != TYPE or header.get("kid") != self.key_id:
                raise TokenError
            claims: dict[str, Any] = jwt.decode(
                token,
                self.public_key,
                algorithms=[ALGORITHM],
                audience=self.audience,
                issuer=self.issuer,
                options=_REQUIRED,
            )
        except jwt.ExpiredSignatureError:
            raise TokenExpired from None
        except jwt.InvalidTokenError:
            raise TokenError from None
        return claims

    def identity(self, request: Request, token: str) -> Identity:
        """Who `token` says is calling. Raises TokenError."""
        claims = self.jwt_decode(request, token)
        subject, roles = claims["sub"], claims.get("roles", ())
        if not (subject.isascii() and subject.isdigit() and len(subject) <= 18) or not _are_names(roles):
            raise TokenError
        return Identity(int(subject), tuple(roles), claims.get("superuser") is True, int(claims["exp"]))


def _are_names(roles: Any) -> bool:
    return isinstance(roles, list | tuple) and all(isinstance(role, str) for role in roles)
