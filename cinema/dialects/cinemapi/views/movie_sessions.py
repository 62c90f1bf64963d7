"""Sessions, within the rules of the house."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from pyramid.view import view_config, view_defaults
from sqlalchemy import Row

from cinema.catalogue.labels import sight
from cinema.core.db.base import Reader
from cinema.core.errors import FieldError, Invalid, NotFound
from cinema.core.money import Money, decimals
from cinema.core.paging import rows_of
from cinema.core.rendering import Created, NoContent, made, no_content
from cinema.core.request import Request
from cinema.core.validation import checked
from cinema.dialects.cinemapi import house_rules, schemas
from cinema.dialects.cinemapi.presenters import CinemapiSessionJson, session_json
from cinema.dialects.cinemapi.resources import Session, Sessions
from cinema.dialects.translation import as_bad_requests, with_field_names
from cinema.schedule import screenings
from cinema.schedule.queries import SCREENING_WITH_PLACES, SCREENINGS_WITH_PLACES
from cinema.security import Verb

_SESSION, _PARTIAL = schemas.Session(), schemas.Session.partial()


@contextmanager
def _in_our_words() -> Iterator[None]:
    with as_bad_requests(), with_field_names({"starts_at": "started_at"}):
        yield


def _in_native_words(values: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Raises Invalid for an amount that the currency has no coins for."""
    native = {name: values[name] for name in ("hall", "movie") if name in values}
    if "started_at" in values:
        native["starts_at"] = values["started_at"]
    if "price" in values:
        amount: Decimal = values["price"]
        if amount != round(amount, decimals(currency)):
            raise Invalid.field("price", "bad-amount", f"has more digits than {currency} knows")
        native["price"] = Money(amount, currency)
    return native


def _unknown(request: Request, values: Mapping[str, Any]) -> list[FieldError]:
    movie, hall = values.get("movie"), values.get("hall")
    return screenings.unknown_references(request.reader, movie, hall, sight(request))


@view_defaults(context=Sessions, query=None)
class SessionsViews:
    """All sessions."""

    def __init__(self, _context: Sessions, request: Request) -> None:
        self.request = request
        self.sight = sight(request)

    @view_config(request_method="GET", permission=Verb.VIEW)
    def get(self) -> list[CinemapiSessionJson]:
        """All sessions, each with the places that are taken."""
        return [session_json(row) for row in rows_of(self.request, SCREENINGS_WITH_PLACES, {"sight": self.sight})]

    @view_config(request_method="POST", permission=Verb.CREATE, schema=schemas.Session, looks_up=_unknown)
    def post(self) -> Created[CinemapiSessionJson]:
        """One more session."""
        request = self.request
        values = _in_native_words(request.validated, request.registry.currency)
        with _in_our_words():
            session_id = screenings.create_screening(request.db, values, house_rules.SESSIONS, self.sight)
        return made(session_json(_found(request, request.db, session_id)))


@view_defaults(context=Session, query=None)
class SessionViews:
    """One session. As soon as somebody has a ticket it stays as it is."""

    def __init__(self, context: Session, request: Request) -> None:
        self.id = context.id
        self.request = request

    @view_config(request_method="GET", permission=Verb.VIEW)
    def get(self) -> CinemapiSessionJson:
        """The session with the places that are taken."""
        return session_json(_found(self.request, self.request.reader, self.id))

    @view_config(request_method="PUT", permission=Verb.EDIT, reads=_SESSION)
    def put(self) -> CinemapiSessionJson:
        """Replaces the session."""
        return self._change(_SESSION)

    @view_config(request_method="PATCH", permission=Verb.EDIT, reads=_PARTIAL)
    def patch(self) -> CinemapiSessionJson:
        """Changes the session."""
        return self._change(_PARTIAL)

    @view_config(request_method="DELETE", permission=Verb.DELETE)
    def delete(self) -> NoContent:
        """Deletes the session."""
        request = self.request
        with as_bad_requests():
            screenings.delete_screening(request.db, self.id, sight(request), request.now)
        return no_content()

    def _change(self, schema: Any) -> CinemapiSessionJson:
        request = self.request
        _found(request, request.reader, self.id)  # that there is none goes before what is wrong
        values = _in_native_words(checked(request, schema, _unknown), request.registry.currency)
        with _in_our_words():
            screenings.change_screening(
                request.db, self.id, values, house_rules.SESSIONS, sight(request), request.now
            )
        return session_json(_found(request, request.db, self.id))


def _found(request: Request, db: Reader, session_id: int) -> Row[Any]:
    """Raises NotFound."""
    found = SCREENING_WITH_PLACES.run(db, id=session_id, now=request.now, **sight(request).parameters)
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return row
