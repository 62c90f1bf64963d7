"""What holds everywhere: who may do what, in which order things are looked at, what bodies are read."""

from typing import Any

import pytest

from tests.dialects.cinemapi.house import Caller, House, bad_fields, detail

pytestmark = pytest.mark.either_engine

PEOPLE = ("nobody", "anna", "boss", "root")
NOWHERE = 10**9
READS, CATALOGUE, ITEM = "GET, HEAD", "GET, POST, HEAD", "GET, PUT, PATCH, DELETE, HEAD"

# What a stranger, a user, staff and the superuser hear; every object is one that does not exist, every body is `{}`.
WHO_MAY_WHAT: dict[str, tuple[int, int, int, int]] = {
    **dict.fromkeys(("POST register/", "POST token/", "POST token/refresh/"), (400, 400, 400, 400)),
    **{
        f"{method} {path}": (405, 405, 405, 405)
        for method in ("GET", "PUT", "PATCH", "DELETE")
        for path in ("register/", "token/", "token/refresh/")
    },
    "GET current_user/": (401, 200, 200, 200),
    **{f"{method} current_user/": (401, 405, 405, 405) for method in ("POST", "PUT", "PATCH", "DELETE")},
    "GET user/": (401, 403, 200, 200),
    "GET user/*/": (401, 403, 404, 404),
    **{
        f"{method} {path}": (401, 403, 405, 405)
        for method in ("POST", "PUT", "PATCH", "DELETE")
        for path in ("user/", "user/*/")
    },
    **dict.fromkeys(("GET hall/", "GET movie/", "GET session/"), (200, 200, 200, 200)),
    **dict.fromkeys(("GET hall/*/", "GET movie/*/", "GET session/*/"), (404, 404, 404, 404)),
    **{
        f"{method} {path}": (405, 405, 405, 405)
        for method in ("POST", "PUT", "PATCH", "DELETE")
        for path in ("hall/", "hall/*/")
    },
    **dict.fromkeys(("POST movie/", "POST session/"), (401, 403, 400, 400)),
    **{
        f"{method} {path}": (401, 403, 405, 405)
        for method in ("PUT", "PATCH", "DELETE")
        for path in ("movie/", "session/")
    },
    **dict.fromkeys(("POST movie/*/", "POST session/*/"), (401, 403, 405, 405)),
    **{
        f"{method} {path}": (401, 403, 404, 404)
        for method in ("PUT", "PATCH", "DELETE")
        for path in ("movie/*/", "session/*/")
    },
    "POST book/": (401, 400, 400, 400),
    **{f"{method} book/": (401, 405, 405, 405) for method in ("GET", "PUT", "PATCH", "DELETE")},
    "GET ticket/": (401, 200, 200, 200),
    "GET ticket/*/": (401, 404, 404, 404),
    "DELETE ticket/*/": (401, 403, 404, 404),
    **{
        f"{method} {path}": (401, 403, 405, 405)
        for method in ("POST", "PUT", "PATCH")
        for path in ("ticket/", "ticket/*/")
    },
    "DELETE ticket/": (401, 403, 405, 405),
    "GET ticket_status/": (401, 200, 200, 200),
    **{f"{method} ticket_status/": (401, 405, 405, 405) for method in ("POST", "PUT", "PATCH", "DELETE")},
    "PATCH pay/*/": (401, 404, 404, 404),
    **{f"{method} pay/*/": (401, 405, 405, 405) for method in ("GET", "POST", "PUT", "DELETE")},
}
ALLOWED = {
    **dict.fromkeys(("register/", "token/", "token/refresh/", "book/"), "POST"),
    **dict.fromkeys(("current_user/", "user/", "user/*/", "hall/", "hall/*/", "ticket/", "ticket_status/"), READS),
    **dict.fromkeys(("movie/", "session/"), CATALOGUE),
    **dict.fromkeys(("movie/*/", "session/*/"), ITEM),
    "ticket/*/": "GET, DELETE, HEAD",
    "pay/*/": "PATCH",
}
WRITES = {
    "POST register/": "nobody",
    "POST token/": "nobody",
    "POST token/refresh/": "nobody",
    "POST movie/": "boss",
    "PUT movie/*/": "boss",
    "PATCH movie/*/": "boss",
    "POST session/": "boss",
    "PUT session/*/": "boss",
    "PATCH session/*/": "boss",
    "POST book/": "anna",
}


def split(call: str, key: object = NOWHERE) -> tuple[str, str]:
    """Method and path of a line of the tables above."""
    method, _space, path = call.partition(" ")
    return method, path.replace("*", str(key))


