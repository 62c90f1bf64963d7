"""The sales report: what was sold when, for which film and in which hall, to the cent."""

import csv
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest

from tests.app import Cinema, Person, euros, fields, seats
from tests.conftest import opened
from tests.databases import empty

NOTHING = {"tickets": 0, "cassettes": 0, "gross": euros("0.00"), "refunds": euros("0.00"), "net": euros("0.00")}


@pytest.fixture(scope="module")
def berlin_application(new_database: Callable[[str], str]) -> Iterator[Any]:
    with opened(new_database("berlin"), **{"cinema.timezone": "Europe/Berlin"}) as router:
        yield router


@pytest.fixture
def berlin(berlin_application: Any) -> Iterator[Cinema]:
    """An empty cinema in Berlin, whose days begin at 22:00 or 23:00 UTC."""
    empty(berlin_application.registry.database)
    with Cinema(berlin_application) as house:
        yield house


def sales(person: Person, query: str = "", status: int = 200) -> Any:
    return person.get(f"/reports/sales?{query}", status)


def figures(tickets: int, cassettes: int, gross: str, refunds: str = "0.00", net: str | None = None) -> Any:
    return {
        "tickets": tickets,
        "cassettes": cassettes,
        "gross": euros(gross),
        "refunds": euros(refunds),
        "net": euros(net or gross),
    }


def buy(person: Person, screening: int | None, *places: tuple[int, int], tape: int = 0, quantity: int = 0) -> Any:
    """A paid order."""
    body: dict[str, Any] = {}
    if places:
        body |= {"screening": screening, "seats": seats(*places)}
    if quantity:
        body |= {"cassettes": [{"cassette": tape, "quantity": quantity}]}
    order = person.post("/orders", body)
    return person.post(f"/orders/{order['id']}/pay", status=200)


def refund(cinema: Cinema, order: Any, **body: Any) -> None:
    cinema.admin.post(f"/orders/{order['id']}/refund", body, 200)


# -- what is in it ---------------------------------------------------------------------------------------------


def test_a_days_sales_are_counted_when_paid_and_refunds_when_given_back(cinema: Cinema) -> None:
    screening, tape = cinema.screening(starts_at="2026-05-20T18:00:00Z"), cinema.cassette(quantity=9)
    order = buy(cinema.member, screening, (1, 1), (1, 2), tape=tape, quantity=3)
    buy(cinema.other, screening, (2, 1))
    cinema.other.post("/orders", {"screening": screening, "seats": seats((3, 1))})  # nobody pays this one
    cinema.later(days=2)
    refund(cinema, order, tickets=[order["tickets"][0]["id"]], cassettes=[{"cassette": tape, "quantity": 2}])
    answer = sales(cinema.admin)
    assert answer == {
        "by": "day",
        "from": "2026-04-04",
        "to": "2026-05-03",
        "rows": [
            {"day": "2026-05-01", **figures(3, 3, "43.50")},
            {"day": "2026-05-03", **figures(0, 0, "0.00", "19.50", "-19.50")},
        ],
        "total": figures(3, 3, "43.50", "19.50", "24.00"),
    }
    assert sales(cinema.admin, "by=day") == answer


def test_films_and_halls_earn_for_their_tickets_and_the_shop_for_itself(cinema: Cinema) -> None:
    stalker, jaws = cinema.movie("Сталкер"), cinema.movie("Jaws")
    red, blue = cinema.hall(name="Red", layout="A|.....\nB|....."), cinema.hall(name="Blue", layout="A|.....")
    tape = cinema.cassette(quantity=9)
    early = cinema.screening(movie=jaws, hall=red, price=euros("8.00"))
    late = cinema.screening(movie=jaws, hall=blue, price=euros("10.00"))
    other = cinema.screening(movie=stalker, hall=blue, starts_at="2026-05-02T12:00:00Z")
    order = buy(cinema.member, early, (1, 1), (1, 2), tape=tape, quantity=2)
    buy(cinema.member, late, (1, 1))
    buy(cinema.member, other, (1, 1), (1, 2), (1, 3))
    buy(cinema.member, None, tape=tape, quantity=1)
    refund(cinema, order, tickets=[order["tickets"][0]["id"]], cassettes=[{"cassette": tape, "quantity": 1}])
    shop = {"id": None, "name": "Cassettes", **figures(0, 3, "15.00", "5.00", "10.00")}
    total = figures(6, 3, "69.50", "13.00", "56.50")
    by_film, by_hall = sales(cinema.admin, "by=film"), sales(cinema.admin, "by=hall")
    assert by_film["rows"] == [
        {"id": stalker, "name": "Сталкер", **figures(3, 0, "28.50")},
        {"id": jaws, "name": "Jaws", **figures(3, 0, "26.00", "8.00", "18.00")},
        shop,
    ]
    assert by_hall["rows"] == [
        {"id": blue, "name": "Blue", **figures(4, 0, "38.50")},
        {"id": red, "name": "Red", **figures(2, 0, "16.00", "8.00", "8.00")},
        shop,
    ]
    assert by_film["total"] == by_hall["total"] == sales(cinema.admin)["total"] == total


