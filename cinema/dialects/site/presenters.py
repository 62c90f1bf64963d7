"""How the dialect shows things, and how it refuses: the client reads without checking, so nothing is ever missing."""

from dataclasses import replace
from typing import Any, TypedDict

import orjson
from pyramid.response import Response
from sqlalchemy import Row

from cinema.core.dialect import refusal
from cinema.core.errors import FieldError, Invalid, Problem
from cinema.dialects.sentences import sentence


class SiteMessageJson(TypedDict):
    """What there is to say, in sentences to be shown as they are."""

    message: str


class SiteNameJson(TypedDict):
    """A genre or a director."""

    id: int
    name: str


class SiteFirstNameJson(TypedDict):
    """The first genre or director of a film; one without any has a nameless one without an id."""

    id: int | None
    name: str


class SiteMovieJson(TypedDict):
    """A film. `rating` is from 0 to 10; the ids are those of `genre` and `director`."""

    id: int
    title: str
    description: str
    trailer: str
    year: int | None
    rating: float | None
    genre_id: int | None
    director_id: int | None
    genre: SiteFirstNameJson
    director: SiteFirstNameJson


class SiteAccountJson(TypedDict):
    """A new account."""

    id: int
    email: str


class SiteTokenPairJson(TypedDict):
    """An access token, for `Authorization: Bearer <access token>`, and the refresh token to get the next one with."""

    access_token: str
    refresh_token: str


class SiteProfileJson(TypedDict):
    """The caller. The favourite genre is a genre's id, the same in both spellings."""

    id: int
    email: str
    name: str
    surname: str
    favorite_genre: int | None
    favourite_genre: int | None


_NONE: SiteFirstNameJson = {"id": None, "name": ""}


def refuse(problem: Problem) -> Response:
    """The answer for `problem`: `{"message": "…"}`, to be shown to people as it is."""
    sentences = map(_sentence, problem.errors) if isinstance(problem, Invalid) else [problem.detail]
    return refusal(message_json(" ".join(sentences)), problem)


def message_json(sentences: str) -> SiteMessageJson:
    """What there is to say."""
    return {"message": sentences}


def movie_json(row: Row[Any]) -> SiteMovieJson:
    """A film, from a row of the catalogue's `queries.MOVIES`: of several genres and directors the first."""
    genre, director = _first(row.genres), _first(row.directors)
    return {
        "id": row.id,
        "title": row.title,
        "description": row.description or "",
        "trailer": row.trailer or "",
        "year": row.year,
        "rating": row.rating,
        "genre_id": genre["id"],
        "director_id": director["id"],
        "genre": genre,
        "director": director,
    }


def name_json(row: Row[Any]) -> SiteNameJson:
    """A genre or a director."""
    return {"id": row.id, "name": row.name}


def profile_json(user: Row[Any]) -> SiteProfileJson:
    """An account, from a row of the accounts' `queries.USERS`, with the genre in both spellings."""
    return {
        "id": user.id,
        "email": user.email or "",
        "name": user.name,
        "surname": user.surname,
        "favorite_genre": user.favorite_genre_id,
        "favourite_genre": user.favorite_genre_id,
    }


def _first(names: str) -> SiteFirstNameJson:
    """The first of a JSON list of `{id, name}`, or what stands for none."""
    found: list[SiteFirstNameJson] = orjson.loads(names)
    return found[0] if found else _NONE


def _sentence(error: FieldError) -> str:
    """`email` that `is required` → `Email is required.`; a message that is a sentence already stays one."""
    if error.message[:1].isupper():
        return sentence(error)
    return sentence(replace(error, message=f"{error.field.replace('_', ' ')} {error.message}"))
