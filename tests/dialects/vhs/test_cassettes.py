"""Cassettes as the shop's clients read and write them."""

from typing import Any

import pytest
from sqlalchemy import insert

from cinema.shop.models import Cassette
from tests.app import euros
from tests.dialects.vhs.shop import RAMBO, SHELF, Caller, Shop, assert_detail, bad_fields, item

ALIAS = "/api/cassettes/"
WRITES = ["POST", "PUT", "PATCH"]
FIELDS = {*RAMBO, "quantity"}


def send(caller: Caller, method: str, tape: int, body: Any) -> Any:
    """A write of the shelf or of one cassette."""
    return caller.call(method, SHELF if method == "POST" else item(tape), body)


# -- what the document shows ---------------------------------------------------------------------------------


def test_a_cassette_is_put_on_the_shelf(shop: Shop) -> None:
    answer = shop.rick.call("POST", SHELF, RAMBO, 201)
    assert answer.json == {"id": answer.json["id"], **RAMBO, "quantity": 0}
    assert type(answer.json["id"]) is int
    assert shop.anybody.get(item(answer.json["id"])) == answer.json
    assert shop.anybody.get() == [answer.json]
    assert shop.rick.post(SHELF, RAMBO | {"quantity": 5})["quantity"] == 5


def test_a_cassette_is_replaced(shop: Shop) -> None:
    tape = shop.tape(quantity=2)
    body = {"title": "Alien", "director": "Ridley Scott", "released": "1979-05-25", "quantity": 3}
    assert shop.rick.call("PUT", item(tape), body, 200).json == {"id": tape, **body}
    assert shop.anybody.get() == [{"id": tape, **body}]


def test_replacing_without_a_quantity_keeps_it(shop: Shop) -> None:
    tape = shop.tape(quantity=2)
    assert shop.rick.call("PUT", item(tape), RAMBO, 200).json == {"id": tape, **RAMBO, "quantity": 2}


@pytest.mark.parametrize(
    "change",
    [
        {"quantity": 3},
        {"quantity": 0},
        {"title": "Рэмбо"},
        {"director": "x" * 255},
        {"released": "1982-10-22"},
        {"title": "Alien", "released": "1979-05-25"},
        {},
    ],
)
def test_a_change_answers_nothing_and_leaves_the_rest(shop: Shop, change: dict[str, Any]) -> None:
    tape, other = shop.tape(quantity=2), shop.tape(title="Rambo II")
    before = shop.anybody.get(item(other))
    answer = shop.rick.call("PATCH", item(tape), change, 204)
    assert (answer.body, answer.headers.get("Content-Type")) == (b"", None)
    assert shop.anybody.get(item(tape)) == {"id": tape, **RAMBO, "quantity": 2, **change}
    assert shop.anybody.get(item(other)) == before


def test_a_cassette_is_deleted_once(shop: Shop) -> None:
    tape, kept = shop.tape(), shop.tape()
    answer = shop.rick.call("DELETE", item(tape), status=204)
    assert (answer.body, answer.headers.get("Content-Type")) == (b"", None)
    assert_detail(shop.rick.call("DELETE", item(tape)), 404)
    assert_detail(shop.anybody.call("GET", item(tape)), 404)
    assert [each["id"] for each in shop.anybody.get()] == [kept]


def test_the_list_is_whole_and_bare_however_long_it_is(shop: Shop) -> None:
    assert shop.anybody.call("GET", SHELF, status=200).body == b"[]"
    row = {"title": "Rambo", "title_key": "rambo", "director": "x", "director_key": "x", "quantity": 0}
    with shop.database.plain_session() as db, db.begin():
        db.execute(insert(Cassette), [row | {"released": shop.now.date()} for _number in range(250)])
    for query in ("", "?page=2", "?limit=10&offset=10", "?cursor=x&page=0&page_size=1"):
        shown = shop.anybody.get(SHELF + query)
        assert len(shown) == 250
        assert [each["id"] for each in shown] == sorted({each["id"] for each in shown})


