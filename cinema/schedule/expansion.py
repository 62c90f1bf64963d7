"""`expand=movie,hall`: screenings with the whole film and hall instead of their names, for one statement each."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, select

from cinema.catalogue.labels import sight
from cinema.catalogue.models import Movie
from cinema.catalogue.presenters import movie_json
from cinema.catalogue.queries import MOVIES
from cinema.core.request import Request
from cinema.schedule.models import Hall
from cinema.schedule.presenters import ExpandableScreeningJson, hall_json, screening_json


class Expansion(NamedTuple):
    """Films and halls of some screenings, as rows by id."""

    movies: Mapping[int, Row[Any]]
    halls: Mapping[int, Row[Any]]

    @classmethod
    def of(cls, request: Request, screenings: Sequence[Row[Any]]) -> "Expansion":
        """What `expand` asks for."""
        wanted = request.query.get("expand", "").split(",")
        movies: Mapping[int, Row[Any]] = {}
        halls: Mapping[int, Row[Any]] = {}
        if "movie" in wanted:
            films = MOVIES.where(Movie.id.in_({row.movie_id for row in screenings}))
            movies = {row.id: row for row in request.reader.execute(films, sight(request).parameters)}
        if "hall" in wanted:
            rooms = select(Hall.__table__).where(Hall.id.in_({row.hall_id for row in screenings}))
            halls = {row.id: row for row in request.reader.execute(rooms)}
        return cls(movies, halls)

    @property
    def state(self) -> tuple[Any, ...]:
        """What is shown of films and halls, in an order that does not depend on where they lie."""
        return [self.movies[key] for key in sorted(self.movies)], [self.halls[key] for key in sorted(self.halls)]

    def expanded(self, row: Row[Any]) -> ExpandableScreeningJson:
        """A screening; of what is gone since it was read, its name stays."""
        screening: Any = screening_json(row)
        if row.movie_id in self.movies:
            screening["movie"] = movie_json(self.movies[row.movie_id])
        if row.hall_id in self.halls:
            screening["hall"] = hall_json(self.halls[row.hall_id])
        expanded: ExpandableScreeningJson = screening
        return expanded
