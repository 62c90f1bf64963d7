"""Lists: pages, order, cursors, parameters."""

import gc
from collections.abc import Iterator
from itertools import permutations, product
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from cinema.core.cache import BoundedCache
from cinema.core.paging import MAX_LIMIT
from tests.app import Cinema, fields

SORTS = {
    "/movies": ("id", "title", "year", "rating", "duration"),
    "/genres": ("id", "name"),
    "/directors": ("id", "name"),
    "/actors": ("id", "name"),
    "/halls": ("id", "name"),
    "/screenings": ("starts_at", "id"),
    "/cassettes": ("id", "title", "released"),
}
UNSORTED = ("/orders", "/tickets", "/me/bookmarks")
LISTS = (*SORTS, *UNSORTED)


def add(cinema: Cinema, path: str, number: int) -> int:
    """Adds something to a list, with what it is sorted by repeating now and then; answers its id."""
    letter = "abc"[number % 3]
    admin = cinema.admin
    if path == "/movies":
        year, rating = (None, 1999, 2010)[number % 3], (7.25, None, 0.1, 9.9)[number % 4]
        return int(cinema.movie(letter, year=year, rating=rating, duration=(90, 120, None)[number % 3]))
    if path == "/actors":
        return int(admin.post(path, {"first_name": "x", "last_name": letter})["id"])
    if path == "/genres":
        return int(admin.post(path, {"name": f"{letter}{number}"})["id"])
    if path == "/directors":
        return int(admin.post(path, {"name": letter})["id"])
    if path == "/halls":
        return int(admin.post(path, {"name": letter, "rows": 1, "seats_in_row": 2})["id"])
    if path == "/screenings":
        return cinema.screening(starts_at=f"2026-05-0{1 + number % 4}T18:00:00Z")
    if path == "/cassettes":
        return cinema.cassette(title=letter, released=f"197{number % 4}-01-01")
    return add_own(cinema, path)


def add_own(cinema: Cinema, path: str) -> int:
    """Adds something to a list of the member's own."""
    if path == "/me/bookmarks":
        movie = cinema.movie()
        cinema.member.put(f"{path}/{movie}", status=204)
        return movie
    row = {"row": 1, "seat": 1}
    order = cinema.member.post("/orders", {"screening": cinema.screening(), "seats": [row]})
    return int((order if path == "/orders" else order["tickets"][0])["id"])


def ids(items: Any) -> list[int]:
    """The ids of a list's items."""
    return [int((item.get("movie") or item)["id"] if "saved_at" in item else item["id"]) for item in items]


def walk(cinema: Cinema, path: str, **parameters: Any) -> list[int]:
    """The ids of a list, in order, page by page."""
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    return ids(cinema.member.walk(f"{path}?{query}"))


# -- pages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", LISTS)
def test_an_empty_list_is_an_empty_page(cinema: Cinema, path: str) -> None:
    assert cinema.member.get(path) == {"items": [], "next": None}
    assert cinema.member.get(f"{path}?count=true") == {"items": [], "next": None, "total": 0}


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_walked_a_page_at_a_time(cinema: Cinema, path: str) -> None:
    made = [add(cinema, path, number) for number in range(5)]
    whole = ids(cinema.member.get(path)["items"])
    assert sorted(whole) == sorted(made)
    for limit in (1, 2, 4, 5, 100):
        assert walk(cinema, path, limit=limit) == whole


def test_a_page_has_twenty_items_unless_asked_otherwise(cinema: Cinema) -> None:
    for number in range(21):
        add(cinema, "/directors", number)
    first = cinema.member.get("/directors")
    assert len(first["items"]) == 20
    assert len(cinema.member.get(first["next"])["items"]) == 1
    assert cinema.member.get("/directors?limit=21")["next"] is None


def test_next_is_a_whole_address_that_keeps_the_other_parameters(cinema: Cinema) -> None:
    for number in range(9):
        add(cinema, "/movies", number)
    page = cinema.member.get("/movies?year_from=1990&title=B&limit=1&sort=-rating&count=true")
    address = urlsplit(page["next"])
    assert (address.scheme, address.netloc, address.path) == ("http", "localhost", "/api/v1/movies")
    query = parse_qs(address.query)
    assert query.pop("cursor")
    assert query == {"year_from": ["1990"], "title": ["B"], "limit": ["1"], "sort": ["-rating"], "count": ["true"]}
    rest = cinema.member.get(page["next"])
    assert {movie["title"] for movie in page["items"] + rest["items"]} == {"b"}


