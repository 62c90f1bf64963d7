"""The schedule: halls with their seats, screenings, and the claims on seats."""

from typing import Any

from cinema.catalogue.events import DurationChanging
from cinema.core.settings import read
from cinema.schedule.settings import ScheduleSettings
from cinema.schedule.subscribers import KeepScreeningsApart


def includeme(config: Any) -> None:
    """Reads the settings, listens to the catalogue, registers the views."""
    config.registry.schedule = settings = read(ScheduleSettings, config.registry.settings)
    config.add_subscriber(KeepScreeningsApart(settings), DurationChanging)
    config.scan(".views")
