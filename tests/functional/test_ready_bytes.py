"""Ready bytes over HTTP: no statement for what is known, nothing old for anybody, nothing that is not theirs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import event, update
from webtest import TestResponse

from cinema.catalogue.models import Movie
from cinema.schedule.models import Hall
from cinema.scripts.cli import main
from tests.app import API, PASSWORD, Cinema, Person, euros, seats
from tests.conftest import SECRET, opened


def make_current(cinema: Cinema) -> None:
    """Lets the process hear of all changes, so that for two seconds it relies on what it knows."""
    with cinema.database.background.connect() as connection:
        cinema.registry.hearing.poll(connection)


def statements(cinema: Cinema, act: Callable[[], object]) -> int:
    """How many statements something takes."""
    make_current(cinema)
    with cinema.statements() as seen:
        act()
    return len(seen)


class House:
    """A cinema with one of everything that is kept ready."""

    def __init__(self, cinema: Cinema) -> None:
        self.cinema, self.admin, self.member = cinema, cinema.admin, cinema.member
        self.genre = self.admin.post("/genres", {"name": "Drama"})["id"]
        director = self.admin.post("/directors", {"name": "Тарковский"})["id"]
        actor = self.admin.post("/actors", {"first_name": "A", "last_name": "S"})["id"]
        self.film = cinema.movie(genres=[self.genre], directors=[director], actors=[actor])
        self.hall = cinema.hall()
        self.screening = cinema.screening(movie=self.film, hall=self.hall)
        self.seats = f"/screenings/{self.screening}/seats"
        self.paths = [
            *("/movies", f"/movies/{self.film}", "/movies?sort=-year&limit=1&count=true"),
            *("/genres", f"/genres/{self.genre}", "/directors", f"/directors/{director}"),
            *("/actors", f"/actors/{actor}", "/halls", f"/halls/{self.hall}"),
            *("/screenings", f"/screenings/{self.screening}", "/screenings?expand=movie,hall"),
            *(f"/screenings/{self.screening}?expand=movie,hall", self.seats),
        ]

    def fill(self) -> dict[str, TestResponse]:
        """Has every answer made; answers them."""
        make_current(self.cinema)
        return {path: self.member.call("GET", path, status=200) for path in self.paths}

    def order(self, *places: tuple[int, int]) -> str:
        """The path of a new order."""
        order = self.member.post("/orders", {"screening": self.screening, "seats": seats(*places)})
        return f"/orders/{order['id']}"

    def taken(self) -> dict[tuple[int, int], str]:
        """Seats that are not free."""
        rows = self.member.get(self.seats)["rows"]
        return {
            (row["row"], seat["seat"]): seat["state"]
            for row in rows
            for seat in row["seats"]
            if seat["state"] != "free"
        }


@pytest.fixture
def house(cinema: Cinema) -> House:
    return House(cinema)


# -- what it costs -------------------------------------------------------------------------------------------


def test_what_is_ready_asks_no_database(house: House) -> None:
    first = house.fill()
    for path in house.paths:
        known = {"If-None-Match": first[path].headers["ETag"]}
        for method, headers, status in (
            ("GET", {}, 200),
            ("GET", known, 304),
            ("HEAD", {}, 200),
            ("HEAD", known, 304),
        ):
            with house.cinema.statements() as seen:
                answer = house.member.call(method, path, headers=headers)
            assert (answer.status_int, seen) == (status, []), (path, method)
            assert answer.body == (first[path].body if method == "GET" and status == 200 else b""), path
            assert answer.headers["ETag"] == first[path].headers["ETag"]
        assert answer.headers.get("Content-Type") in (None, "application/json")


def test_what_one_caller_had_made_is_ready_for_others_who_see_the_same(house: House) -> None:
    other, first = house.cinema.other, house.fill()
    with house.cinema.statements() as seen:
        for path in house.paths:
            assert other.call("GET", path).body == first[path].body
    assert seen == []


def test_a_head_makes_it_ready_for_a_get(house: House) -> None:
    make_current(house.cinema)
    house.cinema.registry.versions.touch_all()
    assert house.member.call("HEAD", "/movies", status=200).body == b""
    with house.cinema.statements() as seen:
        assert house.member.get("/movies")["items"]
    assert seen == []


# -- after a write -------------------------------------------------------------------------------------------

WRITES: dict[str, tuple[Callable[[House], object], Callable[[House], Any], Any]] = {
    "film": (
        lambda house: house.admin.patch(f"/movies/{house.film}", {"title": "Stalker"}),
        lambda house: house.member.get("/movies")["items"][0]["title"],
        "Stalker",
    ),
    "genre": (
        lambda house: house.admin.patch(f"/genres/{house.genre}", {"name": "SF"}),
        lambda house: house.member.get(f"/movies/{house.film}")["genres"][0]["name"],
        "SF",
    ),
    "film of a screening": (
        lambda house: house.admin.patch(f"/movies/{house.film}", {"title": "Stalker"}),
        lambda house: house.member.get("/screenings")["items"][0]["movie"]["title"],
        "Stalker",
    ),
    "hall": (
        lambda house: house.admin.patch(f"/halls/{house.hall}", {"name": "Green"}),
        lambda house: house.member.get(f"/screenings/{house.screening}")["hall"]["name"],
        "Green",
    ),
    "price": (
        lambda house: house.admin.patch(f"/screenings/{house.screening}", {"price": euros("7.00")}),
        lambda house: house.member.get(house.seats)["rows"][0]["seats"][0]["price"]["amount"],
        "7.00",
    ),
    "seat": (lambda house: house.order((1, 1)), lambda house: house.taken(), {(1, 1): "held"}),
    "seats left": (
        lambda house: house.order((1, 1)),
        lambda house: house.member.get("/screenings")["items"][0]["seats_left"],
        49,
    ),
}


@pytest.mark.parametrize("name", WRITES)
def test_who_writes_shows_it_at_once(house: House, name: str) -> None:
    write, read, expected = WRITES[name]
    before = house.fill()
    assert read(house) != expected
    write(house)
    assert read(house) == expected
    changed = [path for path in house.paths if house.member.call("GET", path).body != before[path].body]
    for path in changed:
        known = {"If-None-Match": before[path].headers["ETag"]}
        assert house.member.call("GET", path, headers=known).status_int == 200, path
    assert changed


def test_seats_change_with_every_step_of_an_order(house: House) -> None:
    seen = [house.taken()]
    for act in (
        lambda order: None,
        lambda order: house.member.patch(order, {"seats": seats((2, 2), (2, 3))}),
        lambda order: house.member.patch(order, {"seats": seats((2, 3))}),
        lambda order: house.member.post(f"{order}/pay", status=200),
        lambda order: house.admin.post(f"{order}/refund", status=200),
    ):
        if len(seen) == 1:
            order = house.order((1, 1))
        house.fill()
        act(order)
        seen.append(house.taken())
        assert house.member.get(f"/screenings/{house.screening}")["seats_left"] == 50 - len(seen[-1])
        assert house.member.get("/screenings")["items"][0]["seats_left"] == 50 - len(seen[-1])
    assert seen == [{}, {(1, 1): "held"}, {(2, 2): "held", (2, 3): "held"}, {(2, 3): "held"}, {(2, 3): "sold"}, {}]
    again = house.order((4, 4))
    house.fill()
    house.member.delete(again)
    assert house.taken() == {}


def test_one_screenings_seats_leave_others_ready(house: House) -> None:
    other = house.cinema.screening(movie=house.film, hall=house.cinema.hall())
    path = f"/screenings/{other}/seats"
    house.fill()
    house.member.get(path)
    house.order((1, 1))
    assert statements(house.cinema, lambda: house.member.get(path)) == 0
    assert statements(house.cinema, lambda: house.member.get("/movies")) == 0
    assert statements(house.cinema, lambda: house.member.get(house.seats)) == 1
    assert statements(house.cinema, lambda: house.member.get(house.seats)) == 0


def test_a_hold_that_ends_is_free_at_once(house: House) -> None:
    order = house.order((1, 1), (1, 2))
    house.cinema.later(minutes=5)
    house.order((3, 3))
    screening = f"/screenings/{house.screening}"
    expected = {(1, 1): "held", (1, 2): "held", (3, 3): "held"}
    for minutes, gone in ((0, set()), (9.99, set()), (0.01, {(1, 1), (1, 2)}), (4.99, set()), (0.01, {(3, 3)})):
        house.cinema.later(minutes=minutes)
        expected = {place: state for place, state in expected.items() if place not in gone}
        for _again in range(2):
            assert house.taken() == expected, minutes
            assert house.member.get(screening)["seats_left"] == 50 - len(expected)
            assert house.member.get("/screenings")["items"][0]["seats_left"] == 50 - len(expected)
        assert statements(house.cinema, house.taken) == 0
    assert house.member.get(order)["state"] == "expired"


# -- what is not committed -----------------------------------------------------------------------------------


def test_what_is_not_committed_is_not_shown(house: House) -> None:
    database, path = house.cinema.database, f"/movies/{house.film}"
    for commit in (False, True):
        before = house.fill()
        with database.plain_session() as db:
            db.get_one(Movie, house.film).title = "Stalker"
            db.flush()
            with house.cinema.statements() as seen:
                for each in house.paths:
                    assert house.member.call("GET", each).body == before[each].body
            assert seen == []
            if commit:
                db.commit()
            else:
                db.rollback()
        if not commit:
            assert statements(house.cinema, lambda: house.member.get(path)) == 0
        assert house.member.get(path)["title"] == ("Stalker" if commit else "Сталкер")


def test_a_refused_change_leaves_everything_ready(house: House) -> None:
    house.admin.post("/genres", {"name": "SF"})
    before = house.fill()
    clash = {
        "movie": house.film,
        "hall": house.hall,
        "starts_at": house.member.get("/screenings")["items"][0]["starts_at"],
    }
    for method, path, body, status in (
        ("POST", "/genres", {"name": "Drama"}, 409),
        ("PATCH", f"/genres/{house.genre}", {"name": "SF"}, 409),
        ("POST", "/screenings", clash, 409),
        ("PATCH", f"/movies/{house.film}", {"title": "x", "genres": [999_999]}, 400),
        ("DELETE", f"/halls/{house.hall}", None, 409),
    ):
        house.admin.call(method, path, body, status)
    make_current(house.cinema)
    with house.cinema.statements() as seen:
        for path in house.paths:
            assert house.member.call("GET", path).body == before[path].body
    assert seen == []


@contextmanager
def once(target: Any, name: str, act: Callable[[], object], nth: int = 1) -> Iterator[list[int]]:
    """Does `act` the next time that an engine does something, or the time after that."""
    times: list[int] = []

    def listener(*_arguments: Any) -> None:
        times.append(1)
        if len(times) == nth:
            act()

    event.listen(target, name, listener)
    try:
        yield times
    finally:
        event.remove(target, name, listener)


def test_what_was_read_before_a_change_is_not_ready_after_it(house: House) -> None:
    """The change comes when the page has been read and its films are being counted."""
    path = "/movies?count=true"
    house.cinema.registry.versions.touch_all()
    make_current(house.cinema)
    change = lambda: house.admin.patch(f"/movies/{house.film}", {"title": "Stalker"})  # noqa: E731
    with once(house.cinema.database.readers, "before_cursor_execute", change, nth=2) as times:
        old = house.member.call("GET", path)
    assert len(times) == 2
    assert old.json["items"][0]["title"] == "Сталкер"
    again = house.member.call("GET", path, headers={"If-None-Match": old.headers["ETag"]})
    assert (again.status_int, again.json["items"][0]["title"]) == (200, "Stalker")


def test_what_is_read_just_before_a_commit_is_not_ready_after_it(house: House) -> None:
    path = f"/movies/{house.film}"
    house.fill()
    titles: list[str] = []
    look = lambda: titles.extend(house.member.get(path)["title"] for _again in range(2))  # noqa: E731
    with once(house.cinema.database.writers, "commit", look) as times:
        house.admin.patch(path, {"title": "Stalker"})
    assert times
    assert titles == ["Сталкер", "Сталкер"]
    assert house.member.get(path)["title"] == "Stalker"


# -- who may look --------------------------------------------------------------------------------------------


def test_a_session_that_ended_is_refused_whatever_is_ready(house: House) -> None:
    phone = house.cinema.signed_in(house.member.id or 0)
    before = house.fill()
    phone.post("/auth/logout", status=204)
    for path in house.paths:
        known = {"If-None-Match": before[path].headers["ETag"]}
        for headers in ({}, known):
            with house.cinema.statements() as seen:
                answer = phone.call("GET", path, headers=headers)
            assert (answer.status_int, answer.json["code"], seen) == (401, "token-revoked", []), path


def test_a_permission_that_is_taken_is_gone_whatever_is_ready(house: House) -> None:
    """Members may always look; what strangers may is what can be taken."""
    stranger = house.cinema.stranger
    try:
        house.admin.patch("/roles/anonymous", {"permissions": ["halls:view"]})
        make_current(house.cinema)
        known = {"If-None-Match": stranger.call("GET", "/halls", status=200).headers["ETag"]}
        with house.cinema.statements() as seen:
            stranger.call("GET", "/halls", headers=known, status=304)
        house.admin.patch("/roles/anonymous", {"permissions": []})
        for headers in ({}, known):
            with house.cinema.statements() as more:
                stranger.call("GET", "/halls", headers=headers, status=401)
            assert seen == more == []
    finally:
        house.admin.patch("/roles/anonymous", {"permissions": []})


# -- keys and bounds -----------------------------------------------------------------------------------------


def test_each_address_gets_its_own_following_page(house: House) -> None:
    house.cinema.movie("Zerkalo")
    make_current(house.cinema)
    path = "/movies?limit=1"
    ways: list[tuple[dict[str, str], dict[str, str], str]] = [
        ({"Host": "a.example"}, {}, "http://a.example/api/v1/movies?"),
        ({"Host": "b.example:81"}, {}, "http://b.example:81/api/v1/movies?"),
        ({"Host": "a.example"}, {"wsgi.url_scheme": "https"}, "https://a.example/api/v1/movies?"),
        ({"Host": "a.example"}, {"SCRIPT_NAME": "/below"}, "http://a.example/below/api/v1/movies?"),
    ]
    for _again in range(2):
        tags = set()
        for headers, environ, start in ways:
            sent = headers | house.member.headers
            answer = house.cinema.http.get(API + path, headers=sent, extra_environ=environ, status=200)
            assert answer.json["next"].startswith(start)
            tags.add(answer.headers["ETag"])
        assert len(tags) == len(ways)


def test_no_refusal_is_kept(house: House) -> None:
    cinema, film = house.cinema, f"/movies/{house.film}"
    house.admin.patch(film, {"label": "kids"})
    make_current(cinema)
    kept = len(cinema.registry.ready_bytes)
    for path, status in (
        (film, 404),
        ("/movies/999999", 404),
        ("/movies?limit=0", 400),
        (house.seats, 404),
        ("/genres/x", 404),
    ):
        for _again in range(2):
            assert house.member.call("GET", path).status_int == status
    assert len(cinema.registry.ready_bytes) == kept
    for _again in range(2):
        with cinema.statements() as seen:
            house.member.get(film, 404)
        assert len(seen) == 1
    house.admin.patch(film, {"label": None})
    assert house.member.get(film)["id"] == house.film
    assert house.taken() == {}


def test_without_memory_every_answer_is_made_anew(house: House, database_url: str) -> None:
    with opened(database_url, **{"cinema.ready_megabytes": "0"}) as router:
        there = Cinema(router)
        person = Person(there.http, house.member.id)
        person.headers = house.member.headers
        for path in house.paths:
            here = house.member.call("GET", path)
            for _again in range(2):
                with there.statements() as seen:
                    answer = person.call("GET", path, status=200)
                assert seen != [], path
                assert (answer.body, answer.headers["ETag"]) == (here.body, here.headers["ETag"])
            known = {"If-None-Match": here.headers["ETag"]}
            assert person.call("GET", path, headers=known).status_int == 304
        assert len(router.registry.ready_bytes) == router.registry.ready_bytes.size == 0


def test_what_a_caller_makes_long_is_not_kept(house: House) -> None:
    ready_bytes, long = house.cinema.registry.ready_bytes, f"/movies?title={'%D0%A1' * 200}"
    kept = len(ready_bytes)
    for path, headers in ((long, {}), ("/movies?year=1901", {"Host": "x" * 2000})):
        first, again = (house.member.call("GET", path, headers=headers, status=200) for _again in range(2))
        assert first.body == again.body
        known = headers | {"If-None-Match": first.headers["ETag"]}
        assert house.member.call("GET", path, headers=known).status_int == 304
    assert len(ready_bytes) == kept


# -- others who write ----------------------------------------------------------------------------------------


def test_what_an_older_client_books_shows_at_once(house: House, database_url: str) -> None:
    dialects = "academy = /\ncinemapi = /cinemapi"
    with opened(database_url, **{"cinema.dialects": dialects}) as router:
        there = Cinema(router)
        router.registry.clock = lambda: house.cinema.now
        member = Person(there.http, house.member.id)
        member.headers = house.member.headers
        make_current(there)

        def taken(person: Person) -> set[tuple[int, int]]:
            rows = person.get(house.seats)["rows"]
            return {(row["row"], each["seat"]) for row in rows for each in row["seats"] if each["state"] != "free"}

        assert taken(member) == taken(house.member) == set()
        signed_in = {"username": "member", "password": PASSWORD}
        key = there.http.post_json("/api/login/", signed_in).json["token"]
        body: Any = {"tickets": [{"row": 2, "seat": 3, "movie_session": house.screening}]}
        there.http.post_json("/api/cinema/orders/", body, headers={"Authorization": f"Token {key}"}, status=201)
        assert taken(member) == {(2, 3)}
        access = there.http.post_json("/cinemapi/token/", signed_in).json["access"]
        body = {"session": house.screening, "row": 4, "seat": 5, "user": house.member.id}
        there.http.post_json("/cinemapi/book/", body, headers={"Authorization": f"Bearer {access}"}, status=201)
        assert taken(member) == {(2, 3), (4, 5)}
        make_current(house.cinema)
        assert taken(house.member) == {(2, 3), (4, 5)}
        assert member.get(f"/screenings/{house.screening}")["seats_left"] == 48


@pytest.fixture
def command(database_url: str, tmp_path: Path) -> Callable[..., None]:
    """Runs `cinema …` on the database."""
    ini = tmp_path / "cinema.ini"
    ini.write_text(
        f"[app:main]\nuse = egg:cinema\ncinema.database_url = {database_url.replace('%', '%%')}\n"
        f"cinema.jwt_secret = {SECRET}\n",
        encoding="utf-8",
    )

    def run(*arguments: str, stdin: str = "") -> None:
        done = CliRunner().invoke(main, ["-c", str(ini), *arguments], input=stdin)
        assert done.exit_code == 0, done.output

    return run


def test_what_a_command_imports_is_heard_of(house: House, command: Callable[..., None], tmp_path: Path) -> None:
    films = tmp_path / "movies.csv"
    films.write_text("title,year\nStalker,1979\n", encoding="utf-8")
    house.fill()
    assert house.member.get("/movies?title=stalker")["items"] == []
    command("import", "movies", str(films))
    make_current(house.cinema)
    assert [each["title"] for each in house.member.get("/movies?title=stalker")["items"]] == ["Stalker"]


def test_the_demo_is_heard_of_where_its_accounts_are_taken(house: House, command: Callable[..., None]) -> None:
    house.fill()
    command("demo", "--into-non-empty", "--password-stdin", stdin=PASSWORD)
    make_current(house.cinema)
    assert len(house.member.get("/movies")["items"]) > 1


# -- the log of changes --------------------------------------------------------------------------------------


def topics(cinema: Cinema, act: Callable[[], object]) -> list[str]:
    """The topics that something writes down."""
    [(last,)] = cinema.sql("SELECT coalesce(max(id), 0) FROM changes")
    act()
    return sorted(row.topic for row in cinema.sql("SELECT topic FROM changes WHERE id > :last", last=last))


def test_a_change_writes_down_what_it_is_about(house: House) -> None:
    cinema = house.cinema
    mine = f"seats:{house.screening}"
    assert topics(cinema, lambda: house.admin.patch(f"/movies/{house.film}", {"title": "S"})) == ["catalogue"]
    assert topics(cinema, lambda: house.admin.patch(f"/halls/{house.hall}", {"name": "G"})) == ["halls"]
    price = {"price": euros("7.00")}
    assert topics(cinema, lambda: house.admin.patch(f"/screenings/{house.screening}", price)) == ["screenings"]
    assert topics(cinema, lambda: house.order((1, 1))) == [mine]
    assert topics(cinema, lambda: house.member.patch("/me", {"name": "x"})) == []
    assert topics(cinema, lambda: house.admin.call("POST", "/genres", {"name": "Drama"}, 409)) == []


def test_a_savepoint_that_is_rolled_back_undoes_no_other_change(house: House) -> None:
    def act() -> None:
        with house.cinema.database.plain_session() as db, db.begin():
            db.execute(update(Hall).values(name="Green"))
            savepoint = db.begin_nested()
            db.execute(update(Movie).values(title="S"))
            savepoint.rollback()
            db.execute(update(Hall).values(name="Blue"))

    assert "halls" in topics(house.cinema, act)


def test_what_somebody_sees_is_one_thing_for_the_whole_request(
    cinema: Cinema, monkeypatch: pytest.MonkeyPatch
) -> None:
    role = {"description": "Guests of honour", "permissions": ["users:view"]}
    cinema.admin.post("/roles", {"name": "vip", **role})
    vip = cinema.person("vip", "vip")
    secret = cinema.movie("Secret", label="secret")
    path = "/movies?label=secret"
    look = cinema.registry.ready_bytes.get

    def look_while_roles_change(key: Any, request: Any) -> Any:
        monkeypatch.undo()
        cinema.admin.put("/roles/vip", {"description": "", "permissions": ["label:secret"]})
        return look(key, request)

    make_current(cinema)
    monkeypatch.setattr(cinema.registry.ready_bytes, "get", look_while_roles_change)
    assert vip.get(path)["items"] == []  # as of the beginning of the request
    assert cinema.member.get(path)["items"] == []
    assert [film["id"] for film in vip.get(path)["items"]] == [secret]
