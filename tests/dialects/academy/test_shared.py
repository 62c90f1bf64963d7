"""One database for the dialect and the native API: what one side enters, the other one shows and keeps to."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.app import Person, euros, seats
from tests.dialects.academy.app import HALLS, MOVIES, ORDERS, SESSIONS, Academy, Caller, ids, places, tickets

NewHolder = Callable[..., Caller]


def native(academy: Academy, caller: Caller) -> Person:
    """The same account, signed in natively."""
    return academy.signed_in(caller.id)


def address(session: int) -> str:
    return f"{SESSIONS}{session}/"


def available(academy: Academy, session: int) -> int:
    """How many places the list of sessions says are left."""
    [row] = [row for row in academy.user.get(SESSIONS) if row["id"] == session]
    return int(row["tickets_available"])


def taken(academy: Academy, session: int) -> list[tuple[int, int]]:
    found = academy.user.get(address(session))["taken_places"]
    return [(place["row"], place["seat"]) for place in found]


def named(caller: Caller, body: Any) -> list[set[str]]:
    """The fields that the refusal of an order names, ticket by ticket."""
    return [set(entry) for entry in caller.post(ORDERS, body, 400)["tickets"]]


# -- accounts ------------------------------------------------------------------------------------------------


def test_an_account_without_an_email_has_none_natively(academy: Academy) -> None:
    academy.nobody.post("register/", {"username": "anna", "password": "12345"})
    academy.nobody.post("register/", {"username": "vera", "password": "12345", "email": ""})
    academy.user.patch("me/", {"email": ""})
    emails = {user["username"]: user["email"] for user in academy.admin.walk("/users")}
    assert (emails["anna"], emails["vera"], emails["user"]) == (None, None, None)


def test_an_account_from_here_signs_in_natively_by_its_username(academy: Academy) -> None:
    body = {"username": "anna", "password": "12345", "email": "anna@example.com"}
    account = academy.nobody.post("register/", body)
    pair = academy.stranger.post("/auth/login", {"login": "anna", "password": "12345"}, 200)
    anna = Person(academy.http, token=pair["access_token"])
    assert (anna.get("/me")["id"], anna.get("/me")["email"]) == (account["id"], "anna@example.com")
    academy.stranger.post("/auth/login", {"login": "anna@example.com", "password": "12345"}, 401)


# -- films and halls -----------------------------------------------------------------------------------------


def test_a_film_of_which_little_is_known_is_shown_with_blanks(academy: Academy) -> None:
    film = academy.admin.post("/movies", {"title": "Ran"})["id"]
    blank = {"id": film, "title": "Ran", "description": "", "duration": 0, "genres": [], "actors": []}
    assert academy.user.get(MOVIES) == [blank]
    assert academy.user.get(f"{MOVIES}{film}/") == blank
    session = academy.session(movie=film)
    assert academy.user.get(address(session))["movie"] == blank


def test_a_film_is_the_same_on_both_sides(academy: Academy) -> None:
    film = academy.film(duration=100)
    seen = academy.admin.get(f"/movies/{film}")
    assert (seen["title"], seen["duration"], seen["label"], seen["year"]) == ("Сталкер", 100, None, None)
    academy.admin.patch(f"/movies/{film}", {"title": "Зеркало", "duration": 108, "year": 1975})
    [row] = academy.user.get(MOVIES)
    assert (row["title"], row["duration"]) == ("Зеркало", 108)
    assert "year" not in row


@pytest.mark.parametrize(
    ("layout", "box", "gaps"),
    [
        ("A|..__..\nB|.____.", (2, 4), [(2, 3), (2, 4)]),
        ("A|...\n |___\nB|.__", (2, 3), [(2, 2), (2, 3)]),
        ("A|.\nB|PPPPP\nC|..A", (3, 5), [(1, 2), (1, 5), (3, 4)]),
    ],
)
def test_a_hall_with_gaps_is_shown_as_the_rectangle_round_it(
    academy: Academy, layout: str, box: tuple[int, int], gaps: list[tuple[int, int]]
) -> None:
    rows, seats_in_row = box
    hall = academy.hall(name="Лофт", layout=layout)
    capacity = rows * seats_in_row
    shown = {"id": hall, "name": "Лофт", "rows": rows, "seats_in_row": seats_in_row, "capacity": capacity}
    assert academy.user.get(HALLS) == [shown]
    session = academy.session(cinema_hall=hall)
    assert academy.user.get(address(session))["cinema_hall"] == shown
    assert academy.user.get(SESSIONS)[0]["cinema_hall_capacity"] == capacity
    for row, seat in gaps:
        before = academy.stored()
        assert named(academy.user, tickets((session, 1, 1), (session, row, seat))) == [set(), {"seat"}]
        assert academy.stored() == before
    order = academy.order(academy.user, (session, 1, 1))
    assert places(order) == [(1, 1)]
    listed = academy.user.get(ORDERS)["results"][0]["tickets"][0]["movie_session"]
    assert listed["cinema_hall_capacity"] == capacity


def test_of_a_hall_with_gaps_as_many_tickets_are_available_as_there_are_seats(academy: Academy) -> None:
    session = academy.session(cinema_hall=academy.hall(layout="A|..__..\nB|.____."))
    assert available(academy, session) == 6
    wanted = [(session, 1, seat) for seat in (1, 2, 3, 4)] + [(session, 2, seat) for seat in (1, 2)]
    academy.order(academy.user, *wanted)
    assert available(academy, session) == 0


# -- places --------------------------------------------------------------------------------------------------


def test_a_place_that_is_held_natively_is_taken_until_the_hold_ends(academy: Academy) -> None:
    screening = academy.screening()
    academy.member.post("/orders", {"screening": screening, "seats": seats((1, 1), (2, 5))})
    assert taken(academy, screening) == [(1, 1), (2, 5)]
    assert available(academy, screening) == 48
    assert named(academy.user, tickets((screening, 1, 1), (screening, 1, 2))) == [{"non_field_errors"}, set()]
    academy.later(minutes=15)
    assert taken(academy, screening) == []
    assert available(academy, screening) == 50
    academy.order(academy.user, (screening, 1, 1), (screening, 1, 2))
    assert taken(academy, screening) == [(1, 1), (1, 2)]


def test_a_place_that_was_sold_natively_is_taken_for_good(academy: Academy) -> None:
    screening = academy.screening()
    order = academy.member.post("/orders", {"screening": screening, "seats": seats((1, 1))})
    academy.member.post(f"/orders/{order['id']}/pay", status=200)
    academy.later(minutes=16)
    assert named(academy.user, tickets((screening, 1, 1))) == [{"non_field_errors"}]
    assert (taken(academy, screening), available(academy, screening)) == ([(1, 1)], 49)
    academy.admin.post(f"/orders/{order['id']}/refund", status=200)
    academy.order(academy.user, (screening, 1, 1))


def test_a_place_that_was_sold_here_is_taken_natively(academy: Academy) -> None:
    screening = academy.screening()
    academy.order(academy.user, (screening, 1, 1))
    wanted = {"screening": screening, "seats": seats((1, 1), (1, 2))}
    refusal = academy.member.post("/orders", wanted, 409)
    assert (refusal["code"], refusal["conflicts"]) == ("seats-unavailable", seats((1, 1)))
    assert academy.member.get(f"/screenings/{screening}")["seats_left"] == 49
    academy.later(days=1)
    assert taken(academy, screening) == [(1, 1)]


def test_an_order_is_final_paid_with_nothing_and_its_owners(academy: Academy) -> None:
    screening = academy.screening()
    order = academy.order(academy.user, (screening, 1, 1), (academy.session(), 1, 2))
    owner = native(academy, academy.user)
    seen = owner.get(f"/orders/{order['id']}")
    assert (seen["state"], seen["total"], seen["user"]) == ("paid", euros("0.00"), academy.user.id)
    assert {ticket["state"] for ticket in seen["tickets"]} == {"valid"}
    assert {ticket["price"]["amount"] for ticket in seen["tickets"]} == {"0.00"}
    assert sorted(ids(seen["tickets"])) == sorted(ids(order["tickets"]))
    academy.later(days=40)
    assert native(academy, academy.user).get(f"/orders/{order['id']}")["state"] == "paid"
    native(academy, academy.rival).get(f"/orders/{order['id']}", 404)


def test_a_session_from_here_has_no_price_and_is_natively_not_on_sale(academy: Academy) -> None:
    session = academy.session()
    wanted = {"screening": session, "seats": seats((1, 1))}
    assert academy.member.post("/orders", wanted, 409)["code"] == "not-on-sale"
    assert academy.member.get(f"/screenings/{session}")["id"] == session


def test_native_limits_on_orders_are_not_ours(academy: Academy) -> None:
    most = academy.registry.booking.max_unpaid
    screening = academy.screening(hall=academy.hall(rows=5, seats=most))
    owner = native(academy, academy.user)
    for seat in range(1, most + 1):
        owner.post("/orders", {"screening": screening, "seats": seats((1, seat))})
    owner.post("/orders", {"screening": screening, "seats": seats((5, 1))}, 409)
    number = academy.registry.booking.max_seats + 1
    hall = academy.cinema_hall(rows=1, seats_in_row=number)
    session = academy.session(cinema_hall=hall)
    academy.order(academy.user, *((session, 1, seat) for seat in range(1, number + 1)))


def test_a_session_with_a_native_order_can_be_neither_deleted_nor_moved(academy: Academy) -> None:
    screening = academy.screening()
    academy.member.post("/orders", {"screening": screening, "seats": seats((1, 1))})
    boss = academy.boss
    before = academy.stored()
    boss.call("DELETE", address(screening), status=409)
    boss.call("PATCH", address(screening), {"show_time": "2027-01-01T00:00:00"}, 409)
    assert academy.stored() == before


# -- labels --------------------------------------------------------------------------------------------------


@pytest.fixture
def new_holder(academy: Academy) -> Iterator[NewHolder]:
    """Makes somebody with a role of their own; roles outlive a test's other rows and are taken back."""
    made = []

    def holder(*permissions: str) -> Caller:
        name = f"holder-{len(made)}"
        academy.admin.post("/roles", {"name": name, "permissions": permissions})
        made.append(name)
        return academy.caller(name, name)

    yield holder
    for name in made:
        academy.admin.delete(f"/roles/{name}")


