"""Every call the browser client makes, page by page in its order, over HTTP as a browser sends it."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from cinema.accounts.keys import FIRST, Key, KeyRing
from cinema.accounts.tokens import AccessTokens
from cinema.core.secrets import derive
from tests.conftest import SECRET
from tests.dialects.site.visitors import NOTHING
from tests.processes import Client as Native
from tests.processes import Server, enrol, serving, sign_in

COOKIE_SAFE = re.compile(r"[A-Za-z0-9\-_.!~*'()]+")
KEYS = KeyRing([Key(FIRST, derive(SECRET.encode(), "access-token"), None)])
TOKENS = AccessTokens(lambda: KEYS, "cinema", timedelta(minutes=10))
POSTER_FIELDS = ("id", "trailer", "title", "rating", "year")


class LoginPage(Exception):
    """The client gave up and went to `/login`."""


class Client:
    """The client: tokens in cookies, one refresh after a 401, nothing checked in what it reads."""

    def __init__(self, port: int) -> None:
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}")
        self.cookies: dict[str, str] = {}
        self.refreshes = 0

    def request(self, method: str, path: str, **body: Any) -> httpx.Response:
        """A call as its HTTP library makes it; without a cookie the token is the word «undefined»."""
        headers = {
            "Accept": "application/json, text/plain, */*",
            "Authorization": f"Bearer {self.cookies.get('access_token', 'undefined')}",
        }
        return self.http.request(method, path, headers=headers, **({"json": body} if body else {}))

    def call(self, method: str, path: str, **body: Any) -> Any:
        """What the page gets. A 401 is followed by a refresh and, the page being loaded anew, by the same call."""
        answer = self.request(method, path, **body)
        if answer.status_code == 401 and self.cookies:
            self.refresh()
            answer = self.request(method, path, **body)
        if not answer.is_success:
            raise LoginPage(answer.json()["message"])
        return answer.json() if answer.content else None

    def refresh(self) -> None:
        """Trades both tokens for new ones."""
        self.refreshes += 1
        answer = self.request("PUT", "/auth/login/", **self.cookies)
        if not answer.is_success:
            raise LoginPage(answer.json()["message"])
        self.keep(answer.json())

    def login(self, email: str, password: str) -> None:
        """What the page «login» does."""
        self.keep(self.call("POST", "/auth/login/", email=email, password=password))

    def keep(self, pair: dict[str, str]) -> None:
        """Puts both tokens into cookies, which it writes URL-encoded and reads undecoded."""
        for name in ("access_token", "refresh_token"):
            assert COOKIE_SAFE.fullmatch(pair[name])
            self.cookies[name] = pair[name]

    def let_the_access_token_expire(self) -> None:
        """Puts in the place of the access token one of the same session that has expired."""
        payload = self.cookies["access_token"].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(f"{payload}=="))
        lifetime = timedelta(seconds=-1)
        old = TOKENS.issue(int(claims["sub"]), claims["sid"], claims["roles"], False, lifetime=lifetime)
        self.cookies["access_token"] = old


@pytest.fixture(scope="session")
def served_url(new_database: Callable[[str], str]) -> str:
    """The URL of a database of its own for the server."""
    return new_database("site_client")


@pytest.fixture(scope="session")
def server(served_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that speaks the dialect."""
    enrol(served_url, "admin", role="admin")
    with serving(tmp_path_factory.mktemp("site"), served_url, dialects="site = /") as servers:
        yield servers[0]


