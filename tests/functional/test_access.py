"""Who may do what: every resource, every method, everybody."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from cinema.root import NATIVE
from tests.app import Cinema, Person, euros, seats

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PEOPLE = ("stranger", "other", "member", "admin")

# What each of PEOPLE hears, in their order, when they send `{}`. The order, the ticket and the session are the
# member's; everything in the catalogue is used by something. A 400 or 409 is heard by those who may.
SIGNED_IN, GRANTED, ENDING = (401, 200, 200, 200), (401, 403, 403, 200), (401, 204, 204, 204)
NOWHERE, NOWHERE_GRANTED, NOWHERE_OWN = (401, 405, 405, 405), (401, 403, 403, 405), (401, 404, 405, 405)

Access = dict[str, tuple[int, ...]]


def table(otherwise: tuple[int, ...] = NOWHERE, **methods: tuple[int, ...]) -> Access:
    """What everybody hears; `otherwise` with every other method."""
    return {method: methods.get(method, otherwise) for method in METHODS}


PUBLIC_ACTION = table((405,) * 4, POST=(400,) * 4)
COLLECTION = table(GET=SIGNED_IN, POST=(401, 403, 403, 400))
ITEM = table(GET=SIGNED_IN, PUT=(401, 403, 403, 400), PATCH=GRANTED, DELETE=(401, 403, 403, 409))
ACCESS = {
    "/auth/register": PUBLIC_ACTION,
    "/auth/login": PUBLIC_ACTION,
    "/auth/refresh": PUBLIC_ACTION,
    "/auth/logout": table(POST=ENDING),
    "/auth/logout-others": table(POST=ENDING),
    "/me": table(GET=SIGNED_IN, PUT=SIGNED_IN, PATCH=SIGNED_IN),
    "/me/password": table(PUT=(401, 400, 400, 400)),
    "/me/login": table(PUT=(401, 400, 400, 400)),
    "/me/history": table(GET=SIGNED_IN),
    "/me/sessions": table(GET=SIGNED_IN),
    "/me/sessions/*": table(DELETE=(401, 404, 204, 404)),
    "/me/bookmarks": table(GET=SIGNED_IN),
    "/me/bookmarks/*": table(PUT=ENDING, DELETE=ENDING),
    "/users": table(NOWHERE_GRANTED, GET=GRANTED),
    "/users/*": table(NOWHERE_GRANTED, GET=GRANTED, PATCH=GRANTED),
    "/users/*/history": table(NOWHERE_GRANTED, GET=GRANTED),
    "/users/*/sessions": table(NOWHERE_GRANTED, GET=GRANTED, DELETE=(401, 403, 403, 204)),
    "/users/*/roles": table(NOWHERE_GRANTED, GET=GRANTED),
    "/users/*/roles/*": table(NOWHERE_GRANTED, PUT=(401, 403, 403, 204), DELETE=(401, 403, 403, 204)),
    "/roles": table(NOWHERE_GRANTED, GET=GRANTED, POST=(401, 403, 403, 400)),
    "/roles/*": table(NOWHERE_GRANTED, GET=GRANTED, PUT=GRANTED, PATCH=GRANTED, DELETE=(401, 403, 403, 204)),
    "/permissions": table(NOWHERE_GRANTED, GET=GRANTED),
    "/permissions/check": PUBLIC_ACTION,
    "/movies": COLLECTION,
    "/movies/*": ITEM,
    "/genres": COLLECTION,
    "/genres/*": ITEM,
    "/directors": COLLECTION,
    "/directors/*": ITEM,
    "/actors": COLLECTION,
    "/actors/*": ITEM,
    "/halls": COLLECTION,
    "/halls/*": ITEM,
    "/screenings": COLLECTION,
    "/screenings/*": ITEM,
    "/screenings/*/seats": table(GET=SIGNED_IN),
    "/cassettes": COLLECTION,
    "/cassettes/*": ITEM,
    "/orders": table(GET=SIGNED_IN, POST=(401, 400, 400, 400)),
    "/orders/*": table(
        NOWHERE_OWN, GET=(401, 404, 200, 200), PATCH=(401, 404, 200, 200), DELETE=(401, 404, 204, 204)
    ),
    "/orders/*/pay": table(NOWHERE_OWN, POST=(401, 404, 200, 409)),
    "/orders/*/refund": table((401, 404, 403, 405), POST=(401, 404, 403, 409)),
    "/tickets": table(GET=SIGNED_IN),
    "/tickets/*": table(NOWHERE_OWN, GET=(401, 404, 200, 200)),
    "/tickets/*/qr": table(NOWHERE_OWN, GET=(401, 404, 409, 409)),
    "/tickets/check-in": table(NOWHERE_GRANTED, POST=(401, 403, 403, 400)),
    "/tickets/public-key": table((405,) * 4, GET=(200,) * 4),
    "/screenings/*/best-available": table(GET=(401, 400, 400, 400)),
    "/reports/sales": table(NOWHERE_GRANTED, GET=GRANTED),
}

REQUIRED = {"/screenings/*/best-available": "?seats=1"}
"""Query strings without which a request is a 400, whatever it is about."""

NO_PATHS = [
    "",
    "/",
    "/nothing",
    "/auth",
    "/auth/login/x",
    "/me/x",
    "/me/bookmarks/x",
    "/me/bookmarks/1/x",
    "/movies/x",
    "/movies/1/x",
    "/movies/1/1",
    "/movies/-1",
    "/movies/+1",
    "/movies/1.0",
    "/movies/1_0",
    "/movies/0x1",
    "/movies/%D9%A3",
    "/movies/%20",
    "/movies/1%00",
    "/movies/1%2F2",
    "/movies/1234567890123456789",
    "/genres/x",
    "/directors/x",
    "/actors/x",
    "/halls/x",
    "/screenings/1/seats/x",
    "/screenings/1/seats/seats",
    "/screenings/seats",
    "/orders/pay",
    "/orders/1/pay/x",
    "/orders/1/refund/x",
    "/tickets/1/x",
    "/cassettes/x",
    "/MOVIES",
]


def furnish(cinema: Cinema) -> dict[str, int | str]:
    """One of everything, all of it in use; answers the ids by the segment they follow."""
    admin, member = cinema.admin, cinema.member
    ids: dict[str, Any] = {name: admin.post(f"/{name}", {"name": "x"})["id"] for name in ("genres", "directors")}
    ids["actors"] = admin.post("/actors", {"first_name": "x", "last_name": "y"})["id"]
    ids["movies"] = ids["bookmarks"] = cinema.movie(**{name: [key] for name, key in ids.items()})
    ids["halls"] = cinema.hall()
    ids["screenings"] = cinema.screening(movie=ids["movies"], hall=ids["halls"])
    ids["cassettes"] = cinema.cassette()
    line = {"cassette": ids["cassettes"], "quantity": 1}
    body = {"screening": ids["screenings"], "seats": seats((1, 1)), "cassettes": [line]}
    order = member.post("/orders", body)
    ids["orders"], ids["tickets"] = order["id"], order["tickets"][0]["id"]
    ids["users"] = cinema.other.id
    ids["sessions"] = cinema.signed_in(int(member.id or 0)).get("/me/sessions")["items"][0]["sid"]
    ids["roles"] = admin.post("/roles", {"name": "usher"})["name"]
    return ids


def at(path: str, ids: Mapping[str, int | str]) -> str:
    """The path with an id for each `*`."""
    segments = path.split("/")
    return "/".join(str(ids[segments[place - 1]]) if each == "*" else each for place, each in enumerate(segments))


def body(method: str) -> Any:
    """What goes with a method."""
    return None if method in ("GET", "OPTIONS") else {}


@pytest.fixture(autouse=True)
def _no_role_stays(cinema: Cinema) -> Iterator[None]:
    """Tables of roles are not emptied between tests."""
    yield
    if cinema.sql("SELECT 1 FROM roles WHERE name = 'usher'"):
        cinema.person("janitor", "admin").delete("/roles/usher")


@pytest.mark.either_engine
@pytest.mark.parametrize("path", ACCESS)
def test_everybody_may_do_what_the_table_says(cinema: Cinema, path: str) -> None:
    address = at(path, furnish(cinema))
    methods = sorted(METHODS, key=lambda method: 405 not in ACCESS[path][method])  # what ends something comes last
    for method in methods:
        for name, status in zip(PEOPLE, ACCESS[path][method], strict=True):
            answer = getattr(cinema, name).call(method, address, body(method))
            assert (name, method, answer.status_int) == (name, method, status)


def test_the_table_holds_every_resource_and_every_named_view(cinema: Cinema) -> None:
    paths = {resource: f"/{path}" for path, resource in NATIVE.items()}
    views = [view["introspectable"] for view in cinema.registry.introspector.get_category("views")]
    named = {
        f"{paths[view['context']]}/{view['name']}" for view in views if view["name"] and view["context"] in paths
    }
    assert set(ACCESS) == set(paths.values()) | named
    assert named >= {"/screenings/*/seats", "/orders/*/pay", "/orders/*/refund"}


def test_a_stranger_is_challenged_before_anything_is_loaded(cinema: Cinema) -> None:
    for path, method in product(ACCESS, METHODS):
        with cinema.statements() as statements:
            answer = cinema.stranger.call(method, path.replace("*", "1"), body(method))
        assert (path, method, statements) == (path, method, [])
        if answer.status_int == 401:
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            assert answer.json["code"] == "unauthenticated"
            assert answer.content_type == "application/problem+json"


def test_a_refused_member_costs_no_statement(cinema: Cinema) -> None:
    member = cinema.member
    for method, path in (("POST", "/movies"), ("PUT", "/halls/1"), ("DELETE", "/screenings/1"), ("PUT", "/orders")):
        with cinema.statements() as statements:
            assert member.call(method, path, body(method)).status_int in (403, 405)
        assert statements == []


def test_a_stranger_hears_401_whatever_is_sent(cinema: Cinema) -> None:
    sent: list[Any] = [{}, {"title": "x"}, {"title": 7, "surprise": 1}, []]
    assert {cinema.stranger.call("POST", "/movies", each).status_int for each in sent} == {401}
    assert cinema.stranger.call("GET", "/movies?surprise=1&limit=0").status_int == 401


def test_a_405_says_what_is_allowed(cinema: Cinema) -> None:
    ids = furnish(cinema)
    for path, access in ACCESS.items():
        allowed = {method for method in METHODS if 405 not in access[method]}
        refused = set(METHODS) - allowed
        if "GET" in allowed:
            allowed.add("HEAD")
        for method in refused:
            answer = cinema.admin.call(method, at(path, ids), body(method), 405)
            assert (path, set(answer.headers["Allow"].split(", "))) == (path, allowed)
            assert (answer.content_type, answer.json["code"]) == ("application/problem+json", "method-not-allowed")


def test_head_answers_as_get_does_without_a_body(cinema: Cinema) -> None:
    ids = furnish(cinema)
    for path, name in product(ACCESS, PEOPLE):
        person: Person = getattr(cinema, name)
        got, head = (person.call(method, at(path, ids)) for method in ("GET", "HEAD"))
        assert (path, head.status_int, head.body) == (path, got.status_int, b"")
        assert head.content_type == got.content_type


def test_a_path_with_a_final_slash_answers_alike(cinema: Cinema) -> None:
    ids = furnish(cinema)
    for path, name in product(ACCESS, PEOPLE):
        person: Person = getattr(cinema, name)
        plain, slashed = person.call("GET", at(path, ids)), person.call("GET", f"{at(path, ids)}/")
        assert (path, slashed.status_int, slashed.body) == (path, plain.status_int, plain.body)


@pytest.mark.parametrize("name", PEOPLE)
def test_where_there_is_nothing_everybody_hears_404(cinema: Cinema, name: str) -> None:
    person: Person = getattr(cinema, name)
    assert person.headers or name == "stranger"
    for path in NO_PATHS:
        for method in ("GET", "POST", "DELETE"):
            with cinema.statements() as statements:
                answer = person.call(method, path, body(method))
            assert (path, answer.status_int, answer.json["code"]) == (path, 404, "not-found")
            assert answer.content_type == "application/problem+json"
            assert statements == []


@pytest.mark.parametrize("missing", ["0", "1" + "0" * 17, "9" * 18])
def test_what_does_not_exist_is_a_404_for_those_who_may_look(cinema: Cinema, missing: str) -> None:
    furnish(cinema)
    for path, access in ACCESS.items():
        if "*" not in path:
            continue
        method = next(method for method in ("GET", "PUT", "POST", "DELETE") if 405 not in access[method])
        gone = at(path, defaultdict(lambda: missing, roles="nobodys"))
        assert (gone, cinema.stranger.call(method, gone, body(method)).status_int) == (gone, 401)
        answer = cinema.admin.call(method, gone + REQUIRED.get(path, ""), body(method))
        assert (gone, answer.status_int, answer.json["code"]) == (gone, 404, "not-found")


@pytest.mark.parametrize("path", ["/%FF", "/movies/%FF", "/movies/%ED%A0%80", "/%C3%28/x"])
def test_a_path_that_is_no_utf_8_is_a_400(cinema: Cinema, path: str) -> None:
    for name in PEOPLE:
        answer = getattr(cinema, name).call("GET", path)
        assert (answer.status_int, answer.json["code"]) == (400, "malformed-path")
        assert answer.content_type == "application/problem+json"


# -- other people's things -----------------------------------------------------------------------------------


def test_other_peoples_things_look_as_if_they_did_not_exist(cinema: Cinema) -> None:
    ids = furnish(cinema)
    for path in ("/orders", "/tickets"):
        theirs, missing = (cinema.other.call("GET", f"{path}/{key}") for key in (ids[path[1:]], 10**17))
        assert (theirs.status_int, theirs.body) == (missing.status_int, missing.body) == (404, missing.body)


def test_lists_of_ones_own_show_nobody_elses(cinema: Cinema) -> None:
    cinema.member.put(f"/me/bookmarks/{furnish(cinema)['movies']}", status=204)
    for path in ("/orders", "/tickets", "/me/bookmarks"):
        assert len(cinema.member.get(path)["items"]) == 1
        assert cinema.other.get(path)["items"] == []
    for path in ("/orders", "/tickets"):
        assert len(cinema.admin.get(path)["items"]) == 1
        assert cinema.other.get(f"{path}?user={cinema.member.id}", 403)["code"] == "forbidden"


def test_staff_runs_the_cinema(cinema: Cinema) -> None:
    ids = furnish(cinema)
    staff = cinema.person("staff", "staff")
    staff.post("/genres", {"name": "y"})
    staff.patch(f"/movies/{ids['movies']}", {"title": "y"})
    staff.patch(f"/cassettes/{ids['cassettes']}", {"price": euros("7.00")})
    assert staff.get(f"/orders/{ids['orders']}")["user"] == cinema.member.id
    staff.post("/roles", {"name": "porter"}, 403)


def test_a_username_is_no_principal(cinema: Cinema) -> None:
    for name in ("admin", "system.Everyone", "cinema.Superuser"):
        cinema.person(name).post("/genres", {"name": "x"}, 403)


# -- tokens --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
def test_the_scheme_is_read_in_any_case(cinema: Cinema, scheme: str) -> None:
    token = cinema.member.headers["Authorization"].partition(" ")[2]
    person = Person(cinema.http)
    person.headers = {"Authorization": f"{scheme} {token}"}
    assert person.get("/me")["id"] == cinema.member.id


@pytest.mark.parametrize(
    "header", ["", "Basic bWVtYmVyOnBhc3N3b3Jk", "Digest x", "JWT x.y.z", "bearer-ish x", "x.y.z"]
)
def test_another_scheme_makes_a_stranger(cinema: Cinema, header: str) -> None:
    answer = cinema.stranger.call("GET", "/me", headers={"Authorization": header})
    assert (answer.status_int, answer.json["code"]) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_an_expired_token_is_told_from_an_invalid_one(cinema: Cinema) -> None:
    user = str(cinema.member.id)
    expired = cinema.registry.tokens.create_token(user, expiration=timedelta(seconds=-1), sid=1, roles=["member"])
    for token, code in ((expired, "token-expired"), (f"{expired}x", "token-invalid"), ("x", "token-invalid")):
        answer = Person(cinema.http, token=token).call("GET", "/me")
        assert (answer.status_int, answer.json["code"]) == (401, code)
        assert answer.headers["WWW-Authenticate"] == f'Bearer error="invalid_token", error_description="{code}"'


@pytest.mark.parametrize(
    "token", ["", ".", "..", "x" * 1_000_000, "ä.ö.ü", "a b c", '"', "\t", "null", "e30.e30.e30"]
)
def test_a_bad_token_is_a_401_everywhere_and_costs_nothing(cinema: Cinema, token: str) -> None:
    for method, path in (("GET", "/me"), ("POST", "/movies"), ("GET", "/orders/1"), ("DELETE", "/me")):
        with cinema.statements() as statements:
            answer = cinema.stranger.call(method, path, body(method), headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_int, answer.json["code"]) == (401, "token-invalid")
        assert statements == []


@pytest.mark.parametrize("path", ["/movies/@@", "/@@movies", "/screenings/1/@@seats"])
def test_views_have_one_address_each(cinema: Cinema, path: str) -> None:
    assert cinema.admin.call("GET", path).status_int == 404
