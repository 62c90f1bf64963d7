"""What follows from a transaction.

A service *announces* what it is about to do, inside its transaction; subscribers (`config.add_subscriber`) on upper
floors may raise. What has to happen once the transaction is safe is put off with `after_commit`.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session


def announce(db: Session, event: Any) -> None:
    """Tells the application's subscribers about `event`. What they raise stops the service."""
    db.info["notify"](event)


def after_commit(db: Session, action: Callable[[], None]) -> None:
    """Does `action` once the transaction has committed; a rollback forgets it."""
    db.info.setdefault(_PUT_OFF, []).append(action)


def run_put_off(db: Session) -> None:
    """The session has committed."""
    for action in db.info.pop(_PUT_OFF, ()):
        action()


def forget_put_off(db: Session) -> None:
    """The session has rolled back."""
    db.info.pop(_PUT_OFF, None)


_PUT_OFF = "put off until commit"
