"""The tickets that an order asks for, and what is wrong with each of them: one entry a ticket, in their order."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from cinema.booking.claims import Seat
from cinema.booking.outright import Spot
from cinema.core.errors import Invalid
from cinema.core.schemas import MAX_LIST, deserialize
from cinema.dialects.academy.schemas import Ticket
from cinema.dialects.field_map import NO_FIELD, FieldMap
from cinema.dialects.sentences import sentence

_TICKET = Ticket()
_NAMES = {"screening": "movie_session", "": NO_FIELD}

Entry = dict[str, list[str]]


@dataclass(frozen=True)
class Wanted:
    """The tickets of an order: what can be read of them, and what is wrong with the others, each by its position."""

    spots: Mapping[int, Spot]
    entries: Sequence[Entry]

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "Wanted":
        """The tickets in `body`. Raises FieldMap where there are none."""
        tickets = body.get("tickets")
        if tickets is None:
            raise FieldMap({"tickets": ["Is required."]})
        if not isinstance(tickets, list) or not 1 <= len(tickets) <= MAX_LIST:
            raise FieldMap({"tickets": [f"Must be an array of 1 to {MAX_LIST} tickets."]})
        spots: dict[int, Spot] = {}
        entries: list[Entry] = []
        for position, ticket in enumerate(tickets):
            try:
                wanted = deserialize(_TICKET, ticket)
            except Invalid as invalid:
                entries.append(_entry(invalid))
            else:
                entries.append({})
                spots[position] = Spot(wanted["movie_session"], Seat(wanted["row"], wanted["seat"]))
        return cls(spots, entries)

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Raises FieldMap with what the service says inside, if anything, and what was wrong before."""
        entries = [dict(entry) for entry in self.entries]
        refused = None
        try:
            yield
        except Invalid as invalid:
            refused = invalid
            positions = list(self.spots)
            for error in invalid.errors:
                _tickets, place, *field = error.field.split(".")
                name = ".".join(field)
                entries[positions[int(place)]].setdefault(_NAMES.get(name, name), []).append(sentence(error))
        if any(entries):
            raise FieldMap({"tickets": entries}) from refused


def _entry(invalid: Invalid) -> Entry:
    entry: Entry = {}
    for error in invalid.errors:
        entry.setdefault(error.field or NO_FIELD, []).append(sentence(error))
    return entry
