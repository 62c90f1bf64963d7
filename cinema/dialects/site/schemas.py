"""What the dialect takes in."""

from typing import Any

import colander

from cinema.core.schemas import Strict, json_schema, refuse, text
from cinema.core.validation import MAX_BODY
from cinema.dialects.fields import KnownFields, LooseBody, email, password, reference

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

    def json_schema(self, _node: colander.SchemaNode) -> dict[str, Any]:
        """A positive integer."""
        return {"type": "integer", "minimum": 1}


class _IsNew(Strict):
    """Whether the word is `new`; any other means nothing."""

    def read(self, _node: colander.SchemaNode, value: Any) -> bool:
        """The truth."""
        return bool(value == "new")

    def json_schema(self, _node: colander.SchemaNode) -> dict[str, Any]:
        """Any word."""
        return {"type": "string", "description": "`new`: the newest first. Others mean nothing.", "examples": ["new"]}


class NameQuery(LooseBody):
    """GET genres/, directors/."""

    page = colander.SchemaNode(_PageNumber(), missing=colander.drop)


class MovieQuery(NameQuery):
    """GET movies/."""

    status = colander.SchemaNode(_IsNew(), missing=colander.drop)


class Registration(LooseBody):
    """POST auth/register."""

    example = {"email": "anna@example.com", "password": "popcorn"}
    email = email()
    password = password()


class SignIn(LooseBody):
    """POST auth/login."""

    example = {"email": "anna@example.com", "password": "popcorn"}
    email = text(1, 254)
    password = password()


def _some_token(node: colander.SchemaNode, value: dict[str, str]) -> None:
    if not any(value.values()):
        problem = colander.Invalid(node)
        problem.add(refuse(node["refresh_token"], "required", "is required"))
        raise problem


class TokenPair(LooseBody):
    """PUT auth/login. A token that is missing is a bad one, so a 401; a body without any is a 400."""

    example = {"access_token": "eyJhbGciOi...", "refresh_token": "7.0.Zm9yZ2VkLWJ1dC1vZi10aGUtcmlnaHQtZm9ybS4uLi4"}
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

    example = {"name": "Anna", "favourite_genre": "3"}
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


class _EitherPair(KnownFields):
    """The old password and the new one, under either pair of names."""

    def deserialize(self, _node: colander.SchemaNode, cstruct: Any) -> dict[str, str]:
        """`old` and `new`."""
        pair = _NUMBERED if cstruct.keys().isdisjoint({"old_password", "new_password"}) else _NAMED
        return dict(zip(("old", "new"), pair.deserialize(cstruct).values(), strict=True))

    def json_schema(self, _node: colander.SchemaNode) -> dict[str, Any]:
        """Either object."""
        return {"anyOf": [json_schema(_NUMBERED), json_schema(_NAMED)]}


class PasswordChange(LooseBody):
    """PUT user/password."""

    example = {"old_password": "popcorn", "new_password": "lemonade"}
    schema_type = _EitherPair
