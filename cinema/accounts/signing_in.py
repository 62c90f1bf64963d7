"""Signing in, step by step: limits, the slow hash outside any transaction, one short write.

What goes wrong here is returned, not raised: it has to be remembered, and raising would forget it. Unknown account,
wrong password and disabled account look and cost the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from cinema.accounts import history, passwords, services, sessions
from cinema.accounts.attempts import Attempt, Attempts
from cinema.accounts.origin import origin_of
from cinema.accounts.sessions import Grant, Lease, Origin
from cinema.core.db import rows
from cinema.core.db.base import Reader
from cinema.core.errors import Problem, TooManyRequests, Unauthorized
from cinema.core.request import Request

Find = Callable[[Reader, str], Row[Any] | None]


def no_such_credentials() -> Unauthorized:
    """The one answer to every sign-in that fails."""
    return Unauthorized("No account with this login and password.", code="credentials")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a password was right, and what the attempt was counted as."""

    right: bool
    attempt: Attempt | None
    refused: Problem | None = None


def sign_in(
    request: Request, login: str, password: str, lease: Lease, *, find: Find = services.find_for_login
) -> Grant | Problem:
    """A session for whoever has this login and password, or the problem to answer.

    `find` says what a login is: a username, an e-mail address, or either.
    """
    origin = origin_of(request)
    user = find(request.reader, login)
    user_id = user.id if user else None
    outcome = check_password(request, origin, login, user, password)
    if outcome.refused:
        _remember(request, user_id, origin, history.LIMITED)
        return outcome.refused
    if user is None or not outcome.right or not user.is_active:
        _remember(request, user_id, origin, _why(user, outcome.right))
        return no_such_credentials()
    return _begin(request, user, password, origin, outcome, lease)


def check_password(request: Request, origin: Origin, login: str, user: Row[Any] | None, password: str) -> Outcome:
    """Whether `password` is the user's, within the limits on attempts. Opens no transaction of the request's."""
    attempts: Attempts = request.registry.attempts
    user_id = user.id if user else None
    familiar = history.is_familiar(request.reader, user_id, origin.address)
    try:
        attempt = attempts.enter(origin.address, login, user_id, request.now, familiar=familiar)
    except TooManyRequests as refused:
        return Outcome(right=False, attempt=None, refused=refused)
    return Outcome(passwords.verify_password(user.password_hash if user else None, password), attempt)


def _begin(
    request: Request, user: Row[Any], password: str, origin: Origin, outcome: Outcome, lease: Lease
) -> Grant | Problem:
    registry, now = request.registry, request.now
    known_hash = user.password_hash
    if passwords.needs_rehash(known_hash):
        known_hash = passwords.hash_password(password)
        services.rehash(request.db, user.id, user.password_hash, known_hash)
    grant = sessions.begin(request.db, user.id, known_hash, origin, registry.refresh_key, lease, now)
    if grant is None:
        raise rows.changed_meanwhile()  # disabled, or with another hash, since they were looked up
    registry.attempts.succeeded(request.db, outcome.attempt, now)
    _remember(request, user.id, origin, history.SUCCESS)
    return grant


def _why(user: Row[Any] | None, right: bool) -> str:
    if user is None:
        return history.UNKNOWN
    return history.WRONG_PASSWORD if not right else history.DISABLED


def _remember(request: Request, user_id: int | None, origin: Origin, result: str) -> None:
    kept = request.registry.accounts.history_kept
    history.record(request.db, user_id, origin, result, request.now, kept)
