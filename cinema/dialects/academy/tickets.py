"""The tickets that an order asks for, and what is wrong with each of them: one entry a ticket, in their order."""

from collections.abc import Mapping
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


def spots_wanted(body: Mapping[str, Any]) -> list[Spot]:
    """The seats that `body` asks for. Raises FieldMap."""
    tickets = body.get("tickets")
    if tickets is None:
        raise FieldMap({"tickets": ["Is required."]})
    if not isinstance(tickets, list) or not 1 <= len(tickets) <= MAX_LIST:
        raise FieldMap({"tickets": [f"Must be an array of 1 to {MAX_LIST} tickets."]})
    spots: list[Spot] = []
    entries: list[Entry] = []
    for ticket in tickets:
        try:
            wanted = deserialize(_TICKET, ticket)
        except Invalid as invalid:
            entries.append(_entry(invalid))
        else:
            entries.append({})
            spots.append(Spot(wanted["movie_session"], Seat(wanted["row"], wanted["seat"])))
    if any(entries):
        raise FieldMap({"tickets": entries})
    return spots


def by_ticket(invalid: Invalid, number: int) -> FieldMap:
    """What the service refused, `tickets.N.field`, as entries of an order of `number` tickets."""
    entries: list[Entry] = [{} for _ticket in range(number)]
    for error in invalid.errors:
        _tickets, position, *field = error.field.split(".")
        name = ".".join(field)
        entries[int(position)].setdefault(_NAMES.get(name, name), []).append(sentence(error))
    return FieldMap({"tickets": entries})


def _entry(invalid: Invalid) -> Entry:
    entry: Entry = {}
    for error in invalid.errors:
        entry.setdefault(error.field or NO_FIELD, []).append(sentence(error))
    return entry
