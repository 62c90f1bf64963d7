"""Labels: who sees a film that has one, its screenings and whatever hangs on them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from alembic import command

from cinema.catalogue.queries import IS_THERE, MOVIE, MOVIE_LIST
from cinema.core.db.revision import alembic_config
from cinema.schedule.queries import SCREENING
from tests.app import Cinema, Person, fields, seats
from tests.databases import open_database

LABEL = "kids"
SEE_IT = f"label:{LABEL}"
NOT_IT = ["label:kid", "label:ids", "label:our-kids", "label:kids2", "label:kids.uk", "label:adults"]
LOOK = ["movies:view", "screenings:view"]
EDIT = ["movies:edit", "screenings:edit", "halls:edit"]
BUILT_IN = {"anonymous", "member", "staff", "admin"}
TITLE = "Тайна третьей планеты"

Members = dict[str, Callable[[Cinema], Person]]


@pytest.fixture(autouse=True)
def _roles(cinema: Cinema) -> Iterator[None]:
    """Roles outlive a test's other rows: these are taken back."""
    yield
    for role in list(cinema.admin.walk("/roles")):
        if role["name"] not in BUILT_IN:
            cinema.admin.delete(f"/roles/{role['name']}")
    cinema.admin.put("/roles/anonymous", {})


def holder(cinema: Cinema, *permissions: str) -> Person:
    """A member with a role of their own."""
    name = f"r{cinema.admin.get('/roles?count=true')['total']}"
    cinema.admin.post("/roles", {"name": name, "permissions": permissions})
    return cinema.person(name, name)


def stranger(cinema: Cinema, *permissions: str) -> Person:
    """A stranger, where strangers may do so much."""
    cinema.admin.put("/roles/anonymous", {"permissions": permissions})
    return cinema.stranger


BLIND_MEMBERS: Members = {
    "a member": lambda cinema: cinema.member,
    "a holder of other labels": lambda cinema: holder(cinema, *NOT_IT),
    "an editor": lambda cinema: holder(cinema, *EDIT),
}
SEEING_MEMBERS: Members = {
    "a holder": lambda cinema: holder(cinema, SEE_IT),
    "a holder of many": lambda cinema: holder(cinema, *NOT_IT, SEE_IT),
    "the staff": lambda cinema: cinema.person("usher", "staff"),
    "an administrator": lambda cinema: cinema.admin,
    "a superuser": lambda cinema: cinema.person("root", superuser=True),
}
BLIND: Members = BLIND_MEMBERS | {"a stranger": lambda cinema: stranger(cinema, *LOOK, *NOT_IT)}
SEEING: Members = SEEING_MEMBERS | {"a stranger who may": lambda cinema: stranger(cinema, *LOOK, SEE_IT)}
each_blind = pytest.mark.parametrize("who", BLIND.values(), ids=BLIND)
each_seeing = pytest.mark.parametrize("who", SEEING.values(), ids=SEEING)
each_blind_member = pytest.mark.parametrize("who", BLIND_MEMBERS.values(), ids=BLIND_MEMBERS)
each_seeing_member = pytest.mark.parametrize("who", SEEING_MEMBERS.values(), ids=SEEING_MEMBERS)


class Programme:
    """A film with a label and one without, each with a screening; everything else is alike."""

    def __init__(self, cinema: Cinema) -> None:
        genre = cinema.admin.post("/genres", {"name": "Мультфильм"})["id"]
        director = cinema.admin.post("/directors", {"name": "Роман Качанов"})["id"]
        actor = cinema.admin.post("/actors", {"first_name": "Ольга", "last_name": "Громова"})["id"]
        about = {"year": 1981, "genres": [genre], "directors": [director], "actors": [actor]}
        self.hall = cinema.hall()
        self.plain = cinema.movie(TITLE, **about)
        self.film = cinema.movie(TITLE, label=LABEL, **about)
        self.plain_screening = cinema.screening(movie=self.plain)
        self.screening = cinema.screening(movie=self.film, hall=self.hall)
        self.filters = {"genre": genre, "director": director, "actor": actor}

    def movie_lists(self) -> list[str]:
        """Every way to look for films."""
        filters = [f"{name}={value}" for name, value in self.filters.items()]
        years = ["year=1981", "year_from=1981&year_to=1981", "status=new"]
        sorts = [f"sort={sort}" for sort in ("id", "-title", "year", "-rating,title", "duration")]
        return ["/movies?" + query for query in ["", "title=планет", "q=третьей качанов", *filters, *years, *sorts]]

    def screening_lists(self) -> list[str]:
        """Every way to look for screenings."""
        return ["/screenings?" + each for each in ["", "date=2026-05-01", "from=2026-05-01T12:00:00Z", "sort=-id"]]


