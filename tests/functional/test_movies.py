"""Films."""

from typing import Any

import pytest

from tests.app import Cinema, fields

FULL = {
    "title": "Сталкер",
    "description": "Зона.",
    "trailer": "https://example.com/stalker.mp4",
    "year": 1979,
    "rating": 8.1,
    "duration": 162,
    "poster": "http://example.com/stalker.jpg",
    "age_rating": "12+",
    "label": "classics",
}
EMPTY = dict.fromkeys(FULL) | {"genres": [], "directors": [], "actors": []}


def genre(cinema: Cinema, name: str = "Драма") -> int:
    """A genre's id."""
    return int(cinema.admin.post("/genres", {"name": name})["id"])


def director(cinema: Cinema, name: str = "Андрей Тарковский") -> int:
    """A director's id."""
    return int(cinema.admin.post("/directors", {"name": name})["id"])


def actor(cinema: Cinema, first_name: str = "Алиса", last_name: str = "Фрейндлих") -> int:
    """An actor's id."""
    return int(cinema.admin.post("/actors", {"first_name": first_name, "last_name": last_name})["id"])


def found(cinema: Cinema, query: str) -> list[int]:
    """The ids of the films that a query finds, in order."""
    return [movie["id"] for movie in cinema.member.get(f"/movies?limit=100&{query}")["items"]]


# -- one film ------------------------------------------------------------------------------------------------


def test_a_new_film_answers_itself_and_where_it_is(cinema: Cinema) -> None:
    lists = {"genres": [genre(cinema)], "directors": [director(cinema)], "actors": [actor(cinema)]}
    answer = cinema.admin.call("POST", "/movies", FULL | lists, 201)
    movie = answer.json
    assert movie == FULL | {
        "id": movie["id"],
        "genres": [{"id": lists["genres"][0], "name": "Драма"}],
        "directors": [{"id": lists["directors"][0], "name": "Андрей Тарковский"}],
        "actors": [
            {
                "id": lists["actors"][0],
                "first_name": "Алиса",
                "last_name": "Фрейндлих",
                "full_name": "Алиса Фрейндлих",
            }
        ],
    }
    assert answer.headers["Location"] == f"http://localhost/api/v1/movies/{movie['id']}"
    assert cinema.admin.get(answer.headers["Location"]) == movie
    assert cinema.admin.get("/movies")["items"] == [movie]


def test_only_the_title_is_required(cinema: Cinema) -> None:
    movie = cinema.admin.post("/movies", {"title": "Сталкер"})
    assert movie == EMPTY | {"id": movie["id"], "title": "Сталкер"}


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_film_without_a_title_is_refused(cinema: Cinema, method: str) -> None:
    movie = cinema.movie()
    path = "/movies" if method == "POST" else f"/movies/{movie}"
    problem = cinema.admin.call(method, path, {"year": 1979}, 400).json
    assert [(error["field"], error["code"]) for error in problem["errors"]] == [("title", "required")]
    assert found(cinema, "year=1979") == []


@pytest.mark.parametrize(
    "good",
    [
        {"title": "x" * 255},
        {"title": "𝔖" * 255},
        {"title": "\ufdfa" * 255},
        {"description": ""},
        {"description": "x" * 10_000},
        {"year": 1},
        {"year": 9999},
        {"rating": 0},
        {"rating": 10},
        {"rating": 7.25},
        {"duration": 1},
        {"duration": 7 * 24 * 60},
        {"trailer": None, "year": None, "rating": None, "duration": None, "label": None},
    ],
)
def test_values_at_the_edges_are_kept(cinema: Cinema, good: dict[str, Any]) -> None:
    movie = cinema.admin.post("/movies", {"title": "Сталкер"} | good)
    assert {name: movie[name] for name in good} == good


@pytest.mark.parametrize("tiny", ["1e-400", "1e-20000", "1e-999999999", "0." + "0" * 5000 + "1"])
def test_a_rating_too_small_to_tell_from_zero_is_zero(cinema: Cinema, tiny: str) -> None:
    headers = cinema.admin.headers | {"Content-Type": "application/json"}
    answer = cinema.http.post("/api/v1/movies", f'{{"title": "x", "rating": {tiny}}}', headers, status=201)
    assert answer.json["rating"] == 0


