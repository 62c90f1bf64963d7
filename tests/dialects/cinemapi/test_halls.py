"""Halls: everybody looks, nobody changes them here."""

from typing import Any

import pytest

from tests.dialects.cinemapi.house import House, detail, ids

WITH_GAPS = "A|..__..\n |______\nB|PP__PAA"
BODIES: dict[str, Any] = {"POST": {}, "PUT": {"name": "Red hall", "row_count": 1, "seat_count": 1}, "PATCH": {}}


def test_a_hall_is_a_name_and_two_numbers(house: House) -> None:
    red = house.named_hall("Red hall", 10, 30)
    shown = {"id": red, "name": "Red hall", "row_count": 10, "seat_count": 30}
    for caller in (house.nobody, house.anna, house.boss, house.root):
        assert caller.get(f"hall/{red}/") == shown
        assert caller.get("hall/") == [shown]


def test_the_list_is_bare_and_in_the_order_of_entry(house: House) -> None:
    assert house.nobody.call("GET", "hall/", status=200).body == b"[]"
    halls = [house.named_hall(name) for name in ("White", "Blue", "Red", "Blue")]
    assert ids(house.nobody.get("hall/")) == halls
    assert house.nobody.get("hall/") == [house.nobody.get(f"hall/{hall}/") for hall in halls]


def test_the_list_is_whole_however_long_it_is(house: House) -> None:
    halls = [house.named_hall(f"{number}") for number in range(120)]
    assert ids(house.nobody.get("hall/")) == halls


def test_a_hall_with_gaps_is_the_rectangle_round_it(house: House) -> None:
    hall = house.hall(layout=WITH_GAPS, name="Red")
    natively = house.admin.get(f"/halls/{hall}")
    assert natively["capacity"] == 9
    assert house.nobody.get(f"hall/{hall}/") == {"id": hall, "name": "Red", "row_count": 2, "seat_count": 5}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nobody_changes_a_hall_not_even_staff(house: House, method: str) -> None:
    hall = house.hall()
    before = house.stored()
    for caller in (house.nobody, house.anna, house.boss, house.root):
        for path in ("hall/", f"hall/{hall}/"):
            answer = caller.call(method, path, BODIES.get(method), 405)
            assert answer.headers["Allow"] == "GET, HEAD"
            assert detail(answer)
    assert house.stored() == before


def test_halls_take_one_statement(house: House) -> None:
    hall = [house.hall() for _hall in range(3)][-1]
    for path in ("hall/", f"hall/{hall}/"):
        with house.statements() as seen:
            house.nobody.get(path)
        assert len(seen) == 1, path
