"""The dialect over HTTP."""

from typing import Any

from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config, view_defaults

from cinema.core.errors import Problem
from cinema.core.paging import rows_of
from cinema.core.rendering import JSON, Created, Json, NoContent, made, made_unkept, no_content, unkept
from cinema.core.request import Request
from cinema.core.validation import checked
from cinema.dialects.accounts import key_for, make_account_with_key, name_is_taken
from cinema.dialects.vhs import schemas
from cinema.dialects.vhs.presenters import (
    VhsCassetteJson,
    VhsEndpointsJson,
    VhsSignInJson,
    cassette_json,
    sign_in_json,
)
from cinema.dialects.vhs.resources import Cassette, Cassettes, Endpoints, SignIn, SignUp
from cinema.security import Verb
from cinema.shop import services
from cinema.shop.queries import CASSETTE_LIST

_BY_EQUALITY = {"title": "exact_title", "director": "exact_director", "released": "released", "quantity": "quantity"}
_CASSETTE, _PARTIAL, _NEW = schemas.Cassette(), schemas.Cassette.partial(), schemas.NewCassette()


@view_config(
    context=SignUp,
    request_method="POST",
    permission=NO_PERMISSION_REQUIRED,
    query=None,
    schema=schemas.SignUp,
    looks_up=name_is_taken,
)
def sign_up(_context: SignUp, request: Request) -> Created[VhsSignInJson]:
    """Makes an account and signs it in."""
    username = request.validated["username"]
    key = make_account_with_key(request, username, request.validated["password"])
    return made_unkept(sign_in_json(key, username))


@view_config(
    context=SignIn,
    request_method="POST",
    permission=NO_PERMISSION_REQUIRED,
    query=None,
    schema=schemas.SignIn,
    refuses=(429,),
)
def sign_in(_context: SignIn, request: Request) -> Json[VhsSignInJson] | Response:
    """Exchanges username and password for one more key."""
    key = key_for(request, request.validated["username"], request.validated["password"])
    if isinstance(key, Problem):
        return request.refuse(key)
    return unkept(sign_in_json(key, request.validated["username"]))


@view_defaults(context=Cassettes, query=None)
class CassettesViews:
    """The shelf."""

    def __init__(self, _context: Cassettes, request: Request) -> None:
        self.request = request

    @view_config(request_method="GET", permission=Verb.VIEW, query=schemas.Filters)
    def get(self) -> list[VhsCassetteJson]:
        """All cassettes, or those that are like the parameters."""
        wanted = {_BY_EQUALITY[name]: value for name, value in self.request.query.items()}
        return [cassette_json(row) for row in rows_of(self.request, CASSETTE_LIST, wanted)]

    @view_config(request_method="POST", permission=Verb.CREATE, reads=_NEW)
    def post(self) -> Created[VhsCassetteJson]:
        """Puts a cassette on the shelf."""
        request = self.request
        cassette_id = services.create_cassette(request.db, checked(request, _NEW), request.now)
        return made(cassette_json(services.get_cassette(request.db, cassette_id, request.now)))


@view_defaults(context=Cassette, query=None)
class CassetteViews:
    """One cassette."""

    def __init__(self, context: Cassette, request: Request) -> None:
        self.id = context.id
        self.request = request

    @view_config(request_method="GET", permission=Verb.VIEW)
    def get(self) -> VhsCassetteJson:
        """The cassette."""
        return cassette_json(services.get_cassette(self.request.reader, self.id, self.request.now))

    @view_config(request_method="PUT", permission=Verb.EDIT, reads=_CASSETTE)
    def put(self) -> VhsCassetteJson:
        """Replaces the cassette."""
        self._change(_CASSETTE)
        return cassette_json(services.get_cassette(self.request.db, self.id, self.request.now))

    @view_config(request_method="PATCH", permission=Verb.EDIT, reads=_PARTIAL)
    def patch(self) -> NoContent:
        """Changes the cassette; tells nothing."""
        self._change(_PARTIAL)
        return no_content()

    @view_config(request_method="DELETE", permission=Verb.DELETE)
    def delete(self) -> NoContent:
        """Deletes the cassette."""
        services.delete_cassette(self.request.db, self.id)
        return no_content()

    def _change(self, schema: Any) -> None:
        request = self.request
        services.get_cassette(request.reader, self.id, request.now)  # that there is none goes before what is wrong
        services.change_cassette(request.db, self.id, checked(request, schema), request.now)


_ENDPOINTS = {
    "POST api/auth/signup": "an account, and a token for it",
    "POST api/auth/login": "a token: Authorization: Token <token>",
    "GET api/cassetes/": "all cassettes; ?title= director= released= quantity= pick some",
    "POST api/cassetes/": "one more cassette",
    "GET api/cassetes/<id>": "a cassette",
    "PUT api/cassetes/<id>": "replaces a cassette",
    "PATCH api/cassetes/<id>": "changes a cassette",
    "DELETE api/cassetes/<id>": "deletes a cassette",
}


@view_config(context=Endpoints, request_method="GET", permission=NO_PERMISSION_REQUIRED, query=None, refuses=(302,))
def endpoints(_context: Endpoints, request: Request) -> VhsEndpointsJson | Response:
    """What there is to call.

    A browser is led to the documentation, as long as its proxy reaches that.
    """
    request.add_response_callback(lambda _request, response: response.headers.add("Vary", "Accept"))
    if _asks_for_a_page(request) and request.virtual_root is request.root:
        address = request.resource_url(request.root, "docs")
        return Response(status=302, headerlist=[("Location", address), ("Content-Length", "0")])
    return _ENDPOINTS


def _asks_for_a_page(request: Request) -> bool:
    """Whether HTML is preferred to JSON; whoever takes anything gets JSON."""
    offers: list[tuple[str, float]] = request.accept.acceptable_offers([JSON, "text/html"])
    return offers[:1] != [] and offers[0][0] == "text/html"