@pytest.mark.either_engine
@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("title", "", "too-short"),
        ("title", " \t\n", "too-short"),
        ("title", "x" * 256, "too-long"),
        ("title", None, "wrong-type"),
        ("title", 7, "wrong-type"),
        ("description", "x" * 10_001, "too-long"),
        ("description", ["x"], "wrong-type"),
        ("year", 0, "out-of-range"),
        ("year", 10_000, "out-of-range"),
        ("year", "1979", "wrong-type"),
        ("year", 1979.0, "wrong-type"),
        ("rating", -0.1, "out-of-range"),
        ("rating", 10.000001, "out-of-range"),
        ("rating", 1e300, "out-of-range"),
        ("rating", "8.1", "wrong-type"),
        ("rating", True, "wrong-type"),
        ("duration", 0, "out-of-range"),
        ("duration", -100, "out-of-range"),
        ("duration", 7 * 24 * 60 + 1, "out-of-range"),
        ("duration", 1.7, "wrong-type"),
        ("duration", "100", "wrong-type"),
        ("duration", "٣", "wrong-type"),
        ("duration", "1_0", "wrong-type"),
        ("duration", True, "wrong-type"),
        ("trailer", "", "too-short"),
        ("trailer", "javascript:alert(1)", "bad-url"),
        ("trailer", "https://", "bad-url"),
        ("poster", "https://a b", "bad-url"),
        ("poster", "https://example.com/\r\nX-Evil: 1", "bad-url"),
        ("poster", "https://example.com/" + "x" * 2000, "too-long"),
        ("age_rating", "x" * 21, "too-long"),
        ("label", "Top Secret", "bad-label"),
        ("label", "-", "bad-label"),
        ("genres", 1, "wrong-type"),
        ("genres", {"0": 1}, "wrong-type"),
        ("genres", None, "wrong-type"),
        ("genres", list(range(1, 1002)), "too-long"),
        ("genres.0", [0], "out-of-range"),
        ("actors.0", [10**18], "out-of-range"),
        ("actors.1", [1, "1"], "wrong-type"),
        ("directors.0", [1.0], "wrong-type"),
        ("directors.0", [[]], "wrong-type"),
        ("id", 7, "unknown-field"),
        ("created_at", "2026-05-01T12:00:00Z", "unknown-field"),
        ("title_key", "x", "unknown-field"),
    ],
)
def test_a_bad_value_is_a_400_that_names_it(cinema: Cinema, field: str, value: Any, code: str) -> None:
    movie = cinema.movie()
    before = cinema.member.get("/movies")
    for method, path in (("POST", "/movies"), ("PUT", f"/movies/{movie}"), ("PATCH", f"/movies/{movie}")):
        problem = cinema.admin.call(method, path, {"title": "Солярис"} | {field.split(".")[0]: value}, 400).json
        assert [(error["field"], error["code"]) for error in problem["errors"]] == [(field, code)]
    assert cinema.member.get("/movies") == before


def test_every_bad_field_is_named_at_once(cinema: Cinema) -> None:
    body = {"title": "", "year": "1979", "genres": [1, "2", 0], "colour": "sepia"}
    problem = cinema.admin.post("/movies", body, 400)
    assert fields(problem) == {"title", "year", "genres.1", "genres.2", "colour"}


# -- its lists -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "make"), [("genres", genre), ("directors", director), ("actors", actor)])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_an_unknown_id_in_a_list_is_named_and_nothing_is_stored(
    cinema: Cinema, method: str, name: str, make: Any
) -> None:
    known, movie = make(cinema), cinema.movie()
    before = cinema.member.get("/movies")
    path = "/movies" if method == "POST" else f"/movies/{movie}"
    problem = cinema.admin.call(method, path, {"title": "Солярис", name: [known, 10**17, 10**18 - 1]}, 400).json
    named = [(error["field"], error["code"]) for error in problem["errors"]]
    assert named == [(f"{name}.1", "unknown"), (f"{name}.2", "unknown")]
    assert cinema.member.get("/movies") == before


@pytest.mark.parametrize("name", ["genres", "directors", "actors"])
def test_a_list_names_nothing_twice(cinema: Cinema, name: str) -> None:
    problem = cinema.admin.post("/movies", {"title": "Солярис", name: [1, 2, 1]}, 400)
    assert [(error["field"], error["code"]) for error in problem["errors"]] == [(name, "duplicate")]


