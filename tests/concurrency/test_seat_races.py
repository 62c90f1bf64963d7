"""Eight people fight over the seats of one hall, over real sockets; on PostgreSQL through two servers."""

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from tests.concurrency.arena import Arena, arena, outcomes, race
from tests.databases import PostgreSQL
from tests.processes import Answer, Client

Seat = tuple[int, int]
ROWS, SEATS_IN_ROW = 10, 10
HALLS = 3
LARGE_ROWS, LARGE_SEATS_IN_ROW = 15, 20
ATTEMPTS = int(os.environ.get("CINEMA_TEST_ROUNDS", "10000"))  # of the long race


@dataclass(frozen=True)
class Attempt:
    """Seats that somebody asked for, and what came of it."""

    wanted: frozenset[Seat]
    answer: Answer

    @property
    def won(self) -> bool:
        """Whether the server said yes."""
        return self.answer.status == 201

    @property
    def lost(self) -> frozenset[Seat]:
        """The seats that the refusal names."""
        return frozenset((each["row"], each["seat"]) for each in self.answer.body.get("conflicts", ()))


def seats_of(rows: int, seats_in_row: int) -> list[Seat]:
    return [(row, seat) for row in range(1, rows + 1) for seat in range(1, seats_in_row + 1)]


def fight(client: Client, screening: int, seats: Iterable[Seat], luck: Random) -> list[Attempt]:
    """Asks for groups of one to four seats, in any order, until every seat is won or known to be taken."""
    left, attempts = list(seats), []
    while left:
        luck.shuffle(left)
        wanted = left[: luck.randint(1, 4)]
        if luck.random() < 0.5:
            wanted.sort(reverse=True)
        body = {"screening": screening, "seats": [{"row": row, "seat": seat} for row, seat in wanted]}
        attempt = Attempt(frozenset(wanted), client.call("POST", "/orders", body))
        attempts.append(attempt)
        gone = attempt.wanted if attempt.won else attempt.lost
        if not gone:
            break  # neither sold nor refused properly: for the checks to report
        left = [seat for seat in left if seat not in gone]
    return attempts


def fight_over(house: Arena, screening: int, seats: list[Seat], seed: int) -> list[Attempt]:
    """One hall, until it is sold out."""
    parts = race(house.members, lambda number, client: fight(client, screening, seats, Random(seed * 8 + number)))
    return [attempt for part in parts for attempt in part]


def double_sales(house: Arena, screening: int, attempts: Iterable[Attempt]) -> set[Seat]:
    """Seats in more than one live order: by what people were told, by the tickets, and by the claims."""
    told = Counter(seat for attempt in attempts if attempt.won for seat in attempt.wanted)
    tickets = Counter((row, seat) for row, seat, _order in live_tickets(house, screening))
    claims = Counter((row, seat) for row, seat, _order in claimed(house, screening))
    return {seat for counted in (told, tickets, claims) for seat, number in counted.items() if number > 1}


def live_tickets(house: Arena, screening: int) -> list[tuple[int, int, int]]:
    """Row, seat and order of every ticket of an order that is held or paid."""
    return house.sql(
        "SELECT row_number, seat_number, order_id FROM tickets JOIN orders ON orders.id = order_id "
        "WHERE screening_id = :screening AND orders.state IN ('held', 'paid') AND tickets.state <> 'void' "
        "ORDER BY row_number, seat_number, order_id",
        screening=screening,
    )


def claimed(house: Arena, screening: int) -> list[tuple[int, int, int]]:
    """Row, seat and order of every claim."""
    return house.sql(
        "SELECT row_number, seat_number, order_id FROM seat_claims WHERE screening_id = :screening "
        "ORDER BY row_number, seat_number, order_id",
        screening=screening,
    )


def check(house: Arena, screening: int, seats: list[Seat], attempts: list[Attempt]) -> None:
    """No seat twice, none lost, every loser told what it lost, and the books agree with what people were told."""
    said = outcomes([attempt.answer for attempt in attempts])
    assert set(said) == {(201, ""), (409, "seats-unavailable")}
    assert not double_sales(house, screening, attempts)
    for attempt in attempts:
        assert attempt.won or (attempt.lost and attempt.lost <= attempt.wanted)
    told = sorted(
        (*seat, attempt.answer.body["id"]) for attempt in attempts if attempt.won for seat in attempt.wanted
    )
    assert live_tickets(house, screening) == told
    assert claimed(house, screening) == told
    assert [(row, seat) for row, seat, _order in told] == seats


