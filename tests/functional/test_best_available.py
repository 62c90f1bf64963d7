"""Proposing seats: the best ones that are together, for somebody to order."""

from typing import Any

import pytest

from tests.app import Cinema, Person, euros, fields, seats
from tests.conftest import opened

PRICES = {"standard": euros("9.50"), "premium": euros("12.00"), "accessible": euros("8.00")}
LAYOUT = "A|......\nB|..__..\nC|.PPPP.\nD|AA...."


def best(cinema: Cinema, screening: int, query: str, status: int = 200) -> Any:
    return cinema.member.get(f"/screenings/{screening}/best-available?{query}", status)


def places(answer: Any) -> list[tuple[int, int]]:
    return [(seat["row"], seat["seat"]) for seat in answer["seats"]]


def show(cinema: Cinema, layout: str = LAYOUT, **values: Any) -> int:
    """A screening in a hall with this layout."""
    prices = {"price": None, "prices": PRICES} | values
    return cinema.screening(hall=cinema.hall(name="Blue", layout=layout), **prices)


def take(person: Person, screening: int, *wanted: tuple[int, int]) -> Any:
    return person.post("/orders", {"screening": screening, "seats": seats(*wanted)})


def test_the_best_seats_come_with_category_price_and_the_maps_version(cinema: Cinema) -> None:
    screening = show(cinema)
    assert best(cinema, screening, "seats=2") == {
        "seats": [
            {"row": 3, "seat": 3, "category": "premium", "price": euros("12.00")},
            {"row": 3, "seat": 4, "category": "premium", "price": euros("12.00")},
        ],
        "version": cinema.member.get(f"/screenings/{screening}/seats")["version"],
    }


def test_what_is_proposed_can_be_ordered_until_nothing_is_left(cinema: Cinema) -> None:
    screening = show(cinema)
    had: list[tuple[int, int]] = []
    while (answer := best(cinema, screening, "seats=2", status=None)).get("seats"):
        assert cinema.member.post("/orders", {"screening": screening, "seats": seats(*places(answer))})
        had += places(answer)
    assert (answer["code"], answer["most"]) == ("no-such-seats", 0)
    assert len(set(had)) == len(had) == 20


def test_taken_seats_are_not_proposed_until_they_are_free_again(cinema: Cinema) -> None:
    screening = show(cinema, "1|...\n2|...")
    order = take(cinema.other, screening, (2, 2))
    version = best(cinema, screening, "seats=1")["version"]
    assert places(best(cinema, screening, "seats=3")) == [(1, 1), (1, 2), (1, 3)]
    cinema.other.post(f"/orders/{order['id']}/pay", status=200)
    held = take(cinema.other, screening, (1, 2))
    refused = best(cinema, screening, "seats=2", 409)
    assert (refused["code"], refused["most"]) == ("no-such-seats", 1)
    cinema.later(minutes=15)
    assert places(best(cinema, screening, "seats=3")) == [(1, 1), (1, 2), (1, 3)]
    cinema.admin.post(f"/orders/{order['id']}/refund", status=200)
    assert places(best(cinema, screening, "seats=3")) == [(2, 1), (2, 2), (2, 3)]
    assert best(cinema, screening, "seats=3")["version"] != version
    assert held["state"] == "held"


def test_seats_on_both_sides_of_a_gap_are_not_together(cinema: Cinema) -> None:
    screening = show(cinema, "1|.._..")
    assert places(best(cinema, screening, "seats=2")) == [(1, 1), (1, 2)]
    assert best(cinema, screening, "seats=3", 409)["most"] == 2


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("seats=2&category=standard", [(4, 3), (4, 4)]),
        ("seats=2&category=premium", [(3, 3), (3, 4)]),
        ("seats=2&category=accessible", [(4, 1), (4, 2)]),
        ("seats=1&category=standard", [(4, 3)]),
    ],
)
def test_only_seats_of_the_category_are_proposed(cinema: Cinema, query: str, expected: list[tuple[int, int]]) -> None:
    assert places(best(cinema, show(cinema), query)) == expected


