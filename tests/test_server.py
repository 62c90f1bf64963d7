"""The HTTP server on real sockets: what keeps a connection open, what it refuses by itself, what its settings do."""

import http.client
import json
import resource
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from waitress import wasyncore
from waitress.server import BaseWSGIServer, create_server

from cinema import server as cinema_server
from cinema.server import DEFAULTS, listening

PATIENCE = 5  # seconds


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answers the status in the path; after it, whether the answer has a body, and whether that has a length."""
    status, _slash, rest = environ["PATH_INFO"].strip("/").partition("/")
    if status == "fail":
        raise ZeroDivisionError
    start_response(f"{status} Status", [("Content-Length", "5")] if rest == "length" else [])
    return iter([b"he", b"llo"] if rest else [])


class Large:
    """Answers more than the system keeps for a connection, whatever is asked; knows how often it was."""

    SIZE = 16 << 20
    answered = 0

    def __call__(self, _environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.answered += 1
        start_response("200 OK", [("Content-Length", str(self.SIZE))])
        return [bytes(self.SIZE)]


@contextmanager
def running(
    make: Callable[..., Any] = listening, application: Callable[..., Any] = application, **settings: Any
) -> Iterator[Any]:
    """A server in a thread of its own."""
    where = {} if "unix_socket" in settings else {"listen": "127.0.0.1:0"}
    server = make(application, **(where | settings))
    sockets = server.map if hasattr(server, "map") else server._map
    trigger = next(each.trigger for each in sockets.values() if isinstance(each, BaseWSGIServer))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        trigger.pull_trigger(lambda: wasyncore.close_all(sockets, ignore_all=True))
        thread.join(PATIENCE)
        server.task_dispatcher.shutdown()
        assert not thread.is_alive()


def connected(server: Any) -> socket.socket:
    """A connection to a server."""
    return socket.create_connection((server.effective_host, int(server.effective_port)), timeout=PATIENCE)


def everything(connection: socket.socket) -> bytes:
    """What comes until the other side closes."""
    return b"".join(iter(lambda: connection.recv(65536), b""))


def asked_twice(server: Any, method: str, path: str, version: str = "1.1", **headers: str) -> bytes:
    """What one connection answers to a request and then to a GET that ends it; nothing more if it was closed."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with connected(server) as connection:
        connection.sendall(f"{method} {path} HTTP/{version}\r\nHost: x\r\n{lines}\r\n".encode())
        connection.sendall(b"GET /200/length HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return everything(connection)


NO_BODY = [
    ("GET", "/204"),
    ("DELETE", "/204"),
    ("GET", "/304"),
    ("GET", "/304/length"),
    ("HEAD", "/304"),
    ("HEAD", "/200"),
    ("HEAD", "/200/lengthless"),
    ("HEAD", "/404/length"),
]


# -- connections ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "path"), NO_BODY)
def test_an_answer_without_a_body_leaves_the_connection_open(method: str, path: str) -> None:
    with running() as server:
        first, second = asked_twice(server, method, path).split(b"\r\n\r\n", 1)
    assert first.startswith(f"HTTP/1.1 {path[1:4]} ".encode())
    assert b"Connection" not in first
    assert b"Transfer-Encoding" not in first
    assert (b"Content-Length: 5" in first) == (path == "/404/length")
    assert second.startswith(b"HTTP/1.1 200 ")
    assert second.endswith(b"\r\n\r\nhello")


@pytest.mark.parametrize(("method", "path"), NO_BODY[:4])
def test_waitress_itself_closes_it(method: str, path: str) -> None:
    with running(create_server) as server:
        try:
            said = asked_twice(server, method, path)
        except ConnectionError:
            return
    assert said.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize(
    ("path", "version", "headers"),
    [
        ("/204", "1.1", {"Connection": "close"}),
        ("/304", "1.1", {"Connection": "Close"}),
        ("/204", "1.0", {}),
        ("/304", "1.0", {"Connection": "keep-alive"}),
        ("/200/lengthless", "1.1", {}),
    ],
)
def test_a_connection_closes_where_it_did_before(path: str, version: str, headers: dict[str, str]) -> None:
    for make in (listening, create_server):
        with running(make) as server:
            try:
                said = asked_twice(server, "GET", path, version, **headers)
            except ConnectionError:  # closed before the second request was read
                continue
        assert said.count(b"HTTP/1.") == 1
        assert b"\r\nConnection: close\r\n" in said


@pytest.mark.parametrize("path", ["/304", "/204", "/200/length"])
@pytest.mark.parametrize("asked", ["close, x", "Keep-Alive ,CLOSE", "x, close"])
def test_closing_may_be_one_wish_of_several(path: str, asked: str) -> None:
    with running() as server:
        try:
            said = asked_twice(server, "GET", path, Connection=asked)
        except ConnectionError:
            return
    assert said.count(b"HTTP/1.1") == said.count(b"\r\nConnection: close\r\n") == 1


@pytest.mark.parametrize("asked", ["keep-alive", "closed, x", ""])
def test_other_wishes_close_nothing(asked: str) -> None:
    with running() as server:
        assert asked_twice(server, "GET", "/304", Connection=asked).count(b"HTTP/1.1") == 2


def test_several_sockets_and_one_without_a_port_keep_it_open_too(tmp_path: Path) -> None:
    with running(listen="127.0.0.1:0 127.0.0.1:0") as server:
        for host, port in server.effective_listen:
            client = http.client.HTTPConnection(host, int(port), timeout=PATIENCE)
            assert two_answers(client) == [204, 200]
    path = str(tmp_path / "socket")
    with running(unix_socket=path), socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        connection.sendall(b"GET /204 HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.sendall(b"GET /200/length HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert everything(connection).count(b"HTTP/1.1") == 2


def two_answers(client: http.client.HTTPConnection) -> list[int]:
    """The statuses of two requests on one connection."""
    statuses, sockets = [], set()
    for path in ("/204", "/200/length"):
        client.request("GET", path)
        sockets.add(client.sock)
        answer = client.getresponse()
        answer.read()
        statuses.append(answer.status)
    client.close()
    assert len(sockets) == 1
    return statuses


# -- what it refuses by itself -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 17_000 + b"\r\n\r\n", 431, "headers-too-large"),
        (b"GET /" + b"x" * 17_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 431, "headers-too-large"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2097153\r\n\r\n", 413, "too-large"),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400, "bad-request"),
        (b"what\r\n\r\n", 400, "bad-request"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501, "http-error"),
        (b"GET /fail HTTP/1.1\r\nHost: x\r\n\r\n", 500, "internal-error"),
    ],
    ids=["headers", "address", "body", "length", "no HTTP", "encoding", "failure"],
)
def test_what_never_reaches_the_application_is_refused_in_the_same_form(
    request_: bytes, status: int, code: str
) -> None:
    with running() as server, connected(server) as connection:
        connection.sendall(request_)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        problem = json.loads(answer.read())
    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert answer.headers["Connection"] == "close"
    assert answer.headers["Server"] is None
    assert (problem["status"], problem["code"], problem["type"]) == (status, code, f"/docs/errors#{code}")
    assert problem["title"]
    assert problem["detail"].endswith(".")


# -- clients that take their time ----------------------------------------------------------------------------


def test_who_takes_too_long_over_one_request_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cinema_server, "REQUEST_SECONDS", 0.2)
    with running() as server, connected(server) as slow, connected(server) as quick:
        slow.sendall(b"GET / HTTP/1.1\r\n")
        with pytest.raises(ConnectionError):
            drip(slow)
        for _ in range(2):
            quick.sendall(b"GET /200/length HTTP/1.1\r\nHost: x\r\n\r\n")
            assert quick.recv(65536)