@pytest.fixture
def programme(cinema: Cinema) -> Programme:
    return Programme(cinema)


def listed(person: Person, path: str) -> list[int]:
    """The ids in a list, which is read film by film; the number it counts has to be theirs."""
    ids = sorted(item["id"] for item in person.walk(f"{path}&limit=1"))
    assert person.get(f"{path}&count=true")["total"] == len(ids)
    return ids


def book(person: Person, screening: int, status: int = 201) -> Any:
    return person.post("/orders", {"screening": screening, "seats": seats((1, 1))}, status)


def lasting(problem: Any) -> Any:
    """A problem document without what differs from request to request."""
    return {name: value for name, value in problem.items() if name not in ("instance", "request_id")}


# -- seeing --------------------------------------------------------------------------------------------------


@each_blind
@pytest.mark.parametrize("path", ["/movies/{}", "/screenings/{}", "/screenings/{}/seats"])
def test_without_the_label_it_is_a_404_like_what_does_not_exist(
    cinema: Cinema, programme: Programme, who: Any, path: str
) -> None:
    person, films = who(cinema), path.startswith("/movies")
    hidden, plain = (programme.film, programme.plain) if films else (programme.screening, programme.plain_screening)
    assert lasting(person.get(path.format(hidden), 404)) == lasting(person.get(path.format(999), 404))
    person.get(path.format(plain))


@each_seeing
def test_with_the_label_the_film_and_its_screenings_are_there(cinema: Cinema, programme: Programme, who: Any) -> None:
    person = who(cinema)
    assert person.get(f"/movies/{programme.film}")["label"] == LABEL
    assert person.get(f"/screenings/{programme.screening}")["movie"] == {"id": programme.film, "title": TITLE}
    assert len(person.get(f"/screenings/{programme.screening}/seats")["rows"]) == 5


@each_blind
def test_without_the_label_no_list_shows_or_counts_it(cinema: Cinema, programme: Programme, who: Any) -> None:
    person = who(cinema)
    for path in programme.movie_lists():
        assert listed(person, path) == [programme.plain], path
    for path in programme.screening_lists():
        assert listed(person, path) == [programme.plain_screening], path
    for path in (
        f"/movies?label={LABEL}",
        f"/screenings?movie={programme.film}",
        f"/screenings?hall={programme.hall}",
    ):
        assert listed(person, path) == [], path


@each_seeing
def test_with_the_label_every_list_shows_and_counts_it(cinema: Cinema, programme: Programme, who: Any) -> None:
    person = who(cinema)
    for path in programme.movie_lists():
        assert listed(person, path) == [programme.plain, programme.film], path
    for path in programme.screening_lists():
        assert listed(person, path) == [programme.plain_screening, programme.screening], path
    assert listed(person, f"/movies?label={LABEL}") == [programme.film]
    for path in (f"/screenings?movie={programme.film}", f"/screenings?hall={programme.hall}"):
        assert listed(person, path) == [programme.screening], path


def test_a_stranger_sees_nothing_until_strangers_may(cinema: Cinema, programme: Programme) -> None:
    cinema.stranger.get(f"/movies/{programme.film}", 401)
    stranger(cinema, SEE_IT).get(f"/movies/{programme.film}", 401)
    stranger(cinema, "movies:view").get(f"/movies/{programme.film}", 404)
    stranger(cinema, "movies:view", SEE_IT).get(f"/movies/{programme.film}")


def test_each_label_is_seen_by_its_own_holders(cinema: Cinema) -> None:
    kids, adults, both = (cinema.movie(label=label) for label in ("kids", "adults", "x.y_z-0"))
    assert listed(holder(cinema, "label:adults"), "/movies?") == [adults]
    assert listed(holder(cinema, "label:x.y_z-0", "label:kids"), "/movies?") == [kids, both]
    assert listed(holder(cinema, "label:*"), "/movies?") == [kids, adults, both]


def test_a_label_that_goes_and_comes_back_counts_at_once(cinema: Cinema, programme: Programme) -> None:
    for label, status in ((None, 200), ("adults", 404), (LABEL, 404), (None, 200)):
        cinema.admin.patch(f"/movies/{programme.film}", {"label": label})
        cinema.member.get(f"/movies/{programme.film}", status)
        cinema.member.get(f"/screenings/{programme.screening}", status)


def test_a_permission_that_comes_and_goes_counts_at_once(cinema: Cinema, programme: Programme) -> None:
    person = holder(cinema)
    [role] = {role["name"] for role in cinema.admin.walk("/roles")} - BUILT_IN
    for permissions, status in (([], 404), ([SEE_IT], 200), (NOT_IT, 404), (["label:*"], 200), ([], 404)):
        cinema.admin.put(f"/roles/{role}", {"permissions": permissions})
        person.get(f"/movies/{programme.film}", status)


