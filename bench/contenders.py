"""Who is measured: cinema on two servers, and its peers, all on the same database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt

from bench.servers import THREADS, Server, free_port, running

SECRET = "the-benchmark-has-no-secrets-0123456789-abcdef"
BARE, CINEMA, GRANIAN, DRF, FASTAPI, TUNED = "bare waitress", "cinema", "on granian", "DRF", "FastAPI", "tuned"
PEERS_ON = {"PostgreSQL": (GRANIAN, DRF, FASTAPI, TUNED), "SQLite": (GRANIAN, DRF, FASTAPI)}

_INI = """
[app:main]
use = egg:cinema
cinema.database_url = {url}
cinema.jwt_secret = {secret}
cinema.login_limits = off
cinema.payments = sandbox
cinema.access_token_minutes = 1440
cinema.opening_hours = 00:00-24:00

[server:main]
use = egg:cinema
listen = 127.0.0.1:{port}
threads = {threads}

[loggers]
keys = root, queue

[handlers]
keys = console

[formatters]
keys = plain

[logger_root]
level = WARNING
handlers = console

[logger_queue]
level = ERROR
handlers =
qualname = waitress.queue

[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = plain

[formatter_plain]
format = %(levelname)s %(name)s: %(message)s
"""


@dataclass
class Contender:
    """A server with an application, and the token to call it with."""

    name: str
    server: Server
    token: str


@contextmanager
def application(folder: Path, url: str) -> Iterator[Server]:
    """cinema on its own server, as `pserve` runs it."""
    port = free_port()
    with running(["pyramid.scripts.pserve", "--quiet", str(_ini(folder, url, port))], port) as server:
        yield server


@contextmanager
def bare(folder: Path, body: bytes, status: int) -> Iterator[Server]:
    """waitress with a WSGI function that answers `body` at once: as fast as any application on it can be."""
    port = free_port()
    answer = folder / "answer.json"
    answer.write_bytes(body)
    with running(["bench.bare", str(port), str(answer), str(status)], port) as server:
        yield server


@contextmanager
def peer(name: str, folder: Path, url: str, user_id: int, token: str) -> Iterator[Contender]:
    """One of `PEERS_ON` an engine."""
    port = free_port()
    command = [word.format(port=port, threads=THREADS) for word in _COMMANDS[name].split()]
    if name == GRANIAN:
        environment = {"INI": str(_ini(folder, url, port))}
    else:
        environment = {"DATABASE_URL": url, "JWT_SECRET": SECRET}
        token = _token(user_id)
    with running(command, port, environment) as server:
        yield Contender(name, server, token)


_COMMANDS = {
    GRANIAN: "granian --interface wsgi --port {port} --blocking-threads {threads} --no-ws --log-level error"
    " bench.granian_app:app",
    DRF: "gunicorn --bind 127.0.0.1:{port} --threads {threads} --keep-alive 60 --log-level warning"
    " --no-control-socket bench.peers.drf.wsgi",
    FASTAPI: "uvicorn --port {port} --no-access-log --log-level warning bench.peers.fastapi_app.main:app",
    TUNED: "uvicorn --port {port} --no-access-log --log-level warning bench.peers.tuned:app",
}


def _ini(folder: Path, url: str, port: int) -> Path:
    ini = folder / f"{port}.ini"
    ini.write_text(_INI.format(url=url, port=port, threads=THREADS, secret=SECRET))
    return ini


def _token(user_id: int) -> str:
    """One that the peers believe: each framework has its own name for whose it is."""
    now = datetime.now(UTC)
    claims = {"sub": str(user_id), "user_id": str(user_id), "token_type": "access", "jti": "bench"}
    return jwt.encode(claims | {"iat": now, "exp": now + timedelta(days=1)}, SECRET, "HS256")
