"""Statements that are built once.

SQLAlchemy builds, keys and looks up a statement at every use; for one with subqueries that costs more than running
it. A `Prepared` statement is rendered once per engine into text with typed parameters and typed columns.
"""

import re
from typing import Any

from sqlalchemy import CursorResult, Dialect, bindparam, column, text
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import TextualSelect

from cinema.core.db.base import Query, Reader

_CAST = re.compile(r"(:\w+)::")


class Prepared:
    """A SELECT whose parameters are all `bindparam`s (none of them an expanding IN)."""

    def __init__(self, statement: Query) -> None:
        self._statement = statement
        self._rendered: dict[str, tuple[TextualSelect, dict[str, Any]]] = {}

    def run(self, db: Reader, **parameters: Any) -> CursorResult[Any]:
        """Runs it. Parameters that the statement does not have are left out."""
        connection = db.connection() if isinstance(db, Session) else db
        dialect = connection.dialect
        rendered = self._rendered.get(dialect.name) or self._render(dialect)
        statement, constants = rendered
        values = {name: parameters.get(name, constant) for name, constant in constants.items()}
        return connection.execute(statement, values)

    def _render(self, dialect: Dialect) -> tuple[TextualSelect, dict[str, Any]]:
        compiled: Any = self._statement.compile(dialect=_named(dialect))
        sql = _CAST.sub(r"\1 ::", str(compiled))  # `text` takes «:name» for a parameter, «:name::» for none
        parameters = [bindparam(name, type_=bind.type) for bind, name in compiled.bind_names.items()]
        columns = [column(each.key or "", each.type) for each in self._statement.selected_columns]
        rendered = (text(sql).bindparams(*parameters).columns(*columns), dict(compiled.params))
        self._rendered[dialect.name] = rendered
        return rendered


def _named(dialect: Dialect) -> Dialect:
    """The same dialect, writing parameters as `:name`."""
    kind: Any = type(dialect)
    named: Dialect = kind(paramstyle="named")
    return named
