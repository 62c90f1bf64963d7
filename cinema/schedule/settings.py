"""What an operator can say about the schedule."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cinema.core.settings import setting, whole


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When the cinema is open, in its own time. Closing at or before opening means the next day."""

    opens: time
    closes: timedelta
    """From the midnight before opening: 26 hours is two in the morning."""

    @classmethod
    def parse(cls, text: str) -> "OpeningHours":
        """Reads `08:00-23:00`."""
        found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)", text, re.ASCII)
        if not found or (found[3] == "24" and found[4] != "00"):
            raise ValueError(f"must be like 08:00-23:00, not {text!r}")
        opens = timedelta(hours=int(found[1]), minutes=int(found[2]))
        closes = timedelta(hours=int(found[3]), minutes=int(found[4]))
        if closes <= opens:
            closes += timedelta(days=1)
        return cls(time(int(found[1]), int(found[2])), closes)

    def include(self, starts: datetime, ends: datetime, zone: ZoneInfo) -> bool:
        """Whether the cinema is open from `starts` to `ends`, both included."""
        if self._never_closes():
            return True
        today = starts.astimezone(zone).date()
        return any(
            opens <= starts and ends <= closes
            for opens, closes in (self.on(day, zone) for day in (today, today - timedelta(days=1)))
        )

    def _never_closes(self) -> bool:
        """Whether one day's closing is the next day's opening, as in 00:00-24:00."""
        opens = timedelta(hours=self.opens.hour, minutes=self.opens.minute)
        return self.closes - opens == timedelta(days=1)

    def on(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Opening and closing on a day, in UTC."""
        opens = datetime.combine(day, self.opens, zone)
        midnight = datetime.combine(day, time(), zone)
        return opens.astimezone(UTC), (midnight + self.closes).astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"must be a time zone such as Europe/Berlin, not {name!r}") from None


@dataclass(frozen=True, slots=True)
class Rules:
    """What screenings have to keep to. Without opening hours any moment will do, and a hall may be shared."""

    zone: ZoneInfo
    opening_hours: OpeningHours | None
    cleaning: timedelta
    strict: bool = False
    """Whether every change is judged like a new screening, and none is possible once somebody has a ticket."""


@dataclass(frozen=True)
class ScheduleSettings:
    """Time zone, opening hours, and the break for cleaning."""

    zone: ZoneInfo = setting("cinema.timezone", "UTC", _zone, "The cinema's time zone: its days and opening hours")
    opening_hours: OpeningHours = setting(
        "cinema.opening_hours",
        "08:00-23:00",
        OpeningHours.parse,
        "When screenings may start and have to be over",
    )
    cleaning_minutes: int = setting(
        "cinema.cleaning_minutes", "25", whole(0, 600), "How long a hall is cleaned after each screening"
    )

    @property
    def cleaning(self) -> timedelta:
        """The cleaning gap."""
        return timedelta(minutes=self.cleaning_minutes)

    @property
    def rules(self) -> Rules:
        """What screenings have to keep to here."""
        return Rules(self.zone, self.opening_hours, self.cleaning)

    def day(self, day: date) -> tuple[datetime, datetime]:
        """The first moment of the cinema's day and of the next one, in UTC."""
        midnights = [datetime.combine(each, time(), self.zone) for each in (day, day + timedelta(days=1))]
        return midnights[0].astimezone(UTC), midnights[1].astimezone(UTC)
