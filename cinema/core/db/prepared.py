"""Statements that are built once.

SQLAlchemy builds, keys and looks up a statement at every use, and makes a context and a result for each execution:
together that costs more than most statements do. A `Prepared` statement is rendered once per engine, and then runs on
the driver's own cursor. Listeners to `before_cursor_execute` still hear of it, and its errors are still SQLAlchemy's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Result, Table
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.visitors import iterate

from cinema.core.db.base import Query, Reader

_Process = Callable[[Any], Any] | None
_ANY_TYPE_CODE = 701  # what a driver calls a column's type; for numbers that are no floats it matters to psycopg


class Prepared:
    """A statement whose parameters are all `bindparam`s (none of them an expanding IN).

    One that writes has to give every value: defaults of columns are not filled in. It says nothing of topics either
    (`core.db.changes`), so neither it nor a part of it may write to a table that is about one: TypeError.
    """

    def __init__(self, statement: Query | UpdateBase) -> None:
        for part in iterate(statement):
            if isinstance(part, UpdateBase) and isinstance(part.table, Table) and part.table.info:
                raise TypeError(f"who writes to {part.table.name} has to be noticed")
        self._statement = statement
        self._rendered: dict[str, _Rendered] = {}

    def run(self, db: Reader, **parameters: Any) -> Result[Any]:
        """Runs it. Raises TypeError for parameters that are not given; those it does not have are left out."""
        connection = db.connection() if isinstance(db, Session) else db
        dialect = connection.dialect
        rendered = self._rendered.get(dialect.name)
        if rendered is None:
            rendered = self._rendered[dialect.name] = _render(self._statement, dialect)
        rows = _fetch(connection, rendered.sql, rendered.bound(parameters), bool(rendered.columns.keys))
        return IteratorResult(rendered.columns, iter(rendered.converted(rows)))


class Lock(Prepared):
    """A SELECT … FOR UPDATE, for its locks alone."""

    def take(self, db: Session, **parameters: Any) -> None:
        """Locks the rows until the transaction ends.

        On SQLite there is nothing to lock: a transaction that writes has the whole database from its beginning.
        """
        if db.get_bind().dialect.name != "sqlite":
            self.run(db, **parameters)


@dataclass(frozen=True, slots=True)
class _Rendered:
    """A statement as a driver takes it, and what becomes of its parameters and columns on the way."""

    sql: str
    positional: bool
    names: Sequence[str]
    parameters: Sequence[tuple[str, Any, _Process]]
    required: frozenset[str]
    columns: SimpleResultMetaData
    processors: Sequence[tuple[int, Callable[[Any], Any]]]

    def bound(self, given: dict[str, Any]) -> Any:
        """The parameters as the driver takes them. Raises TypeError for one that is missing: NULL is a value."""
        if not given.keys() >= self.required:
            raise TypeError(f"not given: {', '.join(sorted(self.required - given.keys()))}")
        values = [
            given.get(name, constant) if process is None else process(given.get(name, constant))
            for name, constant, process in self.parameters
        ]
        return tuple(values) if self.positional else dict(zip(self.names, values, strict=True))

    def converted(self, rows: Sequence[Any]) -> Sequence[Any]:
        """The driver's rows as Python values."""
        if not self.processors:
            return rows
        found = [list(row) for row in rows]
        for row in found:
            for position, process in self.processors:
                row[position] = process(row[position])
        return [tuple(row) for row in found]


def _render(statement: Query | UpdateBase, dialect: Dialect) -> _Rendered:
    compiled: Any = statement.compile(dialect=dialect)
    constants = compiled.params
    kinds = {name: bind.type.dialect_impl(dialect) for bind, name in compiled.bind_names.items()}
    columns = list(statement.exported_columns)
    readers = (each.type.dialect_impl(dialect).result_processor(dialect, _ANY_TYPE_CODE) for each in columns)
    names = list(compiled.positiontup if compiled.positional else constants)
    return _Rendered(
        str(compiled),
        bool(compiled.positional),
        names,
        [(name, constants[name], kinds[name].bind_processor(dialect)) for name in names],
        frozenset(name for bind, name in compiled.bind_names.items() if bind.required),
        SimpleResultMetaData([each.key or "" for each in columns]),
        [(position, process) for position, process in enumerate(readers) if process is not None],
    )


def _fetch(connection: Connection, sql: str, values: Any, rows: bool) -> Sequence[Any]:
    if not connection.in_transaction():
        connection.begin()
    driver = connection.connection
    cursor: Any = None
    try:
        cursor = driver.cursor()
        for hear in connection.dispatch.before_cursor_execute:
            hear(connection, cursor, sql, values, None, False)
        cursor.execute(sql, values)
        found = cursor.fetchall() if rows else ()
        cursor.close()
    except BaseException as error:
        connection._handle_dbapi_exception(error, sql, values, cursor, None)  # closes it, and raises SQLAlchemy's own
        raise
    return found
