"""What the dialect takes in."""

import colander

from cinema.catalogue.models import MAX_DURATION
from cinema.core.schemas import LARGEST_ID, day, text
from cinema.dialects.fields import (
    Ids,
    LooseBody,
    LooseQuery,
    email,
    moment,
    password,
    reference,
    references,
    username,
    whole,
)
from cinema.schedule.layout import MAX_ROWS, MAX_SEATS_IN_ROW

SHORTEST_PASSWORD = 5


class Account(LooseBody):
    """POST api/register/, PUT api/me/; PATCH api/me/ is its partial."""

    username = username()
    email = email(colander.drop, least=0)
    password = password(SHORTEST_PASSWORD)


class Login(LooseBody):
    """POST api/login/."""

    username = text(1, 254)
    password = password()


class Genre(LooseBody):
    """POST api/cinema/genres/."""

    name = text(1, 255)


class Actor(LooseBody):
    """POST api/cinema/actors/."""

    first_name = text(1, 255)
    last_name = text(1, 255)


class CinemaHall(LooseBody):
    """POST api/cinema/cinema_halls/."""

    name = text(1, 255)
    rows = whole(1, MAX_ROWS)
    seats_in_row = whole(1, MAX_SEATS_IN_ROW)


class Movie(LooseBody):
    """POST api/cinema/movies/."""

    title = text(1, 255)
    description = text(1, 10_000)
    duration = whole(1, MAX_DURATION)
    genres = references()
    actors = references()


class MovieFilters(LooseQuery):
    """GET api/cinema/movies/."""

    title = text(0, 255, missing=colander.drop)
    genres = colander.SchemaNode(Ids(), missing=colander.drop)
    actors = colander.SchemaNode(Ids(), missing=colander.drop)


class MovieSession(LooseBody):
    """POST api/cinema/movie_sessions/, PUT of one; PATCH is its partial."""

    show_time = moment()
    movie = reference()
    cinema_hall = reference()


class SessionFilters(LooseQuery):
    """GET api/cinema/movie_sessions/."""

    date = day(missing=colander.drop)
    movie = reference(colander.drop)


class Ticket(LooseBody):
    """A seat in POST api/cinema/orders/; which there are, the hall says."""

    row = whole(-LARGEST_ID, LARGEST_ID)
    seat = whole(-LARGEST_ID, LARGEST_ID)
    movie_session = reference()
