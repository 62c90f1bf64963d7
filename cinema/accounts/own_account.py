"""What views of one's own account have in common."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Row

from cinema.accounts import services
from cinema.accounts.attempts import Attempt
from cinema.accounts.origin import origin_of
from cinema.accounts.signing_in import check_password
from cinema.core.errors import NotFound, Problem, Unauthorized
from cinema.core.request import Request


@contextmanager
def caller_exists() -> Iterator[None]:
    """Raises Unauthorized instead of NotFound: the token is somebody's who has been deleted."""
    try:
        yield
    except NotFound:
        raise Unauthorized("This account does not exist any more. Use another.", code="token-invalid") from None


def own_credentials(request: Request) -> Row[Any]:
    """The caller's password hash, and what a password must not hold. Raises Unauthorized."""
    with caller_exists():
        return services.credentials(request.reader, request.identity.user_id)


def prove(request: Request, user: Row[Any], password: str, otherwise: Problem) -> Attempt | None:
    """The attempt, where `password` is the caller's; raises `otherwise` where it is not, and TooManyRequests."""
    outcome = check_password(request, origin_of(request), "", user, password)
    if outcome.refused:
        raise outcome.refused
    if not outcome.right:
        raise otherwise
    return outcome.attempt