def test_the_total_counts_what_the_filters_find_on_every_page(cinema: Cinema) -> None:
    for number in range(7):
        add(cinema, "/directors", number)
    page = cinema.member.get("/directors?name=a&limit=2&count=true")
    assert page["total"] == 3
    assert cinema.member.get(page["next"])["total"] == 3
    assert "total" not in cinema.member.get("/directors?name=a&count=false")


@pytest.mark.parametrize("path", LISTS)
def test_a_page_costs_one_statement_and_its_total_another(cinema: Cinema, path: str) -> None:
    for number in range(3):
        add(cinema, path, number)
    following = cinema.member.get(f"{path}?limit=1")["next"]
    for address, cost in ((path, 1), (following, 1), (f"{path}?count=true", 2), (f"{following}&count=true", 2)):
        with cinema.statements() as statements:
            cinema.member.get(address)
        assert len(statements) == cost


# -- order ---------------------------------------------------------------------------------------------------


def orders(words: tuple[str, ...]) -> Iterator[str]:
    """Every sort by one word or two, up and down."""
    for number in (1, 2):
        for chosen in permutations(words, number):
            for signs in product(("", "-"), repeat=number):
                yield ",".join(sign + word for sign, word in zip(signs, chosen, strict=True))


@pytest.mark.parametrize("path", SORTS)
def test_pages_follow_the_order_of_the_whole_for_every_sort(cinema: Cinema, path: str) -> None:
    for number in range(5):
        add(cinema, path, number)
    seen = set()
    for sort in orders(SORTS[path]):
        whole = ids(cinema.member.get(f"{path}?sort={sort}")["items"])
        assert len(whole) == 5
        assert walk(cinema, path, sort=sort, limit=2) == whole, sort
        seen.add(tuple(whole))
    assert len(seen) >= 2 * len(SORTS[path])


def sorted_movies(movies: list[dict[str, Any]], sort: str) -> list[int]:
    """What a sort comes to: stable sorts from the last key to the first; the id goes the way of the first."""
    words = sort.split(",")
    words.append("-id" if words[0].startswith("-") else "id")
    for word in reversed(words):
        key = word.removeprefix("-")
        movies = sorted(movies, key=lambda movie: movie[key] or 0, reverse=word.startswith("-"))
    return ids(movies)


def test_movies_come_in_the_order_asked_for(cinema: Cinema) -> None:
    for number in range(9):
        add(cinema, "/movies", number)
    movies = cinema.member.get("/movies?limit=100")["items"]
    for sort in ("title,-id", *orders(("year", "rating", "duration")), *orders(("title",)), "title,-year,rating"):
        assert ids(cinema.member.get(f"/movies?sort={sort}")["items"]) == sorted_movies(movies, sort), sort


@pytest.mark.parametrize("path", SORTS)
def test_a_sort_by_anything_else_is_a_400(cinema: Cinema, path: str) -> None:
    for sort in ("", "-", "nonsense", "id,", ",id", "id,id", "id,-id", "--id", "%2Bid", "ID", "id;name", "id%00"):
        assert fields(cinema.member.get(f"{path}?sort={sort}", 400)) == {"sort"}


@pytest.mark.parametrize("path", UNSORTED)
def test_ones_own_come_newest_first(cinema: Cinema, path: str) -> None:
    made = []
    for number in range(3):
        cinema.later(minutes=1)
        made.append(add(cinema, path, number))
    assert ids(cinema.member.get(path)["items"]) == made[::-1]


# -- stability -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", ["title", "-title", "-year,title", "id", "-id"])
def test_a_walk_is_stable_while_films_come_and_go(cinema: Cinema, sort: str) -> None:
    before = [add(cinema, "/movies", number) for number in range(6)]
    whole = ids(cinema.member.get(f"/movies?sort={sort}")["items"])
    page = cinema.member.get(f"/movies?sort={sort}&limit=2")
    walked = ids(page["items"])
    while not set(before) <= set(walked):
        for number in range(3):
            add(cinema, "/movies", number)
        cinema.admin.delete(f"/movies/{walked[-1]}")  # the very film that the cursor stands on
        page = cinema.member.get(page["next"])
        walked += ids(page["items"])
    assert len(set(walked)) == len(walked)
    assert [movie for movie in walked if movie in before] == whole


# -- cursors -------------------------------------------------------------------------------------------------


def cursor(cinema: Cinema, path: str) -> str:
    """The cursor behind the first page of a list of three."""
    for number in range(3):
        add(cinema, path.partition("?")[0], number)
    page = cinema.member.get(f"{path}{'&' if '?' in path else '?'}limit=1")
    return parse_qs(urlsplit(page["next"]).query)["cursor"][0]


def assert_refused(cinema: Cinema, path: str) -> None:
    problem = cinema.member.get(path, 400)
    assert [(error["field"], error["code"]) for error in problem["errors"]] == [("cursor", "bad-cursor")]


