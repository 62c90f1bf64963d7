"""`python -m bench`: how fast cinema is, beside a bare waitress and beside the same application in other frameworks.

See bench/README.md for what is measured, and how to read it.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench import checks, contenders, load, servers, tables
from bench.agreement import first_answers
from bench.contenders import BARE, CINEMA, PEERS_ON, Contender
from bench.data import add_staff, fill
from bench.scenarios import Scenario, scenarios
from tests.databases import PostgreSQL, migrate, open_database

_WARM_UP = 0.3


@dataclass
class Engine:
    """A database to measure on. `process` is its server's, where it has one."""

    name: str
    url: str
    process: psutil.Process | None = None

    def cpu_seconds(self) -> float:
        """CPU time it has used so far, outside the process that asks."""
        return servers.cpu_seconds(self.process) if self.process else 0.0


@dataclass
class Rounds:
    """How often and how long is measured, and on what."""

    folder: Path
    engine: Engine
    number: int
    seconds: float

    def compare(self, scenario: Scenario, applications: Sequence[Contender]) -> tables.Row:
        """All contenders in turn, again and again. The first application is cinema."""
        body, tags = first_answers(scenario, applications)
        row = tables.Row(scenario.name, len(body))
        if scenario.tagged and not tags[CINEMA]:
            print(f"  {scenario.name}: left out, since cinema's answer has no ETag")
            return row
        cinema, *peers = applications
        with contenders.bare(self.folder, body, scenario.status) as server:
            field = [cinema, Contender(BARE, server, cinema.token), *peers]
            for contender in field:
                self.measure(contender, scenario, tags.get(contender.name), _WARM_UP)
            for _round in range(self.number):
                for contender in field:
                    result = self.measure(contender, scenario, tags.get(contender.name), self.seconds)
                    row.rounds.setdefault(contender.name, []).append(result)
        return row

    def measure(self, contender: Contender, scenario: Scenario, tag: str | None, seconds: float) -> load.Result:
        """One round. Every answer has to have the status that is meant."""
        requests = scenario.requests(contender, tag, seconds)
        server, database = contender.server.cpu_seconds(), self.engine.cpu_seconds()
        result = load.run(contender.server.port, requests, seconds)
        result.cpu = contender.server.cpu_seconds() - server
        result.database = self.engine.cpu_seconds() - database
        meant = 304 if tag else scenario.status
        if wrong := result.statuses.keys() - {meant}:
            raise SystemExit(f"{scenario.name}: {contender.name} answers {wrong}, not {meant}")
        return result


def report(folder: Path, engine: Engine, options: argparse.Namespace) -> None:
    """Measures one engine, and prints."""
    print(f"{engine.name}: each server one process on one core, {load.CONNECTIONS} clients", flush=True)
    database = open_database(engine.url)
    user_id = add_staff(database)
    with ExitStack() as stack:
        stack.callback(database.dispose)
        application = stack.enter_context(contenders.application(folder, engine.url))
        data = fill(application.port, database, user_id)
        field = [Contender(CINEMA, application, data.token)]
        for name in () if options.no_peers else PEERS_ON[engine.name]:
            peer = contenders.peer(name, folder, engine.url, user_id, data.token)
            field.append(stack.enter_context(peer))
        rounds = Rounds(folder, engine, options.rounds, options.seconds)
        wanted = [scenario for scenario in scenarios(data) if options.only in scenario.name]
        found = [rounds.compare(scenario, field) for scenario in wanted]
    rows = [row for row in found if row.rounds]
    tables.show(rows, [BARE, *(contender.name for contender in field)])
    tables.show_goals(rows)


@contextmanager
def engines(folder: Path, wanted: str) -> Iterator[Iterator[Engine]]:
    """The databases to measure on."""
    with PostgreSQL.running() as postgresql:

        def found() -> Iterator[Engine]:
            if wanted != "sqlite":
                process = psutil.Process(postgresql.server.get_pid())
                yield Engine("PostgreSQL", postgresql.migrated("bench"), process)
            if wanted != "postgresql":
                url = f"sqlite:///{folder / 'bench.sqlite3'}"
                migrate(url)
                yield Engine("SQLite", url)

        yield found()


def main() -> None:
    """Measures and prints."""
    arguments = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    arguments.add_argument("--engine", choices=["sqlite", "postgresql", "both"], default="both")
    arguments.add_argument("--seconds", type=float, default=1, help="of each round (%(default)s)")
    arguments.add_argument("--rounds", type=int, default=3, help="of which the median is taken (%(default)s)")
    arguments.add_argument("--only", metavar="NAME", default="", help="only what has this in its name: «seat map»")
    arguments.add_argument("--no-peers", action="store_true", help="only cinema and the bare waitress")
    options = arguments.parse_args()
    servers.pin_client()
    with tempfile.TemporaryDirectory() as folder, engines(Path(folder), options.engine) as found:
        for engine in found:
            report(Path(folder), engine, options)
    if not options.only:
        checks.report()


if __name__ == "__main__":
    main()
