"""The tables, as SQLAlchemy's ORM sees them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Integer, String, Table, and_, func, not_, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from bench.peers.seats import Money

Id = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time: SQLite stores it without its offset."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """To the database."""
        return value.astimezone(UTC).replace(tzinfo=None) if value and dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """From the database."""
        return value.replace(tzinfo=UTC) if value and dialect.name == "sqlite" else value


class Base(DeclarativeBase):
    """Base of all models."""

    type_annotation_map = {datetime: UtcDateTime}


def _link(table: str, column: str, target: str) -> Table:
    return Table(
        table,
        Base.metadata,
        Column("movie_id", ForeignKey("movies.id"), primary_key=True),
        Column(column, ForeignKey(target), primary_key=True),
        Column("position", Integer),
    )


movie_genres = _link("movie_genres", "genre_id", "genres.id")
movie_directors = _link("movie_directors", "director_id", "directors.id")
movie_actors = _link("movie_actors", "actor_id", "actors.id")


class User(Base):
    """A person with an account."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    username: Mapped[str | None] = mapped_column(String(150))
    is_active: Mapped[bool]


class Genre(Base):
    """A genre."""

    __tablename__ = "genres"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str]


class Director(Base):
    """A director."""

    __tablename__ = "directors"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str]


class Actor(Base):
    """An actor."""

    __tablename__ = "actors"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    first_name: Mapped[str]
    last_name: Mapped[str]

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


class Movie(Base):
    """A film."""

    __tablename__ = "movies"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    title: Mapped[str]
    description: Mapped[str | None]
    trailer: Mapped[str | None]
    year: Mapped[int | None]
    rating: Mapped[float | None]
    duration: Mapped[int | None]
    poster: Mapped[str | None]
    age_rating: Mapped[str | None]
    label: Mapped[str | None]
    genres: Mapped[list[Genre]] = relationship(secondary=movie_genres, order_by=movie_genres.c.position)
    directors: Mapped[list[Director]] = relationship(secondary=movie_directors, order_by=movie_directors.c.position)
    actors: Mapped[list[Actor]] = relationship(secondary=movie_actors, order_by=movie_actors.c.position)


class Hall(Base):
    """A room with seats."""

    __tablename__ = "halls"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str]
    layout: Mapped[str]
    capacity: Mapped[int]


class ScreeningPrice(Base):
    """What a seat of a category costs."""

    __tablename__ = "screening_prices"

    screening_id: Mapped[int] = mapped_column(ForeignKey("screenings.id"), primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]


class SeatClaim(Base):
    """A claim on a seat; its primary key is what keeps a seat from being sold twice."""

    __tablename__ = "seat_claims"

    screening_id: Mapped[int] = mapped_column(ForeignKey("screenings.id"), primary_key=True)
    row_number: Mapped[int] = mapped_column(primary_key=True)
    seat_number: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    state: Mapped[str]
    expires_at: Mapped[datetime | None]


class Screening(Base):
    """A showing of a film in a hall."""

    __tablename__ = "screenings"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movie_id: Mapped[int] = mapped_column(ForeignKey("movies.id"))
    hall_id: Mapped[int] = mapped_column(ForeignKey("halls.id"))
    starts_at: Mapped[datetime]
    movie: Mapped[Movie] = relationship()
    hall: Mapped[Hall] = relationship()
    price_list: Mapped[list[ScreeningPrice]] = relationship(order_by=ScreeningPrice.category)

    @property
    def ends_at(self) -> datetime:
        """When the film is over."""
        return self.starts_at + timedelta(minutes=self.movie.duration or 0)

    @property
    def prices(self) -> dict[str, Money]:
        """Category → money."""
        return {price.category: Money.from_minor(price.amount_minor, price.currency) for price in self.price_list}


def is_live(now: datetime) -> Any:
    """Whether a claim counts: everything but a hold that has ended."""
    return not_(and_(SeatClaim.state == "held", SeatClaim.expires_at <= now))


def seats_taken(now: datetime) -> Any:
    """How many seats of a screening are taken, as a column."""
    counted = select(func.count()).select_from(SeatClaim)
    return counted.where(SeatClaim.screening_id == Screening.id, is_live(now)).scalar_subquery()


class Ticket(Base):
    """One seat in an order."""

    __tablename__ = "tickets"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    screening_id: Mapped[int] = mapped_column(ForeignKey("screenings.id"))
    row_number: Mapped[int]
    seat_number: Mapped[int]
    category: Mapped[str]
    price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    state: Mapped[str] = mapped_column(default="held")
    code: Mapped[str]
    screening: Mapped[Screening] = relationship()

    @property
    def price(self) -> Money:
        """What it cost."""
        return Money.from_minor(self.price_minor, self.currency)


class Cassette(Base):
    """A tape that can be ordered too."""

    __tablename__ = "cassettes"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    title: Mapped[str]


class OrderCassette(Base):
    """Cassettes in an order."""

    __tablename__ = "order_cassettes"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    cassette_id: Mapped[int] = mapped_column(ForeignKey("cassettes.id"), primary_key=True)
    quantity: Mapped[int]
    refunded: Mapped[int]
    price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    cassette: Mapped[Cassette] = relationship()

    @property
    def title(self) -> str:
        """Of the cassette."""
        return self.cassette.title

    @property
    def price(self) -> Money:
        """What one costs."""
        return Money.from_minor(self.price_minor, self.currency)


class Order(Base):
    """What one person takes together."""

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    state: Mapped[str] = mapped_column(default="held")
    total_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    expires_at: Mapped[datetime | None]
    extended: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    tickets: Mapped[list[Ticket]] = relationship(order_by=(Ticket.row_number, Ticket.seat_number))
    cassettes: Mapped[list[OrderCassette]] = relationship()

    @property
    def total(self) -> Money:
        """What it costs."""
        return Money.from_minor(self.total_minor, self.currency)

    @property
    def screening(self) -> Screening | None:
        """The screening of its tickets."""
        return self.tickets[0].screening if self.tickets else None