def test_accessible_seats_are_kept_for_whoever_asks_for_them(cinema: Cinema) -> None:
    screening = show(cinema, "1|.AAA.")
    assert places(best(cinema, screening, "seats=1")) in ([(1, 1)], [(1, 5)])
    assert best(cinema, screening, "seats=2", 409)["most"] == 1
    assert places(best(cinema, screening, "seats=3&category=accessible")) == [(1, 2), (1, 3), (1, 4)]


def test_what_has_no_price_is_not_proposed(cinema: Cinema) -> None:
    screening = show(cinema, "1|..PP", prices={"standard": euros("9.50")})
    assert places(best(cinema, screening, "seats=2")) == [(1, 1), (1, 2)]
    assert best(cinema, screening, "seats=3", 409)["code"] == "no-such-seats"
    assert best(cinema, screening, "seats=1&category=premium", 409)["code"] == "not-on-sale"
    unpriced = show(cinema, prices={})
    assert best(cinema, unpriced, "seats=1", 409)["code"] == "not-on-sale"


def test_nothing_is_proposed_once_booking_has_closed(cinema: Cinema) -> None:
    screening = show(cinema)
    cinema.later(hours=6, milliseconds=-1)
    assert best(cinema, screening, "seats=1")
    cinema.later(milliseconds=1)
    assert best(cinema, screening, "seats=1", 409)["code"] == "booking-closed"


@pytest.mark.either_engine
@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("", "seats"),
        ("category=standard", "seats"),
        ("seats=", "seats"),
        ("seats=0", "seats"),
        ("seats=-1", "seats"),
        ("seats=11", "seats"),
        ("seats=1001", "seats"),
        ("seats=2.0", "seats"),
        ("seats=two", "seats"),
        ("seats=1&seats=2", "seats"),
        ("seats=2&category=gold", "category"),
        ("seats=2&category=", "category"),
        ("seats=2&row=1", "row"),
    ],
)
def test_a_bad_parameter_is_named(cinema: Cinema, query: str, wrong: str) -> None:
    assert fields(best(cinema, cinema.screening(), query, 400)) == {wrong}


def test_as_many_can_be_together_as_one_order_takes(cinema: Cinema) -> None:
    screening = show(cinema, f"1|{'.' * 30}")
    assert len(best(cinema, screening, "seats=10")["seats"]) == 10


def test_a_smaller_limit_on_orders_is_a_smaller_limit_here(database_url: str, cinema: Cinema) -> None:
    screening, token = cinema.screening(), cinema.member.headers
    with opened(database_url, **{"cinema.max_seats_per_order": "2"}) as router, Cinema(router) as small:
        path = f"/screenings/{screening}/best-available?seats="
        small.stranger.call("GET", f"{path}2", status=200, headers=token)
        assert fields(small.stranger.call("GET", f"{path}3", status=400, headers=token).json) == {"seats"}


def test_members_may_ask_and_strangers_may_not(cinema: Cinema) -> None:
    screening = cinema.screening()
    cinema.stranger.get(f"/screenings/{screening}/best-available?seats=1", 401)
    cinema.member.get(f"/screenings/{screening + 1}/best-available?seats=1", 404)
    refused = cinema.admin.call("POST", f"/screenings/{screening}/best-available", {}, 405)
    assert "GET" in refused.headers["Allow"]


def test_a_screening_of_a_hidden_film_is_not_found(cinema: Cinema) -> None:
    movie = cinema.movie()
    screening = cinema.screening(movie=movie)
    cinema.admin.patch(f"/movies/{movie}", {"label": "premiere"})
    best(cinema, screening, "seats=1", 404)
    assert cinema.admin.get(f"/screenings/{screening}/best-available?seats=1")["seats"]


def test_a_proposal_takes_one_statement(cinema: Cinema) -> None:
    screening = show(cinema)
    take(cinema.member, screening, (3, 3), (3, 4))
    for query, status in (("seats=2", 200), ("seats=9", 409)):
        with cinema.statements() as seen:
            best(cinema, screening, query, status)
        assert len(seen) == 1
