"""One's own orders, ten to a page."""

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from tests.app import Person, seats
from tests.dialects.academy.app import EVENING, ORDERS, Academy, Caller, ids, places


def order_many(academy: Academy, caller: Caller, number: int) -> list[int]:
    """So many orders for a seat each; answers their ids, the newest first."""
    session = academy.session(cinema_hall=academy.cinema_hall(rows=10, seats_in_row=10))
    made = []
    for place in range(number):
        made.append(academy.order(caller, (session, 1 + place // 10, 1 + place % 10))["id"])
        academy.later(seconds=1)
    return made[::-1]


def page_of(address: str | None) -> list[str]:
    """The page that an absolute address asks for."""
    assert address is not None
    split = urlsplit(address)
    assert (split.scheme, split.netloc, split.path) == ("http", "localhost", "/api/cinema/orders/")
    return parse_qs(split.query).get("page", ["1"])


# -- rows ----------------------------------------------------------------------------------------------------


def test_an_order_is_listed_with_its_sessions(academy: Academy) -> None:
    red = academy.session(movie=academy.film("Сталкер"))
    blue = academy.session(
        movie=academy.film("Зеркало"),
        cinema_hall=academy.cinema_hall(rows=2, seats_in_row=3, name="Синий"),
        show_time="2026-05-02T00:00:00.500000Z",
    )
    order = academy.order(academy.user, (blue, 2, 3), (red, 1, 1), (blue, 1, 1))
    sessions = {
        red: {
            "id": red,
            "show_time": EVENING,
            "movie_title": "Сталкер",
            "cinema_hall_name": "Красный",
            "cinema_hall_capacity": 50,
        },
        blue: {
            "id": blue,
            "show_time": "2026-05-02T00:00:00.500000Z",
            "movie_title": "Зеркало",
            "cinema_hall_name": "Синий",
            "cinema_hall_capacity": 6,
        },
    }
    page = academy.user.get(ORDERS)
    [row] = page.pop("results")
    assert page == {"count": 1, "next": None, "previous": None}
    expected = [ticket | {"movie_session": sessions[ticket["movie_session"]]} for ticket in order["tickets"]]
    assert {**row, "tickets": sorted(row["tickets"], key=lambda ticket: ticket["id"])} == {
        "id": order["id"],
        "tickets": sorted(expected, key=lambda ticket: ticket["id"]),
        "created_at": order["created_at"],
    }


def test_somebody_without_orders_has_an_empty_page(academy: Academy) -> None:
    empty = {"count": 0, "next": None, "previous": None, "results": []}
    assert academy.user.get(ORDERS) == academy.user.get(f"{ORDERS}?page=1") == empty
    academy.user.get(f"{ORDERS}?page=2", 404)


def test_everybody_sees_their_own_staff_included(academy: Academy) -> None:
    session = academy.session()
    root = academy.caller("root", superuser=True)
    callers = [academy.user, academy.rival, academy.boss, root]
    made = {}
    for caller in callers:
        made[caller.id] = academy.order(caller, (session, 1, 1 + len(made)))["id"]
    for caller in callers:
        page = caller.get(ORDERS)
        assert (page["count"], ids(page["results"])) == (1, [made[caller.id]])


# -- pages ---------------------------------------------------------------------------------------------------


def test_a_page_has_ten_the_newest_first(academy: Academy) -> None:
    made = order_many(academy, academy.user, 23)
    academy.order(academy.rival, (academy.session(), 1, 1))
    pages = [academy.user.get(f"{ORDERS}?page={number}") for number in (1, 2, 3)]
    assert academy.user.get(ORDERS) == pages[0]
    assert [ids(page["results"]) for page in pages] == [made[:10], made[10:20], made[20:]]
    assert {page["count"] for page in pages} == {23}
    assert page_of(pages[0]["next"]) == page_of(pages[2]["previous"]) == ["2"]
    assert page_of(pages[1]["next"]) == ["3"]
    assert page_of(pages[1]["previous"]) == ["1"]
    assert pages[0]["previous"] is None
    assert pages[2]["next"] is None


def test_following_the_addresses_shows_everything_once_there_and_back(academy: Academy) -> None:
    made = order_many(academy, academy.user, 21)
    seen, last, following = [], "", ORDERS
    while following:
        page = academy.user.get(following)
        seen += ids(page["results"])
        last, following = following, page["next"]
    assert seen == made
    back: list[int] = []
    while last:
        page = academy.user.get(last)
        back = ids(page["results"]) + back
        last = page["previous"]
    assert back == made


def test_ten_orders_are_one_whole_page(academy: Academy) -> None:
    made = order_many(academy, academy.user, 10)
    page = academy.user.get(ORDERS)
    assert (page["count"], page["next"], page["previous"], ids(page["results"])) == (10, None, None, made)
    academy.user.get(f"{ORDERS}?page=2", 404)


def test_nobody_changes_the_size_of_a_page(academy: Academy) -> None:
    order_many(academy, academy.user, 12)
    for query in ("page_size=1", "limit=1", "size=1", "per_page=1", "offset=5", "sort=id", "user=1", "state=held"):
        assert len(academy.user.get(f"{ORDERS}?{query}")["results"]) == 10


def test_what_else_was_asked_stays_in_the_addresses(academy: Academy) -> None:
    order_many(academy, academy.user, 12)
    following = academy.user.get(f"{ORDERS}?a=b%26c&page=1")["next"]
    assert parse_qs(urlsplit(following).query) == {"a": ["b&c"], "page": ["2"]}
    before = academy.user.get(following)["previous"]
    assert parse_qs(urlsplit(before).query)["a"] == ["b&c"]


def test_a_page_out_of_range_or_not_a_number_is_a_404(academy: Academy) -> None:
    order_many(academy, academy.user, 12)
    pages = ["0", "3", "4", "-1", "x", "1.0", "1.5", "1e0", "", " ", "+1", " 1", "last", "first", "٣", "1,2", "null"]
    for page in (*pages, "9" * 12, "9" * 18, "9" * 19, "9" * 400, "0x1", "1\0", "\0", "²"):
        academy.user.get(f"{ORDERS}?page={quote(page)}", 404)


# -- what was ordered natively -------------------------------------------------------------------------------


class Both:
    """One account that orders in both ways, for a screening of fifty seats and a cassette."""

    def __init__(self, academy: Academy) -> None:
        self.academy = academy
        self.caller = academy.user
        self.person: Person = academy.signed_in(academy.user.id)
        self.screening = academy.screening()
        self.cassette = academy.cassette(quantity=100)

    def order(self, *wanted: tuple[int, int], cassettes: int = 0) -> Any:
        """A native order."""
        body: dict[str, Any] = {"screening": self.screening, "seats": seats(*wanted)} if wanted else {}
        if cassettes:
            body["cassettes"] = [{"cassette": self.cassette, "quantity": cassettes}]
        return self.person.post("/orders", body)

    def pay(self, order: Any) -> Any:
        """Pays it."""
        return self.person.post(f"/orders/{order['id']}/pay", status=200)

    def refund(self, order: Any, **what: Any) -> Any:
        """Gives it back, or some of it."""
        return self.academy.admin.post(f"/orders/{order['id']}/refund", what or None, 200)

    def listed(self) -> list[Any]:
        """Every order that the dialect lists; the number it counts has to be theirs."""
        page = self.caller.get(ORDERS)
        assert page["count"] == len(page["results"])
        return list(page["results"])


@pytest.fixture
def both(academy: Academy) -> Both:
    return Both(academy)


def test_a_native_order_is_listed_held_and_paid(both: Both) -> None:
    order = both.order((1, 1), (1, 2))
    [held] = both.listed()
    assert (held["id"], held["created_at"], places(held)) == (order["id"], order["created_at"], [(1, 1), (1, 2)])
    both.pay(order)
    assert both.listed() == [held]
    session = held["tickets"][0]["movie_session"]
    assert (session["id"], session["cinema_hall_capacity"], session["movie_title"]) == (both.screening, 50, "Сталкер")


def test_one_that_expired_was_cancelled_or_refunded_is_not(both: Both) -> None:
    cancelled, refunded, expired = (both.order((1, seat)) for seat in (1, 2, 3))
    both.person.delete(f"/orders/{cancelled['id']}")
    assert ids(both.listed()) == [expired["id"], refunded["id"]]
    both.refund(both.pay(refunded))
    assert ids(both.listed()) == [expired["id"]]
    both.academy.later(minutes=16)
    assert both.listed() == []
    order = both.academy.order(both.caller, *((both.screening, 1, seat) for seat in (1, 2, 3)))
    assert ids(both.listed()) == [order["id"]]


def test_of_one_that_was_refunded_in_part_the_rest_is_listed(both: Both) -> None:
    order = both.pay(both.order((1, 1), (1, 2), (1, 3)))
    both.refund(order, tickets=[order["tickets"][1]["id"]])
    [row] = both.listed()
    assert places(row) == [(1, 1), (1, 3)]


def test_cassettes_alone_are_no_order_here(both: Both) -> None:
    both.pay(both.order(cassettes=2))
    assert both.listed() == []
    mixed = both.pay(both.order((1, 1), cassettes=2))
    [row] = both.listed()
    assert (row["id"], places(row)) == (mixed["id"], [(1, 1)])
    assert set(row) == {"id", "tickets", "created_at"}
    both.refund(mixed, tickets=[mixed["tickets"][0]["id"]])
    assert both.listed() == []


def test_pages_count_only_what_is_listed(both: Both) -> None:
    kept = [both.pay(both.order((1, seat)))["id"] for seat in range(1, 11)]
    for seat in range(1, 5):
        both.refund(both.pay(both.order((2, seat))))
    both.pay(both.order(cassettes=1))
    page = both.caller.get(ORDERS)
    assert (page["count"], page["next"], ids(page["results"])) == (10, None, kept[::-1])
    both.caller.get(f"{ORDERS}?page=2", 404)