class Programme:
    """A film with a label and one without, each with a session; everything else is alike."""

    def __init__(self, academy: Academy) -> None:
        self.genre, self.actor = academy.genre("Мюзикл"), academy.actor("Лия", "Ахеджакова")
        about = {"title": "Гараж", "duration": 100, "genres": [self.genre], "actors": [self.actor]}
        self.plain = academy.admin.post("/movies", about)["id"]
        self.film = academy.admin.post("/movies", about | {"label": "vip"})["id"]
        self.hall = academy.cinema_hall()
        self.plain_session = academy.session(movie=self.plain, cinema_hall=self.hall)
        self.session = academy.session(movie=self.film, cinema_hall=self.hall)

    def lists(self) -> list[tuple[str, int, int]]:
        """Every list that both are in, with the plain one and the other one."""
        movies = ["", f"genres={self.genre}", f"actors={self.actor}", "title=гараж"]
        return [
            *((f"{MOVIES}?{query}", self.plain, self.film) for query in movies),
            *((f"{SESSIONS}?{query}", self.plain_session, self.session) for query in ("", "date=2026-05-01")),
        ]


def test_a_film_with_a_label_is_not_there_for_who_does_not_hold_it(academy: Academy, new_holder: NewHolder) -> None:
    programme = Programme(academy)
    for caller in (academy.user, new_holder("label:vips", "label:vi"), new_holder("movies:edit", "screenings:edit")):
        for path, plain, _hidden in programme.lists():
            assert ids(caller.get(path)) == [plain], path
        assert caller.get(f"{SESSIONS}?movie={programme.film}") == []
        assert caller.get(f"{MOVIES}{programme.film}/", 404) == caller.get(f"{MOVIES}999999/", 404)
        assert caller.get(address(programme.session), 404) == caller.get(address(999_999), 404)
        caller.get(f"{MOVIES}{programme.plain}/")
        hidden, unknown = (
            caller.call("POST", ORDERS, tickets((session, 1, 1)), 400).text.replace(str(session), "N")
            for session in (programme.session, 999_999)
        )
        assert hidden == unknown
    assert academy.boss.get(address(programme.session))["taken_places"] == []


