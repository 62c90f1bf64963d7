"""Lines split into cells."""

import csv
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

_UNFIT = re.compile("[\0\ud800-\udfff]")


class Row(NamedTuple):
    """The cells of one record, and the line of the file on which it starts."""

    line: int
    cells: list[str]


class BadLine(NamedTuple):
    """A record that cannot be taken: the line of the file on which it starts, and what is wrong with it."""

    line: int
    reason: str


Split = Callable[[Iterator[str], int], Iterator[Row | BadLine]]
"""Makes rows of lines; the number is that of the first line. Empty lines are no rows."""


def quoted(lines: Iterator[str], first: int) -> Iterator[Row | BadLine]:
    """Comma separated (RFC 4180): a quoted cell may hold commas and line ends."""
    reader = csv.reader(lines, strict=True)
    while True:
        start = first + reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadLine(start, _unquotable(start, first + reader.line_num - 1, error))
            continue
        if cells:
            yield _fit(Row(start, cells))


def tabbed(lines: Iterator[str], first: int) -> Iterator[Row | BadLine]:
    """Tab separated, where a quotation mark is a character like any other."""
    for number, line in enumerate(lines, first):
        text = line.rstrip("\r\n")
        if text:
            yield _fit(Row(number, text.split("\t")))


def _unquotable(start: int, end: int, error: csv.Error) -> str:
    """What csv gives up on it has read past: a quote left open can take many lines along."""
    lost = f" (lost up to line {end})" if end > start else ""
    return f"cannot be split into columns: {error}{lost}"


def _fit(row: Row) -> Row | BadLine:
    unfit = _UNFIT.search("\t".join(row.cells))
    if unfit is None:
        return row
    return BadLine(row.line, "holds a NUL" if unfit[0] == "\0" else "is not UTF-8")
