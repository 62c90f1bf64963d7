"""The report: who is how fast, and which ratios cinema reaches."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.contenders import BARE, CINEMA, DRF, FASTAPI
from bench.load import Result


@dataclass(frozen=True)
class Goal:
    """What cinema is to reach: a share of the bare waitress, and so many times its peers."""

    of_bare: float
    of_drf: float
    of_fastapi: float


_UNCHANGED, _NOT_MODIFIED = Goal(0.60, 40, 30), Goal(0.85, 50, 40)
GOALS = {
    "movie page, unchanged": _UNCHANGED,
    "movie page, 304": _NOT_MODIFIED,
    "movie page, from the database": Goal(0.11, 9, 6),
    "screening list, from the database": Goal(0.13, 11, 8),
    "seat map, 304": _NOT_MODIFIED,
    "seat map, from the database": Goal(0.27, 14, 11),
    "order of 2 seats": Goal(0.16, 9, 5.5),
}


@dataclass
class Row:
    """What was measured of one scenario: the rounds of each contender, by name."""

    name: str
    size: int
    rounds: dict[str, list[Result]] = field(default_factory=dict)

    def median(self, contender: str, figure: Callable[[Result], float]) -> float | None:
        """Of a contender's rounds; None for one who did not take part."""
        found = self.rounds.get(contender)
        return statistics.median(map(figure, found)) if found else None

    def times(self, other: str, figure: Callable[[Result], float]) -> float | None:
        """cinema's figure as a multiple of another's."""
        ours, theirs = self.median(CINEMA, figure), self.median(other, figure)
        return ours / theirs if ours and theirs else None


def show(rows: Sequence[Row], contenders: Sequence[str]) -> None:
    """Prints what was measured on one engine."""
    _matrix("requests/s", rows, contenders, lambda result: result.per_second)
    _matrix("CPU µs/request", rows, contenders, lambda result: result.cpu_microseconds)
    if any(result.database for row in rows for results in row.rounds.values() for result in results):
        _matrix("CPU µs/request of PostgreSQL", rows, contenders, lambda result: result.database_microseconds)
    _matrix("server's core busy, %", rows, contenders, lambda result: result.busy * 100)
    for row in rows:
        for name, results in row.rounds.items():
            if lost := sum(result.reconnects for result in results):
                asked = sum(result.requests for result in results)
                print(f"  {row.name}: {name} hung up {lost} times in {asked} requests")


def _matrix(title: str, rows: Sequence[Row], contenders: Sequence[str], figure: Callable[[Result], float]) -> None:
    print(f"  {title:34} {'bytes':>6}" + "".join(f"{name:>15}" for name in contenders))
    for row in rows:
        figures = (row.median(name, figure) for name in contenders)
        cells = "".join(f"{'–' if each is None else f'{each:,.0f}':>15}" for each in figures)
        print(f"  {row.name:34} {row.size:>6}{cells}")
    print()


def show_goals(rows: Sequence[Row]) -> None:
    """Prints which ratios cinema reaches on one engine: by requests per second, and by the CPU time of the server.

    The latter says the same where nothing but the server's core is the limit, and is less disturbed by other work.
    """
    _goals("by requests/s", rows, lambda result: result.per_second)
    _goals("by CPU time", rows, lambda result: result.requests / result.cpu if result.cpu else 0)


def _goals(title: str, rows: Sequence[Row], figure: Callable[[Result], float]) -> None:
    print(f"  {'cinema ' + title:34}{'of bare waitress':>24}{'× DRF':>22}{'× FastAPI':>22}")
    for row in rows:
        goal = GOALS.get(row.name)
        share = _reached(row.times(BARE, figure), goal and goal.of_bare, "{:.1%}", "{:.0%}")
        of_drf = _reached(row.times(DRF, figure), goal and goal.of_drf, "{:.1f}", "{:g}")
        of_fastapi = _reached(row.times(FASTAPI, figure), goal and goal.of_fastapi, "{:.1f}", "{:g}")
        print(f"  {row.name:34}{share:>24}{of_drf:>22}{of_fastapi:>22}")
    print()


def _reached(found: float | None, goal: float | None, form: str, goal_form: str) -> str:
    if found is None:
        return "–"
    if goal is None:
        return form.format(found)
    return f"{form.format(found)} {'reaches' if found >= goal else 'misses '} {goal_form.format(goal):>4}"
