"""The calls of the documented client, in their order, over real HTTP."""

import time
from collections.abc import Iterator

import httpx
import pytest

from tests.app import PASSWORD
from tests.dialects.academy.app import Servers

PATIENCE = 30  # seconds until what never happens counts as such
ME = "GET, PUT, PATCH, HEAD, OPTIONS"


@pytest.fixture
def client(academy_servers: Servers) -> Iterator["Client"]:
    with httpx.Client(base_url=academy_servers.addresses[0], timeout=30, trust_env=False) as http:
        yield Client(http)


class Client:
    """A browser with an extension that sets one header."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self.header = ""

    def call(self, method: str, path: str, body: object = None, status: int = 200) -> httpx.Response:
        """A request with the header as it is set now."""
        headers = {"Authorization": self.header} if self.header else {}
        answer = self._http.request(method, path, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        if answer.content:
            assert answer.headers["Content-Type"] == "application/json"
        return answer

    def sign_in(self, username: str, password: str) -> None:
        """Exchanges username and password for a key and sets the header."""
        answer = self.call("POST", "/api/login/", {"username": username, "password": password})
        assert set(answer.json()) == {"token"}
        self.header = f"Token {answer.json()['token']}"


def test_the_documented_calls_in_their_order(client: Client) -> None:
    # somebody registers, signs in and looks at their account
    account = client.call("POST", "/api/register/", {"username": "anna", "password": "12345"}, 201).json()
    assert account == {"id": account["id"], "username": "anna", "email": "", "is_staff": False}
    client.call("GET", "/api/me/", status=401)
    client.sign_in("anna", "12345")
    answer = client.call("GET", "/api/me/")
    assert (answer.json(), answer.headers["Allow"]) == (account, ME)
    answer = client.call("PATCH", "/api/me/", {"email": "anna@example.com", "password": "54321"})
    assert (answer.json(), answer.headers["Allow"]) == (account | {"email": "anna@example.com"}, ME)
    anna = client.header

    # who is no member of the staff changes nothing of the catalogue
    for collection in ("genres", "actors", "cinema_halls", "movies", "movie_sessions"):
        client.call("GET", f"/api/cinema/{collection}/")
        client.call("POST", f"/api/cinema/{collection}/", {}, 403)

    # the staff fill it
    client.header = ""
    client.call("GET", "/api/cinema/genres/", status=401)
    client.sign_in("boss", PASSWORD)
    assert client.call("GET", "/api/me/").json()["is_staff"] is True
    genre = client.call("POST", "/api/cinema/genres/", {"name": "Drama"}, 201).json()
    assert genre in client.call("GET", "/api/cinema/genres/").json()
    client.call("DELETE", f"/api/cinema/genres/{genre['id']}/", status=404)
    actor = client.call("POST", "/api/cinema/actors/", {"first_name": "Joan", "last_name": "Crawford"}, 201).json()
    assert actor["full_name"] == "Joan Crawford"
    hall = client.call(
        "POST", "/api/cinema/cinema_halls/", {"name": "Blue", "rows": 3, "seats_in_row": 4}, 201
    ).json()
    assert hall["capacity"] == 12
    about = {"title": "Possessed", "description": "1947", "duration": 108}
    lists = {"genres": [genre["id"]], "actors": [actor["id"]]}
    movie = client.call("POST", "/api/cinema/movies/", about | lists, 201).json()
    assert movie == {"id": movie["id"], **about, **lists}
    assert client.call("GET", f"/api/cinema/movies/{movie['id']}/").json()["genres"] == [genre]
    client.call("DELETE", f"/api/cinema/movies/{movie['id']}/", status=405)
    scheduled = {"show_time": "2030-05-01T20:00:00", "movie": movie["id"], "cinema_hall": hall["id"]}
    session = client.call("POST", "/api/cinema/movie_sessions/", scheduled, 201).json()["id"]
    other = client.call("POST", "/api/cinema/movie_sessions/", scheduled, 201).json()["id"]
    path = f"/api/cinema/movie_sessions/{session}/"
    client.call("PUT", path, scheduled | {"show_time": "2030-05-02T20:00:00"})
    client.call("PATCH", path, {"show_time": "2030-05-03T20:00:00"})
    answer = client.call("DELETE", f"/api/cinema/movie_sessions/{other}/", status=204)
    assert answer.content == b""
    client.call("GET", f"/api/cinema/movie_sessions/{other}/", status=404)

    # the key from before the new password still opens the door, and its owner orders
    client.header = anna
    [row] = client.call("GET", f"/api/cinema/movie_sessions/?movie={movie['id']}&date=2030-05-03").json()
    assert (row["id"], row["movie_title"], row["tickets_available"]) == (session, "Possessed", 12)
    wanted = [{"row": 2, "seat": 3, "movie_session": session}, {"row": 2, "seat": 2, "movie_session": session}]
    order = client.call("POST", "/api/cinema/orders/", {"tickets": wanted}, 201).json()
    assert [{**ticket, "id": None} for ticket in order["tickets"]] == [{**each, "id": None} for each in wanted]
    refusal = client.call("POST", "/api/cinema/orders/", {"tickets": wanted[:1]}, 400).json()
    assert list(refusal["tickets"][0]) == ["non_field_errors"]
    page = client.call("GET", "/api/cinema/orders/").json()
    assert (page["count"], page["next"], page["previous"]) == (1, None, None)
    assert page["results"][0]["tickets"][0]["movie_session"]["movie_title"] == "Possessed"
    taken = client.call("GET", path).json()["taken_places"]
    assert taken == [{"row": 2, "seat": 2}, {"row": 2, "seat": 3}]

    # and what is sold stays
    client.sign_in("boss", PASSWORD)
    client.call("DELETE", path, status=409)
    assert client.call("GET", "/api/cinema/orders/").json()["count"] == 0


def test_the_next_page_is_where_the_client_found_the_first(client: Client) -> None:
    client.call("POST", "/api/user/register/", {"username": "vera", "password": "12345"}, 201)
    client.sign_in("boss", PASSWORD)
    hall = client.call(
        "POST", "/api/cinema/cinema_halls/", {"name": "Red", "rows": 1, "seats_in_row": 11}, 201
    ).json()
    genre = client.call("POST", "/api/cinema/genres/", {"name": "Noir"}, 201).json()["id"]
    actor = client.call("POST", "/api/cinema/actors/", {"first_name": "Gene", "last_name": "Tierney"}, 201).json()[
        "id"
    ]
    about = {"title": "Laura", "description": "1944", "duration": 88, "genres": [genre], "actors": [actor]}
    movie = client.call("POST", "/api/cinema/movies/", about, 201).json()["id"]
    scheduled = {"show_time": "2030-05-01T20:00:00", "movie": movie, "cinema_hall": hall["id"]}
    session = client.call("POST", "/api/cinema/movie_sessions/", scheduled, 201).json()["id"]
    client.sign_in("vera", "12345")
    for seat in range(1, 12):
        ticket = {"row": 1, "seat": seat, "movie_session": session}
        client.call("POST", "/api/cinema/orders/", {"tickets": [ticket]}, 201)
    first = client.call("GET", "/api/cinema/orders/").json()
    second = client.call("GET", first["next"]).json()
    assert (len(first["results"]), len(second["results"]), second["next"]) == (10, 1, None)
    assert client.call("GET", second["previous"]).json() == first


def test_a_key_that_one_server_ended_every_server_refuses_soon(academy_servers: Servers) -> None:
    first, last = academy_servers.addresses[0], academy_servers.addresses[-1]
    with (
        httpx.Client(base_url=first, timeout=30, trust_env=False) as here,
        httpx.Client(base_url=last, timeout=30, trust_env=False) as there,
    ):
        phone, laptop = Client(there), Client(here)
        laptop.call("POST", "/api/register/", {"username": "olga", "password": "12345"}, 201)
        phone.sign_in("olga", "12345")
        laptop.sign_in("olga", "12345")
        phone.call("GET", "/api/me/")
        laptop.call("PATCH", "/api/me/", {"password": "54321"})
        deadline = time.monotonic() + PATIENCE
        headers = {"Authorization": phone.header}
        while there.get("/api/me/", headers=headers).status_code == 200:
            assert time.monotonic() < deadline, "it is still good"
        phone.call("GET", "/api/me/", status=401)
        laptop.call("GET", "/api/me/")
