"""What an operator sees of each request: an id, a line in the log, numbers at `/metrics`; what browsers are told."""

from dataclasses import dataclass
from time import perf_counter
from typing import Any

from prometheus_client import CollectorRegistry
from pyramid.response import Response
from pyramid.tweens import INGRESS
from pyramid_retry import is_error_retryable

from cinema.core.cors import Handler
from cinema.core.observing.headers import mark
from cinema.core.observing.logs import wanted, write
from cinema.core.observing.metrics import Meters, Underneath
from cinema.core.observing.places import Places
from cinema.core.request import Request
from cinema.core.settings import read, setting, switch

_STARTED = "cinema.started"


@dataclass(frozen=True)
class ObservingSettings:
    """What is shown to whoever asks."""

    metrics: bool = setting(
        "cinema.metrics", "off", switch, "`on` counts requests, and shows the numbers at `/metrics` to whoever asks"
    )


def observing_tween_factory(handler: Handler, registry: Any) -> Handler:
    """The outermost tween: whatever is answered passes here, refusals and preflights too.

    An attempt that is going to be repeated is not an answer: it is neither logged nor counted.
    """
    places, meters = Places(registry.introspector), registry.meters

    def observing_tween(request: Request) -> Response:
        started: float = request.environ.setdefault(_STARTED, perf_counter())
        try:
            response = handler(request)
        except Exception as error:
            if not is_error_retryable(request, error):
                observe(request, None, perf_counter() - started)
            raise
        mark(request, response)
        if request.exception is None or not is_error_retryable(request, request.exception):
            observe(request, response, perf_counter() - started)
        return response

    def observe(request: Request, response: Response | None, seconds: float) -> None:
        place = places.name(request)
        if meters is not None:
            meters.count(place, request, response, seconds)
        if wanted():
            write(place, request, response, seconds)

    return observing_tween


def includeme(config: Any) -> None:
    """Puts the tween round everything else, and makes what it counts with, if that is switched on."""
    registry = config.registry
    registry.metrics = registry.meters = None
    if read(ObservingSettings, registry.settings).metrics:
        registry.metrics = CollectorRegistry()
        registry.metrics.register(Underneath(registry))
        registry.meters = Meters(registry.metrics)
    config.add_tween(f"{__name__}.observing_tween_factory", under=INGRESS, over="cinema.core.cors.cors_tween_factory")
