"""Servers to measure: each a process of its own, pinned to one core where the system can do that."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

SERVER_CORE = 0
CLIENT_CORE = 1
THREADS = 8
_TICKS = os.sysconf("SC_CLK_TCK")

INI = """
[app:main]
use = egg:cinema
cinema.database_url = {url}
cinema.jwt_secret = the-benchmark-has-no-secrets-0123456789-abcdef
cinema.payments = sandbox
cinema.login_limits = off
cinema.access_token_minutes = 1440
cinema.opening_hours = 00:00-24:00

[server:main]
use = egg:waitress#main
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


class Server:
    """A running server."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port

    def cpu_seconds(self) -> float:
        """CPU time used so far; 0 where the system does not tell."""
        with suppress(FileNotFoundError):
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / _TICKS
        return 0.0


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def application(folder: Path, url: str) -> Iterator[Server]:
    """The application on waitress, as `pserve` runs it."""
    port = free_port()
    ini = folder / "bench.ini"
    ini.write_text(INI.format(url=url, port=port, threads=THREADS))
    pserve = Path(sys.executable).with_name("pserve")
    with _running([str(pserve), str(ini)], port, "/health/live") as server:
        yield server


@contextmanager
def bare(folder: Path, body: bytes) -> Iterator[Server]:
    """waitress with a WSGI function that answers `body` at once: as fast as any application on it can be."""
    port = free_port()
    answer = folder / "answer.json"
    answer.write_bytes(body)
    with _running([sys.executable, "-m", "bench.bare", str(port), str(answer)], port, "/") as server:
        yield server


@contextmanager
def _running(command: list[str], port: int, path: str) -> Iterator[Server]:
    process = subprocess.Popen(command, preexec_fn=_pin)  # nothing else runs in the child yet
    try:
        _wait(process, f"http://127.0.0.1:{port}{path}")
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(30)


def _pin() -> None:
    with suppress(AttributeError, OSError):
        os.sched_setaffinity(0, {SERVER_CORE})


def pin_client() -> None:
    """Puts this process on the other core."""
    with suppress(AttributeError, OSError):
        os.sched_setaffinity(0, {CLIENT_CORE})


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    for _attempt in range(100):
        with suppress(httpx.TransportError):
            httpx.get(url)
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(f"the server for {url} did not start")
