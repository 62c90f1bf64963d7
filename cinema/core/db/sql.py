"""The few places where SQLite and PostgreSQL say the same thing differently."""

from typing import Any

import orjson
from sqlalchemy import ColumnElement, Insert, Integer, Subquery, Text, bindparam, cast, literal_column, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from cinema.core.db.base import Query


class _JsonRows(FunctionElement[str]):
    """Aggregate: the JSON text of an array with one object per row."""

    type = Text()
    inherit_cache = True
    name = "json_rows"


@compiles(_JsonRows, "sqlite")
def _json_rows_sqlite(element: _JsonRows, compiler: Any, **options: Any) -> str:
    return f"json_group_array(json_object({compiler.process(element.clauses, **options)}))"


@compiles(_JsonRows, "postgresql")
def _json_rows_postgresql(element: _JsonRows, compiler: Any, **options: Any) -> str:
    return f"coalesce(json_agg(json_build_object({compiler.process(element.clauses, **options)}))::text, '[]')"


class _JsonValues(FunctionElement[str]):
    """Aggregate: the JSON text of an array with one plain value per row."""

    type = Text()
    inherit_cache = True
    name = "json_values"


@compiles(_JsonValues, "sqlite")
def _json_values_sqlite(element: _JsonValues, compiler: Any, **options: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **options)})"


@compiles(_JsonValues, "postgresql")
def _json_values_postgresql(element: _JsonValues, compiler: Any, **options: Any) -> str:
    return f"coalesce(json_agg({compiler.process(element.clauses, **options)})::text, '[]')"


def json_values(rows: Query, *outer: Any) -> ColumnElement[str]:
    """A column with the JSON text of a list of the only column of `rows`."""
    inner = rows.correlate(*outer).subquery()
    return select(_JsonValues(*inner.columns)).select_from(inner).correlate(*outer).scalar_subquery()


def json_list(rows: Query, *outer: Any) -> ColumnElement[str]:
    """A column with the JSON text of a list: one object per row of `rows`, in its order, keyed by column name.

    `outer` are the tables of the enclosing statement that `rows` refers to. One statement then fetches a thing
    with its lists, and the text goes into the answer as it is: see `raw_json`.
    """
    inner = rows.correlate(*outer).subquery()
    members: list[Any] = []
    for column in inner.columns:
        members += [literal_column(f"'{column.name}'"), column]
    return select(_JsonRows(*members)).select_from(inner).correlate(*outer).scalar_subquery()


class _Position(FunctionElement[int]):
    """Where a text begins within another."""

    type = Integer()
    inherit_cache = True
    name = "position"


@compiles(_Position, "sqlite")
def _position_sqlite(element: _Position, compiler: Any, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"


@compiles(_Position, "postgresql")
def _position_postgresql(element: _Position, compiler: Any, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)})"


def position(text: ColumnElement[str], part: ColumnElement[str]) -> ColumnElement[int]:
    """Where `part` begins in `text`, case and all: 1 is the first character, 0 means nowhere."""
    return _Position(text, part)


def raw_json(text: str | bytes) -> Any:
    """JSON text from the database, for an answer to hold as it is; to its type it is what it holds."""
    return orjson.Fragment(text)


class _JsonElements(FunctionElement[Any]):
    """Table: the members of a JSON array, in the column `value`."""

    inherit_cache = True
    name = "json_elements"


@compiles(_JsonElements, "sqlite")
def _json_elements_sqlite(element: _JsonElements, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_JsonElements, "postgresql")
def _json_elements_postgresql(element: _JsonElements, compiler: Any, **options: Any) -> str:
    return f"json_array_elements(CAST({compiler.process(element.clauses, **options)} AS JSON))"


class _JsonMember(FunctionElement[str]):
    """The member of a JSON object, as text; a name and what it is looked for in."""

    type = Text()
    inherit_cache = True
    name = "json_member"


@compiles(_JsonMember, "sqlite")
def _json_member_sqlite(element: _JsonMember, compiler: Any, **options: Any) -> str:
    value, key = (compiler.process(each, **options) for each in element.clauses)
    return f"json_extract({value}, '$.' || {key})"


@compiles(_JsonMember, "postgresql")
def _json_member_postgresql(element: _JsonMember, compiler: Any, **options: Any) -> str:
    value, key = (compiler.process(each, **options) for each in element.clauses)
    return f"({value} ->> {key})"


def given_rows(parameter: str, **columns: TypeEngine[Any]) -> Subquery:
    """Rows that are handed over as a parameter, so that one text serves any number of them.

    The parameter is the JSON text of an array with one object per row, which has these columns as its members.
    """
    elements = _JsonElements(bindparam(parameter, type_=Text())).table_valued("value", name="elements")
    members = [
        cast(_JsonMember(elements.c.value, literal_column(f"'{name}'")), kind).label(name)
        for name, kind in columns.items()
    ]
    return select(*members).select_from(elements).subquery("given")


def insert_if_new(table: Any) -> Insert:
    """An INSERT that leaves out rows which a unique index refuses, whichever it is."""
    statement: Insert = postgresql.insert(table).on_conflict_do_nothing()  # SQLite has it in the same words
    return statement


def violated(error: IntegrityError) -> str:
    """What an integrity error is about: text in which the names of the constraint's columns occur."""
    diagnostics = getattr(error.orig, "diag", None)
    return str(diagnostics.constraint_name if diagnostics else error.orig)
