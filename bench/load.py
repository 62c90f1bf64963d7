"""A load generator: keep-alive connections that each send the next request as soon as an answer is complete."""

import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

CONNECTIONS = 16
_STALLED = 30
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CLOSING = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


@dataclass
class Result:
    """What came back. `cpu` is what the server used, in seconds, `database` what PostgreSQL did beside it."""

    requests: int
    seconds: float
    statuses: Mapping[int, int]
    reconnects: int
    """How often the server hung up."""
    cpu: float = 0.0
    database: float = 0.0

    @property
    def per_second(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds

    @property
    def cpu_microseconds(self) -> float:
        """CPU time of the server per request."""
        return self.cpu / self.requests * 1e6

    @property
    def database_microseconds(self) -> float:
        """CPU time of PostgreSQL per request."""
        return self.database / self.requests * 1e6

    @property
    def busy(self) -> float:
        """Which part of the time the server used its core. Below nine tenths something else holds it back."""
        return self.cpu / self.seconds


class _Connection:
    """One client: a socket, the request under way, and what has arrived of its answer."""

    def __init__(self, port: int, selector: selectors.BaseSelector) -> None:
        self.port = port
        self.selector = selector
        self.buffer = b""
        self.request = b""
        self.reconnects = 0
        self._connect()

    def _connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.selector.register(self.socket, selectors.EVENT_READ, self)

    def _reconnect(self) -> None:
        self.close()
        self.reconnects += 1
        self.buffer = b""
        self._connect()

    def send(self, request: bytes) -> None:
        self.request = request
        try:
            self.socket.sendall(request)
        except ConnectionError:
            self._reconnect()
            self.socket.sendall(request)

    def complete(self) -> int | None:
        """Reads what is there; the status when an answer is complete, else None.

        Connects again after an answer that ends the connection, and asks again when there was none.
        """
        data = self._received()
        if not data:
            self._reconnect()
            self.send(self.request)
            return None
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        status = int(self.buffer[9:12])
        length = 0 if status == 304 else int(_header(_LENGTH, self.buffer, end))
        if len(self.buffer) < end + 4 + length:
            return None
        if _CLOSING.search(self.buffer, 0, end):
            self._reconnect()
        self.buffer = b""
        return status

    def _received(self) -> bytes:
        try:
            return self.socket.recv(1 << 18)
        except ConnectionError:
            return b""

    def close(self) -> None:
        self.selector.unregister(self.socket)
        self.socket.close()


def _header(pattern: re.Pattern[bytes], answer: bytes, end: int) -> bytes:
    found = pattern.search(answer, 0, end)
    if found is None:
        raise SystemExit(f"an answer without a length: {answer[:end].decode('latin-1')}")
    return found[1]


def run(port: int, next_request: Callable[[], bytes], seconds: float) -> Result:
    """Sends requests for `seconds`; each is what `next_request` returns."""
    selector = selectors.DefaultSelector()
    connections = [_Connection(port, selector) for _ in range(CONNECTIONS)]
    statuses: Counter[int] = Counter()
    started = time.perf_counter()
    ends = started + seconds
    for connection in connections:
        connection.send(next_request())
    under_way = len(connections)
    while under_way:
        ready = selector.select(timeout=_STALLED)
        if not ready:
            raise SystemExit(f"no answer within {_STALLED} s to: {connections[0].request[:200]!r}")
        for key, _events in ready:
            status = key.data.complete()
            if status is None:
                continue
            statuses[status] += 1
            if time.perf_counter() < ends:
                key.data.send(next_request())
            else:
                key.data.close()
                under_way -= 1
    elapsed = time.perf_counter() - started
    return Result(statuses.total(), elapsed, statuses, sum(each.reconnects for each in connections))
