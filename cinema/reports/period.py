"""The days that a report is about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cinema.core.errors import Invalid

MAX_DAYS = 3660
_USUAL_DAYS = 30
_ONE_DAY = timedelta(days=1)
_EARLIEST = date(1, 1, 12)  # before that, midnight in some time zones is before the calendar begins


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the cinema's time zone, both ends included."""

    first: date
    last: date

    def __iter__(self) -> Iterator[date]:
        """Every day, in order."""
        return (self.first + number * _ONE_DAY for number in range((self.last - self.first).days + 1))


def period(query: Mapping[str, Any], today: date) -> Period:
    """The period that `from` and `to` say; by default the 30 days up to `to`, and up to today.

    Raises Invalid where it would have no day, or more than `MAX_DAYS`.
    """
    last: date = query.get("to", today)
    first: date = query.get("from") or _usual_first(last)
    field = "to" if "to" in query else "from"
    if first > last:
        raise Invalid.field(field, "out-of-range", f"would end the report before it begins: {first} to {last}")
    if (last - first).days >= MAX_DAYS:
        raise Invalid.field(field, "out-of-range", f"would make the report longer than {MAX_DAYS} days")
    return Period(first, last)


def _usual_first(last: date) -> date:
    return date.fromordinal(max(last.toordinal() - _USUAL_DAYS + 1, _EARLIEST.toordinal()))
