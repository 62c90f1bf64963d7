"""What the catalogue takes in."""

import re

import colander

from cinema.catalogue.models import MAX_DURATION
from cinema.core.paging import PageQuery, sort_field
from cinema.core.schemas import (
    LARGEST_ID,
    Body,
    choice,
    identifier,
    integer,
    list_of,
    number,
    numeral,
    refuse,
    text,
)

YEARS = (1, 9999)
NAME_SORTS = ("id", "name")
MOVIE_SORTS = ("id", "title", "year", "rating", "duration")
_WEB = {"format": "uri", "pattern": "^https?://"}
_LABEL = re.compile(r"[a-z0-9][a-z0-9._-]*")


def _label(node: colander.SchemaNode, value: str) -> None:
    if not _LABEL.fullmatch(value):
        raise refuse(node, "bad-label", "may hold a-z, 0-9 and . _ - only, and starts with a letter or digit")


def _web_address(node: colander.SchemaNode, value: str) -> None:
    if not re.fullmatch(r"https?://[^\s\x00-\x1f]+", value):
        raise refuse(node, "bad-url", "must be an address that starts with http:// or https://")


def _ids() -> colander.SchemaNode:
    return list_of(identifier(), missing=(), unique=True)


def _search() -> colander.SchemaNode:
    return text(0, 255, missing=colander.drop)


class Name(Body):
    """A genre or a director."""

    example = {"name": "Drama"}
    name = text(1, 255)


class ActorName(Body):
    """An actor."""

    example = {"first_name": "Alisa", "last_name": "Freindlich"}
    first_name = text(1, 255)
    last_name = text(1, 255)


class NameQuery(PageQuery):
    """GET genres, directors, actors."""

    name = _search()
    sort = sort_field(NAME_SORTS)


class MovieBody(Body):
    """A film; only its title is required."""

    example = {"title": "Сталкер", "year": 1979, "rating": 8.1, "duration": 162, "genres": [], "actors": []}
    title = text(1, 255)
    description = text(0, 10_000, missing=None, nullable=True)
    trailer = text(1, 2000, missing=None, nullable=True, also=_web_address, also_says=_WEB)
    year = integer(*YEARS, missing=None, nullable=True)
    rating = number(0, 10, missing=None, nullable=True)
    duration = integer(1, MAX_DURATION, missing=None, nullable=True)
    poster = text(1, 2000, missing=None, nullable=True, also=_web_address, also_says=_WEB)
    age_rating = text(1, 20, missing=None, nullable=True)
    label = text(1, 50, missing=None, nullable=True, also=_label, also_says={"pattern": f"^{_LABEL.pattern}$"})
    genres = _ids()
    directors = _ids()
    actors = _ids()


class MovieQuery(PageQuery):
    """GET movies."""

    title = _search()
    q = _search()
    genre = numeral(1, LARGEST_ID)
    director = numeral(1, LARGEST_ID)
    actor = numeral(1, LARGEST_ID)
    year = numeral(*YEARS)
    year_from = numeral(*YEARS)
    year_to = numeral(*YEARS)
    label = _search()
    status = choice("new")
    sort = sort_field(MOVIE_SORTS)