def body_for(method: str) -> Any:
    return {} if method in ("POST", "PUT", "PATCH") else None


# -- who may what --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_may_what_the_table_says_and_no_more(house: House, who: str) -> None:
    caller: Caller = getattr(house, who)
    heard = {call: caller.call(*split(call), body_for(split(call)[0])).status_int for call in WHO_MAY_WHAT}
    assert heard == {call: said[PEOPLE.index(who)] for call, said in WHO_MAY_WHAT.items()}


def test_a_method_that_is_missing_is_refused_with_those_that_are_there(house: House) -> None:
    for call, said in WHO_MAY_WHAT.items():
        if said[3] == 405:
            answer = house.boss.call(*split(call), body_for(split(call)[0]))
            assert answer.headers["Allow"] == ALLOWED[call.partition(" ")[2]], call


def test_a_write_that_is_not_allowed_changes_nothing_though_all_is_there(house: House) -> None:
    film, session = house.film(), house.session()
    ticket = house.ticket(house.boris, session)
    bodies = {"movie": {"name": "x", "duration": "5"}, "session": house.session_body(movie=film)}
    keys = {"movie": film, "session": session, "ticket": ticket, "pay": ticket, "user": house.anna.id}
    before = house.stored()
    for call, (stranger, user, _staff, _root) in WHO_MAY_WHAT.items():
        kind = call.partition(" ")[2].partition("/")[0]
        if kind in keys:
            method, path = split(call, keys[kind])
            body = bodies.get(kind, {}) if method in ("POST", "PUT", "PATCH") else None
            if stranger == 401:
                assert house.nobody.call(method, path, body).status_int == 401, call
            if user == 403:
                assert house.anna.call(method, path, body).status_int == 403, call
    assert house.stored() == before


def test_looking_with_head_is_looking_without_a_body(house: House) -> None:
    session = house.session()
    for path in ("hall/", "movie/", "session/", f"session/{session}/"):
        shown, headers = house.nobody.call("GET", path, status=200), house.nobody.call("HEAD", path, status=200)
        assert headers.headers["Content-Type"] == shown.headers["Content-Type"]


# -- the order of checks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "statuses"),
    [
        ("POST movie/*/", (401, 403, 405)),
        ("DELETE movie/", (401, 403, 405)),
        ("PUT movie/*/", (401, 403, 404)),
        ("PATCH session/*/", (401, 403, 404)),
        ("DELETE ticket/*/", (401, 403, 404)),
        ("PATCH ticket/*/", (401, 403, 405)),
    ],
)
def test_the_caller_is_looked_at_first_then_the_method_the_object_and_the_body(
    house: House, call: str, statuses: tuple[int, int, int]
) -> None:
    body = None if call.startswith("DELETE") else b"[broken"
    heard = [person.call(*split(call), body).status_int for person in (house.nobody, house.anna, house.boss)]
    assert heard == [*statuses]


def test_no_such_address_goes_before_everything(house: House) -> None:
    for caller in (house.nobody, house.with_token("broken"), house.anna, house.boss):
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            for path in ("", "nothing/", "pay/", "hall/1/seats/", "book/1/", "current_user/1/", "ticket/1/pay/"):
                assert detail(caller.call(method, path, body_for(method), 404)), path


@pytest.mark.parametrize("path", [call.partition(" ")[2] for call in WHO_MAY_WHAT if call.startswith("GET ")])
def test_every_address_ends_in_a_slash_and_only_so(house: House, path: str) -> None:
    bare = path.replace("*", str(house.anna.id)).removesuffix("/")
    for caller in (house.nobody, house.boss):
        assert caller.call("GET", bare).status_int == caller.call("POST", bare, {}).status_int == 404


def test_the_dialect_lives_below_its_prefix_only(house: House) -> None:
    for path in ("/hall/", "/movie/", "/api/movie/", "/token/", "/cinemapi", "/cinemapi/"):
        assert house.http.get(path, status="*").status_int == 404


@pytest.mark.parametrize("kind", ["user", "hall", "movie", "session", "ticket"])
def test_what_can_be_no_id_is_a_404(house: House, kind: str) -> None:
    house.ticket(house.boss, house.session())
    for key in ("0", "x", "-1", "1.0", "1000000000", "9" * 18, "9" * 19, "%D9%A3", "%00", "1e0", "+1"):
        assert detail(house.boss.call("GET", f"{kind}/{key}/", status=404)), key
        assert detail(house.boss.call("PATCH", f"pay/{key}/", status=404)), key


