"""The log: one line a request, in words that give nobody away."""

import io
import json
import logging
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from webtest import TestApp

from cinema.core.observing.logs import JsonFormatter
from tests.app import API, PASSWORD, Cinema
from tests.conftest import SECRET, opened
from tests.databases import migrate
from tests.dialects.everything import DIALECTS, Everything
from tests.functional.test_headers import failure
from tests.processes import Client, started

REPOSITORY = Path(__file__).parents[2]
FIELDS = {"time", "level", "logger", "id", "method", "resource", "path", "status", "ms", "user", "bytes"}
CANARY = "canary"


class Log:
    """What is written, as production writes it and as development does."""

    def __init__(self) -> None:
        self._handlers = [logging.StreamHandler(io.StringIO()) for _format in range(2)]
        self._handlers[0].setFormatter(JsonFormatter())
        self._handlers[1].setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def __enter__(self) -> "Log":
        logger = logging.getLogger("cinema")
        self._level, self._propagate = logger.level, logger.propagate
        logger.setLevel(logging.DEBUG)
        for handler in self._handlers:
            logger.addHandler(handler)
        return self

    def __exit__(self, *_error: object) -> None:
        logger = logging.getLogger("cinema")
        logger.setLevel(self._level)
        for handler in self._handlers:
            logger.removeHandler(handler)

    @property
    def texts(self) -> list[str]:
        """Everything so far: as JSON, and to be read."""
        return [handler.stream.getvalue() for handler in self._handlers]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Every line of JSON."""
        return [json.loads(line) for line in self.texts[0].splitlines()]

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The lines about requests."""
        return [line for line in self.lines if line["logger"] == "cinema.access"]

    def last(self) -> dict[str, Any]:
        """The line about the last request."""
        return self.requests[-1]


@pytest.fixture(scope="module")
def application(new_database: Callable[[str], str]) -> Iterator[Any]:
    """An application that speaks every dialect."""
    more = {"cinema.dialects": DIALECTS, "cinema.cors_origins": "https://shop.example.com"}
    with opened(new_database("observing"), **more) as router:
        yield router


@pytest.fixture
def cinema(cinema: Cinema, application: Any) -> Iterator[Everything]:
    """A cinema with a film and people in it, before anybody listens."""
    house = Everything(application)
    assert cinema.member.id
    with house:
        assert house.admin.id
        yield house


@pytest.fixture
def log(cinema: Cinema) -> Iterator[Log]:
    """What is written from here on."""
    with Log() as found:
        yield found
