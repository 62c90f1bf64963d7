"""Cassettes: the shop's catalogue and its stock."""

from typing import Any

import pytest

from tests.app import Cinema, Person, euros, fields

BODY = {"title": "Jaws", "director": "Steven Spielberg", "released": "1975-06-20"}


def order(person: Person, cassette: int, quantity: int) -> str:
    """An order for a cassette; answers its path."""
    placed = person.post("/orders", {"cassettes": [{"cassette": cassette, "quantity": quantity}]})
    return f"/orders/{placed['id']}"


def titles(cinema: Cinema, query: str) -> list[str]:
    return [cassette["title"] for cassette in cinema.member.walk(f"/cassettes?{query}")]


def movements(cinema: Cinema) -> list[tuple[int, str]]:
    """Every change of a quantity, and why."""
    return [tuple(row) for row in cinema.sql("SELECT change, reason FROM stock_movements ORDER BY id")]


def test_a_cassette_has_defaults(cinema: Cinema) -> None:
    answer = cinema.admin.call("POST", "/cassettes", BODY, 201)
    cassette = answer.json
    assert answer.headers["Location"].endswith(f"/api/v1/cassettes/{cassette['id']}")
    assert cassette == {"id": cassette["id"], **BODY, "quantity": 0, "available": 0, "price": None}
    assert cinema.member.get(f"/cassettes/{cassette['id']}") == cassette


def test_a_cassette_is_replaced_changed_and_deleted(cinema: Cinema) -> None:
    path = f"/cassettes/{cinema.cassette(quantity=3)}"
    changed = cinema.admin.patch(path, {"title": "Ran", "price": euros("7.00")})
    assert (changed["title"], changed["quantity"], changed["price"]) == ("Ran", 3, euros("7.00"))
    replaced = cinema.admin.put(path, BODY)
    assert (replaced["title"], replaced["quantity"], replaced["price"]) == ("Jaws", 0, None)
    assert cinema.member.get(path) == replaced
    cinema.admin.delete(path)
    cinema.member.get(path, 404)


def test_only_administrators_write_and_strangers_see_nothing(cinema: Cinema) -> None:
    path = f"/cassettes/{cinema.cassette()}"
    before = cinema.member.get(path)
    cinema.stranger.get("/cassettes", 401)
    cinema.stranger.get(path, 401)
    cinema.member.post("/cassettes", BODY, 403)
    cinema.member.put(path, BODY, 403)
    cinema.member.patch(path, {"quantity": 100}, 403)
    cinema.member.delete(path, 403)
    assert cinema.member.get("/cassettes")["items"] == [before]


@pytest.mark.either_engine
@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"title": ""}, {"title"}),
        ({"title": " "}, {"title"}),
        ({"title": "x" * 256, "director": "x" * 256}, {"title", "director"}),
        ({"title": None, "director": 7}, {"title", "director"}),
        ({"title": "Ja\0ws"}, {"title"}),
        ({"released": "1975-02-30"}, {"released"}),
        ({"released": "20.06.1975"}, {"released"}),
        ({"released": "1975-06-20T00:00:00Z"}, {"released"}),
        ({"released": None}, {"released"}),
        ({"quantity": -1}, {"quantity"}),
        ({"quantity": 1_000_001}, {"quantity"}),
        ({"quantity": 1.0}, {"quantity"}),
        ({"quantity": "1"}, {"quantity"}),
        ({"quantity": None}, {"quantity"}),
        ({"price": {"amount": "5.00", "currency": "USD"}}, {"price"}),
        ({"price": {"amount": "5.00", "currency": "eur"}}, {"price"}),
        ({"price": euros("5.005")}, {"price"}),
        ({"price": euros("-5.00")}, {"price"}),
        ({"price": euros("5,00")}, {"price"}),
        ({"price": euros("10000000000.00")}, {"price"}),
        ({"price": {"amount": "5.00"}}, {"price"}),
        ({"price": {"amount": 5, "currency": "EUR"}}, {"price"}),
        ({"price": euros("5.00") | {"vat": "0.19"}}, {"price"}),
        ({"price": "5.00"}, {"price"}),
        ({"available": 3}, {"available"}),
        ({"id": 3}, {"id"}),
    ],
)
def test_a_bad_cassette_names_its_fields(cinema: Cinema, body: dict[str, Any], wrong: set[str]) -> None:
    path = f"/cassettes/{cinema.cassette()}"
    before = cinema.member.get("/cassettes")
    assert fields(cinema.admin.post("/cassettes", BODY | body, 400)) == wrong
    assert fields(cinema.admin.put(path, BODY | body, 400)) == wrong
    assert fields(cinema.admin.patch(path, body, 400)) == wrong
    assert cinema.member.get("/cassettes") == before


def test_what_a_cassette_needs_is_named(cinema: Cinema) -> None:
    assert fields(cinema.admin.post("/cassettes", {}, 400)) == set(BODY)


@pytest.mark.parametrize("amount", ["0", "0.00", "5", "5.0", "9999999999.99"])
def test_amounts_are_answered_with_both_decimals(cinema: Cinema, amount: str) -> None:
    shown = cinema.admin.post("/cassettes", BODY | {"price": euros(amount)})["price"]
    assert float(shown["amount"]) == float(amount)
    assert shown["amount"][-3] == "."


