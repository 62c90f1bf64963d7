"""How reports look from outside: JSON, and tables (CSV, RFC 4180)."""

import csv
from dataclasses import asdict
from datetime import date
from io import StringIO
from typing import Any, Literal, NotRequired, TypedDict

from cinema.core.money import MoneyJson, money_json
from cinema.reports.sales import Figures, Line, Report

_FIGURES = ("tickets", "cassettes", "gross", "refunds", "net")
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class FiguresJson(TypedDict):
    """Tickets and cassettes that were paid for, refunded ones included; `net` is below zero after more refunds."""

    tickets: int
    cassettes: int
    gross: MoneyJson
    refunds: MoneyJson
    net: MoneyJson


class SalesLineJson(FiguresJson):
    """A `day`, or a film or hall with `id` and `name`; without an id what belongs to no film or hall one can name."""

    day: NotRequired[date]
    id: NotRequired[int | None]
    name: NotRequired[str]


SalesJson = TypedDict(
    "SalesJson",
    {
        "by": Literal["day", "film", "hall"],
        "from": date,
        "to": date,
        "rows": list[SalesLineJson],
        "total": FiguresJson,
    },
)
"""Sales in a period, both days included. `rows` add up to `total`."""


def sales_json(report: Report) -> SalesJson:
    """The report as JSON."""
    by: Any = report.by
    return {
        "by": by,
        "from": report.period.first,
        "to": report.period.last,
        "rows": [_line_json(line, report.currency) for line in report.lines],
        "total": _figures_json(report.total, report.currency),
    }


def sales_csv(report: Report) -> str:
    """The report as a table with one line of names on top and no total; money is in the last column's currency."""
    table = StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    keys = ("day",) if report.by == "day" else ("id", "name")
    writer.writerow((*keys, *_FIGURES, "currency"))
    for line in report.lines:
        writer.writerow((*_key_cells(line), *_cells(line.figures, report.currency), report.currency))
    return table.getvalue()


def _line_json(line: Line, currency: str) -> SalesLineJson:
    in_front: Any = {"day": line.key} if isinstance(line.key, date) else asdict(line.key)
    shown: SalesLineJson = in_front | _figures_json(line.figures, currency)
    return shown


def _figures_json(figures: Figures, currency: str) -> FiguresJson:
    return {
        "tickets": figures.tickets,
        "cassettes": figures.cassettes,
        "gross": _money(figures.gross, currency),
        "refunds": _money(figures.refunds, currency),
        "net": _money(figures.net, currency),
    }


def _money(minor: int, currency: str) -> MoneyJson:
    """Prices are never below zero, and `money_json` knows no other money."""
    shown: Any = money_json(abs(minor), currency)
    return {"amount": f"-{shown['amount']}" if minor < 0 else shown["amount"], "currency": currency}


def _key_cells(line: Line) -> tuple[Any, ...]:
    if isinstance(line.key, date):
        return (line.key.isoformat(),)
    return line.key.id, _harmless(line.key.name)


def _harmless(name: str) -> str:
    """A name that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{name}" if name.startswith(_BEGINS_A_FORMULA) else name


def _cells(figures: Figures, currency: str) -> tuple[Any, ...]:
    money = [_money(minor, currency)["amount"] for minor in (figures.gross, figures.refunds, figures.net)]
    return figures.tickets, figures.cassettes, *money
