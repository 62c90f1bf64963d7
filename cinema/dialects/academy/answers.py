"""What the dialect's answers hold."""

from typing import TypedDict

from cinema.core.rendering import Moment


class AcademyOptionsJson(TypedDict):
    """What an address takes and answers. Its methods are in the `Allow` header."""

    name: str
    description: str
    renders: list[str]
    parses: list[str]


class AcademyUserJson(TypedDict):
    """An account."""

    id: int
    username: str
    email: str
    is_staff: bool


class AcademyTokenJson(TypedDict):
    """A key, for `Authorization: Token <key>`."""

    token: str


class AcademyGenreJson(TypedDict):
    """A genre."""

    id: int
    name: str


class AcademyActorJson(TypedDict):
    """An actor."""

    id: int
    first_name: str
    last_name: str
    full_name: str


class AcademyHallJson(TypedDict):
    """A hall; one with gaps as the rectangle round it."""

    id: int
    name: str
    rows: int
    seats_in_row: int
    capacity: int


class AcademyFilmJson(TypedDict):
    """What is shown of a film everywhere. `duration` is in minutes, 0 where nobody knows."""

    id: int
    title: str
    description: str
    duration: int


class AcademyMovieJson(AcademyFilmJson):
    """A film with its genres and actors. `duration` is in minutes, 0 where nobody knows."""

    genres: list[AcademyGenreJson]
    actors: list[AcademyActorJson]


class AcademyListedMovieJson(AcademyFilmJson):
    """A film with the names of its genres and actors. `duration` is in minutes, 0 where nobody knows."""

    genres: list[str]
    actors: list[str]


class AcademyCreatedMovieJson(AcademyFilmJson):
    """A film with the ids of its genres and actors. `duration` is in minutes."""

    genres: list[int]
    actors: list[int]


class AcademyPlaceJson(TypedDict):
    """A seat."""

    row: int
    seat: int


class AcademyListedSessionJson(TypedDict):
    """A session in a list, with how many seats are left."""

    id: int
    show_time: Moment
    movie_title: str
    cinema_hall_name: str
    cinema_hall_capacity: int
    tickets_available: int


class AcademySessionJson(TypedDict):
    """A session with its film, its hall and the places that are taken."""

    id: int
    show_time: Moment
    movie: AcademyListedMovieJson
    cinema_hall: AcademyHallJson
    taken_places: list[AcademyPlaceJson]


class AcademyChangedSessionJson(TypedDict):
    """A session as it was written: film and hall by their ids."""

    id: int
    show_time: Moment
    movie: int
    cinema_hall: int


class AcademyCreatedTicketJson(TypedDict):
    """A seat that was bought, with the id of its session."""

    id: int
    row: int
    seat: int
    movie_session: int


class AcademyCreatedOrderJson(TypedDict):
    """A new order, its tickets as they were asked for."""

    id: int
    tickets: list[AcademyCreatedTicketJson]
    created_at: Moment


class AcademyOrdersSessionJson(TypedDict):
    """The session of a ticket."""

    id: int
    show_time: Moment
    movie_title: str
    cinema_hall_name: str
    cinema_hall_capacity: int


class AcademyTicketJson(TypedDict):
    """A seat with its session."""

    id: int
    row: int
    seat: int
    movie_session: AcademyOrdersSessionJson


class AcademyOrderJson(TypedDict):
    """An order."""

    id: int
    tickets: list[AcademyTicketJson]
    created_at: Moment


class AcademyOrderPageJson(TypedDict):
    """A page of orders: how many there are altogether, and the addresses of the pages after and before."""

    count: int
    next: str | None
    previous: str | None
    results: list[AcademyOrderJson]
