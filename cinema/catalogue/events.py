"""What the catalogue announces before it does it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from cinema.catalogue.labels import Sight
from cinema.catalogue.models import Movie


@dataclass(frozen=True, slots=True)
class DurationChanging:
    """A film is about to last `minutes` (None: unknown). The row is locked and still has the old duration.

    `sight` is that of whoever is changing it.
    """

    db: Session
    movie: Movie
    minutes: int | None
    sight: Sight
