"""The layouts a file of films may have: how its header looks, and how the cells of a row become a film.

A cell that is no number where there should be one stays text; the schema says what is wrong with it.
"""

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cinema.catalogue.importing.lines import Unreadable
from cinema.catalogue.importing.rows import Split, quoted, tabbed
from cinema.catalogue.importing.titles import in_order, split_year

Cells = Mapping[str, str]
Values = dict[str, Any]

_WHOLE = re.compile(r"-?[0-9]{1,18}")
_DECIMAL = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,15})?")


@dataclass(frozen=True)
class Layout:
    """One layout. `film` answers what `films.FilmRow` takes, or None for what no cinema shows."""

    split: Split
    required: frozenset[str]
    allowed: frozenset[str]
    film: Callable[[Cells], Values | None]

    def columns(self, header: str) -> list[str] | None:
        """The columns that `header` names; None when it is not a header of this layout."""
        try:
            names = next(csv.reader([header], strict=True), []) if self.split is quoted else header.split("\t")
        except csv.Error:
            return None
        columns = [name.strip() for name in names]
        distinct = set(columns)
        fits = len(distinct) == len(columns) and self.required <= distinct <= self.allowed
        return columns if fits else None


def recognise(header: str, name: str | None) -> tuple[Layout, list[str]]:
    """The layout called `name`, or else the one that `header` fits, and the columns.

    Raises Unreadable when the header is not that of a layout, or of another than `name`.
    """
    for layout in [LAYOUTS[name]] if name else LAYOUTS.values():
        columns = layout.columns(header)
        if columns is not None:
            return layout, columns
    known = name or ", ".join(LAYOUTS)
    raise Unreadable(f"the header {header.rstrip()[:200]!r} is not that of a known layout ({known})")


def _whole(text: str) -> int | str:
    return int(text) if _WHOLE.fullmatch(text) else text


def _number(text: str) -> Decimal | str:
    return Decimal(text) if _DECIMAL.fullmatch(text) else text


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split("|") if name.strip()]


def _actors(text: str) -> list[dict[str, str]]:
    return [_actor(name) for name in _names(text)]


def _actor(name: str) -> dict[str, str]:
    """Split at the last space. Who has one name only has it as the last name."""
    first, _, last = name.rpartition(" ")
    return {"first_name": first.rstrip(), "last_name": last} if first else {"last_name": last}


_OWN_NUMBERS_AND_LISTS: dict[str, Callable[[str], Any]] = {
    "year": _whole,
    "duration": _whole,
    "rating": _number,
    "genres": _names,
    "directors": _names,
    "actors": _actors,
}


def _own(cells: Cells) -> Values:
    stripped = {name: cell.strip() for name, cell in cells.items()}
    return {name: _OWN_NUMBERS_AND_LISTS.get(name, str)(cell) for name, cell in stripped.items() if cell}


def _movielens(cells: Cells) -> Values:
    title, year = split_year(cells["title"])
    genres = "" if cells["genres"] == "(no genres listed)" else cells["genres"]
    return _present({"title": in_order(title), "year": year, "genres": _names(genres)})


def _imdb(cells: Cells) -> Values | None:
    if cells["titleType"] not in ("movie", "tvMovie") or cells["isAdult"] != "0":
        return None
    known = {name: cell for name, cell in cells.items() if cell != r"\N"}
    values = {
        "title": known.get("primaryTitle", "").strip(),
        "year": _whole(known.get("startYear", "")),
        "duration": _whole(known.get("runtimeMinutes", "")),
        "genres": _names(known.get("genres", "").replace(",", "|")),
    }
    return _present(values)


def _present(values: Values) -> Values:
    return {name: value for name, value in values.items() if value not in ("", None)}


_OWN_COLUMNS = frozenset(
    {"title", "year", "duration", "description", "rating", "age_rating", "trailer", "poster", "label"}
    | {"genres", "directors", "actors"}
)
_MOVIELENS_COLUMNS = frozenset({"movieId", "title", "genres"})
_IMDB_COLUMNS = frozenset(
    {"tconst", "titleType", "primaryTitle", "originalTitle", "isAdult"}
    | {"startYear", "endYear", "runtimeMinutes", "genres"}
)

LAYOUTS = {
    "csv": Layout(quoted, frozenset({"title"}), _OWN_COLUMNS, _own),
    "movielens": Layout(quoted, _MOVIELENS_COLUMNS, _MOVIELENS_COLUMNS, _movielens),
    "imdb": Layout(tabbed, _IMDB_COLUMNS, _IMDB_COLUMNS, _imdb),
}
"""By the name that `--format` takes."""
