"""Seat maps as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cinema.schedule.layout import CATEGORIES, GAP, LayoutError, parse, rectangle

PLACES = st.text(alphabet=[*CATEGORIES, GAP], max_size=20)


def test_rows_are_numbered_from_the_screen_and_seats_without_the_gaps() -> None:
    hall = parse("A|..__..\n|______\nB|PP__PA")
    assert [(row.number, row.name) for row in hall.rows] == [(1, "A"), (2, "B")]
    assert hall.rows[0].categories == ("standard",) * 4
    assert hall.rows[1].categories == ("premium", "premium", "premium", "accessible")
    assert (hall.capacity, hall.seats_in_row) == (8, 4)


@pytest.mark.parametrize(
    ("row", "seat", "category"),
    [
        (1, 1, "standard"),
        (1, 2, "standard"),
        (1, 3, None),
        (2, 3, "accessible"),
        (2, 4, None),
        (3, 1, None),
        (0, 1, None),
        (1, 0, None),
        (-1, -1, None),
    ],
)
def test_a_seat_has_a_category_or_does_not_exist(row: int, seat: int, category: str | None) -> None:
    assert parse("A|._.\n|___\nB|PPA").category(row, seat) == category


def test_a_rectangle_is_the_same_as_its_text() -> None:
    assert rectangle(2, 3) == parse("1|...\n2|...")


@pytest.mark.parametrize("text", ["A|..\nB|..\n", "A|..\r\nB|..", "A|..\r\nB|..\r\n"])
def test_line_ends_are_kept_in_one_way_only(text: str) -> None:
    assert parse(text).text == "A|..\nB|.."


def test_spaces_round_a_name_do_not_count() -> None:
    assert parse(" A |.").rows[0].name == "A"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1"),
        ("A|..\n..", "line 2"),
        ("A|..\n\nB|..", "line 2"),
        ("A|..\nB|.x.", "line 2 has 'x'"),
        ("A|..\nB|. .", "line 2 has ' '"),
        ("A|.|.", "line 1"),
        ("A|..\n|.", "line 2 needs a name"),
        ("A|..\nA row with a name|..", "line 2 needs a name"),
        ("A|..\nB|" + "." * 201, "line 2 has 201 places"),
        ("A|__\n|__", "no seats"),
        ("A|..\nB|..\nA|..", "same name"),
        ("\n".join(f"{number}|." for number in range(201)), "201 lines"),
    ],
)
def test_a_bad_layout_says_what_is_wrong_and_in_which_line(text: str, message: str) -> None:
    with pytest.raises(LayoutError, match=message):
        parse(text)


def test_the_largest_hall_is_allowed() -> None:
    assert rectangle(200, 200).capacity == 40_000


@given(st.lists(PLACES, min_size=1, max_size=20).filter(lambda rows: any(set(row) - {GAP} for row in rows)))
def test_every_place_that_is_no_gap_is_one_seat(rows: list[str]) -> None:
    hall = parse("\n".join(f"r{number}|{places}" for number, places in enumerate(rows)))
    seats = [[CATEGORIES[place] for place in places if place != GAP] for places in rows]
    assert [list(row.categories) for row in hall.rows] == [row for row in seats if row]
    assert [row.number for row in hall.rows] == list(range(1, len(hall.rows) + 1))
    assert parse(hall.text) == hall
