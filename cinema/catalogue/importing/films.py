"""Films read from lines, checked by the rules that hold for everybody."""

from collections.abc import Iterator
from typing import Any

from cinema.catalogue.importing.layouts import Layout, recognise
from cinema.catalogue.importing.lines import Unreadable
from cinema.catalogue.importing.rows import BadLine, Row
from cinema.catalogue.schemas import ActorName, MovieBody, Name
from cinema.core.errors import Invalid
from cinema.core.schemas import deserialize, list_of

Film = dict[str, Any]
"""What `FilmRow` makes of a row: the columns of a film, and its lists by name."""


class FilmRow(MovieBody):
    """A film whose genres, directors and actors are named, since a file knows no ids."""

    genres = list_of(Name()["name"], missing=())
    directors = list_of(Name()["name"], missing=())
    actors = list_of(ActorName.partial(), missing=())


_SCHEMA = FilmRow()


def read_films(lines: Iterator[str], layout: str | None) -> Iterator[Film | BadLine | None]:
    """The films in `lines`, header first, in the layout of that name or the one that the header shows.

    Yields a BadLine for a record that cannot be taken, None for one that no cinema shows.
    Raises Unreadable for an empty file or an unknown header.
    """
    header = next(lines, None)
    if header is None:
        raise Unreadable("the file is empty")
    known, columns = recognise(header, layout)
    for row in known.split(lines, 2):
        yield row if isinstance(row, BadLine) else _film(known, columns, row)


def _film(layout: Layout, columns: list[str], row: Row) -> Film | BadLine | None:
    if len(row.cells) != len(columns):
        return BadLine(row.line, f"has {len(row.cells)} columns, the header has {len(columns)}")
    values = layout.film(dict(zip(columns, row.cells, strict=True)))
    if values is None:
        return None
    try:
        return deserialize(_SCHEMA, values)
    except Invalid as invalid:
        return BadLine(row.line, "; ".join(f"{error.field} {error.message}" for error in invalid.errors))