def test_nothing_sold_is_an_empty_report(cinema: Cinema) -> None:
    for by in ("day", "film", "hall"):
        answer = sales(cinema.admin, f"by={by}")
        assert (answer["rows"], answer["total"]) == ([], NOTHING)


def test_a_payment_that_came_too_late_shows_on_both_sides(cinema: Cinema) -> None:
    screening, tape = cinema.screening(hall=cinema.hall(rows=1, seats=1)), cinema.cassette()
    body = {"screening": screening, "seats": seats((1, 1)), "cassettes": [{"cassette": tape, "quantity": 1}]}
    order = cinema.member.post("/orders", body)
    cinema.later(minutes=15)
    buy(cinema.other, screening, (1, 1))
    cinema.member.post(f"/orders/{order['id']}/pay", {}, 409)
    film, shop = sales(cinema.admin, "by=film")["rows"]
    assert (film["gross"], film["refunds"], film["net"]) == (euros("19.00"), euros("9.50"), euros("9.50"))
    assert (shop["gross"], shop["refunds"], shop["net"]) == (euros("5.00"), euros("5.00"), euros("0.00"))
    assert sales(cinema.admin)["total"]["net"] == euros("9.50")


def test_what_costs_nothing_is_sold_all_the_same(cinema: Cinema) -> None:
    screening = cinema.screening(price=euros("0.00"))
    buy(cinema.member, screening, (1, 1))
    assert sales(cinema.admin)["rows"] == [{"day": "2026-05-01", **figures(1, 0, "0.00")}]
    assert [row["tickets"] for row in sales(cinema.admin, "by=film")["rows"]] == [1]


def test_cash_and_admissions_count_like_everything_else(cinema: Cinema) -> None:
    order = cinema.member.post("/orders", {"screening": cinema.screening(), "seats": seats((1, 1))})
    paid = cinema.admin.post(f"/orders/{order['id']}/pay", {"provider": "cash"}, 200)
    code = paid["tickets"][0]["code"]
    cinema.admin.post("/tickets/check-in", {"code": code, "nonce": "at the door"}, 200)
    assert sales(cinema.admin)["total"] == figures(1, 0, "9.50")


def test_money_in_another_currency_is_no_part_of_it(cinema: Cinema) -> None:
    screening = cinema.screening()
    order = buy(cinema.member, screening, (1, 1))
    buy(cinema.member, screening, (1, 2))
    cinema.sql("UPDATE payments SET currency = 'DEM' WHERE order_id = :id", id=order["id"])
    for by in ("day", "film", "hall"):
        assert sales(cinema.admin, f"by={by}")["total"] == figures(1, 0, "9.50")


def test_films_that_the_caller_may_not_see_are_one_line_without_names(cinema: Cinema) -> None:
    cinema.admin.post("/roles", {"name": "accountant", "description": "", "permissions": ["reports:view"]})
    accountant = cinema.person("accountant", "accountant")
    films = [cinema.movie(title) for title in ("Jaws", "Secret one", "Secret two")]
    for film in films:
        buy(cinema.member, cinema.screening(movie=film), (1, 1))
    for film in films[1:]:
        cinema.admin.patch(f"/movies/{film}", {"label": "premiere"})
    assert sales(accountant, "by=film")["rows"] == [
        {"id": films[0], "name": "Jaws", **figures(1, 0, "9.50")},
        {"id": None, "name": "Other films", **figures(2, 0, "19.00")},
    ]
    assert len(sales(cinema.admin, "by=film")["rows"]) == 3
    assert sales(accountant, "by=film")["total"] == sales(cinema.admin, "by=film")["total"]
    assert "Secret" not in accountant.call("GET", "/reports/sales?by=film&format=csv").text


