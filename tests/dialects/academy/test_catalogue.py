"""The catalogue: genres, actors, halls and movies, as staff enter them and everybody sees them."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.dialects.academy.app import ACTORS, GENRES, HALLS, MOVIES, Academy, Caller, ids

BAD_TEXTS: list[Any] = ["", " ", None, 5, 1.5, True, [], ["x"], {}, "a\0b", "\ud800"]
BAD_NAMES: list[Any] = [*BAD_TEXTS, "x" * 256]
BAD_NUMBERS: list[Any] = ["", "x", "1.5", None, 1.5, True, [], [1], {}, 0, -1, "0", "-3", 10**30, -(10**30)]
BAD_IDS: list[Any] = [None, [], "", "1", 1, {}, True, [None], ["x"], [""], [1.5], [True], [[1]], [{}], [0], [-1]]
UNKNOWN: list[Any] = [[999_999], [10**17], [10**30]]


def refused(academy: Academy, path: str, body: Any) -> set[str]:
    """The fields that a 400 to staff names; fails when anything was stored."""
    boss = academy.boss
    before = academy.stored()
    named = boss.refused("POST", path, body)
    assert academy.stored() == before
    return named


def without(body: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key not in names}


def everybody_reads(academy: Academy, path: str) -> Any:
    """What is at an address, which is the same for everybody."""
    seen = academy.user.get(path)
    assert academy.boss.get(path) == seen
    return seen


# -- genres --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["x", "Драма", "x" * 255, "й" * 255, 'Sci-Fi & "more" <b>'])
def test_a_genre_is_a_name(academy: Academy, name: str) -> None:
    genre = academy.boss.post(GENRES, {"name": name, "id": 999, "surprise": 1})
    assert genre == {"id": genre["id"], "name": name}
    assert type(genre["id"]) is int
    assert genre["id"] != 999
    assert everybody_reads(academy, GENRES) == [genre]


def test_genres_are_a_bare_array_of_all_there_are(academy: Academy) -> None:
    assert academy.user.get(GENRES) == []
    made = [academy.boss.post(GENRES, {"name": f"{number}"}) for number in range(30)]
    assert everybody_reads(academy, GENRES) == made
    assert academy.user.get(f"{GENRES}?page=2&limit=1&name=x&surprise=1") == made


def test_any_other_genre_is_refused(academy: Academy) -> None:
    assert refused(academy, GENRES, {}) == {"name"}
    assert refused(academy, GENRES, {"title": "x"}) == {"name"}
    for name in BAD_NAMES:
        assert refused(academy, GENRES, {"name": name}) == {"name"}, name


def test_a_genre_is_there_once(academy: Academy) -> None:
    academy.genre("Драма")
    academy.admin.post("/genres", {"name": "Комедия"})
    for name in ("Драма", "Комедия"):
        assert refused(academy, GENRES, {"name": name}) == {"name"}
    assert [genre["name"] for genre in academy.user.get(GENRES)] == ["Драма", "Комедия"]


# -- actors --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "last"), [("Алиса", "Фрейндлих"), ("x" * 255, "y" * 255), ("Jean-Luc", "d'Or")])
def test_an_actor_has_two_names_and_both_together(academy: Academy, first: str, last: str) -> None:
    body = {"first_name": first, "last_name": last, "full_name": "Nobody", "id": 999}
    actor = academy.boss.post(ACTORS, body)
    assert actor == {"id": actor["id"], "first_name": first, "last_name": last, "full_name": f"{first} {last}"}
    assert type(actor["id"]) is int
    assert everybody_reads(academy, ACTORS) == [actor]


def test_namesakes_are_fine_and_all_actors_are_listed(academy: Academy) -> None:
    assert academy.user.get(ACTORS) == []
    made = [academy.boss.post(ACTORS, {"first_name": "Лев", "last_name": "Дуров"}) for _time in range(30)]
    assert len(set(ids(made))) == 30
    assert everybody_reads(academy, ACTORS) == made


def test_any_other_actor_is_refused(academy: Academy) -> None:
    good = {"first_name": "Лев", "last_name": "Дуров"}
    assert refused(academy, ACTORS, {}) == {"first_name", "last_name"}
    assert refused(academy, ACTORS, {"full_name": "Лев Дуров"}) == {"first_name", "last_name"}
    for name in good:
        assert refused(academy, ACTORS, without(good, name)) == {name}
        for value in BAD_NAMES:
            assert refused(academy, ACTORS, good | {name: value}) == {name}, value


# -- halls ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rows", "seats_in_row"), [(1, 1), (20, 15), (200, 200)])
def test_a_hall_counts_its_seats(academy: Academy, rows: int, seats_in_row: int) -> None:
    body = {"name": "Красный", "rows": rows, "seats_in_row": seats_in_row}
    hall = academy.boss.post(HALLS, body | {"capacity": 7, "id": 999})
    assert hall == {"id": hall["id"], **body, "capacity": rows * seats_in_row}
    assert type(hall["id"]) is int
    assert everybody_reads(academy, HALLS) == [hall]


def test_halls_may_share_a_name_and_all_are_listed(academy: Academy) -> None:
    assert academy.user.get(HALLS) == []
    body = {"name": "x" * 255, "rows": 2, "seats_in_row": 3}
    made = [academy.boss.post(HALLS, body) for _time in range(30)]
    assert len(set(ids(made))) == 30
    assert everybody_reads(academy, HALLS) == made


def test_any_other_hall_is_refused(academy: Academy) -> None:
    good = {"name": "Красный", "rows": 2, "seats_in_row": 3}
    assert refused(academy, HALLS, {}) == set(good)
    assert refused(academy, HALLS, {"name": "", "rows": 0, "seats_in_row": "x"}) == set(good)
    for name in good:
        assert refused(academy, HALLS, without(good, name)) == {name}
        for value in BAD_NAMES if name == "name" else BAD_NUMBERS:
            assert refused(academy, HALLS, good | {name: value}) == {name}, value


# -- movies --------------------------------------------------------------------------------------------------


@pytest.fixture
def cast(academy: Academy) -> dict[str, list[int]]:
    """Two genres and two actors."""
    genres = [academy.genre(name) for name in ("Драма", "Фантастика")]
    actors = [academy.actor("Алиса", "Фрейндлих"), academy.actor("Николай", "Гринько")]
    return {"genres": genres, "actors": actors}


def film(cast: dict[str, list[int]]) -> dict[str, Any]:
    return {"title": "Сталкер", "description": "Комната исполняет желания.", "duration": 163, **cast}


def test_a_movie_is_answered_as_it_was_sent(academy: Academy, cast: dict[str, list[int]]) -> None:
    movie = academy.boss.post(MOVIES, film(cast) | {"id": 999, "label": "vip", "year": 1979, "surprise": 1})
    assert movie == {"id": movie["id"], **film(cast)}
    assert type(movie["id"]) is int
    assert academy.admin.get(f"/movies/{movie['id']}")["label"] is None


def test_it_is_listed_with_names_and_shown_with_everything(academy: Academy, cast: dict[str, list[int]]) -> None:
    key = academy.boss.post(MOVIES, film(cast))["id"]
    plain = without(film(cast), "genres", "actors") | {"id": key}
    names = {"genres": ["Драма", "Фантастика"], "actors": ["Алиса Фрейндлих", "Николай Гринько"]}
    assert everybody_reads(academy, MOVIES) == [plain | names]
    assert everybody_reads(academy, f"{MOVIES}{key}/") == plain | {
        "genres": [
            {"id": cast["genres"][0], "name": "Драма"},
            {"id": cast["genres"][1], "name": "Фантастика"},
        ],
        "actors": [
            {
                "id": cast["actors"][0],
                "first_name": "Алиса",
                "last_name": "Фрейндлих",
                "full_name": "Алиса Фрейндлих",
            },
            {
                "id": cast["actors"][1],
                "first_name": "Николай",
                "last_name": "Гринько",
                "full_name": "Николай Гринько",
            },
        ],
    }


@pytest.mark.parametrize(
    "more",
    [
        {"title": "x" * 255},
        {"description": "x" * 10_000},
        {"description": "a\n\nb"},
        {"duration": 1},
        {"duration": 600},
    ],
    ids=lambda more: str(more)[:30],
)
def test_what_would_do(academy: Academy, cast: dict[str, list[int]], more: dict[str, Any]) -> None:
    movie = academy.boss.post(MOVIES, film(cast) | more)
    assert movie == {"id": movie["id"], **film(cast), **more}


def test_films_may_share_a_title(academy: Academy, cast: dict[str, list[int]]) -> None:
    first, second = (academy.boss.post(MOVIES, film(cast)) for _time in range(2))
    assert ids(everybody_reads(academy, MOVIES)) == [first["id"], second["id"]]


def test_a_genre_or_actor_that_is_named_twice_is_there_once(academy: Academy, cast: dict[str, list[int]]) -> None:
    doubled = {name: [*reversed(ids), *ids] for name, ids in cast.items()}
    movie = academy.boss.post(MOVIES, film(doubled))
    for name, expected in cast.items():
        assert sorted(movie[name]) == sorted(expected)
        assert len(academy.user.get(MOVIES)[0][name]) == 2


@pytest.mark.parametrize("name", ["title", "description", "duration", "genres", "actors"])
def test_every_field_of_a_movie_is_required(academy: Academy, cast: dict[str, list[int]], name: str) -> None:
    assert refused(academy, MOVIES, without(film(cast), name)) == {name}


def test_all_that_is_missing_is_named_at_once(academy: Academy, cast: dict[str, list[int]]) -> None:
    assert refused(academy, MOVIES, {}) == set(film(cast))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("title", BAD_NAMES),
        ("description", BAD_TEXTS),
        ("duration", BAD_NUMBERS),
        ("genres", BAD_IDS + UNKNOWN),
        ("actors", BAD_IDS + UNKNOWN),
    ],
)
def test_any_other_movie_is_refused(
    academy: Academy, cast: dict[str, list[int]], name: str, values: list[Any]
) -> None:
    for value in values:
        assert refused(academy, MOVIES, film(cast) | {name: value}) == {name}, value


def test_one_unknown_id_among_good_ones_is_refused(academy: Academy, cast: dict[str, list[int]]) -> None:
    for name, good in cast.items():
        assert refused(academy, MOVIES, film(cast) | {name: [*good, 999_999]}) == {name}
    unknown = {"genres": [999_999], "actors": [999_999]}
    assert refused(academy, MOVIES, film(cast) | unknown) == {"genres", "actors"}


def test_every_bad_field_is_named_at_once(academy: Academy, cast: dict[str, list[int]]) -> None:
    body = {"title": "", "description": None, "duration": 0, "genres": [], "actors": ["x"]}
    assert refused(academy, MOVIES, body) == set(film(cast))


def test_an_unknown_id_is_named_beside_the_other_errors(academy: Academy, cast: dict[str, list[int]]) -> None:
    body = film(cast) | {"title": "", "genres": [999_999]}
    assert refused(academy, MOVIES, body) == {"title", "genres"}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_movie_stays_as_it_is(academy: Academy, cast: dict[str, list[int]], method: str) -> None:
    path = f"{MOVIES}{academy.boss.post(MOVIES, film(cast))['id']}/"
    before = everybody_reads(academy, path)
    expected: list[tuple[Caller, int]] = [(academy.boss, 405), (academy.user, 403), (academy.nobody, 401)]
    for caller, status in expected:
        caller.call(method, path, {"title": "x"}, status)
    assert everybody_reads(academy, path) == before


# -- finding movies ------------------------------------------------------------------------------------------


def titles(academy: Academy, query: str) -> list[str]:
    return [movie["title"] for movie in everybody_reads(academy, f"{MOVIES}?{query}")]


def test_movies_are_a_bare_array_by_title(academy: Academy) -> None:
    assert academy.user.get(MOVIES) == []
    for title in ("Ran", "Ирония", "apple", "Brazil", "Аэлита", "яблоко", "Apple", "3"):
        academy.film(title)
    assert titles(academy, "") == ["3", "apple", "Apple", "Brazil", "Ran", "Аэлита", "Ирония", "яблоко"]


def test_no_movie_is_left_out(academy: Academy) -> None:
    made = [academy.film(f"{number:03}") for number in range(45)]
    assert ids(everybody_reads(academy, MOVIES)) == made
    assert ids(academy.user.get(f"{MOVIES}?page=2&limit=3&offset=3&sort=-id&surprise=1")) == made


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("stal", ["Stalker"]),
        ("STALKER", ["Stalker"]),
        ("ALK", ["Stalker"]),
        ("зеркал", ["Зеркало"]),
        ("ЗЕРКАЛО", ["Зеркало"]),
        ("100%", ["100% Wolf"]),
        ("%", ["100% Wolf"]),
        ("_", ["a_b"]),
        ("\\", ["c\\d"]),
        ("nothing", []),
        ("Stalker Зеркало", []),
        ("", ["100% Wolf", "a_b", "c\\d", "Stalker", "Зеркало"]),
    ],
)
def test_movies_are_found_by_part_of_the_title(academy: Academy, title: str, found: list[str]) -> None:
    for each in ("Stalker", "Зеркало", "100% Wolf", "a_b", "c\\d"):
        academy.film(each)
    assert titles(academy, f"title={quote(title)}") == found


def test_movies_are_found_by_genres_and_actors(academy: Academy) -> None:
    g1, g2, g3 = (academy.genre(name) for name in ("1", "2", "3"))
    a1, a2, a3 = (academy.actor(name) for name in ("1", "2", "3"))
    academy.film("A", genres=[g1], actors=[a1])
    academy.film("B", genres=[g1, g2], actors=[a1, a2])
    academy.film("C", genres=[g2, g1], actors=[a2])
    for query, found in (
        (f"genres={g1}", "ABC"),
        (f"genres={g2}", "BC"),
        (f"genres={g1},{g2}", "ABC"),
        (f"genres={g2},{g2}", "BC"),
        (f"genres={g3}", ""),
        (f"genres={g3},{g2}", "BC"),
        (f"genres={g2}999,999999", ""),
        (f"actors={a1}", "AB"),
        (f"actors={a1},{a2}", "ABC"),
        (f"actors={a3}", ""),
        (f"genres={g2}&actors={a1}", "B"),
        (f"genres={g1},{g2}&actors={a2}&title=c", "C"),
        (f"genres={g2}&actors={a1}&title=a", ""),
        ("genres=&actors=&title=", "ABC"),
        (f"genres={g2}&actors=", "BC"),
        ("genre=1&actor=1", "ABC"),
    ):
        assert titles(academy, query) == list(found), query


@pytest.mark.parametrize("name", ["genres", "actors"])
def test_a_filter_that_makes_no_sense_is_a_400(academy: Academy, name: str) -> None:
    academy.film()
    for value in ("x", "1,x", "1,,2", ",", ",1", "1,", "1;2", "-1", "1.5", "1e3", "٣", "true", "\0", "9" * 30):
        assert academy.user.refused("GET", f"{MOVIES}?{name}={quote(value)}") == {name}, value
    assert academy.user.refused("GET", f"{MOVIES}?genres=x&actors=x&title=x") == {"genres", "actors"}