@pytest.fixture(scope="session")
def things(server: Server) -> dict[str, Any]:
    """A catalogue: five films, one of which has nothing but its title."""
    admin = Native(server.port, sign_in(server, "admin"))
    drama, comedy = (admin.create("/genres", {"name": name})["id"] for name in ("Драма", "Комедия"))
    director = admin.create("/directors", {"name": "Акира Куросава"})["id"]
    years = {"Ran": 1985, "Ikiru": 1952, "Rashomon": 1950, "Yojimbo": 1961}
    more = {"genres": [drama], "directors": [director], "rating": 8.2, "trailer": "https://example.com/trailer"}
    films = [admin.create("/movies", {"title": title, "year": year, **more})["id"] for title, year in years.items()]
    bare = admin.create("/movies", {"title": "?"})["id"]
    admin.close()
    return {"drama": drama, "comedy": comedy, "director": director, "films": films, "bare": bare}


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    """A browser with no cookies yet."""
    client = Client(server.port)
    yield client
    client.http.close()


@pytest.fixture
def anna(client: Client) -> Client:
    """A browser in which somebody has just registered and logged in."""
    email = f"{uuid4()}@example.com"
    client.call("POST", "/auth/register/", email=email, password="12")
    client.login(email, "12")
    return client


def assert_poster(film: dict[str, Any]) -> None:
    """What the client shows of a film among others, and does with it."""
    assert all(name in film for name in POSTER_FIELDS)
    assert type(film["id"]) is int
    assert film["trailer"].split("/")


# -- logged out ----------------------------------------------------------------------------------------------


def test_the_home_page_shows_the_newest_films(client: Client, things: dict[str, Any]) -> None:
    genres = client.call("GET", "/genres/")
    films = client.call("GET", "/movies/?status=new")
    directors = client.call("GET", "/directors/")
    assert [genre["name"] for genre in genres] == ["Драма", "Комедия"]
    assert [director["id"] for director in directors] == [things["director"]]
    for film in films[:4]:
        assert_poster(film)
    assert [film["year"] for film in films] == [1985, 1961, 1952, 1950, None]


def test_a_film_page_works_logged_out(client: Client, things: dict[str, Any]) -> None:
    with pytest.raises(LoginPage):
        client.call("GET", "/favorites/movies/")
    film = client.call("GET", f"/movies/{things['films'][0]}/")
    assert [film[name] for name in ("title", "year", "rating")] == ["Ran", 1985, 8.2]
    assert film["trailer"].startswith("https://")
    assert film["description"] == ""
    alike = [each for each in client.call("GET", "/movies/") if each["genre"]["id"] == film["genre"]["id"]]
    assert [each["id"] for each in alike] == things["films"]
    for each in alike:
        assert_poster(each)


def test_a_film_page_works_for_a_film_of_which_little_is_known(client: Client, things: dict[str, Any]) -> None:
    film = client.call("GET", f"/movies/{things['bare']}/")
    assert (film["genre"], film["director"], film["trailer"]) == (NOTHING, NOTHING, "")
    assert [film["year"], film["rating"]] == [None, None]


def test_a_genre_page_shows_its_films(client: Client, things: dict[str, Any]) -> None:
    assert client.call("GET", f"/genres/{things['drama']}/")["name"] == "Драма"
    films = [film for film in client.call("GET", "/movies/") if film["genre"]["id"] == things["drama"]]
    assert [film["id"] for film in films] == things["films"]


def test_a_director_page_shows_their_films(client: Client, things: dict[str, Any]) -> None:
    assert client.call("GET", f"/directors/{things['director']}/")["name"] == "Акира Куросава"
    films = [film for film in client.call("GET", "/movies/") if film["director"]["id"] == things["director"]]
    assert [film["id"] for film in films] == things["films"]


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("/auth/register/", {"email": "no address", "password": "1"}, "Email is no e-mail address."),
        ("/auth/register/", {"email": "", "password": ""}, "Email needs at least 1 character. Password needs"),
        ("/auth/register/", {"email": "admin@example.com", "password": "1"}, "This e-mail address has an account"),
        ("/auth/login/", {"email": "admin@example.com", "password": "1"}, "No account with this login and password."),
    ],
)
def test_the_register_and_login_pages_show_what_is_wrong(
    client: Client, things: dict[str, Any], path: str, body: dict[str, str], message: str
) -> None:
    with pytest.raises(LoginPage, match=message):
        client.call("POST", path, **body)


