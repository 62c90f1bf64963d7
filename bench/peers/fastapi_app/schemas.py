"""What goes in and comes out."""

import math
from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, computed_field, field_validator

from bench.peers.seats import MAX_SEATS

T = TypeVar("T")


class Answer(BaseModel):
    """Read from the attributes of a model."""

    model_config = ConfigDict(from_attributes=True)


class Page(BaseModel, Generic[T]):
    """Some of a list."""

    items: list[T]
    next: str | None


class MoneyOut(Answer):
    """An amount of money."""

    amount: str
    currency: str


class NamedOut(Answer):
    """A genre, a director or a hall."""

    id: int
    name: str


class ActorOut(Answer):
    """An actor."""

    id: int
    first_name: str
    last_name: str
    full_name: str


class MovieOut(Answer):
    """A film with its lists."""

    id: int
    title: str
    description: str | None
    trailer: str | None
    year: int | None
    rating: float | None
    duration: int | None
    poster: str | None
    age_rating: str | None
    label: str | None
    genres: list[NamedOut]
    directors: list[NamedOut]
    actors: list[ActorOut]


class ShortMovieOut(Answer):
    """The film of a screening."""

    id: int
    title: str


class ShortScreeningOut(Answer):
    """The screening of a ticket."""

    id: int
    movie: ShortMovieOut
    hall: NamedOut
    starts_at: datetime
    ends_at: datetime


class ScreeningOut(ShortScreeningOut):
    """A screening with its prices and how many seats are left."""

    price: MoneyOut | None
    prices: dict[str, MoneyOut]
    seats_total: int
    seats_left: int


class SeatOut(Answer):
    """A seat."""

    seat: int
    category: str
    state: str
    price: MoneyOut | None


class SeatRowOut(Answer):
    """A row of seats."""

    row: int
    name: str
    seats: list[SeatOut]


class SeatMapOut(Answer):
    """The seats of a screening."""

    rows: list[SeatRowOut]
    version: str


class TicketOut(Answer):
    """A ticket."""

    id: int
    order: int = Field(validation_alias="order_id")
    screening: ShortScreeningOut
    row: int = Field(validation_alias="row_number")
    seat: int = Field(validation_alias="seat_number")
    category: str
    price: MoneyOut
    state: str
    code: str


class LineOut(Answer):
    """So many of a cassette."""

    cassette: int = Field(validation_alias="cassette_id")
    title: str
    quantity: int
    refunded: int
    price: MoneyOut


class OrderOut(Answer):
    """An order with its tickets."""

    id: int
    user: int = Field(validation_alias="user_id")
    state: str
    total: MoneyOut
    expires_at: datetime | None
    screening: ShortScreeningOut | None
    tickets: list[TicketOut]
    cassettes: list[LineOut]
    created_at: datetime

    @computed_field
    def expires_in(self) -> int | None:
        """Seconds until the hold ends."""
        if self.state != "held" or self.expires_at is None:
            return None
        return math.ceil((self.expires_at - datetime.now(UTC)).total_seconds())


class WantedSeat(BaseModel):
    """A seat that somebody wants."""

    model_config = ConfigDict(extra="forbid", strict=True)

    row: int = Field(ge=1)
    seat: int = Field(ge=1)


class NewOrder(BaseModel):
    """POST orders."""

    model_config = ConfigDict(extra="forbid", strict=True)

    screening: int
    seats: Annotated[list[WantedSeat], Field(min_length=1, max_length=MAX_SEATS)]

    @field_validator("seats")
    @classmethod
    def _each_once(cls, seats: list[WantedSeat]) -> list[WantedSeat]:
        if len({(each.row, each.seat) for each in seats}) < len(seats):
            raise ValueError("a seat is named twice")
        return seats