# -- days ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "midnight", "following"),
    [
        ("2026-06-10", "2026-06-10T22:00:00", "2026-06-11T22:00:00"),
        ("2026-03-28", "2026-03-28T23:00:00", "2026-03-29T22:00:00"),  # a day of 23 hours
        ("2026-10-24", "2026-10-24T22:00:00", "2026-10-25T23:00:00"),  # a day of 25 hours
        ("2025-12-31", "2025-12-31T23:00:00", "2026-01-01T23:00:00"),
    ],
)
def test_days_are_those_of_the_cinemas_time_zone(berlin: Cinema, before: str, midnight: str, following: str) -> None:
    screening = berlin.screening(starts_at="2027-01-10T18:00:00Z")
    moment, end = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (midnight, following))
    day, after = (str(date.fromisoformat(before) + timedelta(days=days)) for days in (1, 2))
    instant = timedelta(microseconds=1)
    for seat, at in enumerate((moment - instant, moment, end - instant, end), start=1):
        berlin.now = at
        order = buy(berlin.member, screening, (1, seat))
    refund(berlin, order)
    rows = sales(berlin.admin, f"from={before}&to={after}")["rows"]
    assert [(row["day"], row["tickets"], row["net"]["amount"]) for row in rows] == [
        (before, 1, "9.50"),
        (day, 2, "19.00"),
        (after, 1, "0.00"),
    ]
    for by in ("day", "film", "hall"):
        one = sales(berlin.admin, f"by={by}&from={day}&to={day}")
        assert (one["total"], len(one["rows"])) == (figures(2, 0, "19.00"), 1)


def test_the_last_thirty_days_end_today_where_the_cinema_is(berlin: Cinema) -> None:
    berlin.now = datetime(2026, 5, 31, 22, 30, tzinfo=UTC)
    period = sales(berlin.admin)
    assert (period["from"], period["to"]) == ("2026-05-03", "2026-06-01")
    period = sales(berlin.admin, "from=2026-01-01")
    assert (period["from"], period["to"]) == ("2026-01-01", "2026-06-01")
    period = sales(berlin.admin, "to=2026-03-01")
    assert (period["from"], period["to"]) == ("2026-01-31", "2026-03-01")
    berlin.later(minutes=-31)
    assert sales(berlin.admin)["to"] == "2026-05-31"


def test_ten_years_can_be_reported_and_no_more(cinema: Cinema) -> None:
    screening = cinema.screening()
    buy(cinema.member, screening, (1, 1))
    first = date(2026, 5, 1) - timedelta(days=3659)
    assert sales(cinema.admin, f"from={first}&to=2026-05-01")["total"] == figures(1, 0, "9.50")
    assert fields(sales(cinema.admin, f"from={first - timedelta(days=1)}&to=2026-05-01", 400)) == {"to"}


@pytest.mark.parametrize("query", ["to=0001-01-12", "to=9999-12-20", "from=9999-12-01&to=9999-12-20"])
def test_the_ends_of_the_calendar_are_days_like_others(berlin: Cinema, query: str) -> None:
    if query == "to=9999-12-20":
        assert sales(berlin.admin, query)["from"] == "9999-11-21"
    assert sales(berlin.admin, query)["rows"] == []


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("by=cassette", "by"),
        ("by=", "by"),
        ("from=yesterday", "from"),
        ("from=2026-02-30", "from"),
        ("to=2026-05-01T00:00:00Z", "to"),
        ("from=2026-05-02&to=2026-05-01", "to"),
        ("from=2026-05-02", "from"),
        ("from=2000-01-01", "from"),
        ("format=xml", "format"),
        ("hall=1", "hall"),
    ],
)
def test_a_bad_parameter_is_named(cinema: Cinema, query: str, wrong: str) -> None:
    assert fields(sales(cinema.admin, query, 400)) == {wrong}


# -- as a table ------------------------------------------------------------------------------------------------


