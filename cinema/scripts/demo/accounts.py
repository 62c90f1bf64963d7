"""The two accounts to sign in with: `admin` and `member`."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cinema.accounts import services
from cinema.accounts.administration import CONSOLE, grant_role
from cinema.accounts.roles import ADMIN, MEMBER
from cinema.accounts.settings import AccountSettings
from cinema.core.errors import Conflict
from cinema.core.settings import read
from cinema.scripts.superuser import checked_account

_RANDOM_BYTES = 12


@dataclass(frozen=True)
class DemoAccount:
    """An account to make. `password` is None where the caller knows it already; `values` hold its hash."""

    role: str
    email: str
    password: str | None
    values: dict[str, Any]


def prepare(settings: Mapping[str, str], given: str | None) -> list[DemoAccount]:
    """Both accounts, passwords hashed: `given` for both, otherwise a random one each.

    Raises ClickException when `given` breaks the rules for passwords.
    """
    least = read(AccountSettings, settings).password_min_length
    accounts = []
    for role in (ADMIN, MEMBER):
        email = f"{role}@cinema.example"
        password = secrets.token_urlsafe(max(_RANDOM_BYTES, least)) if given is None else given
        values = checked_account({"username": role, "email": email, "password": password}, settings)
        accounts.append(DemoAccount(role, email, password if given is None else None, values))
    return accounts


def register(db: Session, account: DemoAccount, now: datetime, *, keep_taken: bool) -> bool:
    """Makes the account; answers whether it did.

    With `keep_taken` whoever has its name or address already is left as they are; without, raises Conflict.
    """
    try:
        with db.begin_nested():
            user_id = services.register(db, **account.values, now=now)
            grant_role(db, user_id, account.role, CONSOLE, now)
    except Conflict:
        if not keep_taken:
            raise
        return False
    return True