def test_actors_keep_the_order_they_were_given_in(cinema: Cinema) -> None:
    first, second, third = (actor(cinema, name, "Фрейндлих") for name in ("Алиса", "Бруно", "Варвара"))
    movie = cinema.movie(actors=[third, first, second])

    def cast() -> list[int]:
        return [each["id"] for each in cinema.member.get(f"/movies/{movie}")["actors"]]

    assert cast() == [third, first, second]
    cinema.admin.patch(f"/movies/{movie}", {"actors": [second, third, first]})
    assert cast() == [second, third, first]
    cinema.admin.patch(f"/movies/{movie}", {"actors": [first]})
    assert cast() == [first]


# -- changing and deleting -----------------------------------------------------------------------------------


def test_putting_a_film_replaces_all_of_it(cinema: Cinema) -> None:
    movie = cinema.movie(**FULL, genres=[genre(cinema)], directors=[director(cinema)], actors=[actor(cinema)])
    replaced = cinema.admin.put(f"/movies/{movie}", {"title": "Солярис"})
    assert replaced == EMPTY | {"id": movie, "title": "Солярис"} == cinema.member.get(f"/movies/{movie}")


def test_patching_a_film_keeps_what_is_not_sent(cinema: Cinema) -> None:
    movie = cinema.movie(**FULL, genres=[genre(cinema)], actors=[actor(cinema)])
    before = cinema.admin.get(f"/movies/{movie}")
    assert cinema.admin.patch(f"/movies/{movie}", {}) == before
    assert cinema.admin.patch(f"/movies/{movie}", {"year": 1980}) == before | {"year": 1980}
    expected = before | {"year": None, "genres": []}
    assert cinema.admin.patch(f"/movies/{movie}", {"year": None, "genres": []}) == expected
    assert cinema.admin.get(f"/movies/{movie}") == expected


def test_a_changed_title_is_found_by_its_new_words_only(cinema: Cinema) -> None:
    movie = cinema.movie("Сталкер", description="Зона")
    cinema.admin.patch(f"/movies/{movie}", {"title": "Солярис"})
    assert found(cinema, "title=солярис") == [movie] == found(cinema, "q=зона")
    assert found(cinema, "title=сталкер") == [] == found(cinema, "q=сталкер")


def test_a_deleted_film_is_gone_and_its_genre_is_not(cinema: Cinema) -> None:
    listed = genre(cinema)
    movie = cinema.movie(genres=[listed])
    cinema.admin.delete(f"/movies/{movie}")
    cinema.member.get(f"/movies/{movie}", 404)
    cinema.admin.delete(f"/movies/{movie}", 404)
    assert cinema.member.get(f"/genres/{listed}")["name"] == "Драма"


def test_a_scheduled_film_cannot_be_deleted(cinema: Cinema) -> None:
    movie = cinema.movie()
    screening = cinema.screening(movie=movie)
    problem = cinema.admin.delete(f"/movies/{movie}", 409)
    assert (problem["code"], problem["dependents"]) == ("in-use", {"screenings": 1})
    cinema.member.get(f"/movies/{movie}")
    cinema.admin.delete(f"/screenings/{screening}")
    cinema.admin.delete(f"/movies/{movie}")


def test_a_deleted_film_leaves_no_bookmark(cinema: Cinema) -> None:
    movie = cinema.movie()
    cinema.member.put(f"/me/bookmarks/{movie}", status=204)
    cinema.admin.delete(f"/movies/{movie}")
    assert cinema.member.get("/me/bookmarks")["items"] == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_what_does_not_exist_cannot_be_changed(cinema: Cinema, method: str) -> None:
    body = None if method == "DELETE" else {"title": "Солярис"}
    assert cinema.admin.call(method, f"/movies/{10**17}", body, 404).json["code"] == "not-found"
    assert found(cinema, "") == []


# -- finding -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Сталкер", "сТАЛк"),
        ("The Thing", "HE%20THIN"),
        ("Straße nach Süden", "STRASSE"),
        ("Зеленый ёж", "Е\u0308Ж"),  # a decomposed letter
        ("ﬁlm ﬂight", "FILM"),
        ("100% Wolf", "0%25"),
        ("snake_case", "e_c"),
        ("back\\slash", "k\\s"),
        ("It's", "'s"),
        ("Airplane!", "NE!"),
        ("!%_!", "!%25_"),
    ],
)
def test_a_search_finds_a_part_in_any_case(cinema: Cinema, title: str, words: str) -> None:
    cinema.movie("Nothing like it")
    movie = cinema.movie(title)
    assert found(cinema, f"title={words}") == [movie]
    assert found(cinema, f"q={words}") == [movie]


