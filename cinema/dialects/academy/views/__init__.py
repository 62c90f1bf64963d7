"""The dialect over HTTP. Every answer says which methods there are."""

from collections.abc import Callable, Iterable
from typing import Any

from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED

from cinema.core.request import Request
from cinema.core.resources import Resource
from cinema.dialects.academy.answers import AcademyOptionsJson
from cinema.security import Verb

View = Callable[[Any, Request], Response]


def with_allow(view: View) -> View:
    """View decorator: the answer carries `Allow`."""

    def allowing_view(context: Resource, request: Request) -> Response:
        response = view(context, request)
        response.headers["Allow"] = ", ".join(request.registry.allowed_methods[type(context)])
        return response

    return allowing_view


def options(context: Resource, _request: Request) -> AcademyOptionsJson:
    """What the address is, in short."""
    formats = ["application/json"]
    return {"name": type(context).__name__, "description": "", "renders": formats, "parses": formats}


def add_options_views(config: Any, resources: Iterable[type[Resource]]) -> None:
    """OPTIONS for every resource, for whoever may look at it."""
    for resource in dict.fromkeys(resources):
        public = resource.fallback_permission is None and not hasattr(resource, "__acl__")
        config.add_view(
            options,
            context=resource,
            request_method="OPTIONS",
            permission=NO_PERMISSION_REQUIRED if public else Verb.VIEW,
            query=None,
            decorator=with_allow,
        )
