"""Whether the process is there."""

from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config

from cinema.core.request import Request
from cinema.core.resources import Resource


class Live(Resource):
    """health/live"""


@view_config(context=Live, request_method="GET", permission=NO_PERMISSION_REQUIRED)
def live(_context: Live, _request: Request) -> dict[str, str]:
    """The process answers. Asks no database."""
    return {"status": "ok"}