@pytest.mark.parametrize("seed", range(HALLS))
def test_no_seat_is_sold_twice_and_every_loser_hears_which(house: Arena, seed: int) -> None:
    seats = seats_of(ROWS, SEATS_IN_ROW)
    screening = house.screening(house.hall(ROWS, SEATS_IN_ROW))
    check(house, screening, seats, fight_over(house, screening, seats, seed))
    assert house.admin.get(f"/screenings/{screening}")["seats_left"] == 0


def test_without_the_unique_index_the_same_check_finds_double_sales(tmp_path: Path, postgresql: PostgreSQL) -> None:
    with arena(tmp_path, postgresql.migrated("unjudged")) as house:
        house.sql("ALTER TABLE seat_claims DROP CONSTRAINT pk_seat_claims")
        seats = seats_of(2, 10)
        screening = house.screening(house.hall(2, 10))
        assert double_sales(house, screening, fight_over(house, screening, seats, seed=0))


def test_two_orders_that_swap_seats_never_hang_or_fail(house: Arena) -> None:
    """Neither gives up its seat before it has the other, so they do not wait for each other in a circle."""
    screening = house.screening(house.hall())
    people = house.members[:2]
    for row in range(1, 4):
        mine = [{"row": row, "seat": 1}], [{"row": row, "seat": 2}]
        orders = [
            client.create("/orders", {"screening": screening, "seats": seats})["id"]
            for client, seats in zip(people, mine, strict=True)
        ]

        def swap(number: int, client: Client, orders: list[int] = orders, mine: tuple = mine) -> Answer:
            return client.call("PATCH", f"/orders/{orders[number]}", {"seats": mine[1 - number]})

        assert outcomes(race(people, swap)) == {(409, "seats-unavailable"): 2}
    held = [(row, seat) for row, seat, _order in live_tickets(house, screening)]
    assert held == [(row, seat) for row, seat, _order in claimed(house, screening)]
    assert held == [(row, seat) for row in range(1, 4) for seat in (1, 2)]


def test_a_change_of_seats_and_an_order_never_share_a_seat(house: Arena) -> None:
    """Half of them order, half change what they hold, all among the same twelve seats."""
    screening = house.screening(house.hall(2, 10))
    seats = seats_of(2, 6)

    def act(number: int, client: Client) -> list[Answer]:
        luck, answers, order = Random(number), [], None
        for _turn in range(12):
            body = {"seats": [{"row": row, "seat": seat} for row, seat in luck.sample(seats, luck.randint(1, 3))]}
            if order is None or number % 2:
                answers.append(client.call("POST", "/orders", body | {"screening": screening}))
                order = answers[-1].body.get("id", order)
            elif luck.random() < 0.3:
                answers.append(client.call("DELETE", f"/orders/{order}"))
                order = None
            else:
                answers.append(client.call("PATCH", f"/orders/{order}", body))
        return answers

    said = outcomes([answer for answers in race(house.members, act) for answer in answers])
    assert set(said) <= {(200, ""), (201, ""), (204, ""), (409, "seats-unavailable")}
    tickets = live_tickets(house, screening)
    assert tickets == claimed(house, screening)
    assert len({(row, seat) for row, seat, _order in tickets}) == len(tickets) > 0


@pytest.mark.slow
def test_a_long_race_sells_no_seat_twice(house: Arena) -> None:
    """Eight people and three hundred seats a hall, until there were CINEMA_TEST_ROUNDS attempts."""
    seats, movie = seats_of(LARGE_ROWS, LARGE_SEATS_IN_ROW), house.movie()
    done = 0
    while done < ATTEMPTS:
        screening = house.screening(house.hall(LARGE_ROWS, LARGE_SEATS_IN_ROW), movie)
        attempts = fight_over(house, screening, seats, seed=done)
        check(house, screening, seats, attempts)
        done += len(attempts)
