"""Halls: rectangles, seat maps as text, and seats that somebody holds."""

from typing import Any

import pytest

from tests.app import Cinema, fields, seats

LAYOUT = "A|..__..\n|______\nB|PP__PA"


def test_a_hall_of_rows_and_seats_answers_its_layout_too(cinema: Cinema) -> None:
    answer = cinema.admin.call("POST", "/halls", {"name": "Red", "rows": 2, "seats_in_row": 3}, 201)
    hall = answer.json
    assert answer.headers["Location"].endswith(f"/api/v1/halls/{hall['id']}")
    assert hall == {
        "id": hall["id"],
        "name": "Red",
        "rows": 2,
        "seats_in_row": 3,
        "capacity": 6,
        "layout": "1|...\n2|...",
    }
    assert cinema.member.get(f"/halls/{hall['id']}") == hall


def test_a_layout_says_rows_seats_and_capacity(cinema: Cinema) -> None:
    hall = cinema.member.get(f"/halls/{cinema.hall(name='Blue', layout=LAYOUT)}")
    assert (hall["rows"], hall["seats_in_row"], hall["capacity"]) == (2, 4, 8)
    assert hall["layout"] == LAYOUT


def test_only_administrators_write_halls_and_strangers_see_none(cinema: Cinema) -> None:
    hall, body = cinema.hall(), {"name": "Blue", "rows": 1, "seats_in_row": 1}
    cinema.stranger.get("/halls", 401)
    cinema.stranger.get(f"/halls/{hall}", 401)
    cinema.member.post("/halls", body, 403)
    cinema.member.put(f"/halls/{hall}", body, 403)
    cinema.member.patch(f"/halls/{hall}", {"name": "Blue"}, 403)
    cinema.member.delete(f"/halls/{hall}", 403)
    assert [each["name"] for each in cinema.member.get("/halls")["items"]] == ["Red"]


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"layout"}),
        ({"rows": 2}, {"seats_in_row"}),
        ({"seats_in_row": 2}, {"rows"}),
        ({"rows": 2, "seats_in_row": 2, "layout": "A|.."}, {"rows", "seats_in_row"}),
        ({"rows": 2, "layout": "A|.."}, {"rows"}),
        ({"rows": 0, "seats_in_row": 201}, {"rows", "seats_in_row"}),
        ({"rows": "2", "seats_in_row": 2.0}, {"rows", "seats_in_row"}),
        ({"rows": True, "seats_in_row": None}, {"rows", "seats_in_row"}),
        ({"layout": "", "name": " "}, {"layout", "name"}),
        ({"layout": "A|..", "capacity": 2}, {"capacity"}),
        ({"layout": "A|..", "id": 7}, {"id"}),
        ({"layout": "A|..", "name": 7}, {"name"}),
    ],
)
def test_a_hall_is_given_by_its_rows_or_its_layout(cinema: Cinema, body: dict[str, Any], wrong: set[str]) -> None:
    assert fields(cinema.admin.post("/halls", {"name": "Red", **body}, 400)) == wrong
    assert cinema.admin.get("/halls")["items"] == []


def test_a_hall_needs_a_name(cinema: Cinema) -> None:
    assert fields(cinema.admin.post("/halls", {"layout": "A|."}, 400)) == {"name"}


@pytest.mark.parametrize(
    ("layout", "message"),
    [
        ("A|..\n..", "line 2 has no «|»"),
        ("A|..\nB|.x", "line 2 has 'x'"),
        ("A|..\nB|..\n|.", "line 3 needs a name"),
        ("A|" + "." * 201, "line 1 has 201 places"),
        ("A|__", "has no seats"),
        ("A|.\nA|.", "two rows the same name"),
        ("\n".join(f"{row}|." for row in range(201)), "has 201 lines"),
    ],
)
def test_a_bad_layout_is_refused_with_its_line(cinema: Cinema, layout: str, message: str) -> None:
    hall = cinema.hall(layout=LAYOUT, name="Blue")
    for problem in (
        cinema.admin.post("/halls", {"name": "Red", "layout": layout}, 400),
        cinema.admin.patch(f"/halls/{hall}", {"layout": layout}, 400),
    ):
        assert fields(problem) == {"layout"}
        assert message in problem["errors"][0]["message"]
    assert cinema.member.get(f"/halls/{hall}")["layout"] == LAYOUT


