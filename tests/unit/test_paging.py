"""Keyset paging: what follows a row is what stands behind it in the order."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Float, Integer, MetaData, String, Table, create_engine, func, select

from cinema.core.listing import Listing, Shape, SortKey

THINGS = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("year", Integer),
    Column("rating", Float),
)
_YEAR, _RATING = func.coalesce(THINGS.c.year, 0), func.coalesce(THINGS.c.rating, 0.0)
_ID = SortKey(THINGS.c.id, "id")
LISTING = Listing(
    select(THINGS, _YEAR.label("year_key"), _RATING.label("rating_key")),
    sorts={
        "id": _ID,
        "name": SortKey(THINGS.c.name, "name"),
        "year": SortKey(_YEAR, "year_key"),
        "rating": SortKey(_RATING, "rating_key"),
    },
    tie=_ID,
    sort="id",
)

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(["", "a", "b", "Ä", "я"]),
            "year": st.none() | st.integers(-1, 2),
            "rating": st.none() | st.sampled_from([-0.5, 0.0, 0.1, 0.30000000000000004, 9.9]),
        }
    ),
    min_size=1,
    max_size=12,
)
WORDS = st.lists(st.sampled_from(["id", "name", "year", "rating"]), min_size=1, max_size=4, unique=True)
SORTS = WORDS.flatmap(lambda words: st.tuples(*(st.sampled_from([word, f"-{word}"]) for word in words))).map(",".join)


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    """A database with an empty table."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        THINGS.create(connection)
        yield connection
    engine.dispose()


def keys(shape: Shape, row: Any) -> dict[str, Any]:
    """The parameters that say where a row stands."""
    return {f"after_{place}": getattr(row, key.label) for place, key in enumerate(shape.keys)}


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, sort=SORTS)
def test_what_follows_a_row_is_what_stands_behind_it(
    connection: Connection, rows: list[dict[str, Any]], sort: str
) -> None:
    connection.execute(THINGS.delete())
    connection.execute(THINGS.insert(), rows)
    first, following = (Shape.build(LISTING, (), sort, follows) for follows in (False, True))
    whole = first.page.run(connection, limit=100).all()
    assert len(whole) == len(rows)
    for place, row in enumerate(whole):
        assert following.page.run(connection, limit=100, **keys(following, row)).all() == whole[place + 1 :]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, sort=SORTS)
def test_a_sort_goes_by_its_words_then_by_the_tie_the_way_of_the_first(
    connection: Connection, rows: list[dict[str, Any]], sort: str
) -> None:
    connection.execute(THINGS.delete())
    connection.execute(THINGS.insert(), rows)
    found = Shape.build(LISTING, (), sort, follows=False).page.run(connection, limit=100).all()
    expected = sorted(found, key=lambda row: row.id)
    words = [*sort.split(","), "-id" if sort.startswith("-") else "id"]
    for word in reversed(words):
        label = LISTING.sorts[word.removeprefix("-")].label
        expected.sort(key=lambda row, label=label: getattr(row, label), reverse=word.startswith("-"))
    assert found == expected


def test_the_statements_of_a_shape_are_built_once() -> None:
    assert LISTING.shape((), "-year", follows=True) is LISTING.shape((), "-year", follows=True)
    assert LISTING.shape((), "-year", follows=True) is not LISTING.shape((), "-year", follows=False)
