"""What accounts take in."""

import re
from typing import Any

import colander

from cinema.accounts.passwords import MAX_LENGTH
from cinema.accounts.roles import ROLE_NAME
from cinema.core.paging import PageQuery, sort_field
from cinema.core.schemas import Body, boolean, flag, identifier, list_of, refuse, text
from cinema.core.text import fold
from cinema.core.validation import MAX_BODY
from cinema.security import is_permission

_USERNAME = re.compile(r"[\w.+-]+")
USERNAME = {"pattern": r"^[\w.+-]+$"}
EMAIL = {"format": "email"}
_LONGEST_KEY = 600  # of `username_key`: folding can make eighteen letters of one


def _username(node: colander.SchemaNode, value: str) -> None:
    if not _USERNAME.fullmatch(value):
        raise refuse(node, "bad-username", "may hold letters, digits and . + - _ only")
    check_key(node, value)


def check_key(node: colander.SchemaNode, value: str) -> None:
    """Refuses a username that grows too long when it is folded."""
    if len(fold(value)) > _LONGEST_KEY:
        raise refuse(node, "too-long", "is too long once it is spelled out for comparison")


def check_email(node: colander.SchemaNode, value: str) -> None:
    """Refuses what is no e-mail address."""
    local, _at, domain = value.rpartition("@")
    if not re.fullmatch(colander.EMAIL_RE, value) or len(local) > 64 or not domain:
        raise refuse(node, "bad-email", "is no e-mail address")


def password(missing: Any = colander.required) -> colander.SchemaNode:
    """A password, whatever it is: rules are for new ones, and the service's."""
    return text(0, MAX_LENGTH, missing=missing)


class Registration(Body):
    """POST auth/register."""

    example = {"username": "anna", "email": "anna@example.com", "password": "popcorn and a good seat"}
    username = text(1, 150, also=_username, also_says=USERNAME)
    email = text(1, 254, also=check_email, also_says=EMAIL)
    password = password()
    name = text(0, 255, missing="")
    surname = text(0, 255, missing="")


class Login(Body):
    """POST auth/login."""

    example = {"login": "anna", "password": "popcorn and a good seat"}
    login = text(1, 254)
    password = password()


class Refresh(Body):
    """POST auth/refresh."""

    example = {"refresh_token": "7.0.Zm9yZ2VkLWJ1dC1vZi10aGUtcmlnaHQtZm9ybS4uLi4"}
    refresh_token = text(0, MAX_BODY)  # any text that is no refresh token is a 401


class Profile(Body):
    """PUT me; PATCH me is its partial."""

    example = {"name": "Anna", "surname": "Karenina", "favorite_genre": None}
    name = text(0, 255, missing="")
    surname = text(0, 255, missing="")
    favorite_genre = identifier(missing=None, nullable=True)


class PasswordChange(Body):
    """PUT me/password."""

    example = {"old_password": "popcorn and a good seat", "new_password": "the last row, on the aisle"}
    old_password = password()
    new_password = password()


def _something_changes(node: colander.SchemaNode, value: dict[str, Any]) -> None:
    if not {"username", "email"} & set(value):
        problem = colander.Invalid(node)
        problem.add(refuse(node["username"], "required", "is required, or email"))
        raise problem


class LoginChange(Body):
    """PUT me/login."""

    example = {"email": "anna@example.org", "current_password": "popcorn and a good seat"}
    username = text(1, 150, missing=colander.drop, also=_username, also_says=USERNAME)
    email = text(1, 254, missing=colander.drop, also=check_email, also_says=EMAIL)
    current_password = password()
    validator = staticmethod(_something_changes)


class UserQuery(PageQuery):
    """GET users."""

    q = text(0, 254, missing=colander.drop)
    is_active = flag()
    role = text(1, 50, missing=colander.drop)


class UserPatch(Body):
    """PATCH users/{id}."""

    example = {"is_active": False}
    is_active = boolean(missing=colander.drop)


def _role_name(node: colander.SchemaNode, value: str) -> None:
    if not ROLE_NAME.fullmatch(value):
        raise refuse(node, "bad-name", "may hold a-z, 0-9 and . _ - only, and starts with a letter")


def _permission(node: colander.SchemaNode, value: str) -> None:
    if not is_permission(value):
        raise refuse(node, "unknown", "is no permission")


class RoleReplacement(Body):
    """PUT roles/{name}; PATCH is its partial."""

    example = {"description": "Tears tickets.", "permissions": ["tickets:check-in"]}
    description = text(0, 500, missing="")
    permissions = list_of(
        text(1, 100, also=_permission, also_says={"examples": ["movies:edit"]}), missing=(), unique=True
    )


class RoleBody(RoleReplacement):
    """POST roles."""

    example = {"name": "usher", "description": "Tears tickets.", "permissions": ["tickets:check-in"]}
    name = text(1, 50, also=_role_name, also_says={"pattern": f"^{ROLE_NAME.pattern}$"})


class RoleQuery(PageQuery):
    """GET roles."""

    sort = sort_field(("name",))


class PermissionQuery(PageQuery):
    """GET permissions."""


class Question(Body):
    """POST permissions/check: a permission, or a verb on a path."""

    example = {"permission": "view", "path": "/movies/5"}
    permission = text(1, 100)
    path = text(1, 1000, missing=colander.drop)
    user = identifier(missing=colander.drop)
