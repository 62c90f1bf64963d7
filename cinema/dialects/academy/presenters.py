"""How the dialect shows things. Rows come from the queries of the rooms below."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Row

from cinema.accounts.presenters import user_json as native_user_json
from cinema.booking.models import VOID
from cinema.catalogue.presenters import actor_json as native_actor_json
from cinema.core.db.sql import raw_json
from cinema.dialects.academy.answers import (
    AcademyActorJson,
    AcademyChangedSessionJson,
    AcademyCreatedMovieJson,
    AcademyCreatedOrderJson,
    AcademyCreatedTicketJson,
    AcademyFilmJson,
    AcademyGenreJson,
    AcademyHallJson,
    AcademyListedMovieJson,
    AcademyListedSessionJson,
    AcademyMovieJson,
    AcademyOrderJson,
    AcademyOrdersSessionJson,
    AcademySessionJson,
    AcademyTicketJson,
    AcademyUserJson,
)


def user_json(row: Row[Any]) -> AcademyUserJson:
    """An account."""
    return {
        "id": row.id,
        "username": row.username or "",
        "email": row.email or "",
        "is_staff": native_user_json(row)["is_staff"],
    }


def genre_json(row: Any) -> AcademyGenreJson:
    """A genre."""
    return {"id": row.id, "name": row.name}


def actor_json(row: Any) -> AcademyActorJson:
    """An actor."""
    return {**native_actor_json(row)}


def hall_json(row: Any) -> AcademyHallJson:
    """A hall; one with gaps as the rectangle round it."""
    return {
        "id": row.id,
        "name": row.name,
        "rows": row.rows,
        "seats_in_row": row.seats_in_row,
        "capacity": row.rows * row.seats_in_row,
    }


def movie_json(row: Row[Any]) -> AcademyMovieJson:
    """A film with its genres and actors whole."""
    return {**_film(row.id, row.title, row), "genres": raw_json(row.genres), "actors": raw_json(row.actors)}


def listed_movie_json(row: Row[Any]) -> AcademyListedMovieJson:
    """A film with the names of its genres and actors."""
    return _named_film(row.id, row.title, row)


def created_movie_json(row: Row[Any]) -> AcademyCreatedMovieJson:
    """A film with the ids of its genres and actors."""
    return {**_film(row.id, row.title, row), "genres": _ids(row.genres), "actors": _ids(row.actors)}


def listed_session_json(row: Row[Any]) -> AcademyListedSessionJson:
    """A session, in a list."""
    return {
        "id": row.id,
        "show_time": row.starts_at,
        "movie_title": row.movie_title,
        "cinema_hall_name": row.hall_name,
        "cinema_hall_capacity": row.rows * row.seats_in_row,
        "tickets_available": max(row.capacity - row.seats_taken, 0),
    }


def session_json(row: Row[Any]) -> AcademySessionJson:
    """A session with its film, its hall and the places that are taken."""
    return {
        "id": row.id,
        "show_time": row.starts_at,
        "movie": _named_film(row.movie_id, row.movie_title, row),
        "cinema_hall": {
            "id": row.hall_id,
            "name": row.hall_name,
            "rows": row.rows,
            "seats_in_row": row.seats_in_row,
            "capacity": row.rows * row.seats_in_row,
        },
        "taken_places": raw_json(row.taken_places),
    }


def changed_session_json(row: Row[Any]) -> AcademyChangedSessionJson:
    """A session, to whoever wrote it."""
    return {"id": row.id, "show_time": row.starts_at, "movie": row.movie_id, "cinema_hall": row.hall_id}


def created_order_json(row: Row[Any], wanted: Sequence[tuple[int, int, int]]) -> AcademyCreatedOrderJson:
    """An order, its tickets as they were `wanted`: by session, row and seat."""
    place = {each: number for number, each in enumerate(wanted)}
    tickets = [_created_ticket_json(ticket) for ticket in orjson.loads(row.tickets)]
    tickets.sort(key=lambda ticket: place[ticket["movie_session"], ticket["row"], ticket["seat"]])
    return {"id": row.id, "tickets": tickets, "created_at": row.created_at}


def listed_order_json(row: Row[Any]) -> AcademyOrderJson:
    """An order with its sessions. Seats that were given back are not in it."""
    tickets = [_ticket_json(ticket) for ticket in orjson.loads(row.tickets) if ticket["state"] != VOID]
    return {"id": row.id, "tickets": tickets, "created_at": row.created_at}


def _film(movie_id: int, title: str, row: Any) -> AcademyFilmJson:
    return {
        "id": movie_id,
        "title": title,
        "description": row.description or "",
        "duration": row.duration or 0,
    }


def _named_film(movie_id: int, title: str, row: Row[Any]) -> AcademyListedMovieJson:
    return {
        **_film(movie_id, title, row),
        "genres": [genre["name"] for genre in orjson.loads(row.genres)],
        "actors": [actor["full_name"] for actor in orjson.loads(row.actors)],
    }


def _ids(things: str) -> list[int]:
    return [each["id"] for each in orjson.loads(things)]


def _created_ticket_json(ticket: Mapping[str, Any]) -> AcademyCreatedTicketJson:
    return {
        "id": ticket["id"],
        "row": ticket["row_number"],
        "seat": ticket["seat_number"],
        "movie_session": ticket["screening_id"],
    }


def _ticket_json(ticket: Mapping[str, Any]) -> AcademyTicketJson:
    return {
        "id": ticket["id"],
        "row": ticket["row_number"],
        "seat": ticket["seat_number"],
        "movie_session": _orders_session(ticket),
    }


def _orders_session(ticket: Mapping[str, Any]) -> AcademyOrdersSessionJson:
    starts_at = datetime.fromisoformat(ticket["starts_at"])  # the engines write it each in their own way
    return {
        "id": ticket["screening_id"],
        "show_time": starts_at.astimezone(UTC) if starts_at.tzinfo else starts_at.replace(tzinfo=UTC),
        "movie_title": ticket["movie_title"],
        "cinema_hall_name": ticket["hall_name"],
        "cinema_hall_capacity": ticket["hall_places"],
    }