# -- booking -------------------------------------------------------------------------------------------------


@each_blind_member
def test_without_the_label_its_screening_cannot_be_booked(cinema: Cinema, programme: Programme, who: Any) -> None:
    person = who(cinema)
    refused, unknown = book(person, programme.screening, 400), book(person, 999, 400)
    assert fields(refused) == {"screening"}
    for error in unknown["errors"]:
        error["message"] = error["message"].replace("999", str(programme.screening))
    assert lasting(refused) == lasting(unknown)
    assert cinema.admin.get(f"/screenings/{programme.screening}")["seats_left"] == 50
    book(person, programme.plain_screening)


@each_seeing_member
def test_with_the_label_its_screening_can_be_booked(cinema: Cinema, programme: Programme, who: Any) -> None:
    person = who(cinema)
    order = book(person, programme.screening)
    assert order["screening"]["movie"]["title"] == TITLE
    assert person.patch(f"/orders/{order['id']}", {"seats": seats((2, 2))})["tickets"][0]["row"] == 2


def test_orders_and_tickets_keep_showing_a_film_that_got_a_label(cinema: Cinema) -> None:
    film = cinema.movie(TITLE)
    screening, member = cinema.screening(movie=film), cinema.member
    order = book(member, screening)
    cinema.admin.patch(f"/movies/{film}", {"label": LABEL})
    member.get(f"/screenings/{screening}", 404)

    assert member.get(f"/orders/{order['id']}") == member.get("/orders")["items"][0] == order
    assert member.get(f"/tickets/{order['tickets'][0]['id']}") == member.get("/tickets")["items"][0]
    assert member.get(f"/tickets?screening={screening}")["items"][0]["screening"]["movie"]["title"] == TITLE
    assert fields(member.patch(f"/orders/{order['id']}", {"seats": seats((2, 2))}, 400)) == {"screening"}
    assert member.patch(f"/orders/{order['id']}", {"extend": True})["tickets"] == order["tickets"]
    paid = member.post(f"/orders/{order['id']}/pay", status=200)
    assert (paid["state"], paid["screening"]["movie"]["title"]) == ("paid", TITLE)


# -- bookmarks -----------------------------------------------------------------------------------------------


@each_blind_member
def test_without_the_label_its_bookmark_is_out_of_reach(cinema: Cinema, programme: Programme, who: Any) -> None:
    person, bookmark = who(cinema), f"/me/bookmarks/{programme.film}"
    person.put(bookmark, status=404)
    person.delete(bookmark, 404)

    cinema.admin.patch(f"/movies/{programme.film}", {"label": None})
    person.put(bookmark, status=204)
    person.put(f"/me/bookmarks/{programme.plain}", status=204)
    cinema.admin.patch(f"/movies/{programme.film}", {"label": LABEL})
    saved = person.get("/me/bookmarks?count=true")
    assert [each["movie"]["id"] for each in saved["items"]] == [programme.plain]
    assert saved["total"] == 1
    person.delete(bookmark, 404)

    cinema.admin.patch(f"/movies/{programme.film}", {"label": None})
    assert person.get("/me/bookmarks?count=true")["total"] == 2


@each_seeing_member
def test_with_the_label_its_bookmark_is_like_any_other(cinema: Cinema, programme: Programme, who: Any) -> None:
    person, bookmark = who(cinema), f"/me/bookmarks/{programme.film}"
    person.put(bookmark, status=204)
    assert person.get("/me/bookmarks?count=true")["total"] == 1
    person.delete(bookmark)
    assert person.get("/me/bookmarks")["items"] == []


# -- editing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_an_editor_without_the_label_can_change_and_delete_nothing_of_it(
    cinema: Cinema, programme: Programme, method: str
) -> None:
    editor = holder(cinema, *EDIT, *NOT_IT)
    film, screening = f"/movies/{programme.film}", f"/screenings/{programme.screening}"
    before = cinema.admin.get(film), cinema.admin.get(screening)
    slot = {"hall": programme.hall, "starts_at": "2026-05-02T12:00:00Z", "price": None}
    bodies = {film: {"title": "x", "label": None}, screening: slot | {"movie": programme.plain}}
    for path, body in bodies.items():
        assert editor.call(method, path, None if method == "DELETE" else body, 404).json["code"] == "not-found"
    assert (cinema.admin.get(film), cinema.admin.get(screening)) == before


def test_an_editor_with_the_label_can_change_and_delete_it(cinema: Cinema, programme: Programme) -> None:
    editor = holder(cinema, *EDIT, SEE_IT)
    assert editor.patch(f"/movies/{programme.film}", {"year": 1982})["label"] == LABEL
    moved = editor.patch(f"/screenings/{programme.screening}", {"starts_at": "2026-05-02T12:00:00Z"})
    assert moved["starts_at"] == "2026-05-02T12:00:00Z"
    editor.delete(f"/screenings/{programme.screening}")
    editor.delete(f"/movies/{programme.film}")


