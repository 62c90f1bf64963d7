"""What the schedule announces before it does it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class ScreeningDeleting:
    """A screening on which nobody has a live claim is about to be deleted. The row is locked."""

    db: Session
    screening_id: int
    now: datetime
