"""What is different in this house: its hours, its deadline, how long one stays signed in."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cinema.accounts.sessions import Lease
from cinema.booking.terms import Charges, Terms
from cinema.catalogue.labels import sight
from cinema.core.errors import BadRequest
from cinema.core.request import Request
from cinema.schedule.settings import OpeningHours, Rules

ACCESS_LIFETIME = timedelta(hours=12)
LEASE = Lease(idle=timedelta(hours=24), absolute=timedelta(hours=24), rotates=False)

SESSIONS = Rules(ZoneInfo("UTC"), OpeningHours.parse("08:00-23:00"), cleaning=timedelta(minutes=25), strict=True)
"""When sessions may be, for how long each keeps its hall, and that none changes once somebody has a ticket."""

CLOSES = timedelta(hours=2)
"""How long before the start booking and paying close."""


def terms(request: Request) -> Terms:
    """The terms of booking: a session without a price costs nothing."""
    registry = request.registry
    return Terms(registry.booking, registry.currency, request.now, sight(request), CLOSES, Charges.WHERE_PRICED)


def check_in_time(starts_at: datetime, now: datetime) -> None:
    """Raises BadRequest when it is too late to book or pay."""
    if now >= starts_at - CLOSES:
        raise BadRequest("Booking and paying close two hours before the session starts.", code="booking-closed")