def test_a_film_out_of_sight_cannot_be_scheduled(cinema: Cinema, programme: Programme) -> None:
    editor = holder(cinema, *EDIT)
    body = {"hall": programme.hall, "starts_at": "2026-05-02T12:00:00Z"}
    refused = editor.post("/screenings", body | {"movie": programme.film}, 400)
    assert [(error["field"], error["code"]) for error in refused["errors"]] == [("movie", "unknown")]
    refused = editor.patch(f"/screenings/{programme.plain_screening}", {"movie": programme.film}, 400)
    assert fields(refused) == {"movie"}
    holder(cinema, *EDIT, SEE_IT).post("/screenings", body | {"movie": programme.film})


def test_an_overlap_names_the_other_film_only_to_those_who_see_it(cinema: Cinema) -> None:
    hall, short = cinema.hall(), cinema.movie("Варежка", duration=10)
    cinema.screening(movie=short, hall=hall, starts_at="2026-05-01T16:00:00Z")
    hidden = cinema.screening(movie=cinema.movie(TITLE, label=LABEL), hall=hall, starts_at="2026-05-01T17:00:00Z")
    body = {"movie": short, "hall": hall, "starts_at": "2026-05-01T17:30:00Z"}
    for permissions, named in (((), False), ((SEE_IT,), True)):
        editor = holder(cinema, *EDIT, *permissions)
        new = editor.post("/screenings", body, 409)
        longer = editor.patch(f"/movies/{short}", {"duration": 90}, 409)
        for problem in (new, longer):
            assert (problem["code"], problem["other"]["id"]) == ("overlap", hidden)
            assert (TITLE in problem["detail"]) == named


def test_an_editor_cannot_put_a_film_out_of_their_own_sight(cinema: Cinema) -> None:
    editor = holder(cinema, *EDIT, SEE_IT)
    film = editor.post("/movies", {"title": TITLE, "label": LABEL})["id"]
    attempts = (("POST", "/movies"), ("PUT", f"/movies/{film}"), ("PATCH", f"/movies/{film}"))
    for method, path in attempts:
        refused = editor.call(method, path, {"title": "x", "label": "adults"}, 403).json
        assert refused["code"] == "label-not-held"
        assert "label:adults" in refused["detail"]
    assert [(each["title"], each["label"]) for each in cinema.admin.get("/movies")["items"]] == [(TITLE, LABEL)]


# -- underneath ----------------------------------------------------------------------------------------------


def test_a_statement_that_nobody_gave_a_sight_finds_nothing_with_a_label(
    cinema: Cinema, programme: Programme
) -> None:
    forgetful = MOVIE_LIST.shape((), "id", follows=False).page
    with cinema.database.readers.connect() as db:
        assert [row.id for row in forgetful.run(db, limit=10)] == [programme.plain]
        for statement, plain, hidden in (
            (MOVIE, programme.plain, programme.film),
            (IS_THERE, programme.plain, programme.film),
            (SCREENING, programme.plain_screening, programme.screening),
        ):
            assert statement.run(db, id=plain, now=cinema.now).one()
            assert statement.run(db, id=hidden, now=cinema.now).one_or_none() is None


@pytest.mark.parametrize("permissions", [(), (SEE_IT,), ("label:*",)], ids=["nothing", "the label", "all labels"])
def test_looking_at_labels_costs_no_statement(
    cinema: Cinema, programme: Programme, permissions: tuple[str, ...]
) -> None:
    person = holder(cinema, *permissions)
    screening = f"/screenings/{programme.plain_screening}"
    for path in (
        "/movies",
        "/screenings",
        "/me/bookmarks",
        f"/movies/{programme.plain}",
        screening,
        f"{screening}/seats",
    ):
        with cinema.statements() as seen:
            person.get(path)
        assert len(seen) == 1, path
    with cinema.statements() as seen:
        person.get("/movies?count=true")
    assert len(seen) == 2


def test_the_migration_gives_all_labels_to_staff_and_admin_and_takes_them_back(
    new_database: Callable[[str], str],
) -> None:
    url = new_database("labels")
    database, config = open_database(url), alembic_config()

    def seers(action: Any, revision: str) -> set[str]:
        with database.writers.begin() as connection:
            config.attributes["connection"] = connection
            action(config, revision)
            held = "SELECT name FROM roles JOIN role_permissions ON role_id = id WHERE permission = 'label:*'"
            return set(connection.exec_driver_sql(held).scalars())

    assert seers(command.downgrade, "0001") == set()
    assert seers(command.upgrade, "0002") == {"staff", "admin"}
    database.dispose()
