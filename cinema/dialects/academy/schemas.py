"""What the dialect takes in."""

from typing import Any

import colander

from cinema.catalogue.models import MAX_DURATION
from cinema.core.errors import NotFound
from cinema.core.schemas import LARGEST_ID, Strict, day, list_of, text
from cinema.dialects.fields import (
    LooseBody,
    LooseQuery,
    email,
    ids,
    moment,
    numeral,
    password,
    reference,
    references,
    username,
    whole,
)
from cinema.schedule.layout import MAX_ROWS, MAX_SEATS_IN_ROW

SHORTEST_PASSWORD = 5
_LONGEST_PAGE_NUMBER = 12  # digits


class _PageNumber(Strict):
    """The number of a page, from 1. What is none leads nowhere."""

    def read(self, _node: colander.SchemaNode, value: str) -> int:
        """The number. Raises NotFound."""
        if not (value.isascii() and value.isdigit() and len(value) <= _LONGEST_PAGE_NUMBER and int(value)):
            raise no_such_page()
        return int(value)

    def json_schema(self, _node: colander.SchemaNode) -> dict[str, Any]:
        """A positive integer."""
        return {"type": "integer", "minimum": 1, "maximum": 10**_LONGEST_PAGE_NUMBER - 1, "default": 1}


def no_such_page() -> NotFound:
    """The 404 for a page beyond the last, or for what is no number of a page."""
    return NotFound("There is no such page.")


class Account(LooseBody):
    """POST api/register/, PUT api/me/; PATCH api/me/ is its partial."""

    example = {"username": "anna", "password": "12345", "email": "anna@example.com"}
    username = username()
    email = email(colander.drop, least=0)
    password = password(SHORTEST_PASSWORD)


class Login(LooseBody):
    """POST api/login/."""

    example = {"username": "anna", "password": "12345"}
    username = text(1, 254)
    password = password()


class Genre(LooseBody):
    """POST api/cinema/genres/."""

    example = {"name": "Drama"}
    name = text(1, 255)


class Actor(LooseBody):
    """POST api/cinema/actors/."""

    example = {"first_name": "Alisa", "last_name": "Freindlich"}
    first_name = text(1, 255)
    last_name = text(1, 255)


class CinemaHall(LooseBody):
    """POST api/cinema/cinema_halls/."""

    example = {"name": "Blue", "rows": 10, "seats_in_row": 12}
    name = text(1, 255)
    rows = whole(1, MAX_ROWS)
    seats_in_row = whole(1, MAX_SEATS_IN_ROW)


class Movie(LooseBody):
    """POST api/cinema/movies/."""

    example = {"title": "Сталкер", "description": "Three men walk.", "duration": 162, "genres": [1], "actors": [1]}
    title = text(1, 255)
    description = text(1, 10_000)
    duration = whole(1, MAX_DURATION)
    genres = references()
    actors = references()


class MovieFilters(LooseQuery):
    """GET api/cinema/movies/."""

    title = text(0, 255, missing=colander.drop)
    genres = ids()
    actors = ids()


class MovieSession(LooseBody):
    """POST api/cinema/movie_sessions/, PUT of one; PATCH is its partial."""

    example = {"show_time": "2027-05-01T19:30:00Z", "movie": 1, "cinema_hall": 1}
    show_time = moment()
    movie = reference()
    cinema_hall = reference()


class SessionFilters(LooseQuery):
    """GET api/cinema/movie_sessions/."""

    date = day(missing=colander.drop)
    movie = numeral(1, LARGEST_ID)


class Ticket(LooseBody):
    """A seat in POST api/cinema/orders/; which there are, the hall says."""

    row = whole(-LARGEST_ID, LARGEST_ID)
    seat = whole(-LARGEST_ID, LARGEST_ID)
    movie_session = reference()


class Order(LooseBody):
    """POST api/cinema/orders/. For the documentation: `tickets.spots_wanted` reads it, ticket by ticket."""

    example = {"tickets": [{"row": 3, "seat": 7, "movie_session": 1}]}
    tickets = list_of(Ticket(), least=1)


class OrderPage(LooseBody):
    """GET api/cinema/orders/."""

    page = colander.SchemaNode(_PageNumber(), missing=1)
