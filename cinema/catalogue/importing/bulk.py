"""Many rows in few statements."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import insert
from sqlalchemy.orm import Session

T = TypeVar("T")


def batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """The things in their order, `size` at a time; the last batch may be smaller."""
    rest = iter(things)
    while batch := list(islice(rest, size)):
        yield batch


def insert_rows(db: Session, table: Any, rows: Sequence[dict[str, Any]]) -> Sequence[int]:
    """Writes at least one row; answers the ids, in the order of the rows."""
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return db.scalars(statement, rows).all()
