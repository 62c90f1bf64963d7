"""`expand`: screenings with their whole film and hall."""

import pytest

from tests.app import Cinema, fields


def test_screenings_show_their_whole_film_and_hall_to_whoever_asks(cinema: Cinema) -> None:
    screening = cinema.screening()
    plain = cinema.member.get(f"/screenings/{screening}")
    film = cinema.member.get(f"/movies/{plain['movie']['id']}")
    hall = cinema.member.get(f"/halls/{plain['hall']['id']}")
    assert cinema.member.get(f"/screenings/{screening}?expand=movie,hall") == {**plain, "movie": film, "hall": hall}
    assert cinema.member.get(f"/screenings/{screening}?expand=hall") == {**plain, "hall": hall}
    assert cinema.member.get("/screenings?expand=movie")["items"] == [{**plain, "movie": film}]
    assert set(plain["movie"]) == {"id", "title"}


def test_a_page_costs_one_statement_more_for_each_thing_that_is_expanded(cinema: Cinema) -> None:
    hall = cinema.hall()
    for day in range(3):
        cinema.screening(hall=hall, starts_at=f"2026-05-0{day + 2}T12:00:00Z")
    assert cinema.member.id  # made now, not within what is counted
    for query, number in {"": 1, "?expand=movie": 2, "?expand=hall": 2, "?expand=movie,hall": 3}.items():
        with cinema.statements() as statements:
            assert len(cinema.member.get(f"/screenings{query}")["items"]) == 3
        assert len(statements) == number


def test_the_next_page_expands_too(cinema: Cinema) -> None:
    hall = cinema.hall()
    for day in range(3):
        cinema.screening(hall=hall, starts_at=f"2026-05-0{day + 2}T12:00:00Z")
    found = list(cinema.member.walk("/screenings?expand=movie&limit=1"))
    assert [each["movie"]["duration"] for each in found] == [100] * 3


def test_a_hidden_film_is_hidden_however_it_is_asked_for(cinema: Cinema) -> None:
    screening = cinema.screening(movie=cinema.movie(label="vip"))
    cinema.member.get(f"/screenings/{screening}?expand=movie", 404)
    assert cinema.member.get("/screenings?expand=movie")["items"] == []
    assert cinema.admin.get(f"/screenings/{screening}?expand=movie")["movie"]["label"] == "vip"


@pytest.mark.parametrize("asked", ["", "seats", "movie,", "movie,seats", "Movie", "movie hall"])
def test_only_what_can_be_expanded_is(cinema: Cinema, asked: str) -> None:
    screening = cinema.screening()
    for path in ("/screenings", f"/screenings/{screening}"):
        assert fields(cinema.member.get(f"{path}?expand={asked}", 400)) == {"expand"}
