"""Genres, directors and actors: what they have alike, and what sets them apart."""

from typing import Any

import pytest

from tests.app import Cinema, fields

KINDS = ["genres", "directors", "actors"]


def body(kind: str, name: str = "Андрей Тарковский") -> dict[str, str]:
    """What to send for one of that name."""
    if kind != "actors":
        return {"name": name}
    first_name, _space, last_name = name.rpartition(" ")
    return {"first_name": first_name or "Анна", "last_name": last_name}


def make(cinema: Cinema, kind: str, name: str = "Андрей Тарковский") -> dict[str, Any]:
    """One of that name."""
    made: dict[str, Any] = cinema.admin.post(f"/{kind}", body(kind, name))
    return made


def found(cinema: Cinema, query: str) -> list[int]:
    """The ids that a query finds, in order."""
    return [each["id"] for each in cinema.member.get(query)["items"]]


@pytest.mark.parametrize("kind", ["genres", "directors"])
def test_a_genre_or_director_is_a_name(cinema: Cinema, kind: str) -> None:
    made = make(cinema, kind)
    assert made == {"id": made["id"], "name": "Андрей Тарковский"}


def test_an_actor_has_two_names_and_a_full_one(cinema: Cinema) -> None:
    made = cinema.admin.post("/actors", {"first_name": "Алиса Бруновна", "last_name": "Фрейндлих"})
    assert made == {
        "id": made["id"],
        "first_name": "Алиса Бруновна",
        "last_name": "Фрейндлих",
        "full_name": "Алиса Бруновна Фрейндлих",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_one_is_made_read_renamed_and_deleted(cinema: Cinema, kind: str) -> None:
    answer = cinema.admin.call("POST", f"/{kind}", body(kind), 201)
    path = f"/{kind}/{answer.json['id']}"
    assert answer.headers["Location"] == f"http://localhost/api/v1{path}"
    assert cinema.member.get(path) == answer.json
    assert cinema.member.get(f"/{kind}")["items"] == [answer.json]
    renamed = cinema.admin.put(path, body(kind, "Кира Муратова"))
    assert renamed == answer.json | renamed != answer.json
    assert cinema.admin.patch(path, {}) == renamed == cinema.member.get(path)
    assert cinema.admin.call("DELETE", path).status_int == 204
    cinema.member.get(path, 404)
    for method in ("PUT", "PATCH", "DELETE"):
        assert cinema.admin.call(method, path, None if method == "DELETE" else body(kind)).status_int == 404


def test_patching_an_actor_keeps_the_other_name(cinema: Cinema) -> None:
    path = f"/actors/{make(cinema, 'actors', 'Алиса Фрейндлих')['id']}"
    assert cinema.admin.patch(path, {"last_name": "Коонен"})["full_name"] == "Алиса Коонен"
    assert cinema.admin.patch(path, {"first_name": "Анна"})["full_name"] == "Анна Коонен"
    assert cinema.member.get("/actors?name=коонен%20анна")["items"][0]["first_name"] == "Анна"


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_name_is_what_films_show_and_searches_find(cinema: Cinema, kind: str) -> None:
    made = make(cinema, kind)
    movie = cinema.movie(**{kind: [made["id"]]})
    renamed = cinema.admin.put(f"/{kind}/{made['id']}", body(kind, "Кира Муратова"))
    assert cinema.member.get(f"/movies/{movie}")[kind] == [renamed]
    assert found(cinema, f"/{kind}?name=муратова") == [made["id"]]
    assert found(cinema, f"/{kind}?name=тарковский") == []


def test_a_genres_name_is_taken_once(cinema: Cinema) -> None:
    make(cinema, "genres", "Драма")
    comedy = make(cinema, "genres", "Комедия")
    refused = [
        cinema.admin.post("/genres", {"name": "Драма"}, 409),
        cinema.admin.put(f"/genres/{comedy['id']}", {"name": "Драма"}, 409),
        cinema.admin.patch(f"/genres/{comedy['id']}", {"name": "Драма"}, 409),
    ]
    assert {problem["code"] for problem in refused} == {"name-taken"}
    assert [genre["name"] for genre in cinema.member.get("/genres")["items"]] == ["Драма", "Комедия"]
    assert cinema.admin.put(f"/genres/{comedy['id']}", {"name": "Комедия"}) == comedy


@pytest.mark.parametrize("kind", ["directors", "actors"])
def test_namesakes_are_different_people(cinema: Cinema, kind: str) -> None:
    assert make(cinema, kind)["id"] != make(cinema, kind)["id"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_film_has_cannot_be_deleted(cinema: Cinema, kind: str) -> None:
    made = make(cinema, kind)
    movies = [cinema.movie(**{kind: [made["id"]]}) for _ in range(2)]
    problem = cinema.admin.delete(f"/{kind}/{made['id']}", 409)
    assert (problem["code"], problem["dependents"]) == ("in-use", {"movies": 2})
    assert cinema.member.get(f"/movies/{movies[0]}")[kind] == [made]
    for movie in movies:
        cinema.admin.delete(f"/movies/{movie}")
    cinema.admin.delete(f"/{kind}/{made['id']}")


@pytest.mark.either_engine
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "too-short"),
        (" ", "too-short"),
        ("x" * 256, "too-long"),
        (None, "wrong-type"),
        (7, "wrong-type"),
        (["x"], "wrong-type"),
        ("a\0b", "bad-text"),
        ("a\ud800b", "bad-text"),
    ],
)
def test_a_bad_name_is_a_400_that_names_it(cinema: Cinema, kind: str, value: Any, code: str) -> None:
    made = make(cinema, kind)
    for method, path in (("POST", f"/{kind}"), ("PUT", f"/{kind}/{made['id']}"), ("PATCH", f"/{kind}/{made['id']}")):
        for name in body(kind):
            problem = cinema.admin.call(method, path, body(kind) | {name: value}, 400).json
            assert [(error["field"], error["code"]) for error in problem["errors"]] == [(name, code)]
    assert cinema.member.get(f"/{kind}")["items"] == [made]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_no_name_may_be_missing(cinema: Cinema, kind: str, method: str) -> None:
    path = f"/{kind}" if method == "POST" else f"/{kind}/{make(cinema, kind)['id']}"
    assert fields(cinema.admin.call(method, path, {}, 400).json) == set(body(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_a_search_finds_every_word_in_any_case_and_order(cinema: Cinema, kind: str) -> None:
    tarkovsky, other = make(cinema, kind)["id"], make(cinema, kind, "Андрей Звягинцев")["id"]
    assert found(cinema, f"/{kind}?name=АНДРЕЙ") == [tarkovsky, other]
    assert found(cinema, f"/{kind}?name=тарк%20андр") == [tarkovsky]
    assert found(cinema, f"/{kind}?name=андр%20тарк") == [tarkovsky]
    assert found(cinema, f"/{kind}?name=%25") == []
    assert found(cinema, f"/{kind}?name=_") == []
    assert found(cinema, f"/{kind}?name=\\") == []
    assert found(cinema, f"/{kind}?name=") == [tarkovsky, other]


@pytest.mark.parametrize("kind", KINDS)
def test_one_and_a_page_of_them_cost_one_statement_each(cinema: Cinema, kind: str) -> None:
    made, member = make(cinema, kind), cinema.member
    for path in (f"/{kind}/{made['id']}", f"/{kind}?sort=name"):
        with cinema.statements() as statements:
            member.get(path)
        assert len(statements) == 1
