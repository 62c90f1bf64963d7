"""Whether this process can work: `health/ready`."""

from typing import Any

from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config

from cinema.accounts.knowledge import STALE_SECONDS
from cinema.accounts.resources import Ready
from cinema.core.rendering import json_response
from cinema.core.request import Request


@view_config(context=Ready, request_method="GET", permission=NO_PERMISSION_REQUIRED)
def ready(_context: Ready, request: Request) -> Response:
    """503 once the process has heard nothing of the database for too long. `access_age` is in seconds."""
    age = request.registry.knowledge.age
    fresh = age <= STALE_SECONDS
    answer: dict[str, Any] = {"status": "ok" if fresh else "stale", "access_age": round(age, 1)}
    return json_response(answer, 200 if fresh else 503)
