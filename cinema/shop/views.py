"""The shop over HTTP."""

from pyramid.view import view_config, view_defaults

from cinema.core.db.base import Reader
from cinema.core.paging import Page, page
from cinema.core.rendering import Created, Json, NoContent, no_content
from cinema.core.request import Request
from cinema.core.showing import ObjectViews, Shown, show, show_created
from cinema.security import Verb
from cinema.shop import models, schemas, services
from cinema.shop.presenters import CassetteJson, cassette_json
from cinema.shop.queries import CASSETTE_LIST
from cinema.shop.resources import Cassette, Cassettes


def shown_cassette(request: Request, db: Reader, cassette_id: int) -> Shown[CassetteJson]:
    """A cassette. How many are available changes without anybody changing the cassette. Raises NotFound."""
    row = services.get_cassette(db, cassette_id, request.now)
    return Shown(row[:-1], lambda: cassette_json(row), moving=row.claimed)


@view_defaults(context=Cassettes)
class CassettesViews:
    """Cassettes."""

    def __init__(self, _context: Cassettes, request: Request) -> None:
        self.request = request

    @view_config(request_method="GET", permission=Verb.VIEW, query=schemas.CassetteQuery)
    def get(self) -> Json[Page[CassetteJson]]:
        """A page of cassettes."""
        return page(self.request, CASSETTE_LIST, cassette_json)

    @view_config(request_method="POST", permission=Verb.CREATE, schema=schemas.CassetteBody)
    def post(self) -> Created[CassetteJson]:
        """Puts a cassette on the shelf."""
        request = self.request
        cassette_id = services.create_cassette(request.db, request.validated, request.now)
        return show_created(request, cassette_id, shown_cassette(request, request.db, cassette_id))


@view_defaults(context=Cassette)
class CassetteViews(ObjectViews):
    """One cassette."""

    model = models.Cassette

    def current(self, db: Reader) -> Shown[CassetteJson]:
        """The cassette, with how many are available."""
        return shown_cassette(self.request, db, self.id)

    @view_config(request_method="GET", permission=Verb.VIEW)
    def get(self) -> Json[CassetteJson]:
        """The cassette, with how many are available."""
        return show(self.request, self.current(self.request.reader))

    @view_config(request_method="PUT", permission=Verb.EDIT, schema=schemas.CassetteBody, refuses=("stock-claimed",))
    @view_config(
        request_method="PATCH",
        permission=Verb.EDIT,
        schema=schemas.CassetteBody.partial(),
        refuses=("stock-claimed",),
    )
    def change(self) -> Json[CassetteJson]:
        """Changes the cassette."""
        request = self.request
        services.change_cassette(request.db, self.id, request.validated, request.now)
        return show(request, self.current(request.db))

    @view_config(request_method="DELETE", permission=Verb.DELETE, refuses=("in-use",))
    def delete(self) -> NoContent:
        """Deletes the cassette."""
        services.delete_cassette(self.request.db, self.id)
        return no_content()
