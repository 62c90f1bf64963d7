"""What follows from a transaction.

A service *announces* what it is about to do, inside its transaction; listeners (`config.add_listener`) on upper
floors may raise. What has to happen once the transaction is safe is put off with `after_commit`.

Not Pyramid's own events: as soon as those have one subscriber, every request announces itself four times.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session, SessionTransaction


class Listeners:
    """Who wants to hear of which kind of event."""

    def __init__(self) -> None:
        self._listeners: dict[type, list[Callable[[Any], None]]] = {}

    def add(self, listener: Callable[[Any], None], kind: type) -> None:
        """`listener` hears of every event of exactly this class."""
        self._listeners.setdefault(kind, []).append(listener)

    def tell(self, event: Any) -> None:
        """Tells whoever listens, in the order of their adding."""
        for listener in self._listeners.get(type(event), ()):
            listener(event)


def announce(db: Session, event: Any) -> None:
    """Tells the application's listeners about `event`. What they raise stops the service."""
    db.info["notify"](event)


def after_commit(db: Session, action: Callable[[], None]) -> None:
    """Does `action` once the transaction has committed; a rollback forgets it."""
    db.info.setdefault(_PUT_OFF, []).append(action)


def run_put_off(db: Session) -> None:
    """The session has committed, or only a savepoint of its transaction."""
    if db.in_nested_transaction():
        return
    for action in db.info.pop(_PUT_OFF, ()):
        action()


def forget_put_off(db: Session, transaction: SessionTransaction) -> None:
    """A transaction of the session has ended, or only a savepoint in it: what is put off now never comes."""
    if transaction.parent is None:
        db.info.pop(_PUT_OFF, None)


_PUT_OFF = "put off until commit"


def includeme(config: Any) -> None:
    """Nobody listens yet; the directive that changes it."""
    config.registry.listeners = Listeners()
    config.add_directive("add_listener", lambda config, *what: config.registry.listeners.add(*what))
