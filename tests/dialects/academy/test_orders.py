"""Orders: buying places, all of them or none, and every ticket told what is wrong with it."""

from typing import Any

import pytest

from tests.dialects.academy.app import ORDERS, SESSIONS, Academy, places, tickets

FIELDS = ["row", "seat", "movie_session"]
NO_WHOLE_NUMBERS: list[Any] = [None, "", "x", "1.5", 1.5, True, [], [1], {}, "1_0", "٣", "9" * 30]


def entries(academy: Academy, body: Any) -> list[dict[str, list[str]]]:
    """What the refusal says of each ticket; fails when anything was stored."""
    user = academy.user
    before = academy.stored()
    answer = user.call("POST", ORDERS, body, 400)
    assert academy.stored() == before
    assert set(answer.json) == {"tickets"}
    found: list[dict[str, list[str]]] = answer.json["tickets"]
    for entry in found:
        for sentences in entry.values():
            assert sentences
            assert all(isinstance(each, str) and each for each in sentences)
    return found


def named(academy: Academy, body: Any) -> list[set[str]]:
    """The fields that the refusal names, ticket by ticket."""
    return [set(entry) for entry in entries(academy, body)]


def taken(academy: Academy, session: int) -> list[tuple[int, int]]:
    found = academy.user.get(f"{SESSIONS}{session}/")["taken_places"]
    return [(place["row"], place["seat"]) for place in found]


# -- buying --------------------------------------------------------------------------------------------------


def test_an_order_is_answered_with_its_tickets_as_they_were_asked_for(academy: Academy) -> None:
    session = academy.session()
    wanted = tickets((session, 3, 2), (session, 1, 10), (session, 5, 1), (session, 1, 1))
    order = academy.user.post(ORDERS, wanted)
    assert set(order) == {"id", "tickets", "created_at"}
    assert order["created_at"] == "2026-05-01T12:00:00Z"
    assert [{name: ticket[name] for name in FIELDS} for ticket in order["tickets"]] == wanted["tickets"]
    assert all(set(ticket) == {"id", *FIELDS} for ticket in order["tickets"])
    numbers = [order["id"], *(ticket["id"] for ticket in order["tickets"])]
    assert all(type(number) is int for number in numbers)
    assert len({*numbers[1:]}) == 4
    assert taken(academy, session) == [(1, 1), (1, 10), (3, 2), (5, 1)]


def test_one_order_may_be_for_several_sessions(academy: Academy) -> None:
    first, second, third = (academy.session() for _time in range(3))
    wanted = [(third, 1, 1), (first, 2, 2), (second, 1, 1), (first, 1, 1), (third, 5, 10)]
    order = academy.order(academy.user, *wanted)
    assert [(each["movie_session"], each["row"], each["seat"]) for each in order["tickets"]] == wanted
    assert taken(academy, first) == [(1, 1), (2, 2)]
    assert taken(academy, second) == [(1, 1)]
    assert taken(academy, third) == [(1, 1), (5, 10)]


def test_a_whole_hall_may_be_bought_at_once(academy: Academy) -> None:
    session = academy.session()
    wanted = [(session, row, seat) for row in range(1, 6) for seat in range(1, 11)]
    assert len(academy.order(academy.user, *wanted)["tickets"]) == 50
    assert academy.user.get(SESSIONS)[0]["tickets_available"] == 0
    assert named(academy, tickets((session, 1, 1))) == [{"non_field_errors"}]


def test_one_may_order_again_and_again(academy: Academy) -> None:
    session = academy.session()
    for seat in range(1, 11):
        academy.order(academy.user, (session, 1, seat))
    assert academy.user.get(ORDERS)["count"] == 10


def test_staff_order_like_everybody(academy: Academy) -> None:
    session = academy.session()
    assert places(academy.order(academy.boss, (session, 1, 1))) == [(1, 1)]
    assert academy.boss.get(ORDERS)["count"] == 1


