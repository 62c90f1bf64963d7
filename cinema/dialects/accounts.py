"""Accounts and keys, as the dialects make them."""

from collections.abc import Mapping
from typing import Any, cast

from cinema.accounts import history, passwords, services, sessions
from cinema.accounts.origin import origin_of
from cinema.accounts.services import find_by_username
from cinema.accounts.sessions import Grant
from cinema.accounts.signing_in import sign_in
from cinema.core.errors import FieldError, Invalid, Problem
from cinema.core.request import Request
from cinema.dialects.field_map import NO_FIELD
from cinema.dialects.translation import as_fields

_TAKEN = {"username-taken": "username", "email-taken": "email"}


def name_is_taken(request: Request, values: Mapping[str, Any]) -> list[FieldError]:
    """What somebody who wants an account has to hear besides what is wrong with other fields."""
    if "username" not in values or find_by_username(request.reader, values["username"]) is None:
        return []
    return [FieldError("username", "username-taken", "this username is taken")]


def make_account(
    request: Request,
    password: str,
    *,
    username: str | None = None,
    email: str | None = None,
    signs_in_by_email: bool = False,
) -> int:
    """Makes an account with whatever password; answers its id. Raises Invalid for a name or address that is taken."""
    hashed = passwords.hash_password(password)
    return _register(request, hashed, username, email, signs_in_by_email)


def make_account_with_key(request: Request, username: str, password: str) -> str:
    """Makes an account and signs it in; answers the key. Raises Invalid for a name that is taken."""
    hashed = passwords.hash_password(password)
    user_id = _register(request, hashed, username, None, signs_in_by_email=False)
    registry, origin, now = request.registry, origin_of(request), request.now
    lease = registry.accounts.key_lease
    grant = sessions.begin(request.db, user_id, hashed, origin, registry.refresh_key, lease, now)
    history.record(request.db, user_id, origin, history.SUCCESS, now, registry.accounts.history_kept)
    return str(cast("Grant", grant).key)  # there is one: nobody else knows of the account yet


def key_for(request: Request, username: str, password: str) -> str | Problem:
    """A key for whoever has this username and password, or the problem to *return*: it has to be remembered."""
    outcome = sign_in(request, username, password, request.registry.accounts.key_lease, find=find_by_username)
    if not isinstance(outcome, Problem):
        return str(outcome.key)
    if outcome.status != 401:
        return outcome
    return Invalid.field(NO_FIELD, "credentials", "no account has this username and password")


def set_password(request: Request, password: str) -> None:
    """Gives the caller a new password without asking for the old one; other sessions end."""
    user_id, stays = request.identity.user_id, request.identity.session_id
    known = services.credentials(request.reader, user_id).password_hash
    hashed = passwords.hash_password(password)
    services.change_password(request.db, user_id, known, hashed, request.now, stays=stays)


def _register(request: Request, hashed: str, username: str | None, email: str | None, signs_in_by_email: bool) -> int:
    with as_fields(_TAKEN):
        return services.register(
            request.db,
            username=username,
            email=email,
            password_hash=hashed,
            now=request.now,
            signs_in_by_email=signs_in_by_email,
        )
