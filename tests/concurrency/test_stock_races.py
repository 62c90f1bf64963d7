"""Eight people buy the last cassettes."""

from random import Random

from tests.concurrency.arena import Arena, outcomes, race
from tests.processes import Answer, Client

SOLD_OUT = (409, "out-of-stock")


def claimed(house: Arena, cassette: int) -> int:
    """How many lie ready for unpaid orders."""
    return house.sql("SELECT coalesce(sum(quantity), 0) FROM stock_claims WHERE cassette_id = :id", id=cassette)[0][0]


def sold(house: Arena, cassette: int) -> int:
    """How many were paid for, by the stock movements."""
    rows = house.sql(
        "SELECT coalesce(-sum(change), 0) FROM stock_movements WHERE cassette_id = :id AND reason = 'sale'",
        id=cassette,
    )
    return int(rows[0][0])


def in_the_shop(house: Arena, cassette: int) -> tuple[int, int]:
    """The quantity, and what all movements come to."""
    rows = house.sql(
        "SELECT quantity, (SELECT sum(change) FROM stock_movements WHERE cassette_id = :id) "
        "FROM cassettes WHERE id = :id",
        id=cassette,
    )
    return int(rows[0][0]), int(rows[0][1])


def shop(client: Client, cassettes: list[int], luck: Random) -> list[Answer]:
    """Takes one of each, named in any order, until there are no more; pays for half, returns some."""
    answers = []
    while not answers or answers[-1].code != "out-of-stock":
        luck.shuffle(cassettes)
        lines = [{"cassette": cassette, "quantity": 1} for cassette in cassettes]
        answers.append(client.call("POST", "/orders", {"cassettes": lines}))
        if answers[-1].status != 201:
            break
        order, fate = answers[-1].body["id"], luck.random()
        if fate < 0.5:
            answers.append(client.call("POST", f"/orders/{order}/pay"))
        elif fate < 0.7:
            answers.append(client.call("DELETE", f"/orders/{order}"))
    return answers


def test_never_more_cassettes_are_held_and_sold_than_there_are(house: Arena) -> None:
    plenty, scarce = house.cassette(100), house.cassette(20)
    parts = race(house.members, lambda number, client: shop(client, [plenty, scarce], Random(number)))
    said = outcomes([answer for part in parts for answer in part])
    assert set(said) == {(201, ""), (200, ""), (204, ""), SOLD_OUT}
    for cassette, stock in ((plenty, 100), (scarce, 20)):
        left, moved = in_the_shop(house, cassette)
        assert left == moved == stock - sold(house, cassette)
        assert claimed(house, cassette) + sold(house, cassette) == said[201, ""] - said[204, ""] <= stock


def test_the_last_cassette_goes_to_one_of_eight(house: Arena) -> None:
    cassette = house.cassette(1)
    body = {"cassettes": [{"cassette": cassette, "quantity": 1}]}
    answers = race(house.members, lambda _number, client: client.call("POST", "/orders", body))
    assert outcomes(answers) == {(201, ""): 1, SOLD_OUT: 7}
    assert (claimed(house, cassette), sold(house, cassette)) == (1, 0)


def test_stock_is_never_taken_from_under_an_unpaid_order(house: Arena) -> None:
    """The shop counts again and finds none while somebody orders one."""
    said = []
    for _round in range(8):
        cassette = house.cassette(1)
        body = {"cassettes": [{"cassette": cassette, "quantity": 1}]}

        def act(number: int, client: Client, cassette: int = cassette, body: dict = body) -> Answer:
            if number:
                return client.call("POST", "/orders", body)
            return client.call("PATCH", f"/cassettes/{cassette}", {"quantity": 0})

        answers = race([house.admin, house.members[1]], act)
        said += answers
        assert sorted(answer.status for answer in answers) in ([200, 409], [201, 409])
        assert in_the_shop(house, cassette)[0] >= claimed(house, cassette)
    assert set(outcomes(said)) <= {(200, ""), (201, ""), SOLD_OUT, (409, "stock-claimed")}
