"""The shop over HTTP."""

from pyramid.view import view_config, view_defaults

from cinema.core.paging import Page, page
from cinema.core.rendering import Created, NoContent, created, no_content
from cinema.core.request import Request
from cinema.security import Verb
from cinema.shop import schemas, services
from cinema.shop.presenters import CassetteJson, cassette_json
from cinema.shop.queries import CASSETTE_LIST
from cinema.shop.resources import Cassette, Cassettes


@view_defaults(context=Cassettes)
class CassettesViews:
    """Cassettes."""

    def __init__(self, _context: Cassettes, request: Request) -> None:
        self.request = request

    @view_config(request_method="GET", permission=Verb.VIEW, query=schemas.CassetteQuery)
    def get(self) -> Page[CassetteJson]:
        """A page of cassettes."""
        return page(self.request, CASSETTE_LIST, cassette_json)

    @view_config(request_method="POST", permission=Verb.CREATE, schema=schemas.CassetteBody)
    def post(self) -> Created[CassetteJson]:
        """Puts a cassette on the shelf."""
        request = self.request
        cassette_id = services.create_cassette(request.db, request.validated, request.now)
        row = services.get_cassette(request.db, cassette_id, request.now)
        return created(request, cassette_id, cassette_json(row))


@view_defaults(context=Cassette)
class CassetteViews:
    """One cassette."""

    def __init__(self, context: Cassette, request: Request) -> None:
        self.id = context.id
        self.request = request

    @view_config(request_method="GET", permission=Verb.VIEW)
    def get(self) -> CassetteJson:
        """The cassette, with how many are available."""
        return cassette_json(services.get_cassette(self.request.reader, self.id, self.request.now))

    @view_config(request_method="PUT", permission=Verb.EDIT, schema=schemas.CassetteBody, refuses=("stock-claimed",))
    @view_config(
        request_method="PATCH",
        permission=Verb.EDIT,
        schema=schemas.CassetteBody.partial(),
        refuses=("stock-claimed",),
    )
    def change(self) -> CassetteJson:
        """Changes the cassette."""
        request = self.request
        services.change_cassette(request.db, self.id, request.validated, request.now)
        return cassette_json(services.get_cassette(request.db, self.id, request.now))

    @view_config(request_method="DELETE", permission=Verb.DELETE, refuses=("in-use",))
    def delete(self) -> NoContent:
        """Deletes the cassette."""
        services.delete_cassette(self.request.db, self.id)
        return no_content()
