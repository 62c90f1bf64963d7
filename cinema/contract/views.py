"""The contract over HTTP."""

from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config

from cinema.contract.resources import OpenApi
from cinema.core.rendering import JSON
from cinema.core.request import Request


@view_config(
    context=OpenApi,
    request_method="GET",
    permission=NO_PERMISSION_REQUIRED,
    query=None,
    answers=("application/json",),
)
def openapi(_context: OpenApi, request: Request) -> Response:
    """This document."""
    return Response(body=request.registry.contract, content_type=JSON)
