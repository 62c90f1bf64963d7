"""`cinema import`: data from elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from cinema.catalogue.importing.films import Film, read_films
from cinema.catalogue.importing.layouts import LAYOUTS
from cinema.catalogue.importing.lines import Unreadable, read_lines
from cinema.catalogue.importing.lists import LISTS
from cinema.catalogue.importing.rows import BadLine
from cinema.catalogue.importing.store import Counts, import_films
from cinema.core.clock import utcnow

_SHOWN = 20  # bad lines reported in full


class _BadLineFound(Exception):
    """Ends the transaction."""


class _Report:
    """What a file held that was not imported, and why."""

    def __init__(self, *, skip_bad_lines: bool) -> None:
        self.skipped = 0
        self.bad = 0
        self._skip_bad_lines = skip_bad_lines
        self._shown: list[BadLine] = []

    def films(self, entries: Iterator[Film | BadLine | None]) -> Iterator[Film]:
        """The films among `entries`; notes the others. A bad line raises _BadLineFound, unless it may be skipped."""
        for entry in entries:
            if isinstance(entry, dict):
                yield entry
                continue
            self.note(entry)
            if self.bad and not self._skip_bad_lines:
                raise _BadLineFound

    def note(self, entry: Film | BadLine | None) -> None:
        """Notes an entry that is no film."""
        if isinstance(entry, dict):
            return
        self.skipped += 1
        if entry is None:
            return
        self.bad += 1
        if len(self._shown) < _SHOWN:
            self._shown.append(entry)

    def show(self) -> None:
        """Writes the bad lines to stderr."""
        for bad in self._shown:
            click.echo(f"line {bad.line}: {bad.reason}", err=True)
        if self.bad > len(self._shown):
            click.echo(f"… and {self.bad - len(self._shown)} more", err=True)


@click.group("import")
def import_() -> None:
    """Bring in data from elsewhere."""


@import_.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "layout",
    type=click.Choice([*LAYOUTS]),
    help="The layout of FILE; by default its header tells.",
)
@click.option("--skip-bad-lines", is_flag=True, help="Import the good lines although there are bad ones.")
@click.pass_obj
def movies(site: Any, file: Path, layout: str | None, skip_bad_lines: bool) -> None:
    """Import films: MovieLens' movies.csv, IMDb's title.basics.tsv or a CSV of your own, gzipped or not.

    A CSV of your own has a header with title and any of year, duration, description, rating, age_rating,
    trailer, poster, label, genres, directors and actors; the last three hold names separated by |.

    Films that are there already, by title and year, are left as they are, so an import can be repeated. It is
    one transaction: all of it happens or nothing.
    """
    report = _Report(skip_bad_lines=skip_bad_lines)
    try:
        counts = _import(site, file, layout, report)
    except Unreadable as unreadable:
        raise click.ClickException(str(unreadable)) from None
    finally:
        report.show()
    if counts is None:
        advice = "correct them, or leave them out with --skip-bad-lines"
        raise click.ClickException(f"nothing was imported, bad lines: {report.bad}; {advice}")
    made = ", ".join(f"{counts.made[name]} {name}" for name in LISTS)
    done = f"{counts.imported} films imported, {counts.already_there} already there"
    click.echo(f"{done}, {report.skipped} skipped; {made} new")


def _import(site: Any, file: Path, layout: str | None, report: _Report) -> Counts | None:
    """What was imported; None when bad lines stopped it.

    After a bad line the rest of the file is read for further ones, but the transaction is over by then.
    """
    with _progress(file) as progress, closing(read_lines(file, progress)) as lines:
        entries = read_films(lines, layout)
        try:
            with site.session() as db:
                return import_films(db, report.films(entries), utcnow())
        except _BadLineFound:
            for entry in entries:
                report.note(entry)
            return None


@contextmanager
def _progress(file: Path) -> Iterator[Callable[[int], object]]:
    """A bar over the bytes of `file`, on stderr if that is a terminal; takes the bytes read so far."""
    size = file.stat().st_size if file.is_file() else None
    with tqdm(total=size, unit="B", unit_scale=True, leave=False, disable=None) as bar:
        yield lambda read: bar.update(read - bar.n)
