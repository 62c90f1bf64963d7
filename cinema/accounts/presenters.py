"""How accounts look from outside. No hash, no key ever leaves here."""

from typing import Any

from sqlalchemy import Row

from cinema.accounts.roles import ADMIN, STAFF


def user_json(user: Row[Any]) -> dict[str, Any]:
    """A user, from a row of `services.users_statement`."""
    roles = user.roles.split(",") if user.roles else []
    return {
        "id": user.id,
        "username": user.username,
        "email": user.email,
        "name": user.name,
        "surname": user.surname,
        "favorite_genre": user.favorite_genre_id,
        "roles": sorted(roles),
        "is_staff": user.is_superuser or STAFF in roles or ADMIN in roles,
        "is_active": user.is_active,
        "created_at": user.created_at,
    }


def token_json(token: str, seconds: int) -> dict[str, Any]:
    """The answer to a sign-in (RFC 6749, 5.1)."""
    return {"access_token": token, "token_type": "Bearer", "expires_in": seconds}
