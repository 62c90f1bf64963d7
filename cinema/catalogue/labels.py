"""Labels: a film with a label is there only for those who hold the permission `label:<name>`.

`VISIBLE` is part of every statement that finds films for somebody, where nobody can leave it out. A caller's `Sight`
only hands over its parameters; without them nothing that has a label is found.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from sqlalchemy import ColumnElement, Text, bindparam, literal_column, or_, true

from cinema.catalogue.models import Movie
from cinema.core.db.sql import position
from cinema.core.listing import Filter, Values
from cinema.core.request import Request
from cinema.security import Permission

_PERMISSION = "label:"
_SIGHTS_KEPT = 1000
_BAR = literal_column("'|'", Text())

VISIBLE: ColumnElement[bool] = or_(
    Movie.label.is_(None),
    bindparam("sees_all", False),
    position(bindparam("labels", ""), _BAR + Movie.label + _BAR) > 0,
)
"""Whether a film is there for a caller. Its parameters are `Sight.parameters`."""


@dataclass(frozen=True)
class Sight:
    """Which films are there for somebody: those without a label, those with one of `labels`, or everything."""

    labels: frozenset[str] = frozenset()
    everything: bool = False

    @cached_property
    def parameters(self) -> Values:
        """The parameters of `VISIBLE`."""
        return {"sees_all": self.everything, "labels": "|".join(["", *sorted(self.labels), ""])}

    def shows(self, label: str | None) -> bool:
        """What `VISIBLE` says of a film with this label."""
        return label is None or self.everything or label in self.labels


EVERYTHING = Sight(everything=True)
"""The sight of commands, which nobody calls."""

BY_SIGHT = Filter(true(), lambda sight: sight.parameters)
"""For lists whose statement holds `VISIBLE`: views pass `{"sight": sight(request)}`."""


def permission_to_see(label: str) -> str:
    """The permission that a label demands."""
    return f"{_PERMISSION}{label}"


def sight(request: Request) -> Sight:
    """What the caller sees."""
    return _sight(request.registry.policy.held(request))


@lru_cache(_SIGHTS_KEPT)
def _sight(permissions: frozenset[str]) -> Sight:
    labels = frozenset(each.removeprefix(_PERMISSION) for each in permissions if each.startswith(_PERMISSION))
    return Sight(labels, everything=Permission.LABELS_VIEW_ANY in permissions)
