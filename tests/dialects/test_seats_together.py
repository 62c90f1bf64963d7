"""One seat, whichever way it is taken: taken in every dialect."""

from collections.abc import Callable

import pytest

from tests.app import seats
from tests.dialects.everything import Everything

Take = Callable[[Everything, int], int]


def natively(house: Everything, screening: int) -> int:
    return house.member.call("POST", "/orders", {"screening": screening, "seats": seats((2, 3))}).status_int


def in_academy(house: Everything, screening: int) -> int:
    house.person("academic")
    body = {"tickets": [{"row": 2, "seat": 3, "movie_session": screening}]}
    return house.academy("academic").call("POST", "/api/cinema/orders/", body).status_int


def in_cinemapi(house: Everything, screening: int) -> int:
    user = house.person("cineast").id
    body = {"session": screening, "row": 2, "seat": 3, "user": user}
    return house.cinemapi("cineast").call("POST", "/cinemapi/book/", body).status_int


WAYS: dict[str, tuple[Take, int]] = {
    "natively": (natively, 409),
    "in academy": (in_academy, 400),
    "in cinemapi": (in_cinemapi, 400),
}
PAIRS = [(first, second) for first in WAYS for second in WAYS if first != second]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_a_seat_taken_in_one_way_is_taken_in_every_other(everything: Everything, first: str, second: str) -> None:
    screening = everything.screening()
    assert WAYS[first][0](everything, screening) == 201
    take, refused = WAYS[second]
    assert take(everything, screening) == refused
    assert everything.sql("SELECT count(*) FROM seat_claims") == [(1,)]
    assert everything.sql("SELECT count(*) FROM orders") == [(1,)]


@pytest.mark.parametrize("way", WAYS)
def test_everybody_sees_that_it_is_taken(everything: Everything, way: str) -> None:
    screening = everything.screening()
    assert WAYS[way][0](everything, screening) == 201
    everything.person("looker")
    place = [{"row": 2, "seat": 3}]
    academic = everything.academy("looker")
    assert academic.get(f"/api/cinema/movie_sessions/{screening}/")["taken_places"] == place
    assert academic.get("/api/cinema/movie_sessions/")[0]["tickets_available"] == 49
    assert everything.anybody.get(f"/cinemapi/session/{screening}/")["tickets"] == place
    row = everything.member.get(f"/screenings/{screening}/seats")["rows"][1]
    states = [seat["state"] for seat in row["seats"]]
    assert [number for number, state in enumerate(states, 1) if state != "free"] == [3]
    assert states[2] == ("sold" if way == "in academy" else "held")


def test_what_academy_sold_is_paid_in_cinemapi_and_valid_natively(everything: Everything) -> None:
    screening = everything.screening()
    assert in_academy(everything, screening) == 201
    [ticket] = everything.cinemapi("academic").get("/cinemapi/ticket/")
    assert ticket["ticket_status"] == {"id": 2, "name": "paid"}
    [order] = everything.native("academic").get("/api/v1/orders")["items"]
    assert order["state"] == "paid"
    assert [each["state"] for each in order["tickets"]] == ["valid"]
    assert order["total"] == {"amount": "0.00", "currency": "EUR"}


def test_what_cinemapi_booked_is_held_natively_until_it_is_paid_there(everything: Everything) -> None:
    screening = everything.screening()
    assert in_cinemapi(everything, screening) == 201
    owner = everything.native("cineast")
    [order] = owner.get("/api/v1/orders")["items"]
    assert (order["state"], order["expires_at"], order["expires_in"]) == ("held", None, None)
    everything.later(hours=3)
    assert owner.get(f"/api/v1/orders/{order['id']}")["state"] == "held"
    paid = owner.call("POST", f"/api/v1/orders/{order['id']}/pay", {}, 200).json
    assert (paid["state"], paid["total"]["amount"]) == ("paid", "9.50")
    [ticket] = everything.cinemapi("cineast").get("/cinemapi/ticket/")
    assert ticket["ticket_status"]["name"] == "paid"


def test_what_cinemapi_booked_can_be_given_up_natively(everything: Everything) -> None:
    screening = everything.screening()
    assert in_cinemapi(everything, screening) == 201
    owner = everything.native("cineast")
    [order] = owner.get("/api/v1/orders")["items"]
    owner.call("DELETE", f"/api/v1/orders/{order['id']}", status=204)
    assert everything.cinemapi("cineast").get("/cinemapi/ticket/") == []
    assert in_academy(everything, screening) == 201


def test_the_seats_of_a_booking_can_be_changed_natively_and_still_do_not_expire(everything: Everything) -> None:
    screening = everything.screening()
    assert in_cinemapi(everything, screening) == 201
    owner = everything.native("cineast")
    [order] = owner.get("/api/v1/orders")["items"]
    owner.call("PATCH", f"/api/v1/orders/{order['id']}", {"seats": seats((1, 1), (1, 2))}, 200)
    refused = owner.call("PATCH", f"/api/v1/orders/{order['id']}", {"extend": True}, 409)
    assert refused.json["code"] == "does-not-expire"
    everything.later(hours=2)
    assert {(each["row"], each["seat"]) for each in everything.cinemapi("cineast").get("/cinemapi/ticket/")} == {
        (1, 1),
        (1, 2),
    }
    assert everything.anybody.get(f"/cinemapi/session/{screening}/")["tickets"] == seats((1, 1), (1, 2))