def test_cassettes_are_found_by_every_field(cinema: Cinema) -> None:
    cinema.cassette(1)
    cinema.cassette(2, title="Сталкер", director="Андрей Тарковский", released="1979-05-25", price=euros("7.00"))
    cinema.cassette(0, title="100% Wolf_Man", director="Nobody", released="2020-01-01", price=None)
    everything = ["Jaws", "Сталкер", "100% Wolf_Man"]
    for query, found in {
        "": everything,
        "title=JAW": ["Jaws"],
        "title=сТАЛ": ["Сталкер"],
        "title=%25": ["100% Wolf_Man"],
        "title=_": ["100% Wolf_Man"],
        "title=": everything,
        "director=тарков": ["Сталкер"],
        "released=1975-06-20": ["Jaws"],
        "released_from=1979-05-25": ["Сталкер", "100% Wolf_Man"],
        "released_to=1979-05-25": ["Jaws", "Сталкер"],
        "released_from=1976-01-01&released_to=1980-01-01": ["Сталкер"],
        "quantity=2": ["Сталкер"],
        "quantity=0": ["100% Wolf_Man"],
        "price=5": ["Jaws"],
        "price=7.00": ["Сталкер"],
        "price=5.00&title=x": [],
        "sort=title": ["100% Wolf_Man", "Jaws", "Сталкер"],
        "sort=-released&limit=1": ["100% Wolf_Man", "Сталкер", "Jaws"],
    }.items():
        assert titles(cinema, query) == found, query


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("released=1975", "released"),
        ("released_from=x", "released_from"),
        ("released_to=1975-13-01", "released_to"),
        ("quantity=-1", "quantity"),
        ("quantity=many", "quantity"),
        ("price=5.005", "price"),
        ("price=EUR", "price"),
        ("sort=price", "sort"),
        ("available=1", "available"),
    ],
)
def test_a_bad_filter_is_named(cinema: Cinema, query: str, wrong: str) -> None:
    assert fields(cinema.member.get(f"/cassettes?{query}", 400)) == {wrong}


def test_what_unpaid_orders_hold_is_not_available_until_they_end(cinema: Cinema) -> None:
    tape = cinema.cassette(quantity=5)

    def stock() -> tuple[int, int]:
        shown = cinema.other.get(f"/cassettes/{tape}")
        assert cinema.other.get("/cassettes")["items"] == [shown]
        return shown["quantity"], shown["available"]

    first, second = order(cinema.member, tape, 2), order(cinema.member, tape, 1)
    assert stock() == (5, 2)
    cinema.member.post(f"{first}/pay", status=200)
    assert stock() == (3, 2)
    cinema.later(minutes=15, milliseconds=-1)
    assert stock() == (3, 2)
    cinema.later(milliseconds=1)
    assert stock() == (3, 3)
    cinema.member.delete(second)
    cinema.admin.post(f"{first}/refund", status=200)
    assert stock() == (5, 5)


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_quantity_stays_above_what_unpaid_orders_hold(cinema: Cinema, method: str) -> None:
    path = f"/cassettes/{(tape := cinema.cassette(quantity=5))}"
    order(cinema.member, tape, 3)

    def set_quantity(quantity: int, status: int) -> Any:
        body = {"title": "Ran", "director": "Kurosawa", "released": "1985-05-31", "quantity": quantity}
        return cinema.admin.call(method, path, body, status).json

    refused = set_quantity(2, 409)
    assert (refused["code"], refused["claimed"]) == ("stock-claimed", 3)
    assert cinema.member.get(path)["title"] == "Jaws"
    shown = set_quantity(3, 200)
    assert (shown["title"], shown["quantity"], shown["available"]) == ("Ran", 3, 0)
    cinema.later(minutes=15)
    assert set_quantity(0, 200)["quantity"] == 0


def test_every_change_of_stock_is_written_down(cinema: Cinema) -> None:
    tape = cinema.cassette(quantity=5)
    path = order(cinema.member, tape, 2)
    cinema.member.post(f"{path}/pay", status=200)
    cinema.admin.post(f"{path}/refund", {"cassettes": [{"cassette": tape, "quantity": 1}]}, 200)
    cinema.admin.patch(f"/cassettes/{tape}", {"quantity": 10})
    cinema.admin.patch(f"/cassettes/{tape}", {"quantity": 10, "title": "Ran"})
    assert movements(cinema) == [(5, "stocked"), (-2, "sale"), (1, "refund"), (6, "adjusted")]
    assert cinema.member.get(f"/cassettes/{tape}")["quantity"] == 10


def test_a_cassette_that_was_ordered_is_not_deleted(cinema: Cinema) -> None:
    tape = cinema.cassette()
    cinema.member.delete(order(cinema.member, tape, 1))
    refused = cinema.admin.delete(f"/cassettes/{tape}", 409)
    assert (refused["code"], refused["dependents"]) == ("in-use", {"orders": 1})


def test_cassettes_take_one_statement(cinema: Cinema) -> None:
    tape, member = cinema.cassette(), cinema.member
    order(member, tape, 1)
    for path in ("/cassettes", f"/cassettes/{tape}"):
        with cinema.statements() as seen:
            member.get(path)
        assert len(seen) == 1