@pytest.mark.parametrize("query", ["?x=1", "?page=2&limit=0", "?%FF=%FF", "?x=1&x=2", "?movie=x"])
def test_there_are_no_filters_and_parameters_mean_nothing(house: House, query: str) -> None:
    session = house.session()
    for path in ("hall/", "movie/", "session/", f"session/{session}/"):
        assert house.nobody.get(path + query) == house.nobody.get(path)
    ticket = house.anna.post(f"book/{query}", {"session": session, "row": 1, "seat": 1, "user": house.anna.id})
    assert house.anna.get(f"ticket/{query}") == [ticket]


# -- a bad token ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer x", "Bearer a b", "bearer x", "Bearer a.b.c"])
def test_a_broken_token_is_a_401_even_where_everybody_may_look(house: House, header: str) -> None:
    session = house.session()
    for path in (
        "hall/",
        "movie/",
        "session/",
        f"session/{session}/",
        f"session/{NOWHERE}/",
        "current_user/",
        "user/",
    ):
        answer = house.nobody.call("GET", path, status=401, headers={"Authorization": header})
        assert detail(answer)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
    for method in ("POST", "PUT", "DELETE"):
        body = body_for(method)
        assert house.nobody.call(method, "movie/", body, 401, headers={"Authorization": header})
        assert house.nobody.call(method, "hall/", body, 401, headers={"Authorization": header})


@pytest.mark.parametrize("header", ["", "Basic eDp4", "Token x", "JWT x"])
def test_a_header_of_another_scheme_is_none(house: House, header: str) -> None:
    headers = {"Authorization": header}
    assert house.nobody.call("GET", "hall/", status=200, headers=headers).json == []
    assert house.nobody.call("GET", "current_user/", status=401, headers=headers)


# -- bodies --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"[1]", b'"x"', b"1", b"null", b"true", b"{", b"{]", b"\xff", b'{"a": 1, "a": 2}'])
def test_a_body_that_is_no_json_object_is_a_400(house: House, body: bytes) -> None:
    keys = {"movie": house.film(), "session": house.session()}
    before = house.stored()
    for call, who in WRITES.items():
        method, path = split(call, keys.get(call.split()[1].partition("/")[0]))
        answer = getattr(house, who).call(method, path, body, 400)
        assert set(answer.json) == {"detail"}, call
    assert house.stored() == before


def test_an_empty_body_names_every_field_that_is_needed(house: House) -> None:
    keys = {"movie": house.film(), "session": house.session()}
    needed = {
        "register": {"username", "email", "password"},
        "token": {"username", "password"},
        "movie": {"name", "duration"},
        "session": {"hall", "movie", "started_at", "price"},
        "book": {"session", "row", "seat", "user"},
    }
    for call, who in WRITES.items():
        kind = call.split()[1].partition("/")[0]
        if call.startswith("PATCH"):
            continue
        method, path = split(call, keys.get(kind))
        expected = {"refresh"} if "refresh" in call else needed[kind]
        for body in (b"", b"{}"):
            assert bad_fields(getattr(house, who).call(method, path, body, 400)) == expected, call


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
def test_json_comes_with_or_without_a_charset(house: House, content_type: str) -> None:
    body = '{"name": "Сталкер", "duration": "02:43:00"}'.encode()
    headers = {"Content-Type": content_type}
    assert house.boss.call("POST", "movie/", body, 201, headers=headers).json["name"] == "Сталкер"


def test_what_nobody_asked_for_is_ignored(house: House) -> None:
    film, hall = house.film(), house.hall()
    more: dict[str, Any] = {"id": NOWHERE, "tickets": [1], "ticket_status": {"id": 2}, "is_staff": True, "": None}
    account = house.nobody.post("register/", more | {"username": "vera", "email": "v@example.com", "password": "1"})
    assert set(account) == {"id", "username", "email"}
    movie = house.boss.post("movie/", more | {"name": "Ran", "duration": "02:42:00", "label": "secret"})
    assert house.nobody.get(f"movie/{movie['id']}/") == movie
    session = house.boss.post("session/", more | house.session_body(movie=film, hall=hall))
    assert session["tickets"] == []
    ticket = house.anna.post(
        "book/", more | {"session": session["id"], "row": 1, "seat": 1, "user": house.anna.id, "price": "0"}
    )
    assert ticket["ticket_status"] == {"id": 1, "name": "booked"}
    assert NOWHERE not in (account["id"], movie["id"], session["id"], ticket["id"])


def test_answers_are_utf_8_and_ids_are_whole_numbers(house: House) -> None:
    film = house.film(name="Сталкер «»")
    answer = house.nobody.call("GET", f"movie/{film}/", status=200)
    assert "Сталкер «»".encode() in answer.body
    assert type(answer.json["id"]) is int
