"""One ticket at several doors at once."""

from tests.concurrency.arena import CLIENTS, Arena, outcomes, race
from tests.processes import Answer, Client


def ticket_of(house: Arena, buyer: Client, screening: int, seat: int) -> tuple[int, str]:
    """A paid order of one seat; answers its id and the ticket's code."""
    order = buyer.create("/orders", {"screening": screening, "seats": [{"row": 1, "seat": seat}]})
    paid = buyer.call("POST", f"/orders/{order['id']}/pay")
    assert paid.status == 200, paid
    return int(order["id"]), str(paid.body["tickets"][0]["code"])


def test_eight_devices_admit_one_person(house: Arena) -> None:
    screening = house.screening(house.hall())
    for seat in range(1, 6):
        _order, code = ticket_of(house, house.members[0], screening, seat)

        def scan(number: int, client: Client, code: str = code) -> Answer:
            return client.call("POST", "/tickets/check-in", {"code": code, "nonce": f"device-{number}"})

        answers = race(house.admins, scan)
        assert outcomes(answers) == {(200, ""): 1, (409, "already-used"): CLIENTS - 1}
        [admitted] = [answer.body["at"] for answer in answers if answer.status == 200]
        assert {answer.body["used_at"] for answer in answers if answer.status == 409} == {admitted}


def test_eight_retries_of_one_scan_get_one_answer(house: Arena) -> None:
    screening = house.screening(house.hall())
    _order, code = ticket_of(house, house.members[1], screening, 1)
    body = {"code": code, "nonce": "the same scan", "screening": screening}
    answers = race(house.admins, lambda _number, client: client.call("POST", "/tickets/check-in", body))
    assert outcomes(answers) == {(200, ""): CLIENTS}
    assert len({str(answer.body) for answer in answers}) == 1


def test_whoever_goes_in_while_the_money_goes_back_does_one_or_the_other(house: Arena) -> None:
    screening = house.screening(house.hall())
    said = []
    for seat in range(1, 11):
        order, code = ticket_of(house, house.members[2], screening, seat)

        def act(number: int, client: Client, order: int = order, code: str = code, seat: int = seat) -> Answer:
            if (number + seat) % 2:
                return client.call("POST", "/tickets/check-in", {"code": code, "nonce": "a scan of it"})
            return client.call("POST", f"/orders/{order}/refund")

        answers = race(house.admins[:2], act)
        said += answers
        [(state,)] = house.sql("SELECT state FROM tickets WHERE order_id = :id", id=order)
        moved = house.sql("SELECT kind FROM payments WHERE order_id = :id ORDER BY id", id=order)
        claims = house.sql("SELECT state FROM seat_claims WHERE order_id = :id", id=order)
        assert (state, moved, claims) in [
            ("used", [("capture",)], [("sold",)]),
            ("void", [("capture",), ("refund",)], []),
        ]
        assert [answer.status for answer in answers].count(200) == 1
    assert set(outcomes(said)) <= {(200, ""), (409, "ticket-used"), (409, "ticket-not-valid")}


def test_a_scan_while_the_order_is_being_paid_is_refused_or_admits(house: Arena) -> None:
    screening = house.screening(house.hall())
    buyer = house.members[3]
    for seat in range(1, 6):
        order = buyer.create("/orders", {"screening": screening, "seats": [{"row": 2, "seat": seat}]})
        code = order["tickets"][0]["code"]

        def act(number: int, client: Client, order: int = order["id"], code: str = code) -> Answer:
            if number:
                return client.call("POST", "/tickets/check-in", {"code": code, "nonce": "an early scan"})
            return client.call("POST", f"/orders/{order}/pay")

        paid, scanned = race([buyer, house.admins[1]], act)
        assert paid.status == 200
        assert (scanned.status, scanned.code) in [(200, ""), (409, "ticket-not-valid")]
        [(state,)] = house.sql("SELECT state FROM tickets WHERE order_id = :id", id=order["id"])
        assert state == ("used" if scanned.status == 200 else "valid")