def test_put_replaces_a_hall_and_patch_changes_what_it_names(cinema: Cinema) -> None:
    hall = cinema.hall()
    renamed = cinema.admin.patch(f"/halls/{hall}", {"name": "Blue"})
    assert (renamed["name"], renamed["capacity"]) == ("Blue", 50)
    assert cinema.admin.patch(f"/halls/{hall}", {"layout": LAYOUT})["name"] == "Blue"
    replaced = cinema.admin.put(f"/halls/{hall}", {"name": "Red", "rows": 1, "seats_in_row": 2})
    assert (replaced["name"], replaced["layout"]) == ("Red", "1|..")
    assert fields(cinema.admin.put(f"/halls/{hall}", {"name": "Red"}, 400)) == {"layout"}
    assert cinema.member.get(f"/halls/{hall}") == replaced


def test_halls_are_searched_and_sorted_by_name(cinema: Cinema) -> None:
    for name in ("Кристалл", "Aurora", "Borealis"):
        cinema.hall(name=name, layout="A|.")
    names = [hall["name"] for hall in cinema.member.get("/halls?sort=-name")["items"]]
    assert names == ["Кристалл", "Borealis", "Aurora"]
    assert [hall["name"] for hall in cinema.member.get("/halls?name=КРИСТ")["items"]] == ["Кристалл"]
    assert fields(cinema.member.get("/halls?sort=capacity", 400)) == {"sort"}


@pytest.mark.parametrize("change", [{"rows": 2, "seats_in_row": 4}, {"layout": "1|....\n2|....\n3|_..."}])
def test_a_held_seat_keeps_its_place_until_the_hold_ends(cinema: Cinema, change: dict[str, Any]) -> None:
    hall = cinema.hall(3, 4)
    screening = cinema.screening(hall=hall)
    cinema.member.post("/orders", {"screening": screening, "seats": seats((3, 4), (2, 4))})
    refused = cinema.admin.patch(f"/halls/{hall}", change, 409)
    assert refused["code"] == "seats-taken"
    assert refused["seats"] == [{"row": 3, "seat": 4, "screening": screening}]
    assert cinema.member.get(f"/halls/{hall}")["capacity"] == 12
    cinema.later(minutes=15)
    cinema.admin.patch(f"/halls/{hall}", change)


def test_a_sold_seat_keeps_its_place_until_its_screening_is_long_over(cinema: Cinema) -> None:
    hall = cinema.hall(3, 4)
    order = cinema.member.post("/orders", {"screening": cinema.screening(hall=hall), "seats": seats((3, 1))})
    cinema.member.post(f"/orders/{order['id']}/pay", status=200)
    smaller = {"name": "Red", "rows": 2, "seats_in_row": 4}
    cinema.later(minutes=15)
    assert cinema.admin.put(f"/halls/{hall}", smaller, 409)["code"] == "seats-taken"
    cinema.later(days=2)
    cinema.admin.put(f"/halls/{hall}", smaller)


def test_a_hall_may_grow_and_change_categories_under_a_sold_seat(cinema: Cinema) -> None:
    hall = cinema.hall(1, 2)
    screening = cinema.screening(hall=hall)
    cinema.member.post("/orders", {"screening": screening, "seats": seats((1, 2))})
    cinema.admin.patch(f"/halls/{hall}", {"layout": "A|.P\nB|.."})
    shown = cinema.member.get(f"/screenings/{screening}")
    assert (shown["seats_total"], shown["seats_left"]) == (4, 3)


def test_a_hall_is_deleted_only_without_screenings(cinema: Cinema) -> None:
    hall = cinema.hall()
    screening = cinema.screening(hall=hall)
    refused = cinema.admin.delete(f"/halls/{hall}", 409)
    assert (refused["code"], refused["dependents"]) == ("in-use", {"screenings": 1})
    cinema.admin.delete(f"/screenings/{screening}")
    cinema.admin.delete(f"/halls/{hall}")
    cinema.member.get(f"/halls/{hall}", 404)


@pytest.mark.parametrize("segment", ["9", "0", "x", "-1", "1.0", "9" * 18, "9" * 19, "%D9%A1"])
def test_a_hall_that_does_not_exist_is_not_found(cinema: Cinema, segment: str) -> None:
    cinema.member.get(f"/halls/{segment}", 404)
    cinema.admin.patch(f"/halls/{segment}", {"name": "Blue"}, 404)
    cinema.admin.delete(f"/halls/{segment}", 404)


def test_a_page_of_halls_is_one_statement(cinema: Cinema) -> None:
    hall, member = cinema.hall(), cinema.member
    for path in ("/halls", f"/halls/{hall}"):
        with cinema.statements() as seen:
            member.get(path)
        assert len(seen) == 1
