"""Which seats are proposed, beside looking at every group there is."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cinema.booking.best_available import best_available, most_together
from cinema.booking.claims import Seat
from cinema.schedule.layout import CATEGORIES, GAP, parse

EVERYTHING = frozenset(CATEGORIES.values())


class Group(NamedTuple):
    """Seats together, how many single seats they would leave, and the square of their distance from the best spot."""

    seats: list[Seat]
    alone: int
    distance: Fraction


def groups(text: str, taken: set[Seat], together: int, categories: frozenset[str]) -> Iterator[Group]:
    """Every group there is, by walking along the lines of the layout."""
    lines = [line.partition("|")[2] for line in text.split("\n")]
    rows = [line for line in lines if set(line) - {GAP}]
    for index, line in enumerate(rows):
        numbers = {place: 1 + len(line[:place].replace(GAP, "")) for place, sign in enumerate(line) if sign != GAP}
        free = {place for place, number in numbers.items() if (index + 1, number) not in taken}
        centre = Fraction(min(numbers) + max(numbers), 2)
        for first in numbers:
            places = range(first, first + together)
            if all(place in free and CATEGORIES[line[place]] in categories for place in places):
                beside = [(first - 1, first - 2), (places[-1] + 1, places[-1] + 2)]
                alone = sum(near in free and far not in free for near, far in beside)
                aside = Fraction(sum(places), together) - centre
                behind = 2 * (index - Fraction(2, 3) * (len(rows) - 1))
                seats = [Seat(index + 1, numbers[place]) for place in places]
                yield Group(seats, alone, aside**2 + behind**2)


def proposed(
    text: str, taken: set[Seat], together: int, categories: frozenset[str] = EVERYTHING
) -> list[Seat] | None:
    return best_available(parse(text), taken, together, categories)


def hall(*rows: str) -> str:
    return "\n".join(f"{number}|{row}" for number, row in enumerate(rows))


LINES = st.lists(st.text([*CATEGORIES, GAP], min_size=1, max_size=14), min_size=1, max_size=8)
HALLS = LINES.filter(lambda lines: any(set(line) - {GAP} for line in lines)).map(lambda lines: hall(*lines))
SOME = st.frozensets(st.sampled_from(sorted(EVERYTHING)), min_size=1)


@st.composite
def taken_in(draw: st.DrawFn, text: str) -> set[Seat]:
    """Some of a hall's seats, and perhaps one that the hall does not have any more."""
    seats = [Seat(row.number, number) for row in parse(text).rows for number in range(1, len(row.categories) + 2)]
    return draw(st.sets(st.sampled_from(seats)))


@given(data=st.data(), text=HALLS, together=st.integers(1, 6), categories=SOME)
def test_no_group_is_better_than_the_one_proposed(
    data: st.DataObject, text: str, together: int, categories: frozenset[str]
) -> None:
    taken = data.draw(taken_in(text))
    all_groups = list(groups(text, taken, together, categories))
    found = proposed(text, taken, together, categories)
    if found is None:
        assert all_groups == []
        return
    [group] = [each for each in all_groups if each.seats == found]
    assert (group.alone, group.distance) == min((each.alone, each.distance) for each in all_groups)


@given(data=st.data(), text=HALLS, categories=SOME)
def test_the_most_that_are_together_can_be_had_and_no_more(
    data: st.DataObject, text: str, categories: frozenset[str]
) -> None:
    taken = data.draw(taken_in(text))
    most = most_together(parse(text), taken, categories)
    assert next(groups(text, taken, most + 1, categories), None) is None
    assert proposed(text, taken, most + 1, categories) is None
    assume(most)
    assert proposed(text, taken, most, categories) is not None


@given(text=HALLS, together=st.integers(1, 6))
def test_the_same_question_gets_the_same_answer(text: str, together: int) -> None:
    assert proposed(text, set(), together) == proposed(text, set(), together)


@pytest.mark.parametrize(
    ("text", "together", "expected"),
    [
        (hall("......"), 2, [(1, 3), (1, 4)]),
        (hall("......", "......", "......", "......"), 2, [(3, 3), (3, 4)]),
        (hall("......", "______", "......", "......", "______"), 2, [(2, 3), (2, 4)]),  # an aisle is no row
        (hall("......", "......", "______"), 2, [(2, 3), (2, 4)]),
        (hall("...", "...", "..."), 3, [(2, 1), (2, 2), (2, 3)]),
        (hall("......", "..", "..", "......"), 2, [(3, 1), (3, 2)]),  # the middle of each row is its own
        (hall("..._....."), 2, [(1, 4), (1, 5)]),  # not across the gap
        (hall("._._..._."), 3, [(1, 3), (1, 4), (1, 5)]),
        (hall("._._..._."), 4, None),
        (hall("..."), 4, None),
    ],
)
def test_the_middle_is_preferred_two_thirds_back(
    text: str, together: int, expected: list[tuple[int, int]] | None
) -> None:
    assert proposed(text, set(), together) == expected


def test_a_group_moves_aside_rather_than_leave_a_single_seat() -> None:
    assert proposed(hall("....."), set(), 2) == [(1, 1), (1, 2)]  # in the middle it would leave one on each side
    assert proposed(hall("......."), {Seat(1, 7)}, 4) == [(1, 3), (1, 4), (1, 5), (1, 6)]
    assert proposed(hall(".......", "......."), {Seat(2, 4)}, 2) == [(1, 3), (1, 4)]


def test_a_single_seat_is_left_where_every_group_leaves_one() -> None:
    assert proposed(hall("..."), set(), 2) == [(1, 1), (1, 2)]


def test_what_is_beside_a_gap_counts_as_alone() -> None:
    assert proposed(hall("..._..."), set(), 2) in ([(1, 2), (1, 3)], [(1, 4), (1, 5)])
    assert proposed(hall("...._..."), set(), 2) == [(1, 3), (1, 4)]


def test_only_the_wanted_categories_are_proposed() -> None:
    text = hall("..PP..", "AA....")
    assert proposed(text, set(), 2, frozenset({"premium"})) == [(1, 3), (1, 4)]
    assert proposed(text, set(), 2, frozenset({"accessible"})) == [(2, 1), (2, 2)]
    assert proposed(text, {Seat(1, 3)}, 2, frozenset({"premium"})) is None
    assert most_together(parse(text), {Seat(1, 3)}, frozenset({"premium"})) == 1


def test_the_largest_hall_is_searched() -> None:
    text = hall(*["." * 200] * 200)
    assert proposed(text, set(), 10) == [(134, seat) for seat in range(96, 106)]
