"""What goes in and comes out."""

import math

from django.utils import timezone
from rest_framework import serializers

from bench.peers.drf.models import (
    Actor,
    Director,
    Genre,
    Hall,
    Movie,
    Order,
    OrderCassette,
    Screening,
    Ticket,
)
from bench.peers.seats import MAX_SEATS, Money, category_of, one_price


class GenreSerializer(serializers.ModelSerializer):
    """A genre."""

    class Meta:
        model = Genre
        fields = ["id", "name"]


class DirectorSerializer(serializers.ModelSerializer):
    """A director."""

    class Meta:
        model = Director
        fields = ["id", "name"]


class ActorSerializer(serializers.ModelSerializer):
    """An actor."""

    class Meta:
        model = Actor
        fields = ["id", "first_name", "last_name", "full_name"]


class MovieSerializer(serializers.ModelSerializer):
    """A film with its lists."""

    genres = GenreSerializer(many=True)
    directors = DirectorSerializer(many=True)
    actors = ActorSerializer(many=True)

    class Meta:
        model = Movie
        fields = [
            "id",
            "title",
            "description",
            "trailer",
            "year",
            "rating",
            "duration",
            "poster",
            "age_rating",
            "label",
            "genres",
            "directors",
            "actors",
        ]


class MoneySerializer(serializers.Serializer):
    """An amount of money."""

    amount = serializers.CharField()
    currency = serializers.CharField()


def money_of(priced):
    """What something with `amount_minor` costs."""
    return Money.from_minor(priced.amount_minor, priced.currency)


def prices_of(screening):
    """Category → money."""
    return {price.category: money_of(price) for price in screening.prices.all()}


class ShortMovieSerializer(serializers.ModelSerializer):
    """The film of a screening."""

    class Meta:
        model = Movie
        fields = ["id", "title"]


class ShortHallSerializer(serializers.ModelSerializer):
    """The hall of a screening."""

    class Meta:
        model = Hall
        fields = ["id", "name"]


class ShortScreeningSerializer(serializers.ModelSerializer):
    """The screening of a ticket."""

    movie = ShortMovieSerializer()
    hall = ShortHallSerializer()
    ends_at = serializers.DateTimeField()

    class Meta:
        model = Screening
        fields = ["id", "movie", "hall", "starts_at", "ends_at"]


class ScreeningSerializer(ShortScreeningSerializer):
    """A screening with its prices and how many seats are left."""

    price = serializers.SerializerMethodField()
    prices = serializers.SerializerMethodField()
    seats_total = serializers.IntegerField(source="hall.capacity")
    seats_left = serializers.SerializerMethodField()

    class Meta:
        model = Screening
        fields = [*ShortScreeningSerializer.Meta.fields, "price", "prices", "seats_total", "seats_left"]

    def get_price(self, screening):
        """The price of all seats, where it is one."""
        price = one_price(prices_of(screening))
        return MoneySerializer(price).data if price else None

    def get_prices(self, screening):
        """The price of each category."""
        return {category: MoneySerializer(price).data for category, price in prices_of(screening).items()}

    def get_seats_left(self, screening):
        """How many seats are left."""
        return max(screening.hall.capacity - screening.seats_taken, 0)


class SeatSerializer(serializers.Serializer):
    """A seat."""

    seat = serializers.IntegerField()
    category = serializers.CharField()
    state = serializers.CharField()
    price = MoneySerializer(allow_null=True)


class SeatRowSerializer(serializers.Serializer):
    """A row of seats."""

    row = serializers.IntegerField()
    name = serializers.CharField()
    seats = SeatSerializer(many=True)


class SeatMapSerializer(serializers.Serializer):
    """The seats of a screening."""

    rows = SeatRowSerializer(many=True)
    version = serializers.CharField()


class TicketSerializer(serializers.ModelSerializer):
    """A ticket."""

    screening = ShortScreeningSerializer()
    row = serializers.IntegerField(source="row_number")
    seat = serializers.IntegerField(source="seat_number")
    price = serializers.SerializerMethodField()

    class Meta:
        model = Ticket
        fields = ["id", "order", "screening", "row", "seat", "category", "price", "state", "code"]

    def get_price(self, ticket):
        """What it cost."""
        return MoneySerializer(Money.from_minor(ticket.price_minor, ticket.currency)).data


class LineSerializer(serializers.ModelSerializer):
    """So many of a cassette."""

    title = serializers.CharField(source="cassette.title")
    price = serializers.SerializerMethodField()

    class Meta:
        model = OrderCassette
        fields = ["cassette", "title", "quantity", "refunded", "price"]

    def get_price(self, line):
        """What one costs."""
        return MoneySerializer(Money.from_minor(line.price_minor, line.currency)).data


class OrderSerializer(serializers.ModelSerializer):
    """An order with its tickets."""

    state = serializers.SerializerMethodField()
    total = serializers.SerializerMethodField()
    expires_in = serializers.SerializerMethodField()
    screening = serializers.SerializerMethodField()
    tickets = TicketSerializer(many=True)
    cassettes = LineSerializer(many=True)

    class Meta:
        model = Order
        fields = [
            "id",
            "user",
            "state",
            "total",
            "expires_at",
            "expires_in",
            "screening",
            "tickets",
            "cassettes",
            "created_at",
        ]

    def get_state(self, order):
        """What became of it."""
        expired = order.state == Order.State.HELD and order.expires_at and order.expires_at <= timezone.now()
        return "expired" if expired else order.state

    def get_total(self, order):
        """What it costs."""
        return MoneySerializer(Money.from_minor(order.total_minor, order.currency)).data

    def get_expires_in(self, order):
        """Seconds until the hold ends."""
        if order.state != Order.State.HELD or order.expires_at is None:
            return None
        return math.ceil((order.expires_at - timezone.now()).total_seconds())

    def get_screening(self, order):
        """The screening of its tickets."""
        tickets = order.tickets.all()
        return ShortScreeningSerializer(tickets[0].screening).data if tickets else None


class WantedSeatSerializer(serializers.Serializer):
    """A seat that somebody wants."""

    row = serializers.IntegerField(min_value=1)
    seat = serializers.IntegerField(min_value=1)


class NewOrderSerializer(serializers.Serializer):
    """POST orders."""

    screening = serializers.PrimaryKeyRelatedField(
        queryset=Screening.objects.select_related("hall").prefetch_related("prices")
    )
    seats = WantedSeatSerializer(many=True, allow_empty=False, max_length=MAX_SEATS)

    def validate(self, attrs):
        """Every seat is there, and named once."""
        wanted = [(each["row"], each["seat"]) for each in attrs["seats"]]
        if len(set(wanted)) < len(wanted):
            raise serializers.ValidationError({"seats": "A seat is named twice."})
        if any(category_of(attrs["screening"].hall.layout, row, seat) is None for row, seat in wanted):
            raise serializers.ValidationError({"seats": "There is no such seat."})
        return attrs
