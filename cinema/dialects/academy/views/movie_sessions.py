"""Movie sessions. Any moment may be scheduled, and nobody asks whether the hall is free."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pyramid.view import view_config, view_defaults

from cinema.catalogue.labels import sight
from cinema.core.errors import FieldError, NotFound
from cinema.core.paging import rows_of
from cinema.core.rendering import Created, NoContent, made, no_content
from cinema.core.request import Request
from cinema.core.validation import checked
from cinema.dialects.academy import schemas
from cinema.dialects.academy.answers import AcademyChangedSessionJson, AcademyListedSessionJson, AcademySessionJson
from cinema.dialects.academy.presenters import changed_session_json, listed_session_json, session_json
from cinema.dialects.academy.resources import MovieSession, MovieSessions
from cinema.dialects.academy.views import with_allow
from cinema.dialects.translation import renamed, with_field_names
from cinema.schedule import screenings
from cinema.schedule.queries import SCREENING_WITH_PLACES
from cinema.schedule.settings import Rules
from cinema.security import Verb

ANY_MOMENT = Rules(ZoneInfo("UTC"), None, timedelta())

_NATIVE = {"show_time": "starts_at", "movie": "movie", "cinema_hall": "hall"}
_OURS = {native: ours for ours, native in _NATIVE.items()}
_SESSION, _PARTIAL = schemas.MovieSession(), schemas.MovieSession.partial()


@contextmanager
def _in_our_words() -> Iterator[None]:
    with with_field_names(_OURS):
        yield


def _in_native_words(values: Mapping[str, Any]) -> dict[str, Any]:
    return {_NATIVE[name]: value for name, value in values.items()}


def _filters(query: Mapping[str, Any]) -> dict[str, Any]:
    """The day counts in UTC."""
    wanted = {"movie": query["movie"]} if "movie" in query else {}
    if "date" in query:
        midnight = datetime.combine(query["date"], time(), UTC)
        wanted |= {"from": midnight, "to": midnight + timedelta(days=1)}
    return wanted


def _unknown(request: Request, values: Mapping[str, Any]) -> list[FieldError]:
    movie, hall = values.get("movie"), values.get("cinema_hall")
    errors = screenings.unknown_references(request.reader, movie, hall, sight(request))
    return [renamed(error, _OURS) for error in errors]


@view_defaults(context=MovieSessions, decorator=with_allow)
class MovieSessionsViews:
    """All sessions."""

    def __init__(self, _context: MovieSessions, request: Request) -> None:
        self.request = request
        self.sight = sight(request)

    @view_config(request_method="GET", permission=Verb.VIEW, query=schemas.SessionFilters)
    def get(self) -> list[AcademyListedSessionJson]:
        """All sessions, the latest first, or those that the parameters pick."""
        request = self.request
        wanted = {"sort": "-starts_at", "sight": self.sight, **_filters(request.query)}
        return [listed_session_json(row) for row in rows_of(request, request.registry.screening_list, wanted)]

    @view_config(
        request_method="POST", permission=Verb.CREATE, query=None, schema=schemas.MovieSession, looks_up=_unknown
    )
    def post(self) -> Created[AcademyChangedSessionJson]:
        """One more session."""
        request = self.request
        with _in_our_words():
            values = _in_native_words(request.validated)
            session_id = screenings.create_screening(request.db, values, ANY_MOMENT, self.sight)
        row = screenings.get_screening(request.db, session_id, self.sight, request.now)
        return made(changed_session_json(row))


@view_defaults(context=MovieSession, query=None, decorator=with_allow)
class MovieSessionViews:
    """One session."""

    def __init__(self, context: MovieSession, request: Request) -> None:
        self.id = context.id
        self.request = request
        self.sight = sight(request)

    @view_config(request_method="GET", permission=Verb.VIEW)
    def get(self) -> AcademySessionJson:
        """The session with its film, its hall and the places that are taken."""
        request = self.request
        found = SCREENING_WITH_PLACES.run(request.reader, id=self.id, now=request.now, **self.sight.parameters)
        row = found.one_or_none()
        if row is None:
            raise NotFound
        return session_json(row)

    @view_config(request_method="PUT", permission=Verb.EDIT, reads=_SESSION)
    def put(self) -> AcademyChangedSessionJson:
        """Replaces the session."""
        return self._change(_SESSION)

    @view_config(request_method="PATCH", permission=Verb.EDIT, reads=_PARTIAL)
    def patch(self) -> AcademyChangedSessionJson:
        """Changes the session."""
        return self._change(_PARTIAL)

    @view_config(request_method="DELETE", permission=Verb.DELETE)
    def delete(self) -> NoContent:
        """Deletes the session, unless somebody has a ticket."""
        screenings.delete_screening(self.request.db, self.id, self.sight, self.request.now)
        return no_content()

    def _change(self, schema: Any) -> AcademyChangedSessionJson:
        request = self.request
        screenings.get_screening(request.reader, self.id, self.sight, request.now)  # before the body is looked at
        with _in_our_words():
            values = _in_native_words(checked(request, schema, _unknown))
            screenings.change_screening(request.db, self.id, values, ANY_MOMENT, self.sight, request.now)
        return changed_session_json(screenings.get_screening(request.db, self.id, self.sight, request.now))
