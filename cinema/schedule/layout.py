"""Seat maps as text.

One line per row, from the screen back: a name, `|`, then one character per place. Rows and seats are numbered
from 1; a gap (`_`) has no number, and neither has a line of gaps, which is an aisle:

    A|..__..
    |______
    B|PP__PA
"""

from dataclasses import dataclass
from functools import lru_cache

CATEGORIES = {".": "standard", "P": "premium", "A": "accessible"}
GAP = "_"
MAX_ROWS = 200
MAX_SEATS_IN_ROW = 200
_MAX_NAME = 10


class LayoutError(ValueError):
    """A layout that cannot be read; the message names the line."""


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A row of seats. `categories[0]` is the category of seat 1."""

    number: int
    name: str
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """A hall's seats."""

    text: str
    rows: tuple[SeatRow, ...]

    @property
    def capacity(self) -> int:
        """How many seats there are."""
        return sum(len(row.categories) for row in self.rows)

    @property
    def seats_in_row(self) -> int:
        """How many seats the longest row has."""
        return max(len(row.categories) for row in self.rows)

    def category(self, row: int, seat: int) -> str | None:
        """The category of a seat; None where there is no such seat."""
        if not 1 <= row <= len(self.rows):
            return None
        categories = self.rows[row - 1].categories
        return categories[seat - 1] if 1 <= seat <= len(categories) else None


def rectangle(rows: int, seats_in_row: int) -> Layout:
    """The plain hall: `rows` rows of `seats_in_row` standard seats."""
    return parse("\n".join(f"{number}|{'.' * seats_in_row}" for number in range(1, rows + 1)))


@lru_cache(maxsize=512)
def parse(text: str) -> Layout:
    """Reads a layout. Raises LayoutError."""
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    if len(lines) > MAX_ROWS:
        raise LayoutError(f"has {len(lines)} lines; {MAX_ROWS} are allowed")
    rows: list[SeatRow] = []
    for position, line in enumerate(lines, start=1):
        name, categories = _read_line(position, line)
        if categories:
            rows.append(SeatRow(len(rows) + 1, name, categories))
    if not rows:
        raise LayoutError("has no seats")
    if len({row.name for row in rows}) < len(rows):
        raise LayoutError("gives two rows the same name")
    return Layout("\n".join(lines), tuple(rows))


def _read_line(position: int, line: str) -> tuple[str, tuple[str, ...]]:
    name, bar, places = line.partition("|")
    strange = set(places) - set(CATEGORIES) - {GAP}
    if not bar:
        raise LayoutError(f"line {position} has no «|» between the row's name and its places")
    if strange:
        raise LayoutError(f"line {position} has {min(strange)!r}; places are {' '.join(CATEGORIES)} and {GAP}")
    if len(places) > MAX_SEATS_IN_ROW:
        raise LayoutError(f"line {position} has {len(places)} places; {MAX_SEATS_IN_ROW} are allowed")
    categories = tuple(CATEGORIES[place] for place in places if place != GAP)
    if categories and not 1 <= len(name.strip()) <= _MAX_NAME:
        raise LayoutError(f"line {position} needs a name of at most {_MAX_NAME} characters before the «|»")
    return name.strip(), categories