def test_for_who_holds_it_it_is_like_any_other(academy: Academy, new_holder: NewHolder) -> None:
    programme = Programme(academy)
    root = academy.caller("root", superuser=True)
    callers = [new_holder("label:vip"), new_holder("label:*"), academy.boss, root]
    for seat, caller in enumerate(callers, start=1):
        for path, plain, other in programme.lists():
            assert sorted(ids(caller.get(path))) == [plain, other], path
        assert ids(caller.get(f"{SESSIONS}?movie={programme.film}")) == [programme.session]
        assert caller.get(f"{MOVIES}{programme.film}/")["title"] == "Гараж"
        assert caller.get(address(programme.session))["movie"]["id"] == programme.film
        academy.order(caller, (programme.session, 1, seat))


def test_who_does_not_hold_it_can_neither_schedule_it_nor_touch_its_sessions(
    academy: Academy, new_holder: NewHolder
) -> None:
    programme = Programme(academy)
    editor = new_holder("movies:edit", "screenings:edit", "halls:edit")
    body = academy.session_body(movie=programme.plain, cinema_hall=programme.hall)
    before = academy.stored()
    assert editor.refused("POST", SESSIONS, body | {"movie": programme.film}) == {"movie"}
    plain, hidden = address(programme.plain_session), address(programme.session)
    assert editor.refused("PATCH", plain, {"movie": programme.film}) == {"movie"}
    for method, sent in (("PUT", body), ("PATCH", {}), ("DELETE", None)):
        editor.call(method, hidden, sent, 404)
    assert academy.stored() == before
    editor.post(SESSIONS, body)
    editor.patch(plain, {"show_time": "2026-05-01T12:00:00"})
    academy.boss.patch(hidden, {"show_time": "2026-05-01T12:00:00"})


