"""The rules of bookmarks."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cinema.bookmarks.models import Bookmark
from cinema.catalogue.models import Movie
from cinema.core.db.sql import insert_ignoring
from cinema.core.errors import NotFound


def save(db: Session, user_id: int, movie_id: int, now: datetime) -> None:
    """Saves a film; again changes nothing. Raises NotFound for a film that does not exist."""
    if db.scalar(select(Movie.id).where(Movie.id == movie_id)) is None:
        raise NotFound
    db.execute(insert_ignoring(db, Bookmark).values(user_id=user_id, movie_id=movie_id, saved_at=now))


def forget(db: Session, user_id: int, movie_id: int) -> None:
    """Removes a bookmark; one that is not there is fine. Raises NotFound for a film that does not exist."""
    if db.scalar(select(Movie.id).where(Movie.id == movie_id)) is None:
        raise NotFound
    db.execute(delete(Bookmark).where(Bookmark.user_id == user_id, Bookmark.movie_id == movie_id))
