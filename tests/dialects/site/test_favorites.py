"""Bookmarks: one's own saved films."""

import pytest

from tests.app import Cinema
from tests.dialects.site.visitors import Visitor, ok, refused

NO_FILMS = ["0", "1000000000", "9" * 18, "9" * 19, "x", "-1", "1.0", "%D9%A3", "%00"]


def saved(member: Visitor) -> list[int]:
    return [film["id"] for film in member.get("/favorites/movies/")]


def save(member: Visitor, film: int) -> None:
    ok(member.call("POST", f"/favorites/movies/{film}/"), 200)


def test_whoever_saved_nothing_has_an_empty_list(member: Visitor) -> None:
    assert member.get("/favorites/movies/") == []


def test_a_saved_film_is_listed_as_it_is_in_the_catalogue(cinema: Cinema, member: Visitor) -> None:
    genre = cinema.admin.post("/genres", {"name": "Драма"})["id"]
    films = [cinema.movie("Ran"), cinema.movie("Ikiru", year=1952, genres=[genre])]
    for film in films:
        save(member, film)
        cinema.later(seconds=1)
    assert member.get("/favorites/movies/") == [member.get(f"/movies/{film}/") for film in films[::-1]]


def test_the_list_has_no_pages(cinema: Cinema, member: Visitor) -> None:
    films = [cinema.movie(f"film {number}") for number in range(25)]
    for film in films:
        save(member, film)
    assert saved(member) == films[::-1]
    assert len(member.get("/favorites/movies/?page=3")) == 25


def test_saving_again_changes_nothing(cinema: Cinema, member: Visitor) -> None:
    first, second = cinema.movie("Ran"), cinema.movie("Ikiru")
    for film in (first, second, first):
        save(member, film)
        cinema.later(seconds=1)
    assert saved(member) == [second, first]


@pytest.mark.parametrize("body", [b"{}", b"null", b"[", b"\xff", b"x" * 2000])
def test_a_body_is_not_looked_at(cinema: Cinema, member: Visitor, body: bytes) -> None:
    film = cinema.movie()
    ok(member.call("POST", f"/favorites/movies/{film}/", body), 200)
    assert saved(member) == [film]


def test_a_bookmark_is_removed_and_removing_it_again_is_fine(cinema: Cinema, member: Visitor) -> None:
    kept, gone = cinema.movie("Ran"), cinema.movie("Ikiru")
    for film in (kept, gone):
        save(member, film)
    for _time in range(2):
        ok(member.call("DELETE", f"/favorites/movies/{gone}/"), 200)
        assert saved(member) == [kept]


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize("segment", NO_FILMS)
def test_a_film_that_does_not_exist_is_a_404(member: Visitor, method: str, segment: str) -> None:
    refused(member.call(method, f"/favorites/movies/{segment}/"), 404)
    assert saved(member) == []


def test_everybody_has_their_own_list(cinema: Cinema, member: Visitor, other: Visitor) -> None:
    film = cinema.movie()
    save(member, film)
    ok(other.call("DELETE", f"/favorites/movies/{film}/"), 200)
    assert (saved(member), saved(other)) == ([film], [])


def test_the_list_is_the_native_one(cinema: Cinema, member: Visitor) -> None:
    one, two = cinema.movie("Ran"), cinema.movie("Ikiru")
    save(member, one)
    assert [each["movie"]["id"] for each in cinema.member.get("/me/bookmarks")["items"]] == [one]
    cinema.member.put(f"/me/bookmarks/{two}", status=204)
    assert set(saved(member)) == {one, two}


def test_a_film_with_a_label_is_hidden_even_from_who_may_see_it_natively(cinema: Cinema) -> None:
    boss = cinema.person("boss", "admin", superuser=True)
    caller = Visitor.of(cinema.http, boss)
    film = cinema.movie()
    save(caller, film)
    boss.patch(f"/movies/{film}", {"label": "preview"})
    assert saved(caller) == []
    for method in ("POST", "DELETE"):
        refused(caller.call(method, f"/favorites/movies/{film}/"), 404)
    boss.patch(f"/movies/{film}", {"label": None})
    assert saved(caller) == [film]


def test_a_deleted_film_takes_its_bookmarks_along(cinema: Cinema, member: Visitor) -> None:
    film = cinema.movie()
    save(member, film)
    cinema.admin.delete(f"/movies/{film}")
    assert saved(member) == []


@pytest.mark.parametrize("path", ["/favorites/movies", "/favorites/movies/{film}", "/favorites/", "/favorites"])
def test_the_final_slash_belongs_to_the_address(cinema: Cinema, member: Visitor, path: str) -> None:
    film = cinema.movie()
    for method in ("GET", "POST", "DELETE"):
        refused(member.call(method, path.format(film=film)), 404)


def test_the_list_takes_one_statement(cinema: Cinema, member: Visitor) -> None:
    for title in ("Ran", "Ikiru"):
        save(member, cinema.movie(title))
    with cinema.statements() as seen:
        assert len(saved(member)) == 2
    assert len(seen) == 1
