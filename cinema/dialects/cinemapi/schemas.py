"""What the dialect takes in."""

import re
from decimal import Decimal
from typing import Any

import colander

from cinema.catalogue.models import MAX_DURATION
from cinema.core.schemas import LARGEST_ID, Strict, refuse, text
from cinema.core.schemas.types import bounds
from cinema.core.validation import MAX_BODY
from cinema.dialects.fields import LooseBody, email, moment, password, reference, username, whole

_PRICE = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?", re.ASCII)
_DURATION = re.compile(
    r"((?P<days>\d{1,5}) )?((?P<hours>\d{1,5}):)?((?P<minutes>\d{1,5}):)?(?P<seconds>\d{1,9})(\.0{1,6})?", re.ASCII
)
_DURATION_TEXT = r"^\s*(\d{1,5} )?(\d{1,5}:){0,2}\d{1,9}(\.0{1,6})?\s*$"
_PRICE_TEXT = r"^\s*\+?0{0,11}\d{1,4}(\.\d{1,2}0{0,13})?\s*$"
_LONGEST = MAX_DURATION * 60  # seconds


class Duration(Strict):
    """A length in seconds: `[D ]HH:MM:SS`, `MM:SS`, or seconds."""

    expected = "a duration such as 01:30:00"

    def read(self, node: colander.SchemaNode, value: Any) -> int:
        """The seconds."""
        if isinstance(value, Decimal) or type(value) is int:
            value = str(value)
        found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
        if found is None:
            raise self.wrong(node)
        parts = {name: int(part or 0) for name, part in found.groupdict().items()}
        if found["hours"] and not found["minutes"]:  # MM:SS
            parts["hours"], parts["minutes"] = 0, parts["hours"]
        return ((parts["days"] * 24 + parts["hours"]) * 60 + parts["minutes"]) * 60 + parts["seconds"]

    def json_schema(self, node: colander.SchemaNode) -> dict[str, Any]:
        """Text, or an integer within its bounds."""
        seconds = {"type": "integer", **bounds(node)}
        spelled = {"type": "string", "pattern": _DURATION_TEXT}
        return {
            "description": "`[D ]HH:MM:SS`, `MM:SS`, or seconds.",
            "anyOf": [spelled, seconds],
            "examples": ["01:30:00"],
        }


class Price(Strict):
    """An amount of money, as a number or as text, with at most two digits behind the point."""

    expected = "an amount such as 9.50"

    def read(self, node: colander.SchemaNode, value: Any) -> Decimal:
        """The amount."""
        if isinstance(value, Decimal) or type(value) is int:
            value = f"{value:f}"
        if not isinstance(value, str) or not _PRICE.fullmatch(value.strip()):
            raise self.wrong(node)
        amount = Decimal(value)
        if amount != round(amount, 2):
            raise refuse(node, "bad-amount", "has more than two digits behind the point")
        if not 0 <= amount < 10_000:
            raise refuse(node, "out-of-range", "must be from 0 to 9999.99")
        return amount

    def json_schema(self, _node: colander.SchemaNode) -> dict[str, Any]:
        """Decimal text, or a number."""
        spelled = {"type": "string", "pattern": _PRICE_TEXT}
        return {
            "description": "At most two digits behind the point.",
            "anyOf": [spelled, {"type": "number", "minimum": 0, "maximum": 9999.99}],
            "examples": ["9.50"],
        }


def _length(node: colander.SchemaNode, seconds: int) -> None:
    if not 1 <= seconds <= _LONGEST:
        raise refuse(node, "out-of-range", f"must be longer than nothing and at most {MAX_DURATION // 1440} days")


class Registration(LooseBody):
    """POST register/."""

    example = {"username": "anna", "email": "anna@example.com", "password": "testing321"}
    username = username()
    email = email()
    password = password()


class Credentials(LooseBody):
    """POST token/."""

    example = {"username": "anna", "password": "testing321"}
    username = text(1, 254)
    password = password()


class Refresh(LooseBody):
    """POST token/refresh/."""

    example = {"refresh": "7.0.Zm9yZ2VkLWJ1dC1vZi10aGUtcmlnaHQtZm9ybS4uLi4"}
    refresh = text(1, MAX_BODY)


class Movie(LooseBody):
    """POST movie/, PUT movie/{id}/; PATCH is its partial."""

    example = {"name": "Сталкер", "duration": "02:42:00"}
    name = text(1, 100)
    duration = colander.SchemaNode(Duration(), validator=_length, low=1, high=_LONGEST)


class Session(LooseBody):
    """POST session/, PUT session/{id}/; PATCH is its partial."""

    example = {"hall": 1, "movie": 1, "started_at": "2027-05-01T19:30:00Z", "price": "9.50"}
    hall = reference()
    movie = reference()
    started_at = moment()
    price = colander.SchemaNode(Price())


class Booking(LooseBody):
    """POST book/; which rows and seats there are, the hall says."""

    example = {"session": 1, "row": 2, "seat": 3, "user": 4}
    session = reference()
    row = whole(-LARGEST_ID, LARGEST_ID)
    seat = whole(-LARGEST_ID, LARGEST_ID)
    user = reference()