def test_paying_one_seat_in_cinemapi_pays_the_native_order_it_is_in(everything: Everything) -> None:
    screening = everything.screening()
    order = everything.member.post("/orders", {"screening": screening, "seats": seats((1, 1), (1, 2))})
    member = everything.cinemapi("member")
    tickets = member.get("/cinemapi/ticket/")
    assert [each["ticket_status"]["name"] for each in tickets] == ["booked", "booked"]
    member.call("PATCH", f"/cinemapi/pay/{tickets[0]['id']}/", status=200)
    assert everything.member.get(f"/orders/{order['id']}")["state"] == "paid"
    assert member.call("PATCH", f"/cinemapi/pay/{tickets[1]['id']}/").status_int == 409


def test_a_hold_that_ends_is_free_in_every_dialect(everything: Everything) -> None:
    screening = everything.screening()
    assert natively(everything, screening) == 201
    everything.later(minutes=15)
    assert everything.anybody.get(f"/cinemapi/session/{screening}/")["tickets"] == []
    assert everything.cinemapi("member").get("/cinemapi/ticket/") == []
    assert in_academy(everything, screening) == 201


def test_a_session_with_tickets_is_frozen_in_every_dialect(everything: Everything) -> None:
    screening = everything.screening()
    assert in_academy(everything, screening) == 201
    everything.person("boss", "staff")
    moved = (everything.now.replace(hour=10)).isoformat()
    everything.academy("boss").call("DELETE", f"/api/cinema/movie_sessions/{screening}/", status=409)
    everything.academy("boss").call("PATCH", f"/api/cinema/movie_sessions/{screening}/", {"show_time": moved}, 409)
    everything.cinemapi("boss").call("DELETE", f"/cinemapi/session/{screening}/", status=400)
    everything.cinemapi("boss").call("PATCH", f"/cinemapi/session/{screening}/", {"price": "1.00"}, 400)
    everything.admin.call("DELETE", f"/screenings/{screening}", status=409)


def test_a_session_of_academy_is_not_on_sale_natively_and_free_in_cinemapi(everything: Everything) -> None:
    everything.person("boss", "staff")
    body = {"show_time": "2026-05-02T03:00:00", "movie": everything.movie(), "cinema_hall": everything.hall()}
    session = everything.academy("boss").post("/api/cinema/movie_sessions/", body)["id"]
    refused = everything.member.call("POST", "/orders", {"screening": session, "seats": seats((1, 1))}, 409)
    assert refused.json["code"] == "not-on-sale"
    assert everything.anybody.get(f"/cinemapi/session/{session}/")["price"] == "0.00"
    assert in_cinemapi(everything, session) == 201


def test_a_session_of_academy_counts_against_new_ones_of_cinemapi_and_natively(everything: Everything) -> None:
    everything.person("boss", "staff")
    film, hall = everything.movie(), everything.hall()
    body = {"show_time": "2026-05-02T10:00:00Z", "movie": film, "cinema_hall": hall}
    everything.academy("boss").post("/api/cinema/movie_sessions/", body)
    everything.academy("boss").post("/api/cinema/movie_sessions/", body)
    session = {"hall": hall, "movie": film, "started_at": "2026-05-02T11:00:00Z", "price": "1.00"}
    everything.cinemapi("boss").call("POST", "/cinemapi/session/", session, 400)
    native = {"hall": hall, "movie": film, "starts_at": "2026-05-02T11:00:00Z"}
    assert everything.admin.call("POST", "/screenings", native, 409).json["code"] == "overlap"


def test_what_academy_sold_can_be_refunded_natively_and_is_free_again(everything: Everything) -> None:
    screening = everything.screening()
    assert in_academy(everything, screening) == 201
    [(order,)] = everything.sql("SELECT id FROM orders")
    refunded = everything.admin.post(f"/orders/{order}/refund", {}, 200)
    assert (refunded["state"], refunded["total"]["amount"]) == ("refunded", "0.00")
    assert everything.academy("academic").get("/api/cinema/orders/")["results"] == []
    assert natively(everything, screening) == 201


def test_a_seat_without_a_price_among_priced_ones_costs_what_cinemapi_shows(everything: Everything) -> None:
    hall = everything.hall(layout="A|..P")
    prices = {"standard": {"amount": "9.50", "currency": "EUR"}}
    screening = everything.screening(hall=hall, price=None, prices=prices)
    assert everything.anybody.get(f"/cinemapi/session/{screening}/")["price"] == "9.50"
    user = everything.person("cineast").id
    body = {"session": screening, "row": 1, "seat": 3, "user": user}
    everything.cinemapi("cineast").call("POST", "/cinemapi/book/", body, 201)
    [order] = everything.native("cineast").get("/api/v1/orders")["items"]
    assert order["total"]["amount"] == "9.50"
