"""Tickets: whose are shown to whom, and how staff give bookings up."""

import pytest

from tests.dialects.cinemapi.house import BOOKED, EVENING, PAID, Caller, House, booking, detail, ids

FIELDS = {"id", "user", "session", "ticket_status", "row", "seat"}


@pytest.fixture
def session(house: House) -> int:
    """A session at six."""
    return house.session()


def shown(caller: Caller) -> list[int]:
    """The tickets that somebody is shown, each alone as in the list."""
    rows = caller.get("ticket/")
    assert all(set(row) == FIELDS for row in rows)
    assert [caller.get(f"ticket/{row['id']}/") for row in rows] == rows
    return ids(rows)


# -- looking -------------------------------------------------------------------------------------------------


def test_one_sees_ones_own_and_staff_see_all_in_the_order_of_entry(house: House, session: int) -> None:
    mine = [house.ticket(house.anna, session, 1, 5), house.paid_ticket(house.anna, session, 1, 2)]
    others = [house.ticket(house.boris, session, 2, 1)]
    bosses = [house.ticket(house.boss, session, 3, 1)]
    last = house.ticket(house.anna, session, 1, 1)
    assert shown(house.anna) == [*mine, last]
    assert shown(house.boris) == others
    for staff in (house.boss, house.root):
        assert shown(staff) == [*mine, *others, *bosses, last]


def test_a_list_without_tickets_is_empty(house: House, session: int) -> None:
    house.ticket(house.boris, session)
    assert house.anna.call("GET", "ticket/", status=200).body == b"[]"


def test_a_ticket_says_whether_it_is_booked_or_paid(house: House, session: int) -> None:
    ticket = house.ticket(house.anna, session, 2, 3)
    about = {"id": ticket, "user": house.anna.id, "session": session, "row": 2, "seat": 3}
    assert house.anna.get(f"ticket/{ticket}/") == about | {"ticket_status": BOOKED}
    house.anna.patch(f"pay/{ticket}/")
    assert house.anna.get(f"ticket/{ticket}/") == about | {"ticket_status": PAID}
    assert house.anna.get("ticket/") == [about | {"ticket_status": PAID}]


def test_the_statuses_are_booked_and_paid(house: House) -> None:
    for caller in (house.anna, house.boss):
        assert caller.get("ticket_status/") == [BOOKED, PAID]


def test_somebody_elses_ticket_does_not_exist(house: House, session: int) -> None:
    ticket = house.ticket(house.boris, session)
    unknown = house.anna.call("GET", "ticket/1000000000/", status=404)
    assert house.anna.call("GET", f"ticket/{ticket}/", status=404).body == unknown.body


def test_a_stranger_sees_no_ticket(house: House, session: int) -> None:
    ticket = house.ticket(house.anna, session)
    for path in ("ticket/", f"ticket/{ticket}/", "ticket_status/"):
        assert detail(house.nobody.call("GET", path, status=401))


def test_tickets_of_past_sessions_stay_in_the_list(house: House, session: int) -> None:
    ticket = house.ticket(house.anna, session)
    house.later(days=30)
    assert shown(house.anna) == shown(house.boss) == [ticket]


def test_the_list_is_whole_however_long_it_is(house: House) -> None:
    session = house.session(hall=house.hall(10, 12))
    tickets = [house.ticket(house.anna, session, row, seat) for row in range(1, 11) for seat in range(1, 13)]
    assert ids(house.anna.get("ticket/")) == tickets


def test_tickets_of_the_native_api_are_shown_held_as_booked_and_paid_as_paid(house: House, session: int) -> None:
    boris = house.natively(house.boris)
    held = house.native_order(boris, session, (1, 1), (1, 2))
    paid = house.native_order(boris, session, (2, 1))
    boris.post(f"/orders/{paid['id']}/pay", status=200)
    statuses = [(row["row"], row["seat"], row["ticket_status"]) for row in house.boris.get("ticket/")]
    assert statuses == [(1, 1, BOOKED), (1, 2, BOOKED), (2, 1, PAID)]
    assert shown(house.boss) == [ticket["id"] for order in (held, paid) for ticket in order["tickets"]]
    assert shown(house.anna) == []


def test_void_tickets_are_gone(house: House, session: int) -> None:
    boris, boss = house.natively(house.boris), house.natively(house.boss)
    cancelled, refunded, ended, kept = (house.native_order(boris, session, (1, seat)) for seat in (1, 2, 3, 4))
    boris.delete(f"/orders/{cancelled['id']}")
    for order in (refunded, kept):
        boris.post(f"/orders/{order['id']}/pay", status=200)
    boss.post(f"/orders/{refunded['id']}/refund", {}, status=200)
    house.later(minutes=15)
    assert shown(house.boris) == shown(house.boss) == [kept["tickets"][0]["id"]]
    for order in (cancelled, refunded, ended):
        ticket = order["tickets"][0]["id"]
        for caller in (house.boris, house.boss):
            assert detail(caller.call("GET", f"ticket/{ticket}/", status=404))
            assert detail(caller.call("PATCH", f"pay/{ticket}/", status=404))
        assert detail(house.boss.call("DELETE", f"ticket/{ticket}/", status=404))


