"""The tables, as Django sees them."""

from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone


class User(AbstractBaseUser):
    """A person with an account."""

    last_login = None
    username = models.CharField(max_length=150, unique=True)
    password = models.CharField(max_length=255, db_column="password_hash")
    is_superuser = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    objects = BaseUserManager()

    USERNAME_FIELD = "username"

    class Meta:
        managed = False
        db_table = "users"


class Genre(models.Model):
    """A genre."""

    name = models.CharField(max_length=255, unique=True)

    class Meta:
        managed = False
        db_table = "genres"


class Director(models.Model):
    """A director."""

    name = models.CharField(max_length=255)

    class Meta:
        managed = False
        db_table = "directors"


class Actor(models.Model):
    """An actor."""

    first_name = models.CharField(max_length=255)
    last_name = models.CharField(max_length=255)

    class Meta:
        managed = False
        db_table = "actors"

    @property
    def full_name(self):
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


class Movie(models.Model):
    """A film."""

    title = models.CharField(max_length=255)
    description = models.TextField(null=True)
    trailer = models.CharField(max_length=2000, null=True)
    year = models.IntegerField(null=True)
    rating = models.FloatField(null=True)
    duration = models.IntegerField(null=True)
    poster = models.CharField(max_length=2000, null=True)
    age_rating = models.CharField(max_length=20, null=True)
    label = models.CharField(max_length=50, null=True)
    genres = models.ManyToManyField(Genre, through="MovieGenre", related_name="movies")
    directors = models.ManyToManyField(Director, through="MovieDirector", related_name="movies")
    actors = models.ManyToManyField(Actor, through="MovieActor", related_name="movies")

    class Meta:
        managed = False
        db_table = "movies"


class MovieGenre(models.Model):
    """A genre of a film, at its place."""

    pk = models.CompositePrimaryKey("movie_id", "genre_id")
    movie = models.ForeignKey(Movie, models.CASCADE)
    genre = models.ForeignKey(Genre, models.PROTECT)
    position = models.IntegerField()

    class Meta:
        managed = False
        db_table = "movie_genres"


class MovieDirector(models.Model):
    """A director of a film, at its place."""

    pk = models.CompositePrimaryKey("movie_id", "director_id")
    movie = models.ForeignKey(Movie, models.CASCADE)
    director = models.ForeignKey(Director, models.PROTECT)
    position = models.IntegerField()

    class Meta:
        managed = False
        db_table = "movie_directors"


class MovieActor(models.Model):
    """An actor of a film, at its place."""

    pk = models.CompositePrimaryKey("movie_id", "actor_id")
    movie = models.ForeignKey(Movie, models.CASCADE)
    actor = models.ForeignKey(Actor, models.PROTECT)
    position = models.IntegerField()

    class Meta:
        managed = False
        db_table = "movie_actors"


class Hall(models.Model):
    """A room with seats."""

    name = models.CharField(max_length=255)
    layout = models.TextField()
    capacity = models.IntegerField()

    class Meta:
        managed = False
        db_table = "halls"


class Screening(models.Model):
    """A showing of a film in a hall."""

    movie = models.ForeignKey(Movie, models.PROTECT, related_name="screenings")
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="screenings")
    starts_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "screenings"

    @property
    def ends_at(self):
        """When the film is over."""
        return self.starts_at + timedelta(minutes=self.movie.duration or 0)


class ScreeningPrice(models.Model):
    """What a seat of a category costs."""

    pk = models.CompositePrimaryKey("screening_id", "category")
    screening = models.ForeignKey(Screening, models.CASCADE, related_name="prices")
    category = models.CharField(max_length=20)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        managed = False
        db_table = "screening_prices"


class Order(models.Model):
    """What one person takes together."""

    class State(models.TextChoices):
        """What became of it."""

        HELD = "held"
        PAID = "paid"
        CANCELLED = "cancelled"
        REFUNDED = "refunded"

    user = models.ForeignKey(User, models.PROTECT, related_name="orders")
    state = models.CharField(max_length=10, choices=State, default=State.HELD)
    total_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    expires_at = models.DateTimeField(null=True)
    extended = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "orders"


class SeatClaimQuerySet(models.QuerySet):
    """Claims."""

    def live(self):
        """Those that count: everything but holds that have ended."""
        return self.exclude(state="held", expires_at__lte=timezone.now())


class SeatClaim(models.Model):
    """A claim on a seat; its primary key is what keeps a seat from being sold twice."""

    pk = models.CompositePrimaryKey("screening_id", "row_number", "seat_number")
    screening = models.ForeignKey(Screening, models.CASCADE, related_name="claims")
    row_number = models.IntegerField()
    seat_number = models.IntegerField()
    order = models.ForeignKey(Order, models.CASCADE, related_name="claims")
    state = models.CharField(max_length=10)
    expires_at = models.DateTimeField(null=True)

    objects = SeatClaimQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "seat_claims"


class Ticket(models.Model):
    """One seat in an order."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="tickets")
    user = models.ForeignKey(User, models.PROTECT, related_name="tickets")
    screening = models.ForeignKey(Screening, models.PROTECT, related_name="tickets")
    row_number = models.IntegerField()
    seat_number = models.IntegerField()
    category = models.CharField(max_length=20)
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10)
    code = models.CharField(max_length=64, unique=True)

    class Meta:
        managed = False
        db_table = "tickets"


class Cassette(models.Model):
    """A tape that can be ordered too."""

    title = models.CharField(max_length=255)

    class Meta:
        managed = False
        db_table = "cassettes"


class OrderCassette(models.Model):
    """Cassettes in an order."""

    pk = models.CompositePrimaryKey("order_id", "cassette_id")
    order = models.ForeignKey(Order, models.CASCADE, related_name="cassettes")
    cassette = models.ForeignKey(Cassette, models.PROTECT)
    quantity = models.IntegerField()
    refunded = models.IntegerField(default=0)
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        managed = False
        db_table = "order_cassettes"
