"""Booking: orders, tickets, payment."""

from typing import Any

from cinema.booking.payments import providers
from cinema.booking.settings import BookingSettings
from cinema.core.settings import read


def includeme(config: Any) -> None:
    """Reads the settings, sets up the payment providers, registers the views."""
    registry = config.registry
    registry.booking = settings = read(BookingSettings, registry.settings)
    registry.providers = providers(settings.payments)
    config.scan(".views")
