"""`python -m bench`: how fast the application is, beside a bare waitress on the same core.

Prints, for each engine and each request: requests per second of both, the share reached, and CPU time per request.
Rounds are interleaved and medians are taken, since machines are noisy: trust the ratios, not single figures.
"""

import argparse
import json
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench import checks, load, servers
from bench.data import Data, add_staff, fill
from tests.databases import PostgreSQL, migrate, open_database

_HEADER = (
    f"  {'request':22} {'answer':>9} {'cinema':>10} {'bare':>10} {'share':>7} {'CPU':>11} {'bare':>9} {'share':>7}"
)


@dataclass
class Scenario:
    """A request to repeat."""

    name: str
    next_request: Callable[[], bytes]
    status: int = 200


def scenarios(data: Data) -> list[Scenario]:
    """What is measured."""
    pairs = data.seat_pairs()

    def order() -> bytes:
        screening, row, seat = next(pairs)
        seats = [{"row": row, "seat": seat}, {"row": row, "seat": seat + 1}]
        body = json.dumps({"screening": screening, "seats": seats}).encode()
        return load.post("/api/v1/orders", data.token, body)

    reads = {
        "movie page of 12": "/api/v1/movies?limit=12",
        "screening list of 20": "/api/v1/screenings",
        "screening detail": f"/api/v1/screenings/{data.screening}",
        "seat map of 60 seats": f"/api/v1/screenings/{data.screening}/seats",
    }
    found = [Scenario(name, _always(load.get(path, data.token))) for name, path in reads.items()]
    return [*found, Scenario("order of 2 seats", order, 201)]


def _always(request: bytes) -> Callable[[], bytes]:
    return lambda: request


def measure(server: servers.Server, scenario: Scenario, seconds: float) -> load.Result:
    """One round. Every answer has to be the one that is meant."""
    before = server.cpu_seconds()
    result = load.run(server.port, scenario.next_request, seconds)
    result.cpu = server.cpu_seconds() - before
    return result


def report(folder: Path, url: str, seconds: float, rounds: int) -> None:
    """Measures one engine."""
    database = open_database(url)
    add_staff(database)
    database.dispose()
    with servers.application(folder, url) as application:
        data = fill(application.port)
        for scenario in scenarios(data):
            sample = _body(application.port, scenario)
            ours, theirs = [], []
            with servers.bare(folder, sample) as bare:
                measure(application, scenario, seconds / 4)
                for _round in range(rounds):
                    ours.append(measure(application, scenario, seconds))
                    theirs.append(measure(bare, scenario, seconds))
            wrong = {status for each in ours for status in each.statuses} - {scenario.status}
            if wrong:
                raise SystemExit(f"{scenario.name}: unexpected statuses {wrong}")
            print(_line(scenario.name, len(sample), ours, theirs))


def _body(port: int, scenario: Scenario) -> bytes:
    head, _, body = scenario.next_request().partition(b"\r\n\r\n")
    method, path = head.split(b" ", 2)[:2]
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    return httpx.request(
        method.decode(), f"http://127.0.0.1:{port}{path.decode()}", headers=headers, content=body
    ).content


def _line(name: str, size: int, ours: list[load.Result], theirs: list[load.Result]) -> str:
    def median(results: list[load.Result], figure: str) -> float:
        return statistics.median(getattr(each, figure) for each in results)

    speed, limit = median(ours, "per_second"), median(theirs, "per_second")
    cpu, least = median(ours, "cpu_microseconds"), median(theirs, "cpu_microseconds")
    return (
        f"  {name:22} {size:7} B {speed:8.0f}/s {limit:8.0f}/s {speed / limit:7.1%}"
        f" {cpu:8.0f} µs {least:6.0f} µs {least / cpu if cpu else 0:7.1%}"
    )


@contextmanager
def engines(folder: Path, wanted: str) -> Iterator[Iterator[tuple[str, str]]]:
    """The databases to measure on: name and URL."""
    with PostgreSQL.running() as postgresql:

        def found() -> Iterator[tuple[str, str]]:
            if wanted != "postgresql":
                url = f"sqlite:///{folder / 'bench.sqlite3'}"
                migrate(url)
                yield "SQLite", url
            if wanted != "sqlite":
                yield "PostgreSQL", postgresql.migrated("bench")

        yield found()


def main() -> None:
    """Measures and prints."""
    arguments = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    arguments.add_argument("--engine", choices=["sqlite", "postgresql", "both"], default="both")
    arguments.add_argument("--seconds", type=float, default=2, help="of each round")
    arguments.add_argument("--rounds", type=int, default=3)
    chosen = arguments.parse_args()
    servers.pin_client()
    with tempfile.TemporaryDirectory() as name, engines(Path(name), chosen.engine) as found:
        for engine, url in found:
            print(f"{engine}: one process, one core; beside it a bare waitress with the same bytes")
            print(_HEADER)
            report(Path(name), url, chosen.seconds, chosen.rounds)
    checks.report()


if __name__ == "__main__":
    main()