def test_an_order_is_always_for_who_places_it(academy: Academy) -> None:
    more = {"user": academy.rival.id, "user_id": academy.rival.id, "id": 999, "created_at": "2000-01-01T00:00:00Z"}
    session = academy.session()
    for caller, seat in ((academy.user, 1), (academy.boss, 2)):
        order = caller.post(ORDERS, tickets((session, 1, seat)) | more)
        assert (order["id"] != 999, order["created_at"]) == (True, "2026-05-01T12:00:00Z")
        assert caller.get(ORDERS)["count"] == 1
    assert academy.rival.get(ORDERS)["count"] == 0


def test_what_else_a_ticket_says_is_ignored(academy: Academy) -> None:
    session = academy.session()
    body = tickets((session, 1, 1))
    body["tickets"][0] |= {"id": 999, "order": 5, "price": "1.00", "surprise": []}
    [ticket] = academy.user.post(ORDERS, body)["tickets"]
    assert ticket == {"id": ticket["id"], "row": 1, "seat": 1, "movie_session": session}
    assert ticket["id"] != 999


@pytest.mark.parametrize("show_time", ["1999-12-31T23:59:59Z", "2026-05-01T12:00:00Z", "2026-05-01T03:00:00Z"])
def test_places_of_any_session_are_sold_even_of_a_past_one(academy: Academy, show_time: str) -> None:
    session = academy.session(show_time=show_time)
    academy.order(academy.user, (session, 1, 1))
    assert taken(academy, session) == [(1, 1)]


def test_the_same_place_of_another_session_is_another_place(academy: Academy) -> None:
    film, hall = academy.film(), academy.cinema_hall()
    first, second = (academy.session(movie=film, cinema_hall=hall) for _time in range(2))
    academy.order(academy.user, (first, 1, 1))
    academy.order(academy.rival, (second, 1, 1))


# -- what is wrong with the whole ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [{}, {"seats": []}, *({"tickets": each} for each in (None, [], "", "x", 1, True, {}, {"row": 1}, {"0": {}}))],
    ids=str,
)
def test_tickets_are_required_and_some(academy: Academy, body: Any) -> None:
    user = academy.user
    before = academy.stored()
    assert user.refused("POST", ORDERS, body) == {"tickets"}
    assert academy.stored() == before


# -- what is wrong with a ticket -----------------------------------------------------------------------------


def test_every_field_of_a_ticket_is_a_whole_number(academy: Academy) -> None:
    session = academy.session()
    good = {"row": 1, "seat": 1, "movie_session": session}
    for name in FIELDS:
        assert named(academy, {"tickets": [{key: good[key] for key in good if key != name}]}) == [{name}]
        for value in NO_WHOLE_NUMBERS:
            assert named(academy, {"tickets": [good | {name: value}]}) == [{name}], value
    assert named(academy, {"tickets": [{}]}) == [set(FIELDS)]
    assert named(academy, {"tickets": [dict.fromkeys(FIELDS, "x")]}) == [set(FIELDS)]


@pytest.mark.parametrize("ticket", [None, 1, "x", True, [], [1, 1, 1]], ids=str)
def test_a_ticket_is_an_object(academy: Academy, ticket: Any) -> None:
    good = tickets((academy.session(), 1, 1))["tickets"]
    assert named(academy, {"tickets": [*good, ticket]}) == [set(), {"non_field_errors"}]


def test_a_place_lies_in_the_hall(academy: Academy) -> None:
    session = academy.session()
    for number in (0, -1, 11, 1000, 2**31, 2**63, 10**18, -(10**30), 10**30):
        assert named(academy, tickets((session, number, 1))) == [{"row"}], number
        assert named(academy, tickets((session, 1, number))) == [{"seat"}], number
    assert named(academy, tickets((session, 6, 1))) == [{"row"}]


def test_the_hall_is_that_of_the_tickets_own_session(academy: Academy) -> None:
    wide = academy.session(cinema_hall=academy.cinema_hall(rows=1, seats_in_row=20))
    deep = academy.session(cinema_hall=academy.cinema_hall(rows=20, seats_in_row=1))
    wrong = tickets((wide, 20, 1), (deep, 1, 20), (wide, 1, 20), (deep, 20, 1))
    assert named(academy, wrong) == [{"row"}, {"seat"}, set(), set()]
    academy.order(academy.user, (wide, 1, 20), (deep, 20, 1))


