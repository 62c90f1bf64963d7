"""The schedule over HTTP."""

from typing import Any

from pyramid.view import view_config, view_defaults

from cinema.catalogue.labels import sight
from cinema.core.paging import Page, page
from cinema.core.rendering import Created, NoContent, created, no_content
from cinema.core.request import Request
from cinema.schedule import halls, schemas, screenings
from cinema.schedule.expansion import expand
from cinema.schedule.presenters import ExpandableScreeningJson, HallJson, ScreeningJson, hall_json, screening_json
from cinema.schedule.queries import HALL_LIST
from cinema.schedule.resources import Hall, Halls, Screening, Screenings
from cinema.security import Verb

_PLACING = ("no-duration", "outside-opening-hours", "overlap")
_MOVING = (*_PLACING, "screening-has-tickets")


@view_defaults(context=Halls)
class HallsViews:
    """Halls."""

    def __init__(self, _context: Halls, request: Request) -> None:
        self.request = request

    @view_config(request_method="GET", permission=Verb.VIEW, query=schemas.HallQuery)
    def get(self) -> Page[HallJson]:
        """A page of halls."""
        return page(self.request, HALL_LIST, hall_json)

    @view_config(request_method="POST", permission=Verb.CREATE, schema=schemas.HallBody)
    def post(self) -> Created[HallJson]:
        """Makes a hall."""
        hall = halls.create_hall(self.request.db, self.request.validated)
        return created(self.request, hall.id, hall_json(hall))


@view_defaults(context=Hall)
class HallViews:
    """One hall."""

    def __init__(self, context: Hall, request: Request) -> None:
        self.id = context.id
        self.request = request

    @view_config(request_method="GET", permission=Verb.VIEW)
    def get(self) -> HallJson:
        """The hall with its seat map."""
        return hall_json(halls.get_hall(self.request.reader, self.id))

    @view_config(request_method="PUT", permission=Verb.EDIT, schema=schemas.HallBody, refuses=("seats-taken",))
    @view_config(request_method="PATCH", permission=Verb.EDIT, schema=schemas.HallPatch, refuses=("seats-taken",))
    def change(self) -> HallJson:
        """Changes the hall."""
        return hall_json(halls.change_hall(self.request.db, self.id, self.request.validated, self.request.now))

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

    @view_config(request_method="GET", permission=Verb.VIEW, query=schemas.ScreeningQuery)
    def get(self) -> Page[ExpandableScreeningJson]:
        """A page of screenings."""
        request = self.request
        found: Page[Any] = page(request, request.registry.screening_list, screening_json, {"sight": sight(request)})
        found["items"] = _expanded(request, found["items"])
        return found

    @view_config(request_method="POST", permission=Verb.CREATE, schema=schemas.ScreeningBody, refuses=_PLACING)
    def post(self) -> Created[ScreeningJson]:
        """Schedules a film."""
        request = self.request
        rules = request.registry.schedule.rules
        screening_id = screenings.create_screening(request.db, request.validated, rules, sight(request))
        row = screenings.get_screening(request.db, screening_id, sight(request), request.now)
        return created(request, screening_id, screening_json(row))


@view_defaults(context=Screening)
class ScreeningViews:
    """One screening."""

    def __init__(self, context: Screening, request: Request) -> None:
        self.id = context.id
        self.request = request

    @view_config(request_method="GET", permission=Verb.VIEW, query=schemas.OneScreeningQuery)
    def get(self) -> ExpandableScreeningJson:
        """The screening, with how many seats are left."""
        request = self.request
        row = screenings.get_screening(request.reader, self.id, sight(request), request.now)
        return _expanded(request, [screening_json(row)])[0]

    @view_config(request_method="PUT", permission=Verb.EDIT, schema=schemas.ScreeningReplacement, refuses=_MOVING)
    @view_config(
        request_method="PATCH", permission=Verb.EDIT, schema=schemas.ScreeningBody.partial(), refuses=_MOVING
    )
    def change(self) -> ScreeningJson:
        """Moves the screening or changes its prices."""
        request = self.request
        rules = request.registry.schedule.rules
        screenings.change_screening(request.db, self.id, request.validated, rules, sight(request), request.now)
        return screening_json(screenings.get_screening(request.db, self.id, sight(request), request.now))

    @view_config(request_method="DELETE", permission=Verb.DELETE, refuses=("screening-has-tickets", "in-use"))
    def delete(self) -> NoContent:
        """Deletes the screening."""
        screenings.delete_screening(self.request.db, self.id, sight(self.request), self.request.now)
        return no_content()


def _expanded(request: Request, found: list[Any]) -> list[ExpandableScreeningJson]:
    """The same screenings, with what `expand` asks for."""
    if "expand" not in request.query:
        return found
    return expand(request.reader, found, request.query["expand"].split(","), sight(request).parameters)
