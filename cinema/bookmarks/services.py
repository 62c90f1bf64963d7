"""The rules of bookmarks."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from cinema.bookmarks.models import Bookmark
from cinema.catalogue.labels import Sight
from cinema.catalogue.services import check_movie
from cinema.core.db.sql import insert_if_new


def save(db: Session, user_id: int, movie_id: int, sight: Sight, now: datetime) -> None:
    """Saves a film; again changes nothing. Raises NotFound for a film that does not exist."""
    check_movie(db, movie_id, sight)
    db.execute(insert_if_new(Bookmark).values(user_id=user_id, movie_id=movie_id, saved_at=now))


def forget(db: Session, user_id: int, movie_id: int, sight: Sight) -> None:
    """Removes a bookmark; one that is not there is fine. Raises NotFound for a film that does not exist."""
    check_movie(db, movie_id, sight)
    db.execute(delete(Bookmark).where(Bookmark.user_id == user_id, Bookmark.movie_id == movie_id))
