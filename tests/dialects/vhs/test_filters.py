"""Filters of the shelf: every field but the id, by equality."""

from urllib.parse import quote, urlencode

import pytest

from tests.dialects.vhs.shop import SHELF, Shop, assert_detail, bad_fields

TAPES = {
    "Jurassic Park": ("Steven Spielberg", "1993-06-11", 5),
    "Jaws": ("Steven Spielberg", "1975-06-20", 0),
    "100%": ("S_even Spielberg", "1975-06-20", 5),
    "Сталкер": ("Андрей Тарковский", "1979-05-25", 1),
    "a+b c": ("Ada & Bob", "2000-02-29", 1_000_000),
}


@pytest.fixture
def full(shop: Shop) -> Shop:
    """A shop with a few cassettes."""
    for title, (director, released, quantity) in TAPES.items():
        body = {"title": title, "director": director, "released": released, "quantity": quantity}
        shop.rick.post(SHELF, body)
    return shop


def titles(shop: Shop, query: str) -> list[str]:
    """The titles that a query string finds."""
    return [each["title"] for each in shop.anybody.get(f"{SHELF}?{query}")]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"title": "Jaws"}, ["Jaws"]),
        ({"title": "Сталкер"}, ["Сталкер"]),
        ({"title": "a+b c"}, ["a+b c"]),
        ({"title": "100%"}, ["100%"]),
        ({"title": "jaws"}, []),
        ({"title": "Jaw"}, []),
        ({"title": "Jaws "}, []),
        ({"title": "%"}, []),
        ({"title": "Jaw_"}, []),
        ({"title": "' OR 1=1 --"}, []),
        ({"director": "Steven Spielberg"}, ["Jurassic Park", "Jaws"]),
        ({"director": "S_even Spielberg"}, ["100%"]),
        ({"director": "Spielberg"}, []),
        ({"director": "Ada & Bob"}, ["a+b c"]),
        ({"released": "1975-06-20"}, ["Jaws", "100%"]),
        ({"released": "2000-02-29"}, ["a+b c"]),
        ({"released": "1975-06-21"}, []),
        ({"quantity": "5"}, ["Jurassic Park", "100%"]),
        ({"quantity": "0"}, ["Jaws"]),
        ({"quantity": "1000000"}, ["a+b c"]),
        ({"quantity": "7"}, []),
        ({"director": "Steven Spielberg", "quantity": "5"}, ["Jurassic Park"]),
        ({"director": "Steven Spielberg", "quantity": "1"}, []),
        ({"released": "1975-06-20", "quantity": "5"}, ["100%"]),
        (
            {"title": "Jaws", "director": "Steven Spielberg", "released": "1975-06-20", "quantity": "0"},
            ["Jaws"],
        ),
        (
            {"title": "Jaws", "director": "Steven Spielberg", "released": "1975-06-20", "quantity": "1"},
            [],
        ),
    ],
)
def test_filters_are_equalities_that_all_have_to_hold(full: Shop, wanted: dict[str, str], found: list[str]) -> None:
    assert titles(full, urlencode(wanted)) == found
    assert titles(full, urlencode(wanted, quote_via=quote)) == found


def test_the_documents_own_example(full: Shop) -> None:
    assert titles(full, "director=Steven%20Spielberg&quantity=5") == ["Jurassic Park"]


@pytest.mark.parametrize("query", ["id=1", "id=x", "price=5", "TITLE=Jaws", "search=Jaws", "=", "&&", "sort=-title"])
def test_other_parameters_are_ignored(full: Shop, query: str) -> None:
    assert titles(full, query) == list(TAPES)
    assert titles(full, f"{query}&title=Jaws") == ["Jaws"]


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("quantity=many", {"quantity"}),
        ("quantity=1.5", {"quantity"}),
        ("quantity=-1", {"quantity"}),
        ("quantity=%D9%A3", {"quantity"}),
        ("quantity=1e3", {"quantity"}),
        ("released=1975", {"released"}),
        ("released=1975-02-30", {"released"}),
        ("released=20.06.1975", {"released"}),
        ("released=x&quantity=x&title=Jaws", {"released", "quantity"}),
        ("title=%00", {"title"}),
    ],
)
def test_a_value_that_no_cassette_could_have_is_named(full: Shop, query: str, wrong: set[str]) -> None:
    assert bad_fields(full.anybody.call("GET", f"{SHELF}?{query}")) == wrong


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("title=Ran&title=Jaws", ["Jaws"]),
        ("title=Jaws&title=Ran", []),
        ("quantity=x&quantity=1", ["Сталкер"]),
        ("title=%FF", []),
        ("%FF=1&title=Jaws", ["Jaws"]),
    ],
)
def test_of_several_values_the_last_counts_and_what_is_no_utf_8_is_like_nothing(
    full: Shop, query: str, found: list[str]
) -> None:
    assert titles(full, query) == found


def test_a_query_without_end_is_refused(full: Shop) -> None:
    query = "&".join(f"x{number}=1" for number in range(100))
    assert_detail(full.anybody.call("GET", f"{SHELF}?{query}"), 400)


def test_only_the_list_reads_parameters(full: Shop) -> None:
    tape = full.anybody.get()[0]
    query = "?quantity=x&surprise=1&%FF"
    assert full.anybody.get(f"{SHELF}{tape['id']}{query}") == tape
    assert full.rick.call("PATCH", f"{SHELF}{tape['id']}{query}", {"quantity": 9}).status_int == 204
    assert full.rick.call("POST", f"{SHELF}{query}", {**tape, "title": "Jaws 2"}).status_int == 201
