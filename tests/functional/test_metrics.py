"""`/metrics`: what is counted, and that callers cannot make it grow."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from webtest import TestApp

from tests.app import Cinema, failure, seats
from tests.conftest import opened
from tests.databases import empty
from tests.dialects.everything import DIALECTS, Everything
from tests.dialects.test_seats_together import WAYS
from tests.functional.test_headers import uncontracted

pytestmark = pytest.mark.either_engine

METRICS = "http://localhost/metrics"
DOCUMENT = Path(__file__).parents[2] / "docs" / "operations.md"
LABELS = ("resource", "method", "status", "pool", "state", "le")
ON = {"cinema.metrics": "on", "cinema.dialects": DIALECTS}


@pytest.fixture
def house(new_url: str) -> Iterator[Everything]:
    """A cinema that has counted nothing yet."""
    with opened(new_url, **ON) as router:
        empty(router.registry.database)
        with uncontracted(Everything(router)) as found:
            yield found


@pytest.fixture(scope="module")
def new_url(new_database: Callable[[str], str]) -> str:
    """The URL of a migrated database."""
    return new_database("metrics")


def samples(house: Cinema, name: str) -> dict[tuple[str, ...], float]:
    """The values of one metric, by the values of its labels in the order of LABELS."""
    text = house.stranger.call("GET", METRICS, status=200).text
    return {
        tuple(sample.labels[label] for label in LABELS if label in sample.labels): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name
    }


def value(house: Cinema, name: str, *labels: str) -> float:
    """One value; 0 before anything was counted."""
    return samples(house, name).get(labels, 0)


# -- who sees it ---------------------------------------------------------------------------------------------


def test_it_is_prometheus_text_for_whoever_asks(house: Everything) -> None:
    with house.statements() as seen:
        answer = house.stranger.call("GET", METRICS, status=200)
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert "# TYPE cinema_requests_total counter" in answer.text
    assert seen == []
    assert house.stranger.call("POST", METRICS, {}, 405).headers["Allow"] == "GET, HEAD"


def test_where_it_is_off_there_is_no_such_address(cinema: Cinema) -> None:
    for person in (cinema.stranger, cinema.member, cinema.admin):
        missing = person.call("GET", "http://localhost/nothing", status=404).json
        for method in ("GET", "POST"):
            answer = person.call(method, METRICS, {} if method == "POST" else None, 404)
            assert answer.json["code"] == missing["code"]
            assert "cinema_" not in answer.text


# -- requests ------------------------------------------------------------------------------------------------


def test_every_request_is_counted_by_resource_method_and_status(house: Everything) -> None:
    movie = house.movie()
    for _time in range(3):
        house.member.get(f"/movies/{movie}")
    house.member.call("GET", "/movies/999999", status=404)
    house.stranger.call("GET", f"/movies/{movie}", status=401)
    house.member.call("DELETE", f"/movies/{movie}", status=403)
    house.anybody.get("/movies/")
    assert failure(house, {}).status_int == 500
    counted = samples(house, "cinema_requests_total")
    assert counted["Movie", "GET", "200"] == 3
    assert counted["Movie", "GET", "404"] == 1
    assert counted["Movie", "GET", "401"] == 1
    assert counted["Movie", "DELETE", "403"] == 1
    assert counted["site.Movies", "GET", "200"] == 1
    assert counted["Login", "POST", "500"] == 1
    assert samples(house, "cinema_requests_total")["Metrics", "GET", "200"] == 1


def test_time_is_counted_by_resource(house: Everything) -> None:
    movie = house.movie()
    before = value(house, "cinema_request_seconds_count", "Movie")
    for _time in range(3):
        house.member.get(f"/movies/{movie}")
    assert value(house, "cinema_request_seconds_count", "Movie") == before + 3
    assert value(house, "cinema_request_seconds_sum", "Movie") > 0
    buckets = [float(bound) for _resource, bound in samples(house, "cinema_request_seconds_bucket")]
    assert (min(buckets), sorted(set(buckets))[-2]) == (0.001, 10)


def test_what_callers_make_up_is_counted_as_one(house: Everything) -> None:
    assert house.member.id
    value(house, "cinema_requests_total")
    known = samples(house, "cinema_requests_total").keys()
    unchecked = TestApp(house.http.app, lint=False)
    for number in range(20):
        house.member.call("GET", f"/nothing-{number}")
        house.member.call("GET", f"/movies/{number}/views-{number}")
        house.member.call("GET", f"/screenings/{number}/seats/{number}")
        unchecked.request("/version", method=f"BREW{number}", status=405)
    counted = samples(house, "cinema_requests_total")
    assert counted.keys() - known == {("none", "GET", "404"), ("Version", "other", "405")}
    assert counted["none", "GET", "404"] == 60
    assert counted["Version", "other", "405"] == 20


def test_applications_in_one_process_count_each_for_itself(house: Everything, new_url: str) -> None:
    with opened(new_url, **ON) as router, uncontracted(Everything(router)) as other:
        for _time in range(3):
            other.stranger.get("/health/live")
        assert value(other, "cinema_requests_total", "Live", "GET", "200") == 3
        assert value(house, "cinema_requests_total", "Live", "GET", "200") == 0
        house.stranger.get("/health/live")
        assert value(other, "cinema_requests_total", "Live", "GET", "200") == 3


# -- bookings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_bookings_are_counted_in_every_dialect_and_so_is_losing_a_seat(house: Everything, way: str) -> None:
    screening = house.screening()
    take, _refused = WAYS[way]
    assert (value(house, "cinema_bookings_total"), value(house, "cinema_booking_conflicts_total")) == (0, 0)
    assert take(house, screening) == 201
    assert (value(house, "cinema_bookings_total"), value(house, "cinema_booking_conflicts_total")) == (1, 0)
    body = {"screening": screening, "seats": seats((2, 3))}
    house.other.call("POST", "/orders", body, 409)
    assert (value(house, "cinema_bookings_total"), value(house, "cinema_booking_conflicts_total")) == (1, 1)


@pytest.mark.parametrize("way", WAYS)
def test_a_booking_that_loses_a_seat_is_a_conflict(house: Everything, way: str) -> None:
    screening = house.screening()
    house.other.post("/orders", {"screening": screening, "seats": seats((2, 3))})
    take, refused = WAYS[way]
    assert take(house, screening) == refused
    assert (value(house, "cinema_bookings_total"), value(house, "cinema_booking_conflicts_total")) == (1, 1)


def test_other_refusals_are_no_conflict(house: Everything) -> None:
    screening = house.screening()
    house.member.post("/orders", {"screening": screening, "seats": seats((99, 1))}, 400)
    house.member.post("/orders", {}, 400)
    house.stranger.post("/orders", {}, 401)
    house.admin.post("/genres", {"name": "Drama"})
    house.admin.post("/genres", {"name": "Drama"}, 409)
    assert (value(house, "cinema_bookings_total"), value(house, "cinema_booking_conflicts_total")) == (0, 0)


# -- what is looked up ---------------------------------------------------------------------------------------


def test_connections_are_shown_by_pool(house: Everything) -> None:
    name = "cinema_database_connections"
    pools = {(pool, state) for pool in ("writers", "readers", "background") for state in ("used", "idle")}
    assert samples(house, name).keys() == pools
    used = value(house, name, "readers", "used")
    with house.database.readers.connect():
        assert value(house, name, "readers", "used") == used + 1
    assert value(house, name, "readers", "used") == used
    assert value(house, name, "readers", "idle") >= 1


def test_the_age_of_what_is_known_is_shown(house: Everything) -> None:
    house.registry.knowledge.stop()
    house.registry.knowledge.poll()
    first, second = (value(house, "cinema_access_knowledge_age_seconds") for _time in range(2))
    assert 0 <= first < second


def test_the_documentation_has_every_metric(house: Everything) -> None:
    house.stranger.call("GET", METRICS)
    text = house.stranger.call("GET", METRICS).text
    shown = set(re.findall(r"^# TYPE (\S+) ", text, re.MULTILINE))
    rows = re.findall(
        r"^\| `(cinema_[a-z_]+)(?:\{([a-z, ]*)\})?` \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(name for name, _labels in rows) == sorted(shown)
    labels = {
        family.name: set(family.samples[0].labels) - {"le"}
        for family in text_string_to_metric_families(text)
        if family.samples
    }
    for name, documented in rows:
        assert set(filter(None, documented.split(", "))) == labels[name.removesuffix("_total")], name
