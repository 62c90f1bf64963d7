"""The contract over HTTP: the document, and the pages for people."""

from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config

from cinema.contract import pages
from cinema.contract.matrix import matrix
from cinema.contract.resources import AccessMatrix, Docs, Errors, OpenApi, StaticFile
from cinema.core.rendering import JSON
from cinema.core.request import Request
from cinema.core.resources import Root

_HTML = "text/html"
_ALONE = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_TEXT_POLICY = f"default-src 'none'; style-src 'self'; img-src 'self'; {_ALONE}"
_DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    f"{_ALONE}"
)


@view_config(context=OpenApi, request_method="GET", permission=NO_PERMISSION_REQUIRED, query=None, answers=(JSON,))
def openapi(_context: OpenApi, request: Request) -> Response:
    """This document."""
    return Response(body=request.registry.contract, content_type=JSON)


@view_config(context=Root, request_method="GET", permission=NO_PERMISSION_REQUIRED, query=None)
def front(_context: Root, _request: Request) -> Response:
    """Leads to the documentation."""
    return Response(status=303, headerlist=[("Location", "docs"), ("Content-Length", "0")])


@view_config(context=Docs, request_method="GET", permission=NO_PERMISSION_REQUIRED, query=None, answers=(_HTML,))
def docs(_context: Docs, request: Request) -> Response:
    """This document, for people: to read, and to try out."""
    return _page(request, pages.DOCS, _DOCS_POLICY)


@view_config(context=Errors, request_method="GET", permission=NO_PERMISSION_REQUIRED, query=None, answers=(_HTML,))
def errors(_context: Errors, request: Request) -> Response:
    """What can be refused, why, and what to do about it, for people."""
    return _page(request, pages.ERRORS, _TEXT_POLICY)


@view_config(
    context=AccessMatrix, request_method="GET", permission=NO_PERMISSION_REQUIRED, query=None, answers=(_HTML,)
)
def access(_context: AccessMatrix, request: Request) -> Response:
    """Who may call what, with the roles as they are now, for people."""
    roles = request.registry.knowledge.roles
    html = pages.ACCESS_PAGES.get(roles)
    if html is None:
        html = pages.ACCESS_PAGES[roles] = pages.access_page(matrix(request.registry, roles))
    return _page(request, html, _TEXT_POLICY)


@view_config(
    context=StaticFile,
    request_method="GET",
    permission=NO_PERMISSION_REQUIRED,
    query=None,
    answers=("text/css", "text/javascript", "text/plain", "image/svg+xml"),
)
def static_file(context: StaticFile, _request: Request) -> Response:
    """What the pages are made of."""
    asset = context.asset
    response = Response(
        body=asset.content,
        content_type=asset.content_type,
        charset="utf-8",
        cache_control="no-cache",
        etag=asset.etag,
    )
    response.conditional_response = True
    return response


def _page(request: Request, html: str, policy: str) -> Response:
    response = Response(html.replace("{{root}}", pages.relative_root(request.environ["PATH_INFO"])))
    response.headers["Content-Security-Policy"] = policy
    return response
