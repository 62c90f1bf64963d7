"""What the dialect takes in."""

from collections.abc import Mapping
from typing import Any

import colander

from cinema.core.schemas import Strict, deserialize, refuse, text
from cinema.core.validation import MAX_BODY
from cinema.dialects.fields import LooseBody, email, password, reference

_DIGITS = 18  # more only say that it is far beyond the end


class _PageNumber(Strict):
    """The number of a page, from 1, however far beyond the end."""

    expected = "a positive number"

    def read(self, node: colander.SchemaNode, value: Any) -> int:
        """The number."""
        digits = value.lstrip("0")
        if not (digits and value.isascii() and value.isdigit()):
            raise self.wrong(node)
        return int(digits[:_DIGITS])


class _IsNew(Strict):
    """Whether the word is `new`; any other means nothing."""

    def read(self, _node: colander.SchemaNode, value: Any) -> bool:
        """The truth."""
        return bool(value == "new")


class NameQuery(LooseBody):
    """GET genres/, directors/."""

    page = colander.SchemaNode(_PageNumber(), missing=None)


class MovieQuery(NameQuery):
    """GET movies/."""

    status = colander.SchemaNode(_IsNew(), missing=False)


class Registration(LooseBody):
    """POST auth/register."""

    email = email()
    password = password()


class SignIn(LooseBody):
    """POST auth/login."""

    email = text(1, 254)
    password = password()


def _some_token(node: colander.SchemaNode, value: dict[str, str]) -> None:
    if not any(value.values()):
        problem = colander.Invalid(node)
        problem.add(refuse(node["refresh_token"], "required", "is required"))
        raise problem


class TokenPair(LooseBody):
    """PUT auth/login. A token that is missing is a bad one, so a 401; a body without any is a 400."""

    access_token = text(0, MAX_BODY, missing="")
    refresh_token = text(0, MAX_BODY, missing="")
    validator = staticmethod(_some_token)


def _name() -> colander.SchemaNode:
    """A name; null is the empty one."""
    node = text(0, 255, missing=colander.drop, nullable=True)
    node.preparer = lambda value: "" if value is None else value
    return node


def _same_genre(node: colander.SchemaNode, value: dict[str, Any]) -> None:
    if len({value[name] for name in ("favorite_genre", "favourite_genre") if name in value}) > 1:
        problem = colander.Invalid(node)
        problem.add(refuse(node["favourite_genre"], "contradiction", "is not the same as favorite_genre"))
        raise problem


class Profile(LooseBody):
    """PATCH user/."""

    name = _name()
    surname = _name()
    favorite_genre = reference(missing=colander.drop, nullable=True)
    favourite_genre = reference(missing=colander.drop, nullable=True)
    validator = staticmethod(_same_genre)


class _NumberedPasswords(LooseBody):
    password_1 = password()
    password_2 = password()


class _NamedPasswords(LooseBody):
    old_password = password()
    new_password = password()


_NUMBERED, _NAMED = _NumberedPasswords(), _NamedPasswords()


def old_and_new_password(body: Mapping[str, Any]) -> tuple[str, str]:
    """What `PUT user/password` sends, under either pair of names. Raises Invalid."""
    if "old_password" in body or "new_password" in body:
        named = deserialize(_NAMED, body)
        return named["old_password"], named["new_password"]
    numbered = deserialize(_NUMBERED, body)
    return numbered["password_1"], numbered["password_2"]
