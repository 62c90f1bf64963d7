"""Which seats to propose: together in one row, close to the best spot, without stranding a single seat.

The best spot is the middle of a row two thirds of the way back. Distances from it are measured in seat widths; a row
counts as two. Seats are together where nothing lies between them: a gap in the layout parts them.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from cinema.booking.claims import Seat
from cinema.schedule.layout import GAP, Layout, SeatRow

Score = tuple[int, int, int, int]
"""What is compared, the least is the best: single seats left over, distance, rows from the back, first seat."""


class _Row(NamedTuple):
    """A row with the place of each seat on its line; `free` and `wanted` say of each seat whether it is so."""

    number: int
    places: tuple[int, ...]
    free: tuple[bool, ...]
    wanted: tuple[bool, ...]


def best_available(
    seats: Layout, taken: Collection[Seat], together: int, categories: Collection[str]
) -> list[Seat] | None:
    """The best `together` free seats of these categories, in the order of the row; None where there are none.

    A group that leaves fewer single seats wins; then the one closest to the best spot; then the one further back.
    """
    best: tuple[Score, _Row, int] | None = None
    for row in _rows(seats, taken, categories):
        for first in _groups(row, together):
            score = _score(row, first, together, len(seats.rows))
            if best is None or score < best[0]:
                best = score, row, first
    if best is None:
        return None
    _score_of_it, row, first = best
    return [Seat(row.number, index + 1) for index in range(first, first + together)]


def most_together(seats: Layout, taken: Collection[Seat], categories: Collection[str]) -> int:
    """How many free seats of these categories there are together, at the most."""
    return max(max(_runs(row), default=0) for row in _rows(seats, taken, categories))


def _rows(seats: Layout, taken: Collection[Seat], categories: Collection[str]) -> Iterator[_Row]:
    for row, places in zip(seats.rows, _places(seats), strict=True):
        free = tuple(Seat(row.number, number) not in taken for number in range(1, len(places) + 1))
        yield _Row(row.number, places, free, _wanted(row, free, categories))


def _wanted(row: SeatRow, free: Sequence[bool], categories: Collection[str]) -> tuple[bool, ...]:
    return tuple(is_free and category in categories for is_free, category in zip(free, row.categories, strict=True))


def _places(seats: Layout) -> list[tuple[int, ...]]:
    """Where on its line each seat of each row stands; lines without seats are no rows."""
    lines = (line.partition("|")[2] for line in seats.text.split("\n"))
    found = (tuple(place for place, sign in enumerate(line) if sign != GAP) for line in lines)
    return [places for places in found if places]


def _runs(row: _Row) -> Iterator[int]:
    """For each seat, how many wanted ones end with it, side by side."""
    length = 0
    for index, wanted in enumerate(row.wanted):
        joined = index > 0 and row.places[index] == row.places[index - 1] + 1
        length = (length if joined else 0) + 1 if wanted else 0
        yield length


def _groups(row: _Row, together: int) -> Iterator[int]:
    """Where in the row a group of wanted seats can begin."""
    for last, length in enumerate(_runs(row)):
        if length >= together:
            yield last - together + 1


def _score(row: _Row, first: int, together: int, rows: int) -> Score:
    last = first + together - 1
    alone = _is_single(row, first - 1, first, -1) + _is_single(row, last + 1, last, 1)
    return alone, _distance(row, first, last, rows), -row.number, first


def _is_single(row: _Row, index: int, neighbour: int, step: int) -> bool:
    """Whether the seat beside a group is free, and has nobody's free seat on its other side."""
    return _is_free(row, index, neighbour) and not _is_free(row, index + step, index)


def _is_free(row: _Row, index: int, neighbour: int) -> bool:
    """Whether there is a free seat right beside another."""
    return 0 <= index < len(row.places) and abs(row.places[index] - row.places[neighbour]) == 1 and row.free[index]


def _distance(row: _Row, first: int, last: int, rows: int) -> int:
    """The square of the distance from the best spot, in sixths of a seat's width."""
    aside = 3 * abs(row.places[first] + row.places[last] - row.places[0] - row.places[-1])
    behind = 4 * abs(3 * (row.number - 1) - 2 * (rows - 1))
    return aside**2 + behind**2
