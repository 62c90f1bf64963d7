"""Taking seats."""

import secrets
from datetime import timedelta
from functools import reduce
from operator import or_

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from rest_framework import status
from rest_framework.exceptions import APIException

from bench.peers.drf.models import Order, SeatClaim, Ticket
from bench.peers.seats import CURRENCY, HOLD_MINUTES, category_of


class Conflict(APIException):
    """409."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


def take_seats(user, screening, seats):
    """An order of `seats`, pairs of row and seat, or Conflict."""
    now = timezone.now()
    if screening.starts_at <= now:
        raise Conflict("Booking for this screening has closed.")
    prices = {price.category: price.amount_minor for price in screening.prices.all()}
    categories = [category_of(screening.hall.layout, row, seat) for row, seat in seats]
    if not set(categories) <= prices.keys():
        raise Conflict("These seats are not on sale.")
    try:
        with transaction.atomic():
            return _write(user, screening, seats, categories, prices, now)
    except IntegrityError:
        raise Conflict("Somebody else has these seats.") from None


def _write(user, screening, seats, categories, prices, now):
    expires_at = now + timedelta(minutes=HOLD_MINUTES)
    order = Order.objects.create(
        user=user,
        total_minor=sum(prices[category] for category in categories),
        currency=CURRENCY,
        expires_at=expires_at,
        created_at=now,
    )
    among = reduce(or_, (Q(row_number=row, seat_number=seat) for row, seat in seats))
    screening.claims.filter(among, state="held", expires_at__lte=now).delete()
    SeatClaim.objects.bulk_create(
        SeatClaim(
            screening=screening,
            row_number=row,
            seat_number=seat,
            order=order,
            state="held",
            expires_at=expires_at,
        )
        for row, seat in sorted(seats)
    )
    Ticket.objects.bulk_create(
        Ticket(
            order=order,
            user=user,
            screening=screening,
            row_number=row,
            seat_number=seat,
            category=category,
            price_minor=prices[category],
            currency=CURRENCY,
            state="held",
            code=secrets.token_urlsafe(16),
        )
        for (row, seat), category in zip(seats, categories, strict=True)
    )
    return order
