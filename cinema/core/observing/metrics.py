"""What is counted, for Prometheus to fetch from `/metrics`. Each process counts for itself.

The only place in `core` with words of the cinema: bookings are told from other requests by where they were made.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily, Metric
from pyramid.response import Response

from cinema.core.errors import Invalid, Problem
from cinema.core.observing.places import known_method, status_of
from cinema.core.request import Request

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_BOOKED_AT = frozenset({"Orders", "academy.Orders", "cinemapi.Book"})
_SEATS_LOST = "seats-unavailable"
_REPLAYED = "Idempotent-Replayed"


class Meters:
    """The counters of one application, in a registry of its own."""

    def __init__(self, metrics: CollectorRegistry) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # it drops when each counter was made
        self._requests = Counter(
            "cinema_requests", "Requests answered.", ["resource", "method", "status"], registry=metrics
        )
        self._seconds = Histogram(
            "cinema_request_seconds", "Time to answer.", ["resource"], buckets=_BUCKETS, registry=metrics
        )
        self._bookings = Counter("cinema_bookings", "Orders made.", registry=metrics)
        self._conflicts = Counter(
            "cinema_booking_conflicts", "Orders refused because somebody else has the seats.", registry=metrics
        )
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def count(self, place: str, request: Request, response: Response | None, seconds: float) -> None:
        """Counts a request; without a response, it failed beyond repair."""
        method, status = known_method(request), status_of(response)
        key = (place, method, status)
        meters = self._known.get(key)
        if meters is None:
            meters = (self._requests.labels(place, method, str(status)), self._seconds.labels(place))
            self._known[key] = meters
        meters[0].inc()
        meters[1].observe(seconds)
        if place in _BOOKED_AT and response is not None and status == 201 and _REPLAYED not in response.headers:
            self._bookings.inc()
        if _lost_seats(request.exception):
            self._conflicts.inc()


def _lost_seats(error: BaseException | None) -> bool:
    """Whether somebody else had the seats. What a dialect said in its own words is looked up in the context."""
    while error is not None:
        if isinstance(error, Problem) and _SEATS_LOST in _codes(error):
            return True
        error = error.__context__
    return False


def _codes(problem: Problem) -> set[str]:
    of_fields = {each.code for each in problem.errors} if isinstance(problem, Invalid) else set()
    return {problem.code, *of_fields}


class Underneath:
    """What is looked up when somebody asks: connections, and how old the knowledge of who may do what is."""

    def __init__(self, application: Any) -> None:
        """`application` is the application's registry."""
        self._application = application

    def collect(self) -> Iterable[Metric]:
        """The gauges, as prometheus_client wants them."""
        connections = GaugeMetricFamily(
            "cinema_database_connections", "Connections to the database.", labels=["pool", "state"]
        )
        for pool, state, number in self._connections():
            connections.add_metric([pool, state], number)
        age = self._application.knowledge.age
        yield connections
        yield GaugeMetricFamily(
            "cinema_access_knowledge_age_seconds", "Time since access events were last read.", value=age
        )

    def _connections(self) -> Iterator[tuple[str, str, int]]:
        for name in ("writers", "readers", "background"):
            pool = getattr(self._application.database, name).pool
            yield name, "used", pool.checkedout()
            yield name, "idle", pool.checkedin()
