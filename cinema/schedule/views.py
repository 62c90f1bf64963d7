"""The schedule over HTTP."""

from collections.abc import Sequence
from typing import Any

from pyramid.view import view_config, view_defaults
from sqlalchemy import Row

from cinema.catalogue.labels import sight
from cinema.core.db.base import Reader
from cinema.core.paging import Page, find_page, page
from cinema.core.ready import Kept
from cinema.core.rendering import Created, Json, NoContent, no_content
from cinema.core.request import Request
from cinema.core.showing import ObjectViews, Shown, show, show_created
from cinema.schedule import halls, models, schemas, screenings
from cinema.schedule.expansion import Expansion
from cinema.schedule.models import HALLS_TOPIC, seats_topic
from cinema.schedule.presenters import ExpandableScreeningJson, HallJson, ScreeningJson, hall_json, screening_json
from cinema.schedule.queries import HALL_LIST, KEPT_SCREENINGS
from cinema.schedule.resources import Hall, Halls, Screening, Screenings
from cinema.security import Verb

_PLACING = ("no-duration", "outside-opening-hours", "overlap")
_MOVING = (*_PLACING, "screening-has-tickets")
_HALLS = Kept((HALLS_TOPIC,))


def shown_hall(hall: Any) -> Shown[HallJson]:
    """A hall: a row or an object."""
    return Shown((hall.id, hall.name, hall.layout), lambda: hall_json(hall))


def shown_screening(row: Row[Any]) -> Shown[ScreeningJson]:
    """A screening. How many seats are left changes without anybody changing the screening."""
    return Shown(row[:-2], lambda: screening_json(row), moving=row.seats_taken)


@view_defaults(context=Halls)
class HallsViews:
    """Halls."""

    def __init__(self, _context: Halls, request: Request) -> None:
        self.request = request

    @view_config(request_method="GET", permission=Verb.VIEW, query=schemas.HallQuery, kept=_HALLS)
    def get(self) -> Json[Page[HallJson]]:
        """A page of halls."""
        return page(self.request, HALL_LIST, hall_json)

    @view_config(request_method="POST", permission=Verb.CREATE, schema=schemas.HallBody)
    def post(self) -> Created[HallJson]:
        """Makes a hall."""
        hall = halls.create_hall(self.request.db, self.request.validated)
        return show_created(self.request, hall.id, shown_hall(hall))


@view_defaults(context=Hall)
class HallViews(ObjectViews):
    """One hall."""

    model = models.Hall

    def current(self, db: Reader) -> Shown[HallJson]:
        """The hall with its seat map."""
        return shown_hall(halls.get_hall(db, self.id))

    @view_config(request_method="GET", permission=Verb.VIEW, kept=_HALLS)
    def get(self) -> Json[HallJson]:
        """The hall with its seat map."""
        return show(self.request, self.current(self.request.reader))

    @view_config(request_method="PUT", permission=Verb.EDIT, schema=schemas.HallBody, refuses=("seats-taken",))
    @view_config(request_method="PATCH", permission=Verb.EDIT, schema=schemas.HallPatch, refuses=("seats-taken",))
    def change(self) -> Json[HallJson]:
        """Changes the hall."""
        request = self.request
        return show(request, shown_hall(halls.change_hall(request.db, self.id, request.validated, request.now)))

    @view_config(request_method="DELETE", permission=Verb.DELETE, refuses=("in-use",))
    def delete(self) -> NoContent:
        """Deletes the hall."""
        halls.delete_hall(self.request.db, self.id)
        return no_content()


@view_defaults(context=Screenings)
class ScreeningsViews:
    """Screenings."""

    def __init__(self, _context: Screenings, request: Request) -> None:
        self.request = request

    @view_config(request_method="GET", permission=Verb.VIEW, query=schemas.ScreeningQuery, kept=KEPT_SCREENINGS)
    def get(self) -> Json[Page[ExpandableScreeningJson]]:
        """A page of screenings."""
        request = self.request
        found = find_page(request, request.registry.screening_list, {"sight": sight(request)})
        _rely_on_seats(request, found.rows)
        whole = Expansion.of(request, found.rows)
        return show(
            request,
            Shown((found.state, whole.state), lambda: found.page([whole.expanded(row) for row in found.rows])),
        )

    @view_config(request_method="POST", permission=Verb.CREATE, schema=schemas.ScreeningBody, refuses=_PLACING)
    def post(self) -> Created[ScreeningJson]:
        """Schedules a film."""
        request = self.request
        rules = request.registry.schedule.rules
        screening_id = screenings.create_screening(request.db, request.validated, rules, sight(request))
        row = screenings.get_screening(request.db, screening_id, sight(request), request.now)
        return show_created(request, screening_id, shown_screening(row))


@view_defaults(context=Screening)
class ScreeningViews(ObjectViews):
    """One screening."""

    model = models.Screening

    def lock(self) -> None:
        """Keeps it as it is; in the order of services, which lock film and hall first."""
        screenings.lock_for_change(self.request.db, self.id, getattr(self.request, "validated", {}))

    def current(self, db: Reader) -> Shown[ScreeningJson]:
        """The screening, with how many seats are left."""
        return shown_screening(self._row(db))

    @view_config(request_method="GET", permission=Verb.VIEW, query=schemas.OneScreeningQuery, kept=KEPT_SCREENINGS)
    def get(self) -> Json[ExpandableScreeningJson]:
        """The screening, with how many seats are left."""
        request = self.request
        row = self._row(request.reader)
        _rely_on_seats(request, [row])
        shown: Shown[Any] = shown_screening(row)
        if "expand" not in request.query:
            return show(request, shown)
        whole = Expansion.of(request, [row])
        return show(request, Shown(shown.state, lambda: whole.expanded(row), (shown.moving, whole.state)))

    @view_config(request_method="PUT", permission=Verb.EDIT, schema=schemas.ScreeningReplacement, refuses=_MOVING)
    @view_config(
        request_method="PATCH", permission=Verb.EDIT, schema=schemas.ScreeningBody.partial(), refuses=_MOVING
    )
    def change(self) -> Json[ScreeningJson]:
        """Moves the screening or changes its prices."""
        request = self.request
        rules = request.registry.schedule.rules
        screenings.change_screening(request.db, self.id, request.validated, rules, sight(request), request.now)
        return show(request, self.current(request.db))

    @view_config(request_method="DELETE", permission=Verb.DELETE, refuses=("screening-has-tickets", "in-use"))
    def delete(self) -> NoContent:
        """Deletes the screening."""
        screenings.delete_screening(self.request.db, self.id, sight(self.request), self.request.now)
        return no_content()

    def _row(self, db: Reader) -> Row[Any]:
        return screenings.get_screening(db, self.id, sight(self.request), self.request.now)


def _rely_on_seats(request: Request, rows: Sequence[Row[Any]]) -> None:
    """How many seats are left is true until somebody takes or gives up one, or a hold ends."""
    for row in rows:
        request.relies_on([seats_topic(row.id)], row.holds_end)
