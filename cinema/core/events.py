"""How a lower floor lets upper floors object, without knowing them.

A service announces what it is about to do, inside its transaction; subscribers (`config.add_subscriber`) may raise.
"""

from typing import Any

from sqlalchemy.orm import Session


def announce(db: Session, event: Any) -> None:
    """Tells the application's subscribers about `event`. What they raise stops the service."""
    db.info["notify"](event)
