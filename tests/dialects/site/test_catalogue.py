"""The catalogue: what everybody reads, whoever entered it."""

from typing import Any

import pytest

from tests.app import Cinema
from tests.dialects.site.visitors import MOVIE_FIELDS, NOTHING, Visitor, refused

TRAILER = "https://example.com/trailer"
NAMES = ("genres", "directors")
LISTS = ("movies", *NAMES)
NO_IDS = ["0", "1000000000", "9" * 18, "9" * 19, "x", "-1", "1.0", "%D9%A3", "%00", "1e0"]


def named(cinema: Cinema, kind: str, name: str) -> int:
    return int(cinema.admin.post(f"/{kind}", {"name": name})["id"])


def ids(rows: list[dict[str, Any]]) -> list[int]:
    return [row["id"] for row in rows]


def entered(cinema: Cinema, kind: str, number: int) -> list[int]:
    """The ids of so many new things of a kind."""
    if kind == "movies":
        return [cinema.movie(f"film {place}") for place in range(number)]
    return [named(cinema, kind, f"name {place}") for place in range(number)]


# -- a film --------------------------------------------------------------------------------------------------


def test_a_film_has_its_first_genre_and_director_flat_and_whole(cinema: Cinema, visitor: Visitor) -> None:
    drama, comedy = named(cinema, "genres", "Драма"), named(cinema, "genres", "Комедия")
    one, two = named(cinema, "directors", "Лана"), named(cinema, "directors", "Лилли")
    more = {"description": "О людях", "trailer": TRAILER, "year": 1999, "rating": 8.7}
    film = cinema.movie("Матрица", **more, genres=[comedy, drama], directors=[two, one])
    assert visitor.get(f"/movies/{film}") == {
        "id": film,
        "title": "Матрица",
        **more,
        "genre_id": comedy,
        "director_id": two,
        "genre": {"id": comedy, "name": "Комедия"},
        "director": {"id": two, "name": "Лилли"},
    }


def test_a_film_of_which_only_the_title_is_known_breaks_no_client(cinema: Cinema, visitor: Visitor) -> None:
    film = int(cinema.admin.post("/movies", {"title": "Ran"})["id"])
    assert visitor.get(f"/movies/{film}") == {
        "id": film,
        "title": "Ran",
        "description": "",
        "trailer": "",
        "year": None,
        "rating": None,
        "genre_id": None,
        "director_id": None,
        "genre": NOTHING,
        "director": NOTHING,
    }


def test_a_name_may_hold_whatever_json_has_to_escape(cinema: Cinema, visitor: Visitor) -> None:
    name = 'a "quoted" \\ one, ёлка \u2028'
    film = cinema.movie(genres=[named(cinema, "genres", name)])
    assert visitor.get(f"/movies/{film}")["genre"]["name"] == name


def test_every_film_of_the_list_is_as_it_is_alone(cinema: Cinema, visitor: Visitor) -> None:
    genre, director = named(cinema, "genres", "Драма"), named(cinema, "directors", "Лана")
    films = [cinema.movie("Ran"), cinema.movie("Ikiru", year=1952, genres=[genre], directors=[director])]
    listed = visitor.get("/movies/")
    assert listed == [visitor.get(f"/movies/{film}") for film in films]
    assert all(set(film) == MOVIE_FIELDS for film in listed)


@pytest.mark.parametrize("kind", NAMES)
def test_a_genre_or_director_is_an_id_and_a_name(cinema: Cinema, visitor: Visitor, kind: str) -> None:
    keys = [named(cinema, kind, name) for name in ("Zulu", "Alpha")]
    assert visitor.get(f"/{kind}/") == [{"id": keys[0], "name": "Zulu"}, {"id": keys[1], "name": "Alpha"}]
    assert visitor.get(f"/{kind}/{keys[1]}") == {"id": keys[1], "name": "Alpha"}


@pytest.mark.parametrize("kind", LISTS)
def test_an_empty_list_is_an_empty_array(visitor: Visitor, kind: str) -> None:
    assert visitor.get(f"/{kind}/") == []


# -- addresses -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", LISTS)
def test_an_item_answers_with_and_without_the_final_slash(cinema: Cinema, visitor: Visitor, kind: str) -> None:
    [key] = entered(cinema, kind, 1)
    assert visitor.get(f"/{kind}/{key}") == visitor.get(f"/{kind}/{key}/")


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_answers_only_with_the_final_slash(visitor: Visitor, kind: str) -> None:
    refused(visitor.call("GET", f"/{kind}"), 404)


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("key", NO_IDS)
def test_what_does_not_exist_is_a_404(cinema: Cinema, visitor: Visitor, kind: str, key: str) -> None:
    entered(cinema, kind, 1)
    for slash in ("", "/"):
        refused(visitor.call("GET", f"/{kind}/{key}{slash}"), 404)


