"""The sales report: lines that add up to its total, and the total to what the ledger says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from cinema.catalogue.labels import Sight
from cinema.core.db.base import Reader
from cinema.reports.period import Period
from cinema.reports.queries import BY_FILM, BY_HALL, by_day
from cinema.reports.schemas import DAY, FILM
from cinema.schedule.settings import ScheduleSettings


@dataclass(frozen=True, slots=True)
class Named:
    """A film or a hall; without an id, everything of a kind."""

    id: int | None
    name: str


CASSETTES = Named(None, "Cassettes")
"""The shop, which no film or hall earned for."""
OTHERS = Named(None, "Other films")
"""Films that whoever asks may not see."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Tickets and cassettes paid for, refunded ones included; money taken and given back, in minor units."""

    tickets: int = 0
    cassettes: int = 0
    gross: int = 0
    refunds: int = 0

    @property
    def net(self) -> int:
        """What is left; below zero where more was given back than taken."""
        return self.gross - self.refunds

    def __add__(self, other: "Figures") -> "Figures":
        """Both together."""
        return Figures(
            self.tickets + other.tickets,
            self.cassettes + other.cassettes,
            self.gross + other.gross,
            self.refunds + other.refunds,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of a day, a film or a hall."""

    key: date | Named
    figures: Figures


@dataclass(frozen=True, slots=True)
class Report:
    """Sales in a period."""

    by: str
    period: Period
    currency: str
    lines: list[Line]

    @property
    def total(self) -> Figures:
        """All lines together."""
        return sum((line.figures for line in self.lines), Figures())


def sales(db: Reader, by: str, period: Period, currency: str, schedule: ScheduleSettings, sight: Sight) -> Report:
    """What was sold in a period for money in `currency`, by day, film or hall; what would be zero has no line.

    What films earned that `sight` does not show is one line, and what cassettes earned is another.
    """
    midnights = [schedule.day(day)[0] for day in period] + [schedule.day(period.last)[1]]
    if by == DAY:
        days, found = list(period), db.execute(by_day(midnights, currency))
        lines = [Line(days[row.number], _everything(row)) for row in found]
    else:
        statement = BY_FILM if by == FILM else BY_HALL
        bounds = {"starts": midnights[0], "ends": midnights[-1]}
        lines = _named(statement.run(db, currency=currency, **bounds, **sight.parameters).all())
    return Report(by, period, currency, [line for line in lines if line.figures != Figures()])


def _named(rows: Iterable[Row[Any]]) -> list[Line]:
    """Best first; then what belongs to none that can be named."""
    lines, shop, others = [], Figures(), Figures()
    for row in sorted(rows, key=lambda row: (-_of_tickets(row).net, row.id or 0)):
        shop += _of_cassettes(row)
        if row.id is None or not row.visible:
            others += _of_tickets(row)
        else:
            lines.append(Line(Named(row.id, row.name), _of_tickets(row)))
    return [*lines, Line(CASSETTES, shop), Line(OTHERS, others)]


def _everything(row: Row[Any]) -> Figures:
    """The engines add up to numbers of different types."""
    return Figures(int(row.tickets), int(row.cassettes), int(row.gross), int(row.refunds))


def _of_cassettes(row: Row[Any]) -> Figures:
    return Figures(0, int(row.cassettes), int(row.cassettes_gross), int(row.cassettes_refunds))


def _of_tickets(row: Row[Any]) -> Figures:
    gross, refunds = row.gross - row.cassettes_gross, row.refunds - row.cassettes_refunds
    return Figures(int(row.tickets), 0, int(gross), int(refunds))