def test_everybody_looks_and_everybody_with_a_key_changes_anything(shop: Shop) -> None:
    tape = shop.tape()
    assert shop.jimmy.call("PATCH", item(tape), {"quantity": 7}).status_int == 204
    assert shop.jimmy.call("PUT", item(tape), RAMBO | {"title": "Rocky"}).status_int == 200
    assert [caller.get()[0]["title"] for caller in (shop.anybody, shop.rick, shop.jimmy)] == ["Rocky"] * 3
    assert shop.jimmy.call("DELETE", item(tape)).status_int == 204


@pytest.mark.parametrize("body", [RAMBO, {}, {"quantity": -1}])
def test_strangers_change_nothing(shop: Shop, body: dict[str, Any]) -> None:
    tape = shop.tape()
    before = shop.stored()
    for method in (*WRITES, "DELETE"):
        answer = send(shop.anybody, method, tape, body)
        assert_detail(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Token")
    assert shop.stored() == before


def test_the_other_spelling_is_the_same_shelf(shop: Shop) -> None:
    tape = shop.rick.post(ALIAS, RAMBO)["id"]
    assert shop.anybody.get(f"{ALIAS}{tape}") == shop.anybody.get(item(tape))
    assert shop.rick.call("PUT", f"{ALIAS}{tape}", RAMBO | {"quantity": 2}).json["quantity"] == 2
    assert shop.rick.call("PATCH", f"{ALIAS}{tape}", {"quantity": 3}).status_int == 204
    assert shop.anybody.get(ALIAS) == shop.anybody.get() == [{"id": tape, **RAMBO, "quantity": 3}]
    assert shop.rick.call("DELETE", f"{ALIAS}{tape}").status_int == 204
    assert_detail(shop.anybody.call("GET", item(tape)), 404)


# -- what comes in -------------------------------------------------------------------------------------------


@pytest.mark.either_engine
@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        *((dict.fromkeys(FIELDS, bad), FIELDS) for bad in ("", None, True, [], {"a": 1})),
        ({"title": " ", "director": " "}, {"title", "director"}),
        ({"title": "x" * 256, "director": "x" * 256}, {"title", "director"}),
        ({"title": "Ram\0bo", "director": "\ud800"}, {"title", "director"}),
        ({"released": "22.10.1992"}, {"released"}),
        ({"released": "1992-02-30"}, {"released"}),
        ({"released": "1992-10-22T00:00:00Z"}, {"released"}),
        ({"released": 19921022}, {"released"}),
        ({"released": "1992-10-22 "}, {"released"}),
        ({"quantity": -1}, {"quantity"}),
        ({"quantity": "-1"}, {"quantity"}),
        ({"quantity": 1.5}, {"quantity"}),
        ({"quantity": "1.5"}, {"quantity"}),
        ({"quantity": "many"}, {"quantity"}),
        ({"quantity": "٣"}, {"quantity"}),
        ({"quantity": "1_0"}, {"quantity"}),
        ({"quantity": 10**30}, {"quantity"}),
        ({"quantity": "9" * 30}, {"quantity"}),
        ({"quantity": 1e300}, {"quantity"}),
    ],
)
def test_every_bad_field_is_named_and_nothing_changes(
    shop: Shop, method: str, body: dict[str, Any], wrong: set[str]
) -> None:
    tape = shop.tape(quantity=2)
    before = shop.stored()
    assert bad_fields(send(shop.rick, method, tape, RAMBO | body)) == wrong
    assert shop.stored() == before


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("missing", [{"title"}, {"director"}, {"released"}, set(RAMBO)])
def test_what_is_missing_is_named(shop: Shop, method: str, missing: set[str]) -> None:
    tape = shop.tape()
    before = shop.stored()
    body = {name: value for name, value in RAMBO.items() if name not in missing}
    assert bad_fields(send(shop.rick, method, tape, body)) == missing
    assert shop.stored() == before


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_missing_and_bad_fields_are_named_together(shop: Shop, method: str) -> None:
    answer = send(shop.rick, method, shop.tape(), {"title": "", "quantity": -1})
    assert bad_fields(answer) == {"title", "director", "released", "quantity"}


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize(("sent", "kept"), [(7, 7), ("7", 7), (7.0, 7), (0, 0), ("0", 0), (1_000_000, 1_000_000)])
def test_a_quantity_is_a_whole_number_however_it_is_written(shop: Shop, method: str, sent: Any, kept: int) -> None:
    tape = shop.tape(quantity=2)
    assert send(shop.rick, method, tape, RAMBO | {"quantity": sent}).status_int < 300
    found = shop.anybody.get()[-1]["quantity"]
    assert (found, type(found)) == (kept, int)


