"""How many requests one caller may send: `cinema.rate_limit_reads` and `cinema.rate_limit_writes`.

Each process counts for itself, in memory. Who a request counts for is said by `registry.caller_key`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyramid.response import Response

from cinema.core.errors import TooManyRequests
from cinema.core.request import SAFE_METHODS, Request, traversed_path
from cinema.core.settings import read, setting

if TYPE_CHECKING:
    from limits import RateLimitItem

    from cinema.core.limits.quotas import Quota, Standing

Handler = Callable[[Request], Response]
OFF = "off"
_UNCOUNTED = frozenset({"/health/live", "/health/ready", "/metrics", "/version"})
_STANDING = "cinema.standing"


def _rate(text: str) -> "RateLimitItem | None":
    if text == OFF:
        return None
    from cinema.core.limits.quotas import rate  # here: it imports much, and most commands count nothing

    return rate(text)


@dataclass(frozen=True)
class LimitSettings:
    """How often one caller may call."""

    reads: "RateLimitItem | None" = setting(
        "cinema.rate_limit_reads",
        OFF,
        _rate,
        "How many GETs one caller may send to one process, such as `600/minute`; `off` counts none",
    )
    writes: "RateLimitItem | None" = setting(
        "cinema.rate_limit_writes",
        OFF,
        _rate,
        "The same for whatever may change something, such as `100/minute`",
    )


def rate_limiting_tween_factory(handler: Handler, registry: Any) -> Handler:
    """Refuses whoever calls too often, before anything is looked up. No work at all when nothing is limited.

    What the other tweens outside answer by themselves, preflights, is not counted.
    """
    settings = read(LimitSettings, registry.settings)
    if settings.reads is None and settings.writes is None:
        return handler
    from cinema.core.limits.quotas import Quota, Windows

    windows = Windows(lambda: registry.clock().timestamp())
    reads = None if settings.reads is None else Quota("reads", settings.reads, windows)
    writes = None if settings.writes is None else Quota("writes", settings.writes, windows)

    def rate_limiting_tween(request: Request) -> Response:
        quota = reads if request.method in SAFE_METHODS else writes
        if quota is None or traversed_path(request).rstrip("/") in _UNCOUNTED:
            return handler(request)
        standing = _standing(quota, request)
        response = handler(request) if standing.granted else _refusal(quota, standing, request)
        response.headerlist += [("RateLimit-Policy", quota.policy), ("RateLimit", quota.shown(standing))]
        return response

    return rate_limiting_tween


def _standing(quota: "Quota", request: Request) -> "Standing":
    """Where the caller stands. A request that is tried again counts once."""
    standing: Standing | None = request.environ.get(_STANDING)
    if standing is None:
        standing = request.environ[_STANDING] = quota.take(request.registry.caller_key(request))
    return standing


def _refusal(quota: "Quota", standing: "Standing", request: Request) -> Response:
    seconds = str(standing.seconds)
    return request.refuse(
        TooManyRequests(
            f"{quota.rate.amount} {quota.name} in {quota.seconds} s are allowed. Try again in {seconds} s.",
            code="rate-limited",
            headers={"Retry-After": seconds},
        )
    )


def includeme(config: Any) -> None:
    """Puts the tween inside those that every answer passes, and round all that costs something."""
    config.add_tween(
        f"{__name__}.rate_limiting_tween_factory",
        under="cinema.core.cors.cors_tween_factory",
        over="pyramid_tm.tm_tween_factory",
    )
