"""Booking: orders, tickets, payment, the door."""

from typing import Any

from cinema.booking.codes import TicketCodes
from cinema.booking.payments import providers
from cinema.booking.settings import BookingSettings
from cinema.core.settings import read


def includeme(config: Any) -> None:
    """Reads the settings, sets up payment providers and the key of ticket codes, registers the views."""
    registry = config.registry
    registry.booking = settings = read(BookingSettings, registry.settings)
    registry.providers = providers(settings.payments)
    registry.ticket_codes = TicketCodes(registry.secret)
    config.scan(".views")
    config.scan(".door")
