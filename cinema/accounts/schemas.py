"""What accounts take in."""

import re
from typing import Any

import colander

from cinema.accounts.passwords import MAX_LENGTH
from cinema.core.schemas import Body, identifier, refuse, text
from cinema.core.text import fold

_USERNAME = re.compile(r"[\w.+-]+")
_LONGEST_KEY = 600  # of `username_key`: folding can make eighteen letters of one


def _username(node: colander.SchemaNode, value: str) -> None:
    if not _USERNAME.fullmatch(value):
        raise refuse(node, "bad-username", "may hold letters, digits and . + - _ only")
    if len(fold(value)) > _LONGEST_KEY:
        raise refuse(node, "too-long", "is too long once it is spelled out for comparison")


def _email(node: colander.SchemaNode, value: str) -> None:
    local, _at, domain = value.rpartition("@")
    if not re.fullmatch(colander.EMAIL_RE, value) or len(local) > 64 or not domain:
        raise refuse(node, "bad-email", "is no e-mail address")


def password(missing: Any = colander.required) -> colander.SchemaNode:
    """A password, whatever it is: rules are for new ones, and the service's."""
    return text(0, MAX_LENGTH, missing=missing)


class Registration(Body):
    """POST auth/register."""

    username = text(1, 150, also=_username)
    email = text(1, 254, also=_email)
    password = password()
    name = text(0, 255, missing="")
    surname = text(0, 255, missing="")


class Login(Body):
    """POST auth/login."""

    login = text(1, 254)
    password = password()


class Profile(Body):
    """PUT me; PATCH me is its partial."""

    name = text(0, 255, missing="")
    surname = text(0, 255, missing="")
    favorite_genre = identifier(missing=None, nullable=True)


class PasswordChange(Body):
    """PUT me/password."""

    old_password = password()
    new_password = password()