LARGE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = LARGE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")


def test_an_answer_is_made_once_the_one_before_is_out_and_none_gets_lost() -> None:
    large = Large()
    with running(application=large, threads=1) as server, connected(server) as slow:
        slow.sendall(LARGE * 5 + LAST)
        time.sleep(0.3)
        with connected(server) as quick:  # the only thread is free
            quick.sendall(LAST)
            assert len(everything(quick)) > Large.SIZE
        assert large.answered == 2
        assert everything(slow).count(b"HTTP/1.1 200 OK") == 6
    assert large.answered == 7


def test_who_reads_nothing_for_long_is_dropped_and_who_reads_slowly_is_not() -> None:
    with running(application=Large(), channel_timeout=2) as server, ExitStack() as stack:
        for requests in (LARGE, LARGE * 5, LAST):
            stack.enter_context(connected(server)).sendall(requests)
        slow = stack.enter_context(connected(server))
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 10)  # so that the server has to keep the rest
        slow.sendall(LAST)
        read = 0
        while some := slow.recv(128 << 10):
            read += len(some)
            time.sleep(0.03)
        assert read > Large.SIZE
        until = time.monotonic() + PATIENCE
        while server.active_channels and time.monotonic() < until:
            time.sleep(0.05)
        assert not server.active_channels


def test_who_goes_away_amid_answers_leaves_nothing_to_do() -> None:
    large = Large()
    with running(application=large) as server:
        with connected(server) as hasty:
            hasty.sendall(LARGE * 5)
            time.sleep(0.2)
            (channel,) = server.active_channels.values()
        until = time.monotonic() + PATIENCE
        while channel.requests and time.monotonic() < until:
            time.sleep(0.05)
        assert not channel.requests
        assert not server.active_channels
    assert large.answered == 1


def drip(connection: socket.socket) -> None:
    """Sends a header now and then, for two seconds."""
    for _ in range(40):
        connection.sendall(b"X: y\r\n")
        time.sleep(0.05)


def test_a_hundred_half_requests_shut_everybody_out_of_waitress_as_it_comes() -> None:
    for make, served in ((create_server, False), (listening, True)):
        with running(make) as server, ExitStack() as stack:
            for _ in range(120):
                stack.enter_context(connected(server)).sendall(b"GET / HT")
            last = stack.enter_context(connected(server))
            last.sendall(b"GET /200/length HTTP/1.1\r\nHost: x\r\n\r\n")
            last.settimeout(PATIENCE if served else 0.5)
            try:
                answered = last.recv(12) == b"HTTP/1.1 200"
            except TimeoutError:
                answered = False
        assert answered is served


# -- settings ------------------------------------------------------------------------------------------------


def test_settings_of_the_ini_beat_ours_and_unknown_ones_are_refused() -> None:
    with running(threads="2", connection_limit="7") as server:
        adjustments = server.adj
        assert (adjustments.threads, adjustments.connection_limit) == (2, 7)
        assert adjustments.max_request_header_size == DEFAULTS["max_request_header_size"]
        assert not adjustments.ident
    with pytest.raises(ValueError, match="threds"):
        listening(application, threds="2")


def test_there_is_room_for_as_many_connections_as_are_let_in() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, before[1]))
    try:
        with running():
            assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= min(1100, before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