def test_an_order_stays_when_its_film_gets_a_label(academy: Academy) -> None:
    film = academy.film()
    session = academy.session(movie=film)
    academy.order(academy.user, (session, 1, 1))
    before = academy.user.get(ORDERS)
    academy.admin.patch(f"/movies/{film}", {"label": "vip"})
    academy.user.get(address(session), 404)
    assert academy.user.get(ORDERS) == before
    assert before["count"] == 1
    assert named(academy.user, tickets((session, 1, 2))) == [{"movie_session"}]


# -- what it costs -------------------------------------------------------------------------------------------


def test_every_list_and_every_thing_takes_one_statement(academy: Academy) -> None:
    session = academy.session(movie=academy.film())
    for seat in range(1, 7):
        academy.order(academy.user, (session, 1, seat))
        academy.order(academy.user, (session, 2, seat), (session, 3, seat))
    film = academy.user.get(MOVIES)[0]["id"]
    academy.film("Зеркало")
    for path in (
        "me/",
        "user/me/",
        *(f"cinema/{name}/" for name in ("genres", "actors", "cinema_halls", "movies", "movie_sessions", "orders")),
        f"{MOVIES}?title=с&genres=1,2&actors=1,2",
        f"{SESSIONS}?date=2026-05-01&movie={film}",
        f"{ORDERS}?page=2",
        f"{MOVIES}{film}/",
        address(session),
    ):
        with academy.statements() as seen:
            academy.user.get(path)
        assert len(seen) == 1, path


def test_a_key_is_looked_up_once_a_minute(academy: Academy) -> None:
    user = academy.user
    for seconds, expected in ((0, 1), (0, 0), (59, 0), (1, 1), (59, 0)):
        academy.later(seconds=seconds)
        with academy.statements() as seen:
            user.call("OPTIONS", MOVIES, status=200)
        assert len(seen) == expected


def test_a_refusal_for_want_of_a_key_or_a_power_takes_no_statement(academy: Academy) -> None:
    academy.user.get("me/")
    with academy.statements() as seen:
        academy.nobody.get(ORDERS, 401)
        academy.user.call("DELETE", address(1), status=403)
        academy.user.call("DELETE", ORDERS, status=405)
        academy.user.get("cinema/genres/1/", 404)
    assert seen == []
