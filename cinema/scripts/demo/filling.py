"""What is in the demo, in the order in which it is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from cinema.accounts.models import User
from cinema.catalogue.models import Movie
from cinema.schedule.models import Hall
from cinema.schedule.settings import ScheduleSettings
from cinema.scripts.demo.accounts import DemoAccount, register
from cinema.scripts.demo.cassettes import stock_shop
from cinema.scripts.demo.films import enter_films
from cinema.scripts.demo.halls import build_halls
from cinema.scripts.demo.programme import schedule_films


@dataclass(frozen=True)
class Contents:
    """How much was made. `accounts` are those that are new."""

    accounts: list[DemoAccount]
    films: int
    halls: int
    screenings: int
    cassettes: int


def is_empty(db: Session) -> bool:
    """Whether there are no films, no halls and no users."""
    return not db.scalar(select(or_(*(exists(select(model.id)) for model in (Movie, Hall, User)))))


def fill(
    db: Session,
    accounts: Sequence[DemoAccount],
    settings: ScheduleSettings,
    currency: str,
    now: datetime,
    *,
    keep_taken: bool,
) -> Contents:
    """Makes everything, in the caller's transaction. `keep_taken`: see `accounts.register`."""
    made = [account for account in accounts if register(db, account, now, keep_taken=keep_taken)]
    films, halls = enter_films(db, now), build_halls(db)
    screenings = schedule_films(db, films, halls, settings, currency, now.astimezone(settings.zone).date())
    return Contents(made, len(films), len(halls), screenings, stock_shop(db, currency, now))