@pytest.mark.parametrize("parameter", ["title", "q"])
def test_a_wildcard_in_a_search_is_only_a_character(cinema: Cinema, parameter: str) -> None:
    cinema.movie("axb")
    for sign in ("%25", "_", "\\", "!", "*", "%EF%BC%85", "a%25b", "a_b", "%25%25"):
        assert found(cinema, f"{parameter}={sign}") == []


def test_q_looks_for_every_word_in_title_description_directors_and_actors(cinema: Cinema) -> None:
    tarkovsky, freindlich = director(cinema), actor(cinema)
    movie = cinema.movie("Сталкер", description="Зона", directors=[tarkovsky], actors=[freindlich])
    cinema.movie("Солярис", directors=[tarkovsky])
    assert found(cinema, "q=зона") == [movie]
    assert found(cinema, "q=ТАРКОВСКИЙ%20алиса%20сталк") == [movie]
    assert len(found(cinema, "q=тарковский")) == 2
    assert found(cinema, "q=фрейндлих%20солярис") == []
    assert len(found(cinema, "q=")) == len(found(cinema, "title=")) == 2


def test_filters_narrow_down_together(cinema: Cinema) -> None:
    drama, comedy, tarkovsky, freindlich = genre(cinema), genre(cinema, "Комедия"), director(cinema), actor(cinema)
    stalker = cinema.movie("Сталкер", year=1979, genres=[drama], directors=[tarkovsky], actors=[freindlich])
    romance = cinema.movie("Служебный роман", year=1977, genres=[comedy, drama], actors=[freindlich])
    unknown = cinema.movie("Без года", genres=[comedy])
    archived = cinema.movie("Из архива", label="archive")
    assert found(cinema, f"genre={drama}") == [stalker, romance]
    assert found(cinema, f"genre={comedy}") == [romance, unknown]
    assert found(cinema, f"director={tarkovsky}") == [stalker]
    assert found(cinema, f"actor={freindlich}") == [stalker, romance]
    assert found(cinema, "year=1979") == [stalker]
    assert found(cinema, "year_from=1978") == [stalker]
    assert found(cinema, "year_to=1978") == [romance]
    assert found(cinema, "year_from=1977&year_to=1979") == [stalker, romance]
    assert found(cinema, f"genre={drama}&actor={freindlich}&year_to=1978&title=роман") == [romance]
    assert found(cinema, f"genre={drama}&label=archive") == []
    assert found(cinema, f"genre={10**17}") == []
    assert [movie["id"] for movie in cinema.admin.get("/movies?label=archive")["items"]] == [archived]


def test_new_films_come_newest_year_first_and_unknown_years_last(cinema: Cinema) -> None:
    years = {year: cinema.movie(str(year), year=year) for year in (1979, None, 2026, 1895)}
    assert found(cinema, "status=new") == [years[2026], years[1979], years[1895], years[None]]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("genre=0", "genre"),
        ("genre=drama", "genre"),
        ("director=-1", "director"),
        ("actor=1234567890123456789", "actor"),
        ("year=0", "year"),
        ("year_from=10000", "year_from"),
        ("year_to=1e3", "year_to"),
        ("status=old", "status"),
        ("title=" + "x" * 256, "title"),
        ("q=%00", "q"),
    ],
)
def test_a_bad_filter_is_a_400_that_names_it(cinema: Cinema, query: str, field: str) -> None:
    assert fields(cinema.member.get(f"/movies?{query}", 400)) == {field}


# -- what it costs -------------------------------------------------------------------------------------------


def test_a_film_and_a_page_of_films_cost_one_statement_each(cinema: Cinema) -> None:
    listed, cast = genre(cinema), [actor(cinema, name) for name in ("Алиса", "Бруно")]
    movies = [cinema.movie(f"Фильм {number}", genres=[listed], actors=cast) for number in range(5)]
    member = cinema.member
    costs = {}
    for path in (f"/movies/{movies[0]}", "/movies", "/movies?q=фильм&sort=-year,title&limit=2", "/movies?count=true"):
        with cinema.statements() as statements:
            member.get(path)
        costs[path] = len(statements)
    assert list(costs.values()) == [1, 1, 1, 2]
