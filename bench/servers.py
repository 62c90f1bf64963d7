"""Servers to measure: each one process, pinned to one core where the system can do that."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

import httpx
import psutil

SERVER_CORE = 0
CLIENT_CORE = 1
THREADS = 8


class Server:
    """A running server."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.port = port
        self._process = psutil.Process(process.pid)

    def cpu_seconds(self) -> float:
        """CPU time used so far."""
        return cpu_seconds(self._process)


def cpu_seconds(process: psutil.Process) -> float:
    """CPU time used so far, by the process and those it has started: some supervise the one that works."""
    own = process.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system  # of children: those that have ended
    for child in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            times = child.cpu_times()
            total += times.user + times.system
    return total


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(command: Sequence[str], port: int, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """A Python module that serves on `port`, with its arguments. It is stopped at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        env=os.environ | (environment or {}),
        preexec_fn=_pin,  # nothing else runs in the child yet
    )
    try:
        _wait(process, f"http://127.0.0.1:{port}/")
        yield Server(process, port)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _pin() -> None:
    with suppress(AttributeError, OSError):
        os.sched_setaffinity(0, {SERVER_CORE})


def pin_client() -> None:
    """Puts this process on the other core, and what it starts from now on: the database too."""
    with suppress(AttributeError, OSError):
        os.sched_setaffinity(0, {CLIENT_CORE})


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    for _attempt in range(200):
        with suppress(httpx.TransportError):
            httpx.get(url)
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(f"the server for {url} did not start")
