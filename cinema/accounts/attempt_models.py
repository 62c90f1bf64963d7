"""Counters of attempts to sign in."""

from datetime import datetime

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from cinema.core.db.base import Base, UtcDateTime


class LoginAttempt(Base):
    """How often signing in has failed lately, and when it was last tried. `attempts` says what has which `key`."""

    __tablename__ = "login_attempts"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
