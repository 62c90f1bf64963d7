"""What the peers share because no framework has a part in it: layouts, seat states and money."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

CATEGORIES = {".": "standard", "P": "premium", "A": "accessible"}
MAX_SEATS = 10
HOLD_MINUTES = 15
CURRENCY = "EUR"


@dataclass(frozen=True)
class Money:
    """An amount as text, and its currency."""

    amount: str
    currency: str

    @classmethod
    def from_minor(cls, minor: int, currency: str) -> "Money":
        """1250, "EUR" → 12.50 EUR."""
        return cls(f"{minor // 100}.{minor % 100:02}", currency)


@dataclass
class Seat:
    """A seat of a screening."""

    seat: int
    category: str
    state: str
    price: Money | None


@dataclass
class SeatRow:
    """A row of seats."""

    row: int
    name: str
    seats: list[Seat]


@dataclass
class SeatMap:
    """The seats of a screening."""

    rows: list[SeatRow]
    version: str


@lru_cache(maxsize=256)
def parse_layout(layout: str) -> list[tuple[str, list[str]]]:
    """Name and categories of each row that has seats."""
    rows = []
    for line in layout.splitlines():
        name, _bar, places = line.partition("|")
        categories = [CATEGORIES[place] for place in places if place in CATEGORIES]
        if categories:
            rows.append((name.strip(), categories))
    return rows


def category_of(layout: str, row: int, seat: int) -> str | None:
    """The category of a seat; None where there is none."""
    rows = parse_layout(layout)
    if not 1 <= row <= len(rows):
        return None
    categories = rows[row - 1][1]
    return categories[seat - 1] if 1 <= seat <= len(categories) else None


def seat_map(layout: str, prices: Mapping[str, Money], claims: Iterable[tuple[int, int, str]]) -> SeatMap:
    """The map; `claims` are row, seat and state of what is taken."""
    taken = {(row, seat): "sold" if state == "sold" else "held" for row, seat, state in claims}
    rows = [
        SeatRow(
            number,
            name,
            [
                Seat(seat, category, taken.get((number, seat), "free"), prices.get(category))
                for seat, category in enumerate(categories, start=1)
            ],
        )
        for number, (name, categories) in enumerate(parse_layout(layout), start=1)
    ]
    content = f"{layout}{sorted(taken.items())}{sorted(prices.items(), key=str)}"
    return SeatMap(rows, hashlib.blake2b(content.encode(), digest_size=8).hexdigest())


def one_price(prices: Mapping[str, Money]) -> Money | None:
    """The price of all seats, where they cost the same."""
    found = set(prices.values())
    return found.pop() if len(prices) == len(CATEGORIES) and len(found) == 1 else None
