"""A load generator: keep-alive connections that each send the next request as soon as an answer is complete."""

import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

CONNECTIONS = 16


@dataclass
class Result:
    """What came back. `cpu` is what the server used, in seconds."""

    requests: int
    seconds: float
    statuses: dict[int, int]
    cpu: float = 0.0

    @property
    def per_second(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds

    @property
    def cpu_microseconds(self) -> float:
        """CPU time of the server per request."""
        return self.cpu / self.requests * 1e6


class _Connection:
    """One client: a socket and what has arrived of the present answer."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def complete(self) -> int | None:
        """Reads what is there; the status when an answer is complete, else None."""
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionError("the server closed the connection")
        self.buffer += data
        head, separator, body = self.buffer.partition(b"\r\n\r\n")
        if not separator:
            return None
        start = head.lower().find(b"content-length:")
        length = int(head[start + 15 :].split(b"\r\n", 1)[0]) if start >= 0 else 0
        if len(body) < length:
            return None
        self.buffer = body[length:]
        return int(head[9:12])


def run(port: int, next_request: Callable[[], bytes], seconds: float) -> Result:
    """Sends requests for `seconds`; each is what `next_request` returns."""
    selector = selectors.DefaultSelector()
    connections = [_Connection(port) for _ in range(CONNECTIONS)]
    statuses: dict[int, int] = {}
    done = 0
    started = time.perf_counter()
    ends = started + seconds
    for connection in connections:
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.socket.sendall(next_request())
    open_requests = len(connections)
    while open_requests:
        for key, _events in selector.select(timeout=5):
            status = key.data.complete()
            if status is None:
                continue
            done += 1
            statuses[status] = statuses.get(status, 0) + 1
            if time.perf_counter() < ends:
                key.data.socket.sendall(next_request())
            else:
                open_requests -= 1
    elapsed = time.perf_counter() - started
    for connection in connections:
        connection.socket.close()
    return Result(done, elapsed, statuses)


def get(path: str, token: str) -> bytes:
    """The bytes of a GET."""
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


def post(path: str, token: str, body: bytes) -> bytes:
    """The bytes of a POST of JSON."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