@pytest.mark.parametrize("unknown", [0, -1, 999_999, 10**17, 10**30])
def test_a_session_that_does_not_exist_is_named(academy: Academy, unknown: int) -> None:
    assert named(academy, tickets((unknown, 1, 1))) == [{"movie_session"}]


def test_each_ticket_is_told_what_is_wrong_with_it_in_their_order(academy: Academy) -> None:
    session = academy.session()
    wrong = tickets(
        (session, 1, 1), (session, 6, 1), (999_999, 1, 1), (session, 2, 2), (session, 1, 11), (888_888, 1, 1)
    )
    assert named(academy, wrong) == [set(), {"row"}, {"movie_session"}, set(), {"seat"}, {"movie_session"}]
    body = tickets((session, 1, 1), (session, 1, 2))
    body["tickets"][1] = {"row": "x"}
    assert named(academy, body) == [set(), set(FIELDS)]
    assert named(academy, {"tickets": [*reversed(body["tickets"])]}) == [set(FIELDS), set()]


def test_the_same_place_twice_in_one_order_is_refused(academy: Academy) -> None:
    session = academy.session()
    twice = named(academy, tickets((session, 1, 1), (session, 1, 2), (session, 1, 1)))
    assert twice[1] == set()
    assert {"non_field_errors"} in (twice[0], twice[2])
    assert all(entry <= {"non_field_errors"} for entry in twice)
    written_otherwise = tickets((session, 1, 1), (session, 1, 1))
    written_otherwise["tickets"][1]["row"] = 1.0
    assert any(named(academy, written_otherwise))
    academy.order(academy.user, (session, 1, 1))


def test_a_place_is_sold_once(academy: Academy) -> None:
    session = academy.session()
    academy.order(academy.rival, (session, 1, 1), (session, 1, 3))
    wrong = tickets((session, 1, 2), (session, 1, 1), (session, 2, 1), (session, 1, 3))
    assert named(academy, wrong) == [set(), {"non_field_errors"}, set(), {"non_field_errors"}]
    assert taken(academy, session) == [(1, 1), (1, 3)]
    academy.order(academy.user, (session, 1, 2), (session, 2, 1))


def test_not_even_to_who_has_it_and_not_to_staff(academy: Academy) -> None:
    session = academy.session()
    academy.order(academy.boss, (session, 1, 1))
    for caller in (academy.boss, academy.user):
        refusal = caller.post(ORDERS, tickets((session, 1, 1)), 400)
        assert [set(entry) for entry in refusal["tickets"]] == [{"non_field_errors"}]


def test_one_place_that_is_taken_spoils_the_order_in_every_session(academy: Academy) -> None:
    first, second, third = (academy.session() for _time in range(3))
    academy.order(academy.rival, (second, 1, 1))
    wrong = tickets((first, 1, 1), (second, 1, 1), (third, 1, 1), (second, 1, 2))
    assert named(academy, wrong) == [set(), {"non_field_errors"}, set(), set()]
    assert taken(academy, first) == taken(academy, third) == []


def test_places_taken_in_several_sessions_are_all_told(academy: Academy) -> None:
    first, second = academy.session(), academy.session()
    academy.order(academy.rival, (first, 1, 1), (second, 1, 1))
    wrong = tickets((second, 1, 1), (first, 1, 2), (first, 1, 1))
    assert named(academy, wrong) == [{"non_field_errors"}, set(), {"non_field_errors"}]


def test_a_place_outside_the_hall_does_not_hide_one_that_is_taken(academy: Academy) -> None:
    session = academy.session()
    academy.order(academy.rival, (session, 1, 1))
    assert named(academy, tickets((session, 1, 1), (session, 9, 1))) == [{"non_field_errors"}, {"row"}]


def test_a_ticket_without_a_field_hides_no_other_that_is_wrong(academy: Academy) -> None:
    session = academy.session()
    body = tickets((session, 9, 1), (999_999, 1, 1), (session, 1, 1))
    del body["tickets"][2]["seat"]
    assert named(academy, body) == [{"row"}, {"movie_session"}, {"seat"}]
