"""The schedule: halls with their seats, screenings, and the claims on seats."""

from typing import Any

from cinema.catalogue.events import DurationChanging
from cinema.core.settings import read
from cinema.schedule.listeners import KeepScreeningsApart
from cinema.schedule.queries import screening_list
from cinema.schedule.settings import ScheduleSettings


def includeme(config: Any) -> None:
    """Reads the settings, listens to the catalogue, registers the views."""
    registry = config.registry
    registry.schedule = settings = read(ScheduleSettings, registry.settings)
    registry.screening_list = screening_list(settings)
    config.add_listener(KeepScreeningsApart(settings), DurationChanging)
    config.scan(".views")
