"""What every booking is judged by."""

from dataclasses import dataclass
from datetime import datetime

from cinema.booking.settings import BookingSettings
from cinema.catalogue.labels import Sight
from cinema.core.errors import Conflict


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which rules, in which currency and when something is booked, and what there is for who books."""

    settings: BookingSettings
    currency: str
    now: datetime
    sight: Sight


def check_open(starts_at: datetime, terms: Terms) -> None:
    """Raises Conflict `booking-closed` once booking for a screening has closed."""
    closes_at = starts_at - terms.settings.closes
    if terms.now >= closes_at:
        raise Conflict("Booking for this screening has closed.", code="booking-closed", closed_at=closes_at)
