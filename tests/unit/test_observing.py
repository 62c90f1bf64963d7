"""The outermost tween by itself: what escapes everything else, and what is going to be tried again."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from pyramid.registry import Introspector
from pyramid.response import Response
from pyramid_retry import RetryableException

from cinema.core.errors import BadRequest, Conflict, Invalid
from cinema.core.observing import observing_tween_factory
from cinema.core.observing.logs import JsonFormatter
from cinema.core.observing.metrics import Meters
from cinema.core.request import Request

POLICY = "default-src 'self'"


@pytest.fixture
def log() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """The lines so far."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger("cinema.access")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logger.removeHandler(handler)
    logger.setLevel(level)


def observed(handler: Callable[[Request], Response], **environ: Any) -> Response:
    """What a handler answers, seen through the tween."""
    tween = observing_tween_factory(handler, SimpleNamespace(introspector=Introspector(), meters=None))
    return tween(Request.blank("/", environ=environ))


def raising(error: Exception) -> Callable[[Request], Response]:
    """A handler with a fault that no exception view has seen."""

    def handler(_request: Request) -> Response:
        raise error

    return handler


def squashing(error: Exception) -> Callable[[Request], Response]:
    """A handler whose exception view has answered."""

    def handler(request: Request) -> Response:
        request.exception = error
        return Response(status=503)

    return handler


def attempt(number: int) -> dict[str, int]:
    """What pyramid_retry says of the attempt."""
    return {"retry.attempt": number, "retry.attempts": 4}


# -- attempts ------------------------------------------------------------------------------------------------


def test_what_nobody_handles_is_logged_as_a_500_and_goes_on(log: Callable[[], list[dict[str, Any]]]) -> None:
    with pytest.raises(ZeroDivisionError):
        observed(raising(ZeroDivisionError()))
    [line] = log()
    assert (line["status"], line["bytes"], line["resource"]) == (500, None, "none")


def test_an_attempt_that_is_repeated_is_not_logged(log: Callable[[], list[dict[str, Any]]]) -> None:
    for number in range(3):
        observed(squashing(RetryableException()), **attempt(number))
        with pytest.raises(RetryableException):
            observed(raising(RetryableException()), **attempt(number))
    assert log() == []


def test_the_last_attempt_is_logged(log: Callable[[], list[dict[str, Any]]]) -> None:
    observed(squashing(RetryableException()), **attempt(3))
    with pytest.raises(RetryableException):
        observed(raising(RetryableException()), **attempt(3))
    assert [line["status"] for line in log()] == [503, 500]


def test_an_error_that_repeating_would_not_help_is_logged(log: Callable[[], list[dict[str, Any]]]) -> None:
    observed(squashing(ZeroDivisionError()), **attempt(0))
    assert [line["status"] for line in log()] == [503]


def test_every_attempt_at_a_request_has_the_same_id() -> None:
    environ = Request.blank("/").environ
    tween = observing_tween_factory(
        lambda _request: Response(), SimpleNamespace(introspector=Introspector(), meters=None)
    )
    first, second = (tween(Request(environ)).headers["X-Request-ID"] for _attempt in range(2))
    assert first == second
    assert tween(Request.blank("/")).headers["X-Request-ID"] != first


# -- bookings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("headers", "counted"), [([], 1), ([("Idempotent-Replayed", "true")], 0)])
def test_an_order_that_is_only_told_again_is_no_second_one(headers: list[tuple[str, str]], counted: int) -> None:
    metrics = CollectorRegistry()
    answer = Response(status=201, headerlist=headers)
    Meters(metrics).count("Orders", Request.blank("/", method="POST"), answer, 0.001)
    assert metrics.get_sample_value("cinema_bookings_total") == counted


def lost() -> Conflict:
    return Conflict("Somebody else has these seats.", code="seats-unavailable")


def translated(error: Exception) -> Exception:
    """What a dialect raises while it handles `error`."""
    try:
        try:
            raise error
        except type(error):
            raise BadRequest("Sorry!") from None
    except BadRequest as found:
        return found


@pytest.mark.parametrize(
    ("error", "counted"),
    [
        (lost(), 1),
        (Invalid.field("tickets.0", "seats-unavailable", "is taken"), 1),
        (translated(lost()), 1),
        (translated(translated(Invalid.field("tickets.0", "seats-unavailable", "is taken"))), 1),
        (Invalid.field("seats.0", "unknown", "is none"), 0),
        (translated(Conflict("Too late.", code="booking-closed")), 0),
        (ZeroDivisionError("seats-unavailable"), 0),
        (None, 0),
    ],
)
def test_a_lost_seat_is_found_however_it_was_said(error: Exception | None, counted: int) -> None:
    metrics = CollectorRegistry()
    request = Request.blank("/", method="POST")
    request.exception = error
    Meters(metrics).count("Orders", request, Response(status=409), 0.001)
    assert metrics.get_sample_value("cinema_booking_conflicts_total") == counted


# -- headers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Content-Security-Policy", POLICY),
        ("Cache-Control", "public, max-age=60"),
        ("Referrer-Policy", "origin"),
        ("Vary", "*"),
        ("vary", "Accept, authorization"),
    ],
)
def test_what_the_view_said_stays(header: str, value: str) -> None:
    response = observed(lambda _request: Response(headerlist=[(header, value)]), HTTP_AUTHORIZATION="Bearer x")
    assert response.headers.getall(header) == [value]


def test_what_an_answer_varies_by_is_added_to() -> None:
    response = observed(lambda _request: Response(headerlist=[("Vary", "Accept")]), HTTP_AUTHORIZATION="Bearer x")
    assert response.headers.getall("Vary") == ["Accept", "Authorization"]


# -- other lines ---------------------------------------------------------------------------------------------


def formatted(message: str, *arguments: object, **more: Any) -> dict[str, Any]:
    """A record as JSON; it has to be one line."""
    record = logging.LogRecord("cinema.x", logging.WARNING, "", 1, message, arguments, more.get("exc_info"))
    line = JsonFormatter().format(record)
    assert line.isascii()
    assert line.isprintable()
    found: dict[str, Any] = json.loads(line)
    return found


@pytest.mark.parametrize("text", ["two\nlines", "\r\n", "\u2028", "\x00", "\ud800", '"', "Сталкер"])
def test_any_record_is_one_line(text: str) -> None:
    line = formatted("%s and %s", text, 5)
    assert line.pop("time").endswith("Z")
    assert line == {"level": "WARNING", "logger": "cinema.x", "message": f"{text} and 5"}


def test_a_traceback_is_one_line_too() -> None:
    try:
        raise ZeroDivisionError("two\nlines")
    except ZeroDivisionError:
        line = formatted("failed", exc_info=sys.exc_info())
    assert line["exception"].startswith("Traceback")
    assert line["exception"].endswith("ZeroDivisionError: two\nlines")
