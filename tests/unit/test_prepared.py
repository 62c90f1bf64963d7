"""Prepared statements by themselves: what they ask for, what they refuse, and what errors do to a connection."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pyramid_retry import IRetryableError
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Select,
    Table,
    bindparam,
    delete,
    event,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.sql.dml import UpdateBase

from cinema.accounts.models import Role
from cinema.booking.models import Order
from cinema.core.db.engines import Database
from cinema.core.db.prepared import Prepared
from cinema.schedule.models import Screening
from tests.databases import open_database

_HALF = Table("half", MetaData(), Column("id", Integer, primary_key=True), Column("kept", Integer))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database, of which nothing is connected."""
    found = open_database(database_url)
    yield found
    found.dispose()


@pytest.fixture
def reader(database: Database) -> Iterator[Connection]:
    """A connection that reads."""
    with database.readers.connect() as connection:
        yield connection


# -- parameters ----------------------------------------------------------------------------------------------


def test_every_parameter_without_a_value_of_its_own_has_to_be_given(reader: Connection) -> None:
    prepared = Prepared(select(bindparam("one", type_=Integer) + bindparam("two", type_=Integer) + literal(3)))
    assert prepared.run(reader, one=1, two=2).scalar_one() == 6
    with pytest.raises(TypeError, match="not given: two"):
        prepared.run(reader, one=1, tow=2)
    with pytest.raises(TypeError, match="not given: one, two"):
        prepared.run(reader)


def test_nothing_can_be_given_and_more_than_there_is(reader: Connection) -> None:
    prepared = Prepared(select(bindparam("one", type_=Integer), bindparam("other", 5, type_=Integer)))
    assert prepared.run(reader, one=None, three=3).one() == (None, 5)
    assert prepared.run(reader, one=1, other=2).one() == (1, 2)


# -- topics --------------------------------------------------------------------------------------------------

_MOVED = update(Screening).values(version=2)
_ENDED = delete(Screening).returning(Screening.id).cte("ended")
_WRITES: list[Select[Any] | UpdateBase] = [
    _MOVED,
    select(_MOVED.returning(Screening.id).cte()),
    select(Order.id).add_cte(_ENDED),
    select(Order.id).where(Order.id.in_(select(_ENDED.c.id))),
    insert(Role).from_select(["name"], select(_ENDED.c.id)),
    insert(Role).values(name="x").add_cte(insert(Screening).values(hall_id=1).cte("more")),
]


@pytest.mark.parametrize("number", range(len(_WRITES)))
def test_what_writes_to_a_table_with_a_topic_is_refused_wherever_it_stands(number: int) -> None:
    with pytest.raises(TypeError, match="who writes to screenings has to be noticed"):
        Prepared(_WRITES[number])


def test_tables_with_a_topic_may_be_read_by_what_writes_elsewhere() -> None:
    screenings = select(Screening.id)
    Prepared(select(screenings.cte()))
    Prepared(delete(Order).where(Order.id.in_(screenings)))


# -- errors --------------------------------------------------------------------------------------------------


def _close(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    driver.close()


def _close_when_listening(connection: Connection) -> None:
    def hear(connection: Connection, cursor: Any, *_more: Any) -> None:
        _close(connection)
        cursor.execute("SELECT 1")

    event.listen(connection, "before_cursor_execute", hear)


@pytest.mark.parametrize("close", [_close, _close_when_listening])
def test_a_closed_connection_is_replaced(database: Database, close: Callable[[Connection], None]) -> None:
    prepared = Prepared(select(literal(1)))
    with database.readers.connect() as connection:
        close(connection)
        with pytest.raises(DBAPIError) as caught:
            prepared.run(connection)
        assert caught.value.connection_invalidated
        assert connection.invalidated
        assert isinstance(caught.value, OperationalError) or connection.dialect.name == "sqlite"
    with database.readers.connect() as connection:
        assert prepared.run(connection).scalar_one() == 1


def test_an_interruption_leaves_no_half_read_connection(database: Database) -> None:
    def interrupt(*_any: Any) -> None:
        raise KeyboardInterrupt

    with database.readers.connect() as connection:
        event.listen(connection, "before_cursor_execute", interrupt)
        with pytest.raises(KeyboardInterrupt):
            Prepared(select(literal(1))).run(connection)
        assert connection.invalidated


def _read_often(engine: Engine) -> Any:
    """Often enough for the driver to let the server keep a plan."""
    with engine.connect() as connection:
        return [Prepared(select(text("*")).select_from(_HALF)).run(connection).all() for _again in range(7)][-1]


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_connections_whose_plans_are_out_of_date_are_replaced(database: Database) -> None:
    with database.writers.begin() as connection:
        _HALF.create(connection)
    try:
        with database.readers.connect() as one:
            assert _read_often(database.readers) == []
            assert [one.exec_driver_sql("SELECT * FROM half").all() for _again in range(7)][-1] == []
        with database.writers.begin() as connection:
            connection.execute(text("ALTER TABLE half ALTER kept TYPE text"))
        with pytest.raises(OperationalError) as caught:
            _read_often(database.readers)
        assert caught.value.connection_invalidated
        assert IRetryableError.providedBy(caught.value)
        for _pooled in range(2):
            assert _read_often(database.readers) == []
    finally:
        with database.writers.begin() as connection:
            _HALF.drop(connection)
