"""What the schedule has against changes elsewhere."""

from sqlalchemy import select

from cinema.catalogue.events import DurationChanging
from cinema.core.errors import Conflict
from cinema.schedule.models import Hall, Screening
from cinema.schedule.screenings import check_hall_is_free
from cinema.schedule.settings import ScheduleSettings


class KeepScreeningsApart:
    """A film may become longer only as far as its screenings still fit into their halls."""

    def __init__(self, settings: ScheduleSettings) -> None:
        self._cleaning = settings.cleaning

    def __call__(self, event: DurationChanging) -> None:
        """Raises Conflict `overlap`, or `no-duration` for a scheduled film that would lose its length."""
        db, movie = event.db, event.movie
        screenings = db.scalars(select(Screening).where(Screening.movie_id == movie.id)).all()
        if not screenings:
            return
        if event.minutes is None:
            detail = "The movie has screenings, which need its duration. Change it, but do not remove it."
            raise Conflict(detail, code="no-duration")
        if movie.duration is None or event.minutes > movie.duration:
            halls = {screening.hall_id for screening in screenings}
            db.execute(select(Hall.id).where(Hall.id.in_(halls)).order_by(Hall.id).with_for_update())
            for screening in screenings:
                check_hall_is_free(db, screening, event.minutes * 60, self._cleaning, event.sight)
