"""A new pair of tokens for a refresh token."""

from typing import Any

from sqlalchemy import Row

from cinema.accounts import history, sessions
from cinema.accounts.origin import origin_of
from cinema.accounts.sessions import Grant, ReusedToken
from cinema.core.errors import Problem, Unauthorized
from cinema.core.request import Request


def recognised(request: Request, text: str) -> tuple[Row[Any], int]:
    """The session of a genuine refresh token, and the token's generation. Raises Unauthorized."""
    return sessions.recognise(request.reader, text, request.registry.refresh_key)


def refreshed(request: Request, session: Row[Any], generation: int) -> Grant | Problem:
    """What a token of this generation comes to, or the problem to *return*: that it was spent before is remembered.

    Raises Unauthorized for a session that is over.
    """
    registry = request.registry
    idle = registry.accounts.refresh_idle
    try:
        return sessions.refresh(request.db, session, generation, registry.refresh_key, idle, request.now)
    except ReusedToken:
        origin, kept = origin_of(request), registry.accounts.history_kept
        history.record(request.db, session.user_id, origin, history.REUSED, request.now, kept)
        return Unauthorized("This refresh token was spent before.", code="token-revoked")
