"""Whatever is bought and given back: every report adds up to its total, and the total to what the ledger says."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from alembic import command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cinema.core.db.revision import alembic_config
from tests.app import Cinema, euros, seats
from tests.conftest import opened
from tests.databases import open_database
from tests.functional.test_reports import buy, refund, sales

BERLIN = ZoneInfo("Europe/Berlin")
PRICES = ["9.50", "0.00", "12.35"]
TAPE = Decimal("5.00")
SEATS_IN_ROW, ROWS = 200, 20
NAMES = {"film": "movie", "hall": "hall"}
MEASURES = ("tickets", "cassettes", "gross", "refunds", "net")

HOURS = st.integers(0, 40)
PURCHASES = st.tuples(
    HOURS,
    st.integers(0, len(PRICES) - 1),  # which screening
    st.integers(0, 3),  # seats
    st.integers(0, 3),  # cassettes
    st.lists(st.tuples(HOURS, st.integers(0, 3), st.integers(0, 3)), max_size=2),  # refunds: of seats, of cassettes
).filter(lambda purchase: purchase[2] + purchase[3] > 0)

Lines = dict[Any, dict[str, Decimal]]


class Till:
    """A cinema that sells, and what its reports have to say."""

    def __init__(self, cinema: Cinema) -> None:
        self.cinema = cinema
        self.tape = cinema.cassette(quantity=10_000)
        halls = [cinema.hall(ROWS, SEATS_IN_ROW), cinema.hall(ROWS, SEATS_IN_ROW)]
        films = [cinema.movie(title) for title in ("Сталкер", "Jaws")]
        self.screenings = [
            cinema.screening(
                movie=films[number % 2],
                hall=halls[number // 2],
                price=euros(price),
                starts_at=(cinema.now + timedelta(days=9000 + number)).isoformat(),
            )
            for number, price in enumerate(PRICES)
        ]
        shown = [cinema.member.get(f"/screenings/{screening}") for screening in self.screenings]
        self.keys = [{by: each[name]["id"] for by, name in NAMES.items()} for each in shown]
        self.sold = [0] * len(PRICES)
        self.begin()

    def begin(self) -> None:
        """Turns to days on which nothing has happened yet."""
        self.cinema.later(days=3)
        self.first = self.today
        self.expected: dict[str, Lines] = {by: {} for by in ("day", *NAMES)}
        self.before = self.cinema.sql("SELECT coalesce(max(id), 0) FROM payments")[0][0]

    @property
    def today(self) -> str:
        """The day where the cinema is."""
        return str(self.cinema.now.astimezone(BERLIN).date())

    def sell(self, number: int, places: int, tapes: int) -> Any:
        """A paid order for seats of a screening and for cassettes."""
        first = self.sold[number]
        self.sold[number] += places
        wanted = [(place // SEATS_IN_ROW + 1, place % SEATS_IN_ROW + 1) for place in range(first, first + places)]
        order = buy(self.cinema.member, self.screenings[number], *wanted, tape=self.tape, quantity=tapes)
        self._expect("gross", number, places, tapes, tickets=places, cassettes=tapes)
        return order

    def give_back(self, order: Any, number: int, tickets: list[int], tapes: int) -> None:
        """Refunds some of it."""
        cassettes = [{"cassette": self.tape, "quantity": tapes}] if tapes else []
        refund(self.cinema, order, tickets=tickets, cassettes=cassettes)
        self._expect("refunds", number, len(tickets), tapes, tickets=0, cassettes=0)

    def moved(self) -> Decimal:
        """Captures less refunds, from the ledger."""
        rows = self.cinema.sql("SELECT kind, amount_minor FROM payments WHERE id > :id", id=self.before)
        return Decimal(sum(minor if kind == "capture" else -minor for kind, minor in rows)) / 100

    def _expect(self, way: str, number: int, places: int, tapes: int, *, tickets: int, cassettes: int) -> None:
        for_tickets, for_tapes = Decimal(PRICES[number]) * places, TAPE * tapes
        self._add("day", self.today, way, for_tickets + for_tapes, tickets, cassettes)
        for by in NAMES:
            self._add(by, self.keys[number][by], way, for_tickets, tickets, 0)
            self._add(by, None, way, for_tapes, 0, cassettes)

    def _add(self, by: str, key: Any, way: str, amount: Decimal, tickets: int, cassettes: int) -> None:
        line = self.expected[by].setdefault(key, defaultdict(Decimal))
        line["tickets"] += tickets
        line["cassettes"] += cassettes
        line[way] += amount
        line["net"] += amount if way == "gross" else -amount


def measures(row: Any) -> dict[str, Decimal]:
    """The numbers in a row."""
    return {name: Decimal(row[name]["amount"] if isinstance(row[name], dict) else row[name]) for name in MEASURES}


def eventful(lines: Lines) -> Lines:
    """Lines in which there is anything."""
    return {key: {name: line[name] for name in MEASURES} for key, line in lines.items() if any(line.values())}


def check(till: Till) -> None:
    """Compares every report with what has to be in it, line by line."""
    for by, expected in till.expected.items():
        answer = sales(till.cinema.admin, f"by={by}&from={till.first}&to={till.today}")
        found = {row["day"] if by == "day" else row["id"]: measures(row) for row in answer["rows"]}
        assert len(found) == len(answer["rows"])
        assert eventful(found) == eventful(expected)
        total = measures(answer["total"])
        assert total == {name: sum((row[name] for row in found.values()), Decimal(0)) for name in MEASURES}
        assert total["net"] == total["gross"] - total["refunds"] == till.moved()


@pytest.fixture
def ledger(new_database: Callable[[str], str]) -> Iterator[tuple[Any, Cinema]]:
    """A new database, and a cinema in Berlin on it."""
    url = new_database("ledger")
    with opened(url, **{"cinema.timezone": "Europe/Berlin"}) as router, Cinema(router) as cinema:
        database = open_database(url)
        yield database, cinema
        database.dispose()


def test_every_report_adds_up_to_what_moved(ledger: tuple[Any, Cinema]) -> None:
    till = Till(ledger[1])

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(purchases=st.lists(PURCHASES, max_size=4))
    def trade(purchases: list[Any]) -> None:
        till.begin()
        for wait, number, places, tapes, refunds in purchases:
            till.cinema.later(hours=wait)
            order = till.sell(number, places, tapes)
            tickets = [ticket["id"] for ticket in order["tickets"]]
            for pause, some_tickets, some_tapes in refunds:
                back, tickets = tickets[:some_tickets], tickets[some_tickets:]
                number_back = min(some_tapes, tapes)
                tapes -= number_back
                till.cinema.later(hours=pause)
                if back or number_back:
                    till.give_back(order, number, back, number_back)
        check(till)

    trade()


def test_an_older_ledger_learns_what_its_money_was_for(ledger: tuple[Any, Cinema]) -> None:
    database, cinema = ledger
    tape, screening = cinema.cassette(quantity=9), cinema.screening(hall=cinema.hall(layout="A|....."))
    order = buy(cinema.member, screening, (1, 1), (1, 2), tape=tape, quantity=3)
    one, two = (ticket["id"] for ticket in order["tickets"])
    for tickets, number in (([one], 1), ([two], 0), ([], 2)):
        cinema.later(minutes=1)
        cassettes = [{"cassette": tape, "quantity": number}] if number else []
        refund(cinema, order, tickets=tickets, cassettes=cassettes)
    body = {"screening": screening, "seats": seats((1, 5)), "cassettes": [{"cassette": tape, "quantity": 2}]}
    late = cinema.member.post("/orders", body)
    cinema.later(minutes=15)
    buy(cinema.other, screening, (1, 5))
    cinema.member.post(f"/orders/{late['id']}/pay", {}, 409)

    before = shares(cinema)
    assert before == [(3400, 1500), (1450, 500), (950, 0), (1000, 1000), (950, 0), (1950, 1000), (1950, 1000)]
    cinema.database.dispose()
    config = alembic_config()
    for step, revision in ((command.downgrade, "0004"), (command.upgrade, "head")):
        with database.migrating() as connection:
            config.attributes["connection"] = connection
            step(config, revision)
    assert shares(cinema) == before


def shares(cinema: Cinema) -> list[tuple[int, int]]:
    """Each payment, and how much of it was for cassettes, in cents."""
    rows = cinema.sql("SELECT amount_minor, cassettes_minor FROM payments ORDER BY id")
    return [(amount, cassettes) for amount, cassettes in rows]
