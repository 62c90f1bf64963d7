"""Two weeks of screenings, one after the other in every hall while the cinema is open."""

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from cinema.catalogue.labels import EVERYTHING
from cinema.core.money import Money
from cinema.schedule.screenings import create_screening
from cinema.schedule.settings import ScheduleSettings
from cinema.scripts.demo.films import Film

DAYS = 14
_QUARTER = timedelta(minutes=15)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STRIDE = 9
_STANDARD_PRICES = ((18, 1200), (12, 950), (6, 700), (0, 1200))
"""From which hour of the cinema's day a standard seat costs how many minor units."""
_SURCHARGES = {"standard": 0, "premium": 400, "accessible": -200}


def schedule_films(
    db: Session,
    films: Sequence[Film],
    halls: Sequence[int],
    settings: ScheduleSettings,
    currency: str,
    today: date,
) -> int:
    """Fills the halls for `DAYS` days from `today`, the cinema's day; answers the number of screenings."""
    number = 0
    for place, hall in enumerate(halls):
        queue = deque(_mixed(films))
        queue.rotate(-place * len(films) // len(halls))
        for film, starts_at in _fortnight(queue, settings, today):
            prices = _prices(starts_at.astimezone(settings.zone).hour, currency)
            values = {"movie": film.id, "hall": hall, "starts_at": starts_at, "prices": prices}
            create_screening(db, values, settings.rules, EVERYTHING)
            number += 1
    return number


def _fortnight(queue: deque[Film], settings: ScheduleSettings, today: date) -> Iterator[tuple[Film, datetime]]:
    """The showings in one hall."""
    for day in range(DAYS):
        opens, closes = settings.opening_hours.on(today + timedelta(days=day), settings.zone)
        starts_at = _next_quarter(opens)
        while film := _next_that_fits(queue, closes - starts_at - settings.cleaning):
            yield film, starts_at
            starts_at = _next_quarter(starts_at + timedelta(minutes=film.minutes) + settings.cleaning)


def _next_that_fits(queue: deque[Film], room: timedelta) -> Film | None:
    """The foremost film that is short enough; it goes to the end. Longer ones keep their place."""
    for film in queue:
        if timedelta(minutes=film.minutes) <= room:
            queue.remove(film)
            queue.append(film)
            return film
    return None


def _mixed(films: Sequence[Film]) -> list[Film]:
    """The films come by year; a day should show more than one decade."""
    return [film for first in range(_STRIDE) for film in films[first::_STRIDE]]


def _next_quarter(moment: datetime) -> datetime:
    return moment + (_EPOCH - moment) % _QUARTER


def _prices(hour: int, currency: str) -> dict[str, Money]:
    standard = next(minor for from_hour, minor in _STANDARD_PRICES if hour >= from_hour)
    return {category: Money.from_minor(standard + more, currency) for category, more in _SURCHARGES.items()}
