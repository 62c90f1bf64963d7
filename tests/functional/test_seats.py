"""The seat map of a screening."""

from typing import Any

from tests.app import Cinema, euros, seats

LAYOUT = "A|._.\n|___\nB|PPA"


def states(cinema: Cinema, screening: int) -> dict[tuple[int, int], str]:
    """Row and seat → state."""
    rows = cinema.member.get(f"/screenings/{screening}/seats")["rows"]
    return {(row["row"], seat["seat"]): seat["state"] for row in rows for seat in row["seats"]}


def version(cinema: Cinema, screening: int) -> str:
    return str(cinema.member.get(f"/screenings/{screening}/seats")["version"])


def book(cinema: Cinema, screening: int, *places: tuple[int, int]) -> Any:
    return cinema.member.post("/orders", {"screening": screening, "seats": seats(*places)})


def test_the_map_names_category_state_and_price_of_every_seat(cinema: Cinema) -> None:
    prices = {"standard": euros("9.50"), "premium": euros("12.00")}
    hall = cinema.hall(name="Blue", layout=LAYOUT)
    screening = cinema.screening(hall=hall, price=None, prices=prices)
    free = {"state": "free"}
    assert cinema.member.get(f"/screenings/{screening}/seats")["rows"] == [
        {
            "row": 1,
            "name": "A",
            "seats": [
                {"seat": 1, "category": "standard", "price": euros("9.50")} | free,
                {"seat": 2, "category": "standard", "price": euros("9.50")} | free,
            ],
        },
        {
            "row": 2,
            "name": "B",
            "seats": [
                {"seat": 1, "category": "premium", "price": euros("12.00")} | free,
                {"seat": 2, "category": "premium", "price": euros("12.00")} | free,
                {"seat": 3, "category": "accessible", "price": None} | free,
            ],
        },
    ]


def test_a_seat_is_held_then_sold_and_free_again_after_a_refund(cinema: Cinema) -> None:
    screening = cinema.screening(hall=cinema.hall(2, 2))
    order = book(cinema, screening, (1, 2), (2, 1))
    assert states(cinema, screening) == {(1, 1): "free", (1, 2): "held", (2, 1): "held", (2, 2): "free"}
    cinema.member.post(f"/orders/{order['id']}/pay", status=200)
    assert states(cinema, screening) == {(1, 1): "free", (1, 2): "sold", (2, 1): "sold", (2, 2): "free"}
    cinema.admin.post(f"/orders/{order['id']}/refund", status=200)
    assert set(states(cinema, screening).values()) == {"free"}


def test_a_hold_shows_until_the_moment_it_ends(cinema: Cinema) -> None:
    screening = cinema.screening()
    book(cinema, screening, (1, 1))
    cinema.later(minutes=15, milliseconds=-1)
    assert states(cinema, screening)[1, 1] == "held"
    cinema.later(milliseconds=1)
    assert states(cinema, screening)[1, 1] == "free"


def test_the_version_changes_with_everything_that_changes_the_map(cinema: Cinema) -> None:
    hall = cinema.hall(2, 2)
    screening = cinema.screening(hall=hall)
    seen = [version(cinema, screening)]
    order = book(cinema, screening, (1, 1))
    seen.append(version(cinema, screening))
    cinema.member.post(f"/orders/{order['id']}/pay", status=200)
    seen.append(version(cinema, screening))
    cinema.admin.patch(f"/screenings/{screening}", {"price": euros("10.00")})
    seen.append(version(cinema, screening))
    cinema.admin.patch(f"/halls/{hall}", {"layout": "1|..\n2|.P"})
    seen.append(version(cinema, screening))
    assert len(set(seen)) == len(seen)


def test_the_version_stays_while_nothing_changes_and_returns_with_the_map(cinema: Cinema) -> None:
    screening, elsewhere = cinema.screening(), cinema.screening()
    before = version(cinema, screening)
    book(cinema, elsewhere, (1, 1))
    cinema.later(minutes=1)
    assert version(cinema, screening) == before
    book(cinema, screening, (1, 1))
    cinema.later(minutes=15)
    assert version(cinema, screening) == before


def test_bookings_of_another_screening_are_not_shown(cinema: Cinema) -> None:
    screening, elsewhere = cinema.screening(), cinema.screening()
    book(cinema, elsewhere, (1, 1))
    assert set(states(cinema, screening).values()) == {"free"}


def test_seats_are_for_members_only_and_only_to_look_at(cinema: Cinema) -> None:
    path = f"/screenings/{cinema.screening()}/seats"
    cinema.stranger.get(path, 401)
    refused = cinema.admin.call("POST", path, {}, 405)
    assert "GET" in refused.headers["Allow"]


def test_a_map_that_does_not_exist_is_not_found(cinema: Cinema) -> None:
    screening = cinema.screening()
    for path in (f"{screening + 1}/seats", "x/seats", f"{screening}/seats/1", f"{screening}/chairs"):
        cinema.member.get(f"/screenings/{path}", 404)


def test_a_parameter_is_refused(cinema: Cinema) -> None:
    cinema.member.get(f"/screenings/{cinema.screening()}/seats?row=1", 400)


def test_the_map_takes_one_statement(cinema: Cinema) -> None:
    screening = cinema.screening()
    book(cinema, screening, (1, 1), (3, 3))
    with cinema.statements() as seen:
        cinema.member.get(f"/screenings/{screening}/seats")
    assert len(seen) <= 2
