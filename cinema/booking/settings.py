"""What an operator can say about booking and paying."""

from dataclasses import dataclass
from datetime import timedelta

from cinema.core.settings import one_of, setting, whole


@dataclass(frozen=True)
class BookingSettings:
    """Limits and deadlines."""

    hold_minutes: int = setting("cinema.hold_minutes", "15", whole(1, 1440), "How long unpaid seats are held")
    closes_minutes: int = setting(
        "cinema.booking_closes_minutes", "0", whole(0, 10_080), "How long before the start booking closes"
    )
    max_seats: int = setting("cinema.max_seats_per_order", "10", whole(1, 1000), "The most seats in one order")
    max_unpaid: int = setting(
        "cinema.max_unpaid_orders",
        "20",
        whole(1, 10_000),
        "The most unpaid orders one person may have at a time",
    )
    payments: str = setting(
        "cinema.payments",
        "none",
        one_of("none", "sandbox"),
        "The payment provider that orders are paid with by default; `sandbox` takes no money",
    )

    @property
    def hold(self) -> timedelta:
        """How long a hold lasts."""
        return timedelta(minutes=self.hold_minutes)

    @property
    def closes(self) -> timedelta:
        """How long before the start booking closes."""
        return timedelta(minutes=self.closes_minutes)
