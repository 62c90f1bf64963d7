"""The books: whatever people do in whatever order, money and stock add up and no seat is given twice."""

from collections import Counter
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.app import Cinema, Person, euros, seats
from tests.databases import empty
from tests.examples import examples

ROWS, SEATS = 2, 3
PRICES = ["9.99", "3.33", "0.00"]

ORDER = st.integers(0, 4)  # counted from the newest
PLACES = st.lists(st.tuples(st.integers(1, ROWS), st.integers(1, SEATS)), unique=True, min_size=1, max_size=3)
TAPES = st.dictionaries(st.integers(0, 1), st.integers(1, 3))

Step = tuple[str, dict[str, Any]]


def step(name: str, **arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    """A call of one of the methods of `Trade`."""
    return st.tuples(st.just(name), st.fixed_dictionaries(arguments))


STEPS = st.sampled_from(
    [
        *[step("take", who=st.integers(0, 1), places=PLACES | st.just([]), tapes=TAPES)] * 4,
        *[step("pay", order=ORDER, cash=st.booleans())] * 3,
        *[step("come_late", who=st.integers(0, 1), places=PLACES, tapes=TAPES)] * 2,
        step("cancel", order=ORDER),
        *[step("change", order=ORDER, places=PLACES, extend=st.booleans())] * 2,
        step("refund", order=ORDER),
        *[step("refund_some", order=ORDER, ticket=st.integers(0, 3), quantity=st.integers(0, 2))] * 3,
        step("restock", tape=st.integers(0, 1), quantity=st.integers(0, 6)),
        step("change_prices", price=st.sampled_from(PRICES)),
        *[step("wait", minutes=st.sampled_from([1, 7, 15, 16]))] * 2,
    ]
).flatmap(lambda chosen: chosen)


def amount(money: dict[str, str]) -> Decimal:
    return Decimal(money["amount"])


class Trade:
    """Members book, pay and change their minds, staff refund and restock, and time passes."""

    def __init__(self, cinema: Cinema) -> None:
        self.cinema = cinema
        self.admin, self.people = cinema.admin, [cinema.member, cinema.other]
        hall = cinema.hall(ROWS, SEATS)
        self.screening = cinema.screening(hall=hall, starts_at="2026-05-02T18:00:00Z", price=euros("9.99"))
        self.tapes = [cinema.cassette(4, price=euros("3.33")), cinema.cassette(2, price=euros("0.01"))]
        self.delivered = Counter({self.tapes[0]: 4, self.tapes[1]: 2})
        self.orders: list[tuple[str, Person]] = []

    def call(self, person: Person, method: str, path: str, body: Any = None, *also: int) -> Any:
        """A request that does what it says or is refused because of the state of things."""
        answer = person.call(method, path, body)
        assert answer.status_int in (200, 201, 204, 409, *also), answer.text
        return answer

    def order(self, number: int) -> tuple[str, Person]:
        """The path of one of the orders, and whose it is."""
        return self.orders[-1 - number % len(self.orders)]

    # -- what people do --------------------------------------------------------------------------------------

    def take(self, who: int, places: list[tuple[int, int]], tapes: dict[int, int]) -> None:
        lines = [{"cassette": self.tapes[tape], "quantity": quantity} for tape, quantity in tapes.items()]
        seated = {"screening": self.screening, "seats": seats(*places)} if places else {}
        answer = self.call(self.people[who], "POST", "/orders", seated | {"cassettes": lines}, 400)
        assert answer.status_int != 400 or not (places or lines)
        if answer.status_int == 201:
            self.orders.append((f"/orders/{answer.json['id']}", self.people[who]))

    def pay(self, order: int, cash: bool) -> None:
        path, owner = self.order(order)
        if cash:
            self.call(self.admin, "POST", f"{path}/pay", {"provider": "cash"})
        else:
            self.call(owner, "POST", f"{path}/pay")

    def come_late(self, who: int, places: list[tuple[int, int]], tapes: dict[int, int]) -> None:
        """Somebody pays only after somebody else took the same things."""
        self.take(who, places, tapes)
        self.wait(15)
        self.take(1 - who, places, tapes)
        for order in (1, 0)[: len(self.orders)]:
            self.pay(order, cash=False)

    def cancel(self, order: int) -> None:
        path, owner = self.order(order)
        self.call(owner, "DELETE", path)

    def change(self, order: int, places: list[tuple[int, int]], extend: bool) -> None:
        path, owner = self.order(order)
        self.call(owner, "PATCH", path, {"seats": seats(*places), "extend": extend})

    def refund(self, order: int) -> None:
        self.call(self.admin, "POST", f"{self.order(order)[0]}/refund")

    def refund_some(self, order: int, ticket: int, quantity: int) -> None:
        path, _owner = self.order(order)
        known = self.admin.get(path)
        tickets = [each["id"] for each in known["tickets"][ticket : ticket + 1]]
        lines = [{"cassette": each["cassette"], "quantity": quantity} for each in known["cassettes"] if quantity]
        self.call(self.admin, "POST", f"{path}/refund", {"tickets": tickets, "cassettes": lines}, 400)

    def restock(self, tape: int, quantity: int) -> None:
        path = f"/cassettes/{self.tapes[tape]}"
        before = self.admin.get(path)["quantity"]
        if self.call(self.admin, "PATCH", path, {"quantity": quantity}).status_int == 200:
            self.delivered[self.tapes[tape]] += quantity - before

    def change_prices(self, price: str) -> None:
        for path in (f"/screenings/{self.screening}", f"/cassettes/{self.tapes[0]}"):
            self.call(self.admin, "PATCH", path, {"price": euros(price)})

    def wait(self, minutes: int) -> None:
        self.cinema.later(minutes=minutes)

    # -- what always holds -----------------------------------------------------------------------------------

    def the_books_are_right(self) -> None:
        orders = list(self.admin.walk("/orders?limit=100"))
        self.money_adds_up(orders)
        self.stock_adds_up(orders)
        self.seats_are_given_once(orders)

    def money_adds_up(self, orders: list[Any]) -> None:
        """Lines − refunds = total = captures − refunds; nothing moved for what was not paid."""
        moved: Counter[tuple[int, str]] = Counter()
        for payment in self.cinema.sql("SELECT order_id, kind, amount_minor FROM payments"):
            moved[payment.order_id, payment.kind] += Decimal(payment.amount_minor) / 100
        for order in orders:
            settled = order["state"] in ("paid", "refunded")
            lines = sum(amount(ticket["price"]) for ticket in order["tickets"])
            lines += sum(amount(line["price"]) * line["quantity"] for line in order["cassettes"])
            back = sum(amount(line["price"]) * line["refunded"] for line in order["cassettes"])
            if settled:
                back += sum(amount(ticket["price"]) for ticket in order["tickets"] if ticket["state"] == "void")
                assert moved[order["id"], "capture"] - moved[order["id"], "refund"] == amount(order["total"])
            else:
                assert (order["id"], "capture") not in moved
                assert (order["id"], "refund") not in moved
            assert lines - back == amount(order["total"])

    def stock_adds_up(self, orders: list[Any]) -> None:
        """The stock is what was delivered less what was sold, the sum of its movements, and never below zero."""
        sold: Counter[int] = Counter()
        held: Counter[int] = Counter()
        for order in orders:
            for line in order["cassettes"]:
                if order["state"] in ("paid", "refunded"):
                    sold[line["cassette"]] += line["quantity"] - line["refunded"]
                elif order["state"] == "held":
                    held[line["cassette"]] += line["quantity"]
        movements = self.cinema.sql("SELECT cassette_id, sum(change) AS moved FROM stock_movements GROUP BY 1")
        moved = {row.cassette_id: row.moved for row in movements}
        for tape in self.tapes:
            shown = self.admin.get(f"/cassettes/{tape}")
            assert shown["quantity"] == self.delivered[tape] - sold[tape] == moved[tape]
            assert shown["available"] == shown["quantity"] - held[tape] >= 0

    def seats_are_given_once(self, orders: list[Any]) -> None:
        """What the tickets say is what the seat map says, and no seat has two good tickets."""
        words = {"held": "held", "valid": "sold"}
        good = [ticket for order in orders for ticket in order["tickets"] if ticket["state"] in words]
        taken = {(ticket["row"], ticket["seat"]): words[ticket["state"]] for ticket in good}
        assert len(taken) == len(good)
        rows = self.admin.get(f"/screenings/{self.screening}/seats")["rows"]
        shown = {(row["row"], seat["seat"]): seat["state"] for row in rows for seat in row["seats"]}
        assert {place: state for place, state in shown.items() if state != "free"} == taken


def test_money_stock_and_seats_always_add_up(application: Any, engine_name: str) -> None:
    @examples(12 if engine_name == "sqlite" else 4)
    @given(st.lists(STEPS, min_size=15, max_size=30))
    def check(steps: list[Step]) -> None:
        empty(application.registry.database)
        with Cinema(application) as cinema:
            trade = Trade(cinema)
            for name, arguments in steps:
                if trade.orders or "order" not in arguments:
                    getattr(trade, name)(**arguments)
                    trade.the_books_are_right()

    check()
