"""What every booking is judged by."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from cinema.booking.settings import BookingSettings
from cinema.catalogue.labels import Sight
from cinema.core.errors import Conflict


class Charges(Enum):
    """What seats cost."""

    ALWAYS = "their price; without one they are not on sale"
    WHERE_PRICED = "their price; nothing without one"
    NEVER = "nothing"


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which rules, in which currency and when something is booked, and what there is for who books."""

    settings: BookingSettings
    currency: str
    now: datetime
    sight: Sight
    closes: timedelta | None
    """How long before the start booking closes; None: never."""
    charges: Charges = Charges.ALWAYS


def check_open(starts_at: datetime, terms: Terms) -> None:
    """Raises Conflict `booking-closed` once booking for a screening has closed."""
    if terms.closes is None:
        return
    closes_at = starts_at - terms.closes
    if terms.now >= closes_at:
        raise Conflict(
            f"Booking for this screening closed at {closes_at:%Y-%m-%d %H:%M} UTC. Choose a later one.",
            code="booking-closed",
            closed_at=closes_at,
        )