def table(person: Person, query: str) -> list[list[str]]:
    answer = person.call("GET", f"/reports/sales?format=csv&{query}", status=200)
    return list(csv.reader(StringIO(answer.body.decode(), newline=""), strict=True))


def test_the_table_says_the_same(cinema: Cinema) -> None:
    stalker = cinema.movie("Сталкер")
    tape = cinema.cassette()
    order = buy(cinema.member, cinema.screening(movie=stalker), (1, 1), (1, 2), tape=tape, quantity=1)
    cinema.later(days=1)
    refund(cinema, order)
    assert table(cinema.admin, "by=day") == [
        ["day", "tickets", "cassettes", "gross", "refunds", "net", "currency"],
        ["2026-05-01", "2", "1", "24.00", "0.00", "24.00", "EUR"],
        ["2026-05-02", "0", "0", "0.00", "24.00", "-24.00", "EUR"],
    ]
    assert table(cinema.admin, "by=film") == [
        ["id", "name", "tickets", "cassettes", "gross", "refunds", "net", "currency"],
        [str(stalker), "Сталкер", "2", "0", "19.00", "19.00", "0.00", "EUR"],
        ["", "Cassettes", "0", "1", "5.00", "5.00", "0.00", "EUR"],
    ]


def test_the_table_is_a_file_to_save(cinema: Cinema) -> None:
    buy(cinema.member, cinema.screening(), (1, 1))
    answer = cinema.admin.call("GET", "/reports/sales?by=day&format=csv&from=2026-05-01", status=200)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    expected = 'attachment; filename="sales-by-day-2026-05-01-2026-05-01.csv"'
    assert answer.headers["Content-Disposition"] == expected
    assert answer.body == (
        b"day,tickets,cassettes,gross,refunds,net,currency\r\n2026-05-01,1,0,9.50,0.00,9.50,EUR\r\n"
    )


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=HYPERLINK(A1)", "'=HYPERLINK(A1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ('"Quoted", with commas', '"Quoted", with commas'),
        ("Two\r\nlines", "Two\r\nlines"),
        ("8½", "8½"),
        ("A = B", "A = B"),
    ],
)
def test_a_name_stays_text_in_a_spreadsheet(cinema: Cinema, name: str, cell: str) -> None:
    buy(cinema.member, cinema.screening(movie=cinema.movie(name)), (1, 1))
    assert table(cinema.admin, "by=film")[1][1] == cell
    assert sales(cinema.admin, "by=film")["rows"][0]["name"] == name


@pytest.mark.parametrize(
    ("accept", "query", "kind"),
    [
        (None, "", "application/json"),
        ("*/*", "", "application/json"),
        ("text/csv", "", "text/csv"),
        ("text/*", "", "text/csv"),
        ("text/csv;q=0.5, application/json", "", "application/json"),
        ("text/html", "", "application/json"),
        ("text/csv", "format=json", "application/json"),
        ("application/json", "format=csv", "text/csv"),
    ],
)
def test_the_form_follows_the_parameter_and_then_what_is_accepted(
    cinema: Cinema, accept: str | None, query: str, kind: str
) -> None:
    headers = {} if accept is None else {"Accept": accept}
    answer = cinema.admin.call("GET", f"/reports/sales?{query}", status=200, headers=headers)
    assert answer.content_type == kind
    assert "Accept" in answer.headers.getall("Vary")


# -- who and how -----------------------------------------------------------------------------------------------


def test_only_holders_of_the_permission_see_reports(cinema: Cinema) -> None:
    cinema.stranger.get("/reports/sales", 401)
    cinema.member.get("/reports/sales", 403)
    cinema.member.get("/reports/sales?by=nothing", 403)
    assert "GET" in cinema.admin.call("POST", "/reports/sales", {}, 405).headers["Allow"]
    for path in ("/reports", "/reports/sales/1", "/reports/costs"):
        cinema.admin.get(path, 404)


@pytest.mark.parametrize("by", ["day", "film", "hall"])
def test_a_report_takes_one_statement(cinema: Cinema, by: str) -> None:
    screening, tape = cinema.screening(), cinema.cassette()
    for seat in range(1, 4):
        buy(cinema.member, screening, (1, seat), tape=tape, quantity=1)
    with cinema.statements() as seen:
        sales(cinema.admin, f"by={by}")
    assert len(seen) == 1