# -- pages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", LISTS)
def test_a_page_has_twelve_and_without_a_page_there_is_everything(
    cinema: Cinema, visitor: Visitor, kind: str
) -> None:
    keys = entered(cinema, kind, 25)
    assert ids(visitor.get(f"/{kind}/")) == keys
    pages = [ids(visitor.get(f"/{kind}/?page={number}")) for number in (1, 2, 3, 4)]
    assert pages == [keys[:12], keys[12:24], keys[24:], []]


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("page", ["2", str(2**31), str(2**63), "9" * 20, "9" * 5000])
def test_a_page_beyond_the_end_is_empty_however_far(cinema: Cinema, visitor: Visitor, kind: str, page: str) -> None:
    entered(cinema, kind, 1)
    assert visitor.get(f"/{kind}/?page={page}") == []


@pytest.mark.either_engine
@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("page", ["0", "00", "-1", "x", "", "1.0", "1e3", "%D9%A3", "%C2%B2", "%00", "1_0", "0x1"])
def test_a_page_that_is_no_positive_number_is_a_400(visitor: Visitor, kind: str, page: str) -> None:
    assert refused(visitor.call("GET", f"/{kind}/?page={page}"), 400) == "Page must be a positive number."


def test_a_page_that_cannot_be_read_is_a_400(visitor: Visitor) -> None:
    refused(visitor.call("GET", "/movies/?page=%FF"), 400)


@pytest.mark.parametrize("query", ["page=2&page=1", "%FF=1&page=1", "page=1&order=year&order=title"])
def test_what_nobody_asked_for_and_what_was_said_before_is_ignored(
    cinema: Cinema, visitor: Visitor, query: str
) -> None:
    film = cinema.movie()
    assert ids(visitor.get(f"/movies/?{query}")) == [film]


def test_a_page_may_begin_with_zeros(cinema: Cinema, visitor: Visitor) -> None:
    keys = entered(cinema, "genres", 13)
    assert ids(visitor.get("/genres/?page=0002")) == keys[12:]


# -- the newest first ----------------------------------------------------------------------------------------


def test_the_new_films_are_those_of_the_latest_years_with_unknown_years_last(
    cinema: Cinema, visitor: Visitor
) -> None:
    years = [1979, None, 2024, 1952, 2024]
    films = [cinema.movie(year=year) for year in years]
    assert [film["year"] for film in visitor.get("/movies/?status=new")] == [2024, 2024, 1979, 1952, None]
    assert set(ids(visitor.get("/movies/?status=new"))) == set(films)


def test_the_new_films_are_sorted_first_and_cut_then(cinema: Cinema, visitor: Visitor) -> None:
    for year in range(2001, 2016):
        cinema.movie(year=year)
    pages = [[film["year"] for film in visitor.get(f"/movies/?status=new&page={page}")] for page in (1, 2, 3)]
    assert pages == [[*range(2015, 2003, -1)], [2003, 2002, 2001], []]


@pytest.mark.parametrize("query", ["status=old", "status=", "status=NEW", "status=%00", "sort=-year", "limit=1", "x"])
def test_any_other_parameter_or_value_means_nothing(cinema: Cinema, visitor: Visitor, query: str) -> None:
    films = [cinema.movie(year=year) for year in (1952, 2024, 1979)]
    assert ids(visitor.get(f"/movies/?{query}")) == films
    assert visitor.get(f"/movies/{films[0]}?{query}")["id"] == films[0]


@pytest.mark.parametrize("kind", NAMES)
def test_only_films_can_be_new(cinema: Cinema, visitor: Visitor, kind: str) -> None:
    keys = entered(cinema, kind, 2)
    assert ids(visitor.get(f"/{kind}/?status=new")) == keys


# -- labels --------------------------------------------------------------------------------------------------


def test_films_with_a_label_are_hidden_from_everybody(cinema: Cinema, visitor: Visitor) -> None:
    cinema.admin.post("/roles", {"name": "viewer", "permissions": ["label:preview"]}, status=None)
    boss = cinema.person("boss", "admin", superuser=True)
    hidden = int(boss.post("/movies", {"title": "Ran", "label": "preview"})["id"])
    shown = cinema.movie("Ikiru")
    holder = cinema.person("holder", "viewer")
    assert holder.get(f"/movies/{hidden}")["label"] == "preview"  # natively it is there
    for caller in (visitor, *(Visitor.of(cinema.http, person) for person in (holder, boss))):
        assert ids(caller.get("/movies/")) == ids(caller.get("/movies/?page=1&status=new")) == [shown]
        refused(caller.call("GET", f"/movies/{hidden}"), 404)
    boss.delete("/roles/viewer")


# -- budgets -------------------------------------------------------------------------------------------------


def test_every_list_and_every_item_takes_one_statement(cinema: Cinema, member: Visitor) -> None:
    genre, director = named(cinema, "genres", "Драма"), named(cinema, "directors", "Лана")
    film = [cinema.movie(genres=[genre], directors=[director]) for _film in range(15)][-1]
    items = [f"/movies/{film}", f"/genres/{genre}", f"/directors/{director}"]
    lists = [f"/{kind}/{query}" for kind in LISTS for query in ("", "?page=1", "?page=2", "?status=new")]
    for path in items + lists:
        with cinema.statements() as seen:
            member.get(path)
        assert len(seen) == 1, path
