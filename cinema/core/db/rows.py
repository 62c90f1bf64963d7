"""Single rows, as every service handles them: found or 404, locked while they change, deleted only when free."""

from typing import Any, TypeVar

from pyramid_retry import mark_error_retryable
from sqlalchemy import Table, func, literal, select, union_all
from sqlalchemy.orm import Session

from cinema.core.db.base import Base
from cinema.core.errors import Conflict, NotFound, Unavailable

T = TypeVar("T", bound=Base)

_COUNTED = 1000  # dependents are counted up to here: enough to say «many» without reading them all


def locked(db: Session, model: type[T], key: int) -> T:
    """The row, locked until the transaction ends. Raises NotFound."""
    row = db.get(model, key, with_for_update=True)
    if row is None:
        raise NotFound
    return row


def changed_meanwhile() -> Unavailable:
    """For what is no longer as it was read before the lock: the request starts over, and reads it again."""
    problem = Unavailable("This is just being changed. Try again.")
    mark_error_retryable(problem)
    return problem


def delete(db: Session, row: Base) -> None:
    """Deletes a row that nothing depends on.

    Raises Conflict `in-use` with what depends on it: `dependents: {"movies": 3}`.
    """
    found = dependents(db, row.__table__, row.id)  # type: ignore[attr-defined,arg-type]  # every table has an id
    if found:
        words = ", ".join(f"{number} {name}" for name, number in found.items())
        raise Conflict(f"Still needed by {words}. Remove those first.", code="in-use", dependents=found)
    db.delete(row)
    db.flush()


def dependents(db: Session, table: Table, key: int) -> dict[str, int]:
    """How many rows refer to the row `key` through foreign keys that say what they are: `info={"needed_by": …}`."""
    counts: list[Any] = []
    for other in Base.metadata.sorted_tables:
        for foreign_key in other.foreign_keys:
            name = foreign_key.info.get("needed_by")
            if name and foreign_key.column.table is table:
                some = select(literal(1)).where(foreign_key.parent == key).limit(_COUNTED).subquery()
                counts.append(select(literal(name).label("name"), func.count().label("number")).select_from(some))
    if not counts:
        return {}
    return {row.name: row.number for row in db.execute(union_all(*counts)) if row.number}
