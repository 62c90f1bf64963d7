"""Everything that goes wrong leaves as a refusal in the words of whatever dialect is spoken at that address."""

import logging
from collections.abc import Sequence
from typing import Any

from pyramid.exceptions import URLDecodeError
from pyramid.httpexceptions import HTTPException, HTTPForbidden, HTTPNotFound
from pyramid.response import Response
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from cinema.core.db.sql import violated
from cinema.core.errors import BadRequest, Conflict, Forbidden, NotFound, Problem, Unavailable
from cinema.core.observing.places import shown_path
from cinema.core.request import Request
from cinema.security import enough

log = logging.getLogger(__name__)


def show_problem(problem: Problem, request: Request) -> Response:
    """Whatever our own code raised."""
    return request.refuse(problem)


def show_not_found(_error: HTTPNotFound, request: Request) -> Response:
    """No such path."""
    return request.refuse(NotFound("There is nothing at this address."))


def show_forbidden(error: HTTPForbidden, request: Request) -> Response:
    """Pyramid found no permission: 401 for a stranger, 404 for what is hidden, 403 otherwise."""
    refusal: Problem | None = request.registry.challenge(request)
    if refusal is None:
        context = request.context
        if context.hidden_unless_viewable and not request.has_permission("view", context):
            refusal = NotFound()
        else:
            refusal = _forbidden(enough(context, frozenset(error.result.principals), error.result.permission))
    return request.refuse(refusal)


def _forbidden(needs: Sequence[str]) -> Forbidden:
    """Says what would be needed, as far as a role could give it."""
    if not needs:
        return Forbidden("You are signed in, but you may not do this.")
    return Forbidden(f"None of your roles gives you {' or '.join(needs)}, which this needs.", needs=list(needs))


def show_bad_path(_error: Exception, request: Request) -> Response:
    """A path that is not UTF-8."""
    return request.refuse(BadRequest("The path is not UTF-8.", code="malformed-path"))


def show_bad_text(error: UnicodeDecodeError, request: Request) -> Response:
    """Before anybody was found: a path, or what a proxy puts before it, that is not UTF-8. Later: a fault of ours."""
    return show_failure(error, request) if "context" in request.__dict__ else show_bad_path(error, request)


def show_http_exception(error: HTTPException, request: Request) -> Response:
    """What Pyramid or WebOb raise of their own accord, such as 408 for half a body."""
    problem = Problem(error.explanation or error.title, code="http-error")
    problem.status, problem.title = error.code, error.title
    return request.refuse(problem)


def show_busy_database(error: Exception, request: Request) -> Response:
    """A lock waited for too long, a pool that is empty, or a database that is away: nothing was changed."""
    log.warning("database unavailable: %s %s: %s", request.method, _where(request), type(error).__name__)
    return request.refuse(Unavailable("The database is busy or away. Nothing was changed; try again."))


def show_lost_race(error: IntegrityError, request: Request) -> Response:
    """What the checks saw had changed by the time of writing: the database's constraints refused it."""
    log.info("lost a race: %s %s: %s", request.method, _where(request), violated(error))
    problem = Conflict("Something this depends on has just changed. Read it again, then try again.")
    return request.refuse(problem)


def show_failure(error: Exception, request: Request) -> Response:
    """A fault of ours. The log gets everything, the caller nothing that would help an attacker."""
    log.error("%s %s failed", request.method, _where(request), exc_info=error)
    return request.refuse(
        Problem(
            "Something went wrong on our side. Nothing was changed. If it stays so, tell the operator the request_id."
        )
    )


def _where(request: Request) -> str:
    """The path, without what a caller made up: it could be anybody's address."""
    return shown_path(request, "")


def includeme(config: Any) -> None:
    """Registers the views, from the general to the particular."""
    config.add_exception_view(show_failure, context=Exception)
    config.add_exception_view(show_http_exception, context=HTTPException)
    config.add_exception_view(show_problem, context=Problem)
    config.add_exception_view(show_not_found, context=HTTPNotFound)
    config.add_exception_view(show_forbidden, context=HTTPForbidden)
    config.add_exception_view(show_bad_text, context=UnicodeDecodeError)
    config.add_exception_view(show_bad_path, context=URLDecodeError)
    config.add_exception_view(show_busy_database, context=OperationalError)
    config.add_exception_view(show_busy_database, context=PoolTimeout)
    config.add_exception_view(show_lost_race, context=IntegrityError)
