"""Films with a label: to whoever does not hold it they do not exist, and neither do their sessions."""

from collections.abc import Iterator

import pytest

from tests.app import Cinema
from tests.dialects.cinemapi.house import Caller, House, booking, detail, ids

LABEL = "preview"
RAN = {"name": "Ran", "duration": "02:42:00"}
EDIT = ["movies:edit", "screenings:edit", "orders:edit-any"]
BUILT_IN = {"anonymous", "member", "staff", "admin"}


@pytest.fixture(autouse=True)
def _roles(house: House) -> Iterator[None]:
    """Roles outlive a test's other rows: these are taken back."""
    yield
    clean(house)


def clean(house: Cinema) -> None:
    for role in list(house.admin.walk("/roles")):
        if role["name"] not in BUILT_IN:
            house.admin.delete(f"/roles/{role['name']}")


def holder(house: House, name: str, *permissions: str) -> Caller:
    """Somebody whose role holds these permissions and no others."""
    house.admin.post("/roles", {"name": name, "permissions": permissions})
    return house.caller(name, name)


@pytest.fixture
def hidden(house: House) -> int:
    """A film with a label."""
    return house.movie("Тайна", label=LABEL)


@pytest.fixture
def session(house: House, hidden: int) -> int:
    """A session of it."""
    return house.session(movie=hidden)


def test_a_film_is_there_for_those_who_hold_its_label(house: House, hidden: int, session: int) -> None:
    plain = house.film()
    shown = house.session(movie=plain)
    for caller in (holder(house, "critic", f"label:{LABEL}"), house.boss, house.root):
        assert ids(caller.get("movie/")) == [hidden, plain]
        assert ids(caller.get("session/")) == [session, shown]
        assert caller.get(f"movie/{hidden}/")["name"] == "Тайна"
        assert caller.get(f"session/{session}/")["movie"] == hidden
    for caller in (house.nobody, house.anna, holder(house, "fan", "label:previews", "label:review")):
        assert ids(caller.get("movie/")) == [plain]
        assert ids(caller.get("session/")) == [shown]
        for path in (f"movie/{hidden}/", f"session/{session}/"):
            assert detail(caller.call("GET", path, status=404))


def test_an_editor_who_does_not_see_it_changes_nothing_of_it(house: House, hidden: int, session: int) -> None:
    editor, other = holder(house, "editor", *EDIT), house.session()
    body = house.session_body(started_at="2026-05-02T12:00:00Z")
    before = house.stored()
    for method, sent in (("PUT", RAN), ("PUT", {}), ("PATCH", {"name": "Ran"}), ("DELETE", None)):
        assert detail(editor.call(method, f"movie/{hidden}/", sent, 404))
    for method, sent in (("PUT", body), ("PUT", {}), ("PATCH", {"price": "1"}), ("DELETE", None)):
        assert detail(editor.call(method, f"session/{session}/", sent, 404))
    assert editor.refused("POST", "session/", body | {"movie": hidden}) == {"movie"}
    assert editor.refused("PATCH", f"session/{other}/", {"movie": hidden}) == {"movie"}
    assert house.stored() == before


def test_its_sessions_still_keep_their_hall(house: House, hidden: int) -> None:
    editor, hall = holder(house, "editor", *EDIT), house.hall()
    house.session(movie=hidden, hall=hall)
    sentence = editor.warned("POST", "session/", house.session_body(hall=hall))
    assert "Тайна" not in sentence


def test_its_sessions_are_booked_by_those_who_see_them(house: House, session: int) -> None:
    critic = holder(house, "critic", f"label:{LABEL}")
    before = house.stored()
    assert house.anna.refused("POST", "book/", booking(house.anna, session)) == {"session"}
    unknown = house.anna.call("POST", "book/", booking(house.anna, 10**9), 400)
    refused = house.anna.call("POST", "book/", booking(house.anna, session), 400)
    assert refused.text.replace(str(session), "") == unknown.text.replace(str(10**9), "")
    assert house.stored() == before
    assert critic.post("book/", booking(critic, session))["session"] == session
    assert house.boss.post("book/", booking(house.anna, session, 2, 2))["user"] == house.anna.id


def test_a_ticket_stays_its_owners_whatever_label_the_film_gets(house: House) -> None:
    film = house.film()
    session = house.session(movie=film)
    ticket = house.ticket(house.anna, session)
    house.admin.patch(f"/movies/{film}", {"label": LABEL})
    assert detail(house.anna.call("GET", f"session/{session}/", status=404))
    assert ids(house.anna.get("ticket/")) == [ticket]
    assert house.anna.patch(f"pay/{ticket}/")["ticket_status"]["name"] == "paid"


def test_a_film_keeps_its_label_when_it_is_changed_here(house: House, hidden: int) -> None:
    house.boss.put(f"movie/{hidden}/", RAN)
    assert house.admin.get(f"/movies/{hidden}")["label"] == LABEL
    assert house.nobody.get("movie/") == []
