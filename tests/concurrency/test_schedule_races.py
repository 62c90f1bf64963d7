"""Eight people plan screenings in one hall at once."""

import os
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from tests.concurrency.arena import CLIENTS, Arena, noon, outcomes, race
from tests.processes import Answer, Client

CLEANING = timedelta(minutes=25)
LENGTHS = (60, 90, 120)
CREATIONS = int(os.environ.get("CINEMA_TEST_ROUNDS", "1000"))  # of the long race
REFUSED = (409, "overlap")


def plan(house: Arena, hall: int, turns: int, days: int, seed: int) -> list[Answer]:
    """Everybody creates screenings at random times, and now and then moves one of their own."""
    movies = [house.movie(minutes) for minutes in LENGTHS]

    def act(number: int, client: Client) -> list[Answer]:
        luck, mine, answers = Random(seed * CLIENTS + number), [], []
        for _turn in range(turns):
            starts_at = noon() - timedelta(hours=12) + timedelta(minutes=15 * luck.randrange(84 * days))
            body: dict[str, Any] = {"starts_at": starts_at.isoformat()}
            if mine and luck.random() < 0.3:
                answers.append(client.call("PATCH", f"/screenings/{luck.choice(mine)}", body))
                continue
            body |= {"hall": hall, "movie": luck.choice(movies)}
            answers.append(client.call("POST", "/screenings", body))
            if answers[-1].status == 201:
                mine.append(answers[-1].body["id"])
        return answers

    return [answer for answers in race(house.admins, act) for answer in answers]


def overlaps(house: Arena, hall: int) -> list[tuple[datetime, datetime]]:
    """When one screening has not been cleaned up after by the time the next one begins, by the database."""
    rows = house.sql(
        "SELECT starts_at, duration FROM screenings JOIN movies ON movies.id = movie_id WHERE hall_id = :hall",
        hall=hall,
    )
    times = sorted((moment(starts_at), duration) for starts_at, duration in rows)
    return [
        (starts_at, following)
        for (starts_at, minutes), (following, _minutes) in pairwise(times)
        if starts_at + timedelta(minutes=minutes) + CLEANING > following
    ]


def moment(value: Any) -> datetime:
    """A time as either engine hands it over."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value).replace(tzinfo=UTC)


def test_screenings_of_one_hall_never_overlap(house: Arena) -> None:
    hall = house.hall()
    said = outcomes(plan(house, hall, turns=12, days=1, seed=0))
    assert set(said) == {(201, ""), (200, ""), REFUSED}
    assert overlaps(house, hall) == []


def test_one_moment_in_one_hall_goes_to_one_of_eight(house: Arena) -> None:
    hall, movie = house.hall(), house.movie()
    body = {"hall": hall, "movie": movie, "starts_at": noon().isoformat()}
    answers = race(house.admins, lambda _number, client: client.call("POST", "/screenings", body))
    assert outcomes(answers) == {(201, ""): 1, REFUSED: 7}
    winner = next(answer.body["id"] for answer in answers if answer.status == 201)
    assert {answer.body["other"]["id"] for answer in answers if answer.status == 409} == {winner}


def test_a_film_that_gets_longer_never_runs_into_a_screening_made_meanwhile(house: Arena) -> None:
    said = []
    for _round in range(8):
        hall, movie = house.hall(), house.movie(60)
        first = {"hall": hall, "movie": movie, "starts_at": noon().isoformat()}
        house.admin.create("/screenings", first)
        second = first | {"starts_at": (noon() + timedelta(minutes=90)).isoformat()}

        def act(number: int, client: Client, movie: int = movie, second: dict[str, Any] = second) -> Answer:
            if number:
                return client.call("POST", "/screenings", second)
            return client.call("PATCH", f"/movies/{movie}", {"duration": 90})

        said += race(house.admins[:2], act)
        assert overlaps(house, hall) == []
    assert set(outcomes(said)) <= {(200, ""), (201, ""), REFUSED}


def test_screenings_that_change_halls_at_once_never_overlap(house: Arena) -> None:
    """Each wants to go where the other is: both locks are taken in one order, so nobody waits in a circle."""
    movie, halls = house.movie(), (house.hall(), house.hall())
    for day in range(6):
        starts_at = (noon() + timedelta(days=day)).isoformat()
        both = [
            house.admin.create("/screenings", {"movie": movie, "hall": hall, "starts_at": starts_at})["id"]
            for hall in halls
        ]

        def act(number: int, client: Client, both: list[int] = both) -> Answer:
            return client.call("PATCH", f"/screenings/{both[number]}", {"hall": halls[1 - number]})

        assert outcomes(race(house.admins[:2], act)) == {REFUSED: 2}
    assert [overlaps(house, hall) for hall in halls] == [[], []]


@pytest.mark.slow
def test_a_long_race_for_a_hall_leaves_no_overlap(house: Arena) -> None:
    """A week in one hall, until CINEMA_TEST_ROUNDS screenings were asked for."""
    hall = house.hall()
    turns = -(-CREATIONS // CLIENTS)
    said = outcomes(plan(house, hall, turns=turns, days=7, seed=1))
    assert set(said) == {(201, ""), (200, ""), REFUSED}
    assert overlaps(house, hall) == []
