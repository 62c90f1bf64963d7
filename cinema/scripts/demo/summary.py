"""What `cinema demo` says when it is done."""

from collections.abc import Sequence

from cinema.scripts.demo.accounts import DemoAccount
from cinema.scripts.demo.filling import Contents
from cinema.scripts.demo.programme import DAYS


def summary(contents: Contents, accounts: Sequence[DemoAccount]) -> str:
    """What there is now and how to sign in: the only place where the random passwords are ever shown."""
    made = (
        f"The cinema has {contents.films} films, {contents.halls} halls, {contents.screenings} screenings "
        f"for {DAYS} days from today, and {contents.cassettes} cassettes."
    )
    lines = [
        made,
        "",
        *(_account_line(account, account in contents.accounts) for account in accounts),
        "",
        'Sign in: POST /api/v1/auth/login {"login": "admin", "password": "..."}',
    ]
    return "\n".join(lines)


def _account_line(account: DemoAccount, made: bool) -> str:
    if not made:
        return f"  {account.role:6}  was there already and is as it was"
    return f"  {account.role:6}  {account.email:21}  {account.password or '(the password you gave)'}"