def test_tickets_take_one_statement(house: House, session: int) -> None:
    ticket = [house.ticket(house.anna, session, 1, seat) for seat in (1, 2, 3)][-1]
    for caller in (house.anna, house.boss):
        for path in ("ticket/", f"ticket/{ticket}/"):
            with house.statements() as seen:
                caller.get(path)
            assert len(seen) == 1, path


# -- giving up -----------------------------------------------------------------------------------------------


def test_staff_give_a_booking_up_and_its_place_is_free_again(house: House, session: int) -> None:
    ticket, kept = house.ticket(house.anna, session, 1, 1), house.ticket(house.anna, session, 1, 2)
    assert house.boss.delete(f"ticket/{ticket}/").body == b""
    assert shown(house.anna) == shown(house.boss) == [kept]
    assert house.nobody.get(f"session/{session}/")["tickets"] == [{"row": 1, "seat": 2}]
    for method, path in (("GET", "ticket"), ("DELETE", "ticket"), ("PATCH", "pay")):
        assert detail(house.boss.call(method, f"{path}/{ticket}/", status=404))
    assert house.ticket(house.boris, session, 1, 1) != ticket


def test_the_superuser_gives_up_as_staff_do_also_late(house: House, session: int) -> None:
    ticket = house.ticket(house.anna, session)
    house.later(days=1)
    house.root.delete(f"ticket/{ticket}/")
    assert shown(house.anna) == []


def test_neither_the_owner_nor_anybody_else_gives_a_booking_up(house: House, session: int) -> None:
    ticket = house.ticket(house.anna, session)
    before = house.stored()
    for caller, status in ((house.anna, 403), (house.boris, 403), (house.nobody, 401)):
        assert detail(caller.call("DELETE", f"ticket/{ticket}/", status=status))
    assert house.stored() == before


def test_a_paid_ticket_is_not_given_up(house: House, session: int) -> None:
    tickets = [house.paid_ticket(house.anna, session)]
    boris = house.natively(house.boris)
    order = house.native_order(boris, session, (2, 1), (2, 2))
    boris.post(f"/orders/{order['id']}/pay", status=200)
    before = house.stored()
    for ticket in (*tickets, *ids(order["tickets"])):
        for staff in (house.boss, house.root):
            assert staff.warned("DELETE", f"ticket/{ticket}/")
    assert house.stored() == before


def test_giving_up_one_of_several_places_keeps_the_others(house: House, session: int) -> None:
    boris = house.natively(house.boris)
    order = house.native_order(boris, session, (1, 1), (1, 2))
    first, second = (ticket["id"] for ticket in order["tickets"])
    house.boss.delete(f"ticket/{first}/")
    assert shown(house.boris) == [second]
    left = boris.get(f"/orders/{order['id']}")
    assert (left["state"], left["total"]["amount"]) == ("held", "9.50")
    house.boss.delete(f"ticket/{second}/")
    assert boris.get(f"/orders/{order['id']}")["state"] == "cancelled"


# -- frozen sessions -----------------------------------------------------------------------------------------


def assert_frozen(house: House, session: int) -> None:
    """Neither changes nor deletion, whoever asks, and nothing changed by trying."""
    body = house.session_body(started_at="2026-05-03T12:00:00Z")
    same = {name: house.nobody.get(f"session/{session}/")[name] for name in ("hall", "movie", "started_at", "price")}
    before = house.stored()
    for staff in (house.boss, house.root):
        for sent in (body, same):
            assert staff.warned("PUT", f"session/{session}/", sent)
        for field in body:
            assert staff.warned("PATCH", f"session/{session}/", {field: body[field]}), field
        assert staff.warned("DELETE", f"session/{session}/")
    assert house.stored() == before


def test_a_session_with_a_booking_is_frozen_and_thaws_when_it_is_given_up(house: House, session: int) -> None:
    ticket = house.ticket(house.anna, session)
    assert_frozen(house, session)
    house.boss.delete(f"ticket/{ticket}/")
    assert house.boss.patch(f"session/{session}/", {"price": "1"})["price"] == "1.00"
    house.boss.delete(f"session/{session}/")


def test_a_session_with_a_paid_ticket_is_frozen(house: House, session: int) -> None:
    house.paid_ticket(house.anna, session)
    assert_frozen(house, session)
    house.later(days=7)
    assert_frozen(house, session)


def test_a_session_that_somebody_holds_natively_is_frozen_as_long_as_it_is_held(house: House, session: int) -> None:
    house.native_order(house.natively(house.boris), session, (1, 1))
    assert_frozen(house, session)
    house.later(minutes=15)
    assert house.boss.patch(f"session/{session}/", {"started_at": "2026-05-01T19:00:00Z"})
    assert house.boss.put(f"session/{session}/", house.session_body())["started_at"] == EVENING


def test_a_session_that_is_sold_natively_is_frozen(house: House, session: int) -> None:
    boris = house.natively(house.boris)
    order = house.native_order(boris, session, (1, 1))
    boris.post(f"/orders/{order['id']}/pay", status=200)
    assert_frozen(house, session)


def test_booking_for_a_session_freezes_its_film_still(house: House) -> None:
    film = house.film()
    session = house.session(movie=film)
    house.anna.post("book/", booking(house.anna, session))
    assert house.boss.warned("DELETE", f"movie/{film}/")
