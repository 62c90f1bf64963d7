"""Cross-origin requests: which web pages of other origins may call (`cinema.cors_origins`).

Tokens travel in a header that a page has to set itself, never in cookies, so no answer allows credentials.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pyramid.response import Response
from pyramid.tweens import INGRESS

from cinema.core.request import Request
from cinema.core.settings import read, setting

ANY_ORIGIN = "*"
_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
_REQUEST_HEADERS = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-ID"
_RESPONSE_HEADERS = (
    "Allow, ETag, Idempotent-Replayed, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, "
    "X-Request-ID"
)
_MAX_AGE = "7200"  # seconds; browsers keep no preflight longer
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:]+\](:[0-9]{1,5})?")

Handler = Callable[[Request], Response]


def _origins(text: str) -> frozenset[str]:
    origins = frozenset(text.split())
    for origin in origins:
        if origin != ANY_ORIGIN and not _ORIGIN.fullmatch(origin):
            raise ValueError(f"must be origins such as https://example.com, with no path, not {origin!r}")
    return origins


@dataclass(frozen=True)
class CorsSettings:
    """Who may call from a web page."""

    origins: frozenset[str] = setting(
        "cinema.cors_origins",
        "",
        _origins,
        "Origins whose web pages may call, such as `https://example.com`, by spaces; `*` for all",
    )


def cors_tween_factory(handler: Handler, registry: Any) -> Handler:
    """Answers preflights and marks every other answer, errors too. No work at all when no origin is allowed."""
    origins = read(CorsSettings, registry.settings).origins
    if not origins:
        return handler

    def cors_tween(request: Request) -> Response:
        origin = request.environ.get("HTTP_ORIGIN")
        allowed = ANY_ORIGIN if ANY_ORIGIN in origins else origin if origin in origins else None
        if allowed and request.method == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in request.environ:
            response = _preflight()
        else:
            response = handler(request)
        if allowed != ANY_ORIGIN:
            response.headers.add("Vary", "Origin")
        if origin and allowed:
            response.headers["Access-Control-Allow-Origin"] = allowed
            response.headers["Access-Control-Expose-Headers"] = _RESPONSE_HEADERS
        return response

    return cors_tween


def _preflight() -> Response:
    headers = [
        ("Access-Control-Allow-Methods", _METHODS),
        ("Access-Control-Allow-Headers", _REQUEST_HEADERS),
        ("Access-Control-Max-Age", _MAX_AGE),
    ]
    return Response(status=204, headerlist=headers)


def includeme(config: Any) -> None:
    """Puts the tween round everything else."""
    config.add_tween("cinema.core.cors.cors_tween_factory", under=INGRESS)