def test_a_cursor_of_another_list_is_a_400(cinema: Cinema) -> None:
    good = cursor(cinema, "/directors")
    cinema.member.get(f"/directors?cursor={good}")
    assert_refused(cinema, f"/actors?cursor={good}")


def test_a_cursor_of_another_sort_is_a_400(cinema: Cinema) -> None:
    good = cursor(cinema, "/directors?sort=name")
    cinema.member.get(f"/directors?sort=name&cursor={good}")
    for query in ("", "sort=-name&", "sort=id&", "sort=name,id&"):
        assert_refused(cinema, f"/directors?{query}cursor={good}")


def test_a_cursor_goes_with_other_filters_and_limits(cinema: Cinema) -> None:
    good = cursor(cinema, "/directors")
    assert len(cinema.member.get(f"/directors?cursor={good}&limit=2")["items"]) == 2
    assert len(cinema.member.get(f"/directors/?cursor={good}&name=b")["items"]) == 1


def test_a_cursor_changed_anywhere_is_a_400(cinema: Cinema) -> None:
    good = cursor(cinema, "/movies?sort=title")
    for place, character in enumerate(good[:-1]):  # the last one may hold bits that mean nothing
        other = "A" if character != "A" else "B"
        assert_refused(cinema, f"/movies?sort=title&cursor={good[:place]}{other}{good[place + 1 :]}")


@pytest.mark.parametrize("path", LISTS)
def test_what_was_never_a_cursor_is_a_400(cinema: Cinema, path: str) -> None:
    for bad in ("", "x", "AAAA", "%20", "%D9%A3", "null", "W10", "A" * 5000, "%2B%2F=="):
        assert_refused(cinema, f"{path}?cursor={bad}")


# -- parameters ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", LISTS)
def test_an_unknown_parameter_is_a_400_that_names_it(cinema: Cinema, path: str) -> None:
    for name in ("surprise", "offset", "page", "LIMIT", "limit[]", "order", "id", "", " ", "\0", "é"):
        problem = cinema.member.get(f"{path}?{quote(name)}=1", 400)
        assert [(error["field"], error["code"]) for error in problem["errors"]] == [(name, "unknown-field")]


@pytest.mark.parametrize("path", LISTS)
def test_a_limit_out_of_range_is_a_400(cinema: Cinema, path: str) -> None:
    numbers = ("0", str(MAX_LIMIT + 1), "-1", "+1", "1.0", "1e1", "1_0", "0x1", "٣", "9" * 19)
    for limit in (*numbers, "", "x", " ", "1 ", "\0"):
        assert fields(cinema.member.get(f"{path}?limit={quote(limit)}", 400)) == {"limit"}
    cinema.member.get(f"{path}?limit={MAX_LIMIT}")


@pytest.mark.either_engine
@pytest.mark.parametrize("count", ["", "1", "0", "yes", "True", "TRUE", "true%20"])
def test_a_count_is_true_or_false(cinema: Cinema, count: str) -> None:
    assert fields(cinema.member.get(f"/movies?count={count}", 400)) == {"count"}


@pytest.mark.either_engine
@pytest.mark.parametrize("path", LISTS)
def test_a_parameter_given_twice_is_a_400(cinema: Cinema, path: str) -> None:
    for query in ("limit=1&limit=1", "limit=1&limit=2", "x=1&limit=3&%6Cimit=4"):
        problem = cinema.member.get(f"{path}?{query}", 400)
        assert [(error["field"], error["code"]) for error in problem["errors"]] == [("limit", "duplicate")]


@pytest.mark.either_engine
@pytest.mark.parametrize("path", LISTS)
def test_a_query_that_cannot_be_read_is_a_400(cinema: Cinema, path: str) -> None:
    for query in ("limit=%FF", "%FF=1", "limit=%ED%A0%80", "&".join(f"p{number}" for number in range(51))):
        assert cinema.member.get(f"{path}?{query}", 400)["code"] == "malformed-query"


def test_every_bad_parameter_is_named_at_once(cinema: Cinema) -> None:
    problem = cinema.member.get("/movies?limit=0&sort=x&year=y&surprise=1", 400)
    assert fields(problem) == {"limit", "sort", "year", "surprise"}


def test_a_long_query_is_not_remembered(cinema: Cinema) -> None:
    assert_refused(cinema, f"/movies?cursor={'x' * 7000}")
    caches = [each for each in gc.get_objects() if isinstance(each, BoundedCache)]
    kept = [key for cache in caches for key in (*cache._young, *cache._old) if isinstance(key, str)]
    assert kept
    assert max(map(len, kept)) < 5000