@pytest.mark.parametrize("method", WRITES)
def test_what_nobody_asked_for_is_ignored(shop: Shop, method: str) -> None:
    tape = shop.tape()
    more = {"id": tape + 1000, "price": "1.00", "available": -1, "owner": None, "": [], "title_key": "x", "\ud800": 1}
    assert send(shop.rick, method, tape, RAMBO | more).status_int < 300
    assert all(each == {"id": each["id"], **RAMBO, "quantity": 0} for each in shop.anybody.get())
    assert tape + 1000 not in {each["id"] for each in shop.anybody.get()}
    assert shop.admin.get(f"/cassettes/{tape}")["price"] is None


def test_text_is_kept_as_it_is(shop: Shop) -> None:
    for title in (" Rambo ", "Рэмбо: «Первая кровь»", "<b>&amp;", "e\u0301", "🎞" * 255, "' OR 1=1 --"):
        tape = shop.rick.post(SHELF, RAMBO | {"title": title})
        assert shop.anybody.get(item(tape["id"]))["title"] == tape["title"] == title


# -- one shop ------------------------------------------------------------------------------------------------


def test_it_is_the_same_shop_as_natively(shop: Shop) -> None:
    tape = shop.cassette(quantity=3)
    shown = shop.anybody.get(item(tape))
    assert shown == {
        "id": tape,
        "title": "Jaws",
        "director": "Steven Spielberg",
        "released": "1975-06-20",
        "quantity": 3,
    }
    shop.rick.call("PATCH", item(tape), {"quantity": 5}, 204)
    shop.rick.call("PUT", item(tape), RAMBO, 200)
    natively = shop.admin.get(f"/cassettes/{tape}")
    assert natively == {"id": tape, **RAMBO, "quantity": 5, "available": 5, "price": euros("5.00")}
    changes = shop.sql("SELECT change, reason FROM stock_movements ORDER BY id")
    assert [tuple(row) for row in changes] == [(3, "stocked"), (2, "adjusted")]


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_quantity_stays_above_what_unpaid_orders_hold(shop: Shop, method: str) -> None:
    tape = shop.cassette(quantity=5)
    shop.member.post("/orders", {"cassettes": [{"cassette": tape, "quantity": 3}]})
    rick, before = shop.rick, shop.stored()
    assert_detail(rick.call(method, item(tape), RAMBO | {"quantity": 2}), 409)
    assert shop.stored() == before
    assert rick.call(method, item(tape), RAMBO | {"quantity": 3}).status_int < 300


def test_a_cassette_that_was_ordered_is_not_deleted(shop: Shop) -> None:
    tape = shop.cassette(quantity=5)
    shop.member.post("/orders", {"cassettes": [{"cassette": tape, "quantity": 1}]})
    assert_detail(shop.rick.call("DELETE", item(tape)), 409)
    assert shop.anybody.get(item(tape))["title"] == "Jaws"


def test_looking_takes_one_statement(shop: Shop) -> None:
    tape = shop.cassette()
    shop.member.post("/orders", {"cassettes": [{"cassette": tape, "quantity": 1}]})
    for path in (SHELF, item(tape), f"{SHELF}?title=Jaws&quantity=3"):
        with shop.statements() as seen:
            shop.anybody.get(path)
        assert len(seen) == 1, path


def test_a_key_costs_a_look_up_the_first_time_only(shop: Shop) -> None:
    tape, rick = shop.cassette(), shop.customer("morty")
    counts = []
    for path in (SHELF, SHELF, item(tape)):
        with shop.statements() as seen:
            rick.get(path)
        counts.append(len(seen))
    assert counts == [2, 1, 1]
