"""Clients that send or read slowly: whoever asks whether the server lives hears so at once."""

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.databases import migrated_sqlite
from tests.processes import Server, serving

CLIENTS = 150
PROMPT = 2.0  # seconds; without anybody in the way it is a few milliseconds
HALF_A_HEADER = b"GET /api/v1/movies HTTP/1.1\r\nHost: x\r\nAuthoriz"
HALF_A_BODY = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"
MUCH = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 200  # tens of megabytes for 8 KB, which are read at once


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server as it comes, on SQLite."""
    folder = tmp_path_factory.mktemp("slow")
    with serving(folder, f"sqlite:///{migrated_sqlite(folder / 'cinema.sqlite3')}") as [found]:
        yield found


def assert_alive(server: Server) -> None:
    """New clients are answered promptly, one after another."""
    for _ in range(3):
        started = time.monotonic()
        client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PROMPT)
        client.request("GET", "/health/live")
        assert client.getresponse().status == 200
        client.close()
        assert time.monotonic() - started < PROMPT


@pytest.mark.parametrize("half", [HALF_A_HEADER, HALF_A_BODY], ids=["header", "body"])
def test_half_requests_keep_nobody_waiting(server: Server, half: bytes) -> None:
    with ExitStack() as stack:
        for _ in range(CLIENTS):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            connection.sendall(half)
        assert_alive(server)


def test_those_who_do_not_read_their_answers_keep_nobody_waiting(server: Server) -> None:
    """More of them than threads, each with more to read than the server keeps for one connection."""
    with ExitStack() as stack:
        for _ in range(30):
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", server.port))
            connection.sendall(MUCH)
        for _ in range(6):
            time.sleep(0.5)
            assert_alive(server)


def test_an_answer_without_a_body_leaves_the_connection_open(server: Server) -> None:
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PROMPT)
    sockets = set()
    for method in ("HEAD", "GET", "HEAD"):
        client.request(method, "/health/live")
        sockets.add(client.sock)
        assert client.getresponse().read() == (b'{"status":"ok"}' if method == "GET" else b"")
    client.close()
    assert len(sockets) == 1
