"""How accounts look from outside. No hash, no key, no token that is stored ever leaves here."""

from typing import Any, Literal, TypedDict

from sqlalchemy import Row

from cinema.accounts.roles import ADMIN, STAFF, role_names
from cinema.core.db.sql import raw_json
from cinema.core.rendering import Moment
from cinema.security import Permission


class UserJson(TypedDict):
    """An account. Older clients make some without username or e-mail address; `favorite_genre` is a genre's id."""

    id: int
    username: str | None
    email: str | None
    name: str
    surname: str
    favorite_genre: int | None
    roles: list[str]
    is_staff: bool
    is_active: bool
    created_at: Moment


class TokenPairJson(TypedDict):
    """An access token, good for `expires_in` seconds, and the refresh token to get the next one with."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"]
    expires_in: int


class SessionJson(TypedDict):
    """A signed-in device."""

    sid: int
    device: str
    ip: str
    created_at: Moment
    last_used_at: Moment
    current: bool


class SignInJson(TypedDict):
    """An attempt to sign in."""

    at: Moment
    ip: str
    user_agent: str
    device: str
    result: str


class RoleJson(TypedDict):
    """A role and the permissions that it gives."""

    name: str
    description: str
    permissions: list[str]


class PermissionJson(TypedDict):
    """A permission."""

    name: str
    description: str


def user_json(user: Row[Any]) -> UserJson:
    """A user, from a row of `queries.USERS`."""
    roles = [*role_names(user)]
    return {
        "id": user.id,
        "username": user.username,
        "email": user.email,
        "name": user.name,
        "surname": user.surname,
        "favorite_genre": user.favorite_genre_id,
        "roles": roles,
        "is_staff": user.is_superuser or STAFF in roles or ADMIN in roles,
        "is_active": user.is_active,
        "created_at": user.created_at,
    }


def grant_json(access_token: str, refresh_token: str, seconds: int) -> TokenPairJson:
    """The answer to a sign-in or a refresh (RFC 6749, 5.1)."""
    return {
        "access_token": access_token,
        "refresh_token": refresh_token,
        "token_type": "Bearer",
        "expires_in": seconds,
    }


def session_json(row: Row[Any], current: int | None) -> SessionJson:
    """A signed-in device; `current` is the caller's own session, if any."""
    return {
        "sid": row.id,
        "device": row.device,
        "ip": row.address,
        "created_at": row.created_at,
        "last_used_at": row.last_used_at,
        "current": row.id == current,
    }


def sign_in_json(row: Row[Any]) -> SignInJson:
    """An attempt to sign in."""
    return {
        "at": row.at,
        "ip": row.address,
        "user_agent": row.user_agent,
        "device": row.device,
        "result": row.result,
    }


def role_json(row: Row[Any]) -> RoleJson:
    """A role, from a row of `queries.ROLES`."""
    return {"name": row.name, "description": row.description, "permissions": raw_json(row.permissions)}


def permission_json(permission: Permission) -> PermissionJson:
    """A permission."""
    return {"name": permission.value, "description": permission.description}
