"""Movies, and the genres, directors and actors they have."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Column, Float, ForeignKey, Index, Integer, String, Table, Text, func
from sqlalchemy.orm import Mapped, mapped_column, validates

from cinema.core.db.base import Base, BigId, UtcDateTime
from cinema.core.db.changes import about
from cinema.core.text import fold

CATALOGUE_TOPIC = "catalogue"
"""The topic of everything here: films show the names of their genres and people."""

MAX_DURATION = 7 * 24 * 60
"""No film lasts longer than this many minutes."""


class Genre(Base):
    """A genre; its name is unique."""

    __tablename__ = "genres"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(255), unique=True)
    name_key: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index(None, "name_key", "id"), {"info": about(CATALOGUE_TOPIC)})

    @validates("name")
    def _key(self, _field: str, name: str) -> str:
        self.name_key = fold(name)
        return name


class Director(Base):
    """A director; namesakes are different people."""

    __tablename__ = "directors"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    name_key: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index(None, "name_key", "id"), {"info": about(CATALOGUE_TOPIC)})

    @validates("name")
    def _key(self, _field: str, name: str) -> str:
        self.name_key = fold(name)
        return name


class Actor(Base):
    """An actor; namesakes are different people."""

    __tablename__ = "actors"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    first_name: Mapped[str] = mapped_column(String(255))
    last_name: Mapped[str] = mapped_column(String(255))
    name_key: Mapped[str] = mapped_column(Text)
    """Last name first, for sorting; a search looks for its words one by one."""

    __table_args__ = (Index(None, "name_key", "id"), {"info": about(CATALOGUE_TOPIC)})

    @validates("first_name", "last_name")
    def _key(self, field: str, name: str) -> str:
        names = {"first_name": self.first_name, "last_name": self.last_name, field: name}
        self.name_key = actor_key(names["first_name"] or "", names["last_name"] or "")
        return name


def actor_key(first_name: str, last_name: str) -> str:
    """`name_key` of an actor."""
    return fold(f"{last_name} {first_name}").strip()


class Movie(Base):
    """A film. `title_key` and `search_key` are folded for searching; `duration` is in minutes."""

    __tablename__ = "movies"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    title: Mapped[str] = mapped_column(String(255))
    title_key: Mapped[str] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    search_key: Mapped[str] = mapped_column(Text)
    trailer: Mapped[str | None] = mapped_column(String(2000))
    year: Mapped[int | None] = mapped_column(Integer)
    rating: Mapped[float | None] = mapped_column(Float(53))
    duration: Mapped[int | None] = mapped_column(Integer)
    seconds: Mapped[int | None] = mapped_column(Integer)
    """The exact length, where somebody gave one; `duration` is the same in minutes, rounded up."""
    poster: Mapped[str | None] = mapped_column(String(2000))
    age_rating: Mapped[str | None] = mapped_column(String(20))
    label: Mapped[str | None] = mapped_column(String(50), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("title <> ''", name="has_title"),
        CheckConstraint("rating BETWEEN 0 AND 10", name="rating"),
        CheckConstraint(f"duration BETWEEN 1 AND {MAX_DURATION}", name="duration"),
        CheckConstraint("seconds > (duration - 1) * 60 AND seconds <= duration * 60", name="seconds"),
        {"info": about(CATALOGUE_TOPIC)},
    )

    @validates("rating")
    def _double(self, _name: str, rating: Decimal | float | None) -> float | None:
        """PostgreSQL refuses a decimal that is too small for a double, such as 1e-400."""
        return None if rating is None else float(rating)

    @validates("duration", "seconds")
    def _length(self, name: str, value: int | None) -> int | None:
        """Whoever changes the one changes the other."""
        if name == "duration" and value != self.duration:
            self.seconds = None
        elif name == "seconds" and value is not None:
            self.duration = -(-value // 60)
        return value

    @validates("title", "description")
    def _keys(self, name: str, value: str | None) -> str | None:
        texts = {"title": self.title, "description": self.description, name: value}
        self.title_key, self.search_key = search_keys(texts["title"] or "", texts["description"])
        return value


def search_keys(title: str, description: str | None) -> tuple[str, str]:
    """`title_key` and `search_key` of a film."""
    return fold(title), fold(f"{title}\n{description or ''}")


Index("ix_movies_title", Movie.title_key, Movie.id)
Index("ix_movies_year", func.coalesce(Movie.year, 0), Movie.id)
Index("ix_movies_rating", func.coalesce(Movie.rating, 0), Movie.id)
Index("ix_movies_duration", func.coalesce(Movie.duration, 0), Movie.id)


def _link(table: str, column: str, target: str) -> Table:
    """A list that a film has, in its order. What is in the list cannot be deleted; the film takes its list along."""
    listed: Any = ForeignKey(target, ondelete="RESTRICT", info={"needed_by": "movies"})
    return Table(
        table,
        Base.metadata,
        Column("movie_id", ForeignKey("movies.id", ondelete="CASCADE"), primary_key=True),
        Column(column, listed, primary_key=True),
        Column("position", Integer, nullable=False),
        Index(None, column, "movie_id"),
        info=about(CATALOGUE_TOPIC),
    )


movie_genres = _link("movie_genres", "genre_id", "genres.id")
movie_directors = _link("movie_directors", "director_id", "directors.id")
movie_actors = _link("movie_actors", "actor_id", "actors.id")