def test_whoever_was_never_logged_in_is_sent_to_the_login_page(client: Client) -> None:
    for method, path in (("GET", "/user/"), ("POST", "/favorites/movies/0/"), ("PUT", "/user/password/")):
        answer = client.request(method, path)
        assert (answer.status_code, list(answer.json())) == (401, ["message"])
    assert client.request("PUT", "/auth/login/", access_token="undefined", refresh_token="x").status_code == 401


# -- logged in -----------------------------------------------------------------------------------------------


def test_the_heart_on_a_film_page_is_switched_on_and_off(anna: Client, things: dict[str, Any]) -> None:
    film = things["films"][0]
    assert anna.call("GET", "/favorites/movies/") == []
    for method, expected in (("POST", [film]), ("POST", [film]), ("DELETE", []), ("DELETE", [])):
        anna.call(method, f"/favorites/movies/{film}/")
        assert [each["id"] for each in anna.call("GET", "/favorites/movies/")] == expected


def test_the_bookmarks_page_shows_whole_films(anna: Client, things: dict[str, Any]) -> None:
    for film in (things["films"][0], things["bare"]):
        anna.call("POST", f"/favorites/movies/{film}/")
    saved = anna.call("GET", "/favorites/movies/")
    assert len(saved) == 2
    for film in saved:
        assert_poster(film)


def test_the_profile_page_shows_and_saves(anna: Client, things: dict[str, Any]) -> None:
    profile = anna.call("GET", "/user/")
    assert [profile[name] for name in ("name", "surname", "favourite_genre")] == ["", "", None]
    chosen = str(anna.call("GET", "/genres/")[1]["id"])
    saved = anna.call("PATCH", "/user/", name="Анна", favourite_genre=chosen)
    assert [saved[name] for name in ("email", "name", "surname")] == [profile["email"], "Анна", ""]
    assert [genre["name"] for genre in anna.call("GET", "/genres/") if genre["id"] == saved["favourite_genre"]] == [
        "Комедия"
    ]
    again = anna.call("PATCH", "/user/", favourite_genre=things["drama"])
    assert (again["name"], again["favourite_genre"]) == ("Анна", things["drama"])
    assert type(again["favourite_genre"]) is int


def test_the_profile_page_changes_the_password(anna: Client) -> None:
    email = anna.call("GET", "/user/")["email"]
    with pytest.raises(LoginPage, match="The current password is not right"):
        anna.call("PUT", "/user/password/", old_password="wrong", new_password="34")
    anna.call("PUT", "/user/password/", old_password="12", new_password="34")
    anna.login(email, "34")
    assert anna.request("POST", "/auth/login/", email=email, password="12").status_code == 401


# -- an access token that expires ----------------------------------------------------------------------------


def test_after_a_401_the_client_gets_new_tokens_and_goes_on(anna: Client, things: dict[str, Any]) -> None:
    film = things["films"][0]
    calls: list[tuple[str, str]] = [
        ("GET", "/user/"),
        ("GET", "/favorites/movies/"),
        ("POST", f"/favorites/movies/{film}/"),
        ("DELETE", f"/favorites/movies/{film}/"),
    ]
    for number, (method, path) in enumerate(calls, 1):
        anna.let_the_access_token_expire()
        anna.call(method, path)
        assert anna.refreshes == number


def test_an_expired_token_does_not_disturb_what_is_public(anna: Client, things: dict[str, Any]) -> None:
    anna.let_the_access_token_expire()
    for path in ("/genres/", "/movies/?status=new", "/directors/", f"/movies/{things['films'][0]}/"):
        anna.call("GET", path)
    assert anna.refreshes == 0


def test_an_unknown_film_does_not_keep_the_client_from_refreshing(anna: Client) -> None:
    anna.let_the_access_token_expire()
    with pytest.raises(LoginPage):
        anna.call("POST", "/favorites/movies/999999999/")
    assert anna.refreshes == 1
    assert anna.call("GET", "/user/")
