"""The endpoints."""

from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django_filters import rest_framework as filters
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from bench.peers.drf.booking import take_seats
from bench.peers.drf.models import Actor, Director, Genre, Movie, Order, Screening, SeatClaim, Ticket
from bench.peers.drf.pagination import ByStart
from bench.peers.drf.serializers import (
    MovieSerializer,
    NewOrderSerializer,
    OrderSerializer,
    ScreeningSerializer,
    SeatMapSerializer,
    prices_of,
)
from bench.peers.seats import seat_map


class MovieFilter(filters.FilterSet):
    """Filters of films."""

    title = filters.CharFilter(lookup_expr="icontains")
    year_from = filters.NumberFilter("year", "gte")
    year_to = filters.NumberFilter("year", "lte")

    class Meta:
        model = Movie
        fields = ["year", "label"]


class MovieViewSet(viewsets.ReadOnlyModelViewSet):
    """Films."""

    queryset = Movie.objects.prefetch_related(
        Prefetch("genres", Genre.objects.order_by("moviegenre__position")),
        Prefetch("directors", Director.objects.order_by("moviedirector__position")),
        Prefetch("actors", Actor.objects.order_by("movieactor__position")),
    )
    serializer_class = MovieSerializer
    filterset_class = MovieFilter


def _seats_taken():
    claims = SeatClaim.objects.live().filter(screening=OuterRef("pk"))
    counted = claims.order_by().values("screening").annotate(number=Count("row_number")).values("number")
    return Coalesce(Subquery(counted), 0)


class ScreeningFilter(filters.FilterSet):
    """Filters of screenings."""

    to = filters.IsoDateTimeFilter("starts_at", "lt")

    class Meta:
        model = Screening
        fields = ["movie", "hall"]


ScreeningFilter.base_filters["from"] = filters.IsoDateTimeFilter("starts_at", "gte")  # a word Python keeps for itself


class ScreeningViewSet(viewsets.ReadOnlyModelViewSet):
    """Screenings."""

    serializer_class = ScreeningSerializer
    filterset_class = ScreeningFilter
    pagination_class = ByStart

    def get_queryset(self):
        """With what the action shows."""
        if self.action == "seats":
            claims = Prefetch("claims", SeatClaim.objects.live())
            return Screening.objects.select_related("hall").prefetch_related("prices", claims)
        return (
            Screening.objects.select_related("movie", "hall")
            .prefetch_related("prices")
            .annotate(seats_taken=_seats_taken())
        )

    @action(detail=True)
    def seats(self, request, pk=None):  # noqa: ARG002
        """The seat map."""
        screening = self.get_object()
        claims = [(claim.row_number, claim.seat_number, claim.state) for claim in screening.claims.all()]
        found = seat_map(screening.hall.layout, prices_of(screening), claims)
        return Response(SeatMapSerializer(found).data)


class OrderViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet):
    """The caller's orders."""

    serializer_class = OrderSerializer

    def get_queryset(self):
        """The caller's own, with all they show."""
        tickets = Ticket.objects.select_related("screening__movie", "screening__hall")
        return Order.objects.filter(user=self.request.user).prefetch_related(
            Prefetch("tickets", tickets.order_by("row_number", "seat_number")), "cassettes__cassette"
        )

    def create(self, request):
        """Takes seats."""
        wanted = NewOrderSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        seats = [(each["row"], each["seat"]) for each in wanted.validated_data["seats"]]
        order = take_seats(request.user, wanted.validated_data["screening"], seats)
        created = self.get_queryset().get(pk=order.pk)
        return Response(self.get_serializer(created).data, status=status.HTTP_201_CREATED)
