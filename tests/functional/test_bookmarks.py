"""Bookmarks: one's own saved films."""

import pytest

from tests.app import Cinema, Person


def saved(person: Person) -> list[int]:
    return [each["movie"]["id"] for each in person.walk("/me/bookmarks?limit=2")]


def test_a_saved_film_is_listed_as_it_is_in_the_catalogue(cinema: Cinema) -> None:
    film = cinema.movie()
    assert cinema.member.put(f"/me/bookmarks/{film}", status=204) is None
    assert cinema.member.get("/me/bookmarks")["items"] == [
        {"movie": cinema.member.get(f"/movies/{film}"), "saved_at": "2026-05-01T12:00:00Z"}
    ]


def test_the_newest_is_first_and_saving_again_changes_nothing(cinema: Cinema) -> None:
    films = [cinema.movie(title) for title in ("Ran", "Ikiru", "Rashomon")]
    for film in films:
        cinema.member.put(f"/me/bookmarks/{film}", status=204)
        cinema.later(seconds=1)
    before = cinema.member.get("/me/bookmarks")
    cinema.member.put(f"/me/bookmarks/{films[0]}", status=204)
    assert cinema.member.get("/me/bookmarks") == before
    assert saved(cinema.member) == films[::-1]


def test_films_saved_at_the_same_moment_are_all_listed(cinema: Cinema) -> None:
    films = [cinema.movie(str(number)) for number in range(5)]
    for film in films:
        cinema.member.put(f"/me/bookmarks/{film}", status=204)
    assert saved(cinema.member) == films[::-1]
    assert cinema.member.get("/me/bookmarks?count=true&limit=1")["total"] == 5


def test_a_bookmark_is_removed_and_removing_it_again_is_fine(cinema: Cinema) -> None:
    kept, gone = cinema.movie("Ran"), cinema.movie("Ikiru")
    for film in (kept, gone):
        cinema.member.put(f"/me/bookmarks/{film}", status=204)
    for _time in range(2):
        cinema.member.delete(f"/me/bookmarks/{gone}")
        assert saved(cinema.member) == [kept]


@pytest.mark.parametrize("segment", ["1000000000", "0", "x", "-1", "9" * 18, "9" * 19])
def test_a_film_that_does_not_exist_can_be_neither_saved_nor_removed(cinema: Cinema, segment: str) -> None:
    cinema.member.put(f"/me/bookmarks/{segment}", status=404)
    cinema.member.delete(f"/me/bookmarks/{segment}", 404)
    assert saved(cinema.member) == []


def test_bookmarks_are_ones_own(cinema: Cinema) -> None:
    film = cinema.movie()
    cinema.member.put(f"/me/bookmarks/{film}", status=204)
    cinema.other.delete(f"/me/bookmarks/{film}")
    assert [saved(person) for person in (cinema.member, cinema.other, cinema.admin)] == [[film], [], []]


def test_strangers_have_no_bookmarks(cinema: Cinema) -> None:
    film = cinema.movie()
    cinema.stranger.get("/me/bookmarks", 401)
    cinema.stranger.put(f"/me/bookmarks/{film}", status=401)
    cinema.stranger.delete(f"/me/bookmarks/{film}", 401)


def test_a_deleted_film_takes_its_bookmarks_along(cinema: Cinema) -> None:
    film = cinema.movie()
    cinema.member.put(f"/me/bookmarks/{film}", status=204)
    cinema.admin.delete(f"/movies/{film}")
    assert saved(cinema.member) == []


def test_bookmarks_take_one_statement(cinema: Cinema) -> None:
    for title in ("Ran", "Ikiru"):
        cinema.member.put(f"/me/bookmarks/{cinema.movie(title)}", status=204)
    with cinema.statements() as seen:
        cinema.member.get("/me/bookmarks")
    assert len(seen) == 1
