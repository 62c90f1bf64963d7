"""Whatever a client may send: never a 5xx, and what is refused leaves nothing behind."""

import json
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webtest import TestResponse

from tests.app import PASSWORD
from tests.dialects.cinemapi.house import EVENING, Caller, House, bad_fields, detail
from tests.examples import examples

ACCOUNT = {"username": "vera", "email": "vera@example.com", "password": "123"}
MOVIE = {"name": "Ran", "duration": "02:42:00"}
SIGN_INS = {"sign_ins", "login_attempts"}  # a sign-in that fails is remembered there

ODD = [
    *("", " ", "\0", "\ud800", "٣", "ﷺ" * 150, "x" * 300, "-0", "1e3", "+1", "1:2:3", "1 00:00:00", "9" * 30),
    *(EVENING, "2026-05-01T18:00:00", "2026-05-01T18:00:00+14:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"),
]
TEXT = (
    st.text(st.characters(), max_size=20) | st.sampled_from(ODD) | st.datetimes().map(lambda each: each.isoformat())
)
NUMBERS = st.integers(-2, 12) | st.integers(-(10**40), 10**40) | st.floats() | st.sampled_from([2**31, 2**63, 10**18])
SCALARS = st.none() | st.booleans() | NUMBERS | TEXT
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=8
)
few = examples(10)


class Lab:
    """A furnished house, and a caller and a good body for each write."""

    def __init__(self, house: House) -> None:
        self.house = house
        film, hall, self.frozen = house.film(), house.hall(3, 4), house.session()
        self.session = house.session(movie=film, hall=hall)
        self.ticket = house.ticket(house.anna, self.frozen)
        self.film = house.film()
        good_session = {"hall": hall, "movie": film, "started_at": "2026-05-02T12:00:00Z", "price": "9.50"}
        booking = {"session": self.session, "row": 1, "seat": 1, "user": house.anna.id}
        refresh = {"refresh": house.pair("anna")["refresh"]}
        self.writes: dict[str, tuple[Caller, str, dict[str, Any]]] = {
            "POST register": (house.nobody, "register/", ACCOUNT),
            "POST token": (house.nobody, "token/", {"username": "anna", "password": PASSWORD}),
            "POST token/refresh": (house.nobody, "token/refresh/", refresh),
            "POST movie": (house.boss, "movie/", MOVIE),
            "PUT movie": (house.boss, f"movie/{self.film}/", MOVIE),
            "PATCH movie": (house.boss, f"movie/{self.film}/", MOVIE),
            "POST session": (house.boss, "session/", good_session),
            "PUT session": (house.boss, f"session/{self.session}/", good_session),
            "PATCH session": (house.boss, f"session/{self.session}/", good_session),
            "PATCH frozen session": (house.boss, f"session/{self.frozen}/", good_session),
            "POST book": (house.anna, "book/", booking),
            "POST book by staff": (house.boss, "book/", booking),
            "PATCH pay": (house.boris, f"pay/{self.ticket}/", {}),
        }

    def send(self, write: str, body: Any) -> TestResponse:
        """The answer to a body; what is no bytes goes as JSON."""
        caller, path, _good = self.writes[write]
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return caller.call(write.split()[0], path, data)


WRITES = [
    *("POST register", "POST token", "POST token/refresh", "POST movie", "PUT movie", "PATCH movie"),
    *("POST session", "PUT session", "PATCH session", "PATCH frozen session"),
    *("POST book", "POST book by staff", "PATCH pay"),
]


@pytest.fixture
def lab(house: House) -> Lab:
    """A furnished house."""
    return Lab(house)


def bodies(good: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Anything at all, or an object that is nearly right."""
    nearly = st.dictionaries(st.sampled_from([*good, "id", "tickets"]), SCALARS | ANYTHING, max_size=3)
    return ANYTHING | nearly | nearly.map(lambda some: good | some)


def assert_refused_in_the_dialects_form(answer: TestResponse) -> None:
    """A map of fields with lists of sentences, or one sentence."""
    if answer.status_int == 400 and list(answer.json) != ["detail"]:
        assert bad_fields(answer)
    else:
        assert answer.status_int in (400, 401, 403, 413, 415)
        assert detail(answer)


def check_one(lab: Lab, write: str, body: Any) -> None:
    """Sends it; whatever is answered, nothing is stored by halves."""
    house = lab.house
    before = house.stored()
    answer = lab.send(write, body)
    after = house.stored()
    changed = {name for name in before if before[name] != after[name]}
    if answer.status_int >= 400:
        assert_refused_in_the_dialects_form(answer)
        assert changed <= (SIGN_INS if write == "POST token" else set())
        return
    assert answer.status_int == (201 if write.startswith("POST") and "token" not in write else 200)
    shown = answer.json
    if write == "POST register":
        assert {"users", "user_roles"} == changed
        assert house.boss.get(f"user/{shown['id']}/") == shown
    elif "movie" in write or "session" in write:
        kind = write.split()[1]
        assert house.nobody.get(f"{kind}/{shown['id']}/") == shown
    elif "book" in write:
        assert {"orders", "tickets", "seat_claims", "changes"} == changed
        assert house.boss.get(f"ticket/{shown['id']}/") == shown
        house.boss.delete(f"ticket/{shown['id']}/")


def test_what_the_table_says_would_do_does(lab: Lab) -> None:
    assert list(lab.writes) == WRITES
    refused = {"PATCH frozen session": 400, "PATCH pay": 403}
    for write, (_caller, path, good) in lab.writes.items():
        created = write.startswith("POST") and not path.startswith("token")
        if write not in ("PUT movie", "PATCH movie", "PUT session", "PATCH session", "POST book by staff"):
            assert lab.send(write, good).status_int == refused.get(write, 201 if created else 200), write


@pytest.mark.parametrize("write", WRITES)
def test_what_is_nearly_right_is_stored_whole_or_not_at_all(lab: Lab, write: str) -> None:
    @few
    @given(body=bodies(lab.writes[write][2]))
    def check(body: Any) -> None:
        check_one(lab, write, body)

    check()


@pytest.mark.parametrize("write", WRITES)
def test_any_bytes_are_answered(lab: Lab, write: str) -> None:
    @few
    @given(data=st.binary(max_size=60))
    def check(data: bytes) -> None:
        check_one(lab, write, data)

    check()


def below(kind: str) -> st.SearchStrategy[str]:
    """Any one segment below some address."""
    segments = st.binary(min_size=1, max_size=12).filter(lambda segment: b"/" not in segment)
    return segments.map(lambda segment: f"{kind}{quote_from_bytes(segment, safe='')}/")


@pytest.mark.parametrize("who", ["nobody", "anna", "boss"])
def test_any_path_below_the_prefix_is_answered(house: House, who: str) -> None:
    caller: Caller = getattr(house, who)
    kinds = st.sampled_from(["", "user/", "hall/", "movie/", "session/", "ticket/", "pay/"])
    methods = st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"])

    @few
    @given(path=kinds.flatmap(below), method=methods)
    def check(path: str, method: str) -> None:
        assert caller.call(method, path).status_int in {400, 401, 403, 404, 405}

    check()
