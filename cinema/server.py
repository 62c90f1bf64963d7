"""The HTTP server: waitress, with connections that stay open, refusals in our words, and room for slow clients.

[server:main]
use = egg:cinema

takes every setting of `egg:waitress#main`. As it comes, waitress closes the connection after every answer without a
length, 204 and 304 too, which makes a 304 dearer than the whole answer.
"""

import logging
from contextlib import suppress
from functools import lru_cache
from socket import SHUT_RDWR
from time import monotonic, time
from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import build_http_date

from cinema.core.dialect import problem_response
from cinema.core.errors import BadRequest, HeadersTooLarge, Problem, TooLarge

DEFAULTS: dict[str, Any] = {
    "threads": 8,
    "ident": "",
    "connection_limit": 1000,  # waitress' own 100 are few: so many slow clients would shut everybody out
    "channel_timeout": 75,  # longer than proxies keep idle connections, so that they never send into one that closes
    "max_request_header_size": 16 << 10,
    "max_request_body_size": 2 << 20,
    "asyncore_use_poll": True,  # `select` ends the process at its 1,024th file
}
REQUEST_SECONDS = 120
"""How long a client may take to send one request: whoever sends a byte now and then counts as active for ever."""

_OTHER_FILES = 200  # open besides connections: the database, logs, answers that wait in files
_NO_BODY = ("204", "304")  # whatever their headers say (RFC 9112, 6.3)
_OF_SERVERS = frozenset({"Date", "date", "Server", "server"})


class Task(WSGITask):
    """Answers one request. An answer that ends with its headers needs no closed connection to say so."""

    @property
    def has_body(self) -> bool:
        """Whether bytes follow the headers, or their length is told: for HEAD, nothing is to be sent in chunks."""
        return super().has_body and not (self._is_head and self.content_length is None)

    def build_response_header(self) -> bytes:
        """The head of the answer. Most answers need none of what waitress looks for at every one."""
        names = {name for name, _value in self.response_headers}
        has_length_or_no_body = ("Content-Length" in names) != self.status.startswith(_NO_BODY)
        as_usual = (
            self.version == "1.1" and "CONNECTION" not in self.request.headers and names.isdisjoint(_OF_SERVERS)
        )
        if not (has_length_or_no_body and as_usual) or self.channel.server.adj.ident:
            if self._is_asked_to_close:  # waitress sees it only where nothing else is asked
                self.set_close_on_finish()
            head: bytes = super().build_response_header()
            return head
        lines = [f"HTTP/1.1 {self.status}", *(f"{name}: {value}" for name, value in self.response_headers)]
        return "\r\n".join([*lines, f"Date: {_http_date(int(self.start_time))}", "\r\n"]).encode("latin-1")

    def set_close_on_finish(self) -> None:
        """Closes the connection after the answer, where HTTP/1.1 has to, or the client asked for it."""
        if self._is_asked_to_close or self.version != "1.1" or not self._ends_with_headers:
            super().set_close_on_finish()

    def write(self, data: bytes) -> None:
        """Sends headers once, and a part of the body."""
        super().write(b"" if self._is_head else data)

    @property
    def _is_asked_to_close(self) -> bool:
        asked = self.request.headers.get("CONNECTION", "").lower().split(",")
        return "close" in (each.strip() for each in asked)

    @property
    def _is_head(self) -> bool:
        return bool(self.request.command == "HEAD")

    @property
    def _ends_with_headers(self) -> bool:
        return self._is_head or self.status.startswith(_NO_BODY)


@lru_cache(maxsize=4)
def _http_date(seconds: int) -> str:
    date: str = build_http_date(seconds)
    return date


class Refusal(ErrorTask):
    """Answers what never reaches the application, as the application would."""

    def execute(self) -> None:
        """Writes a problem document."""
        answer = problem_response(_problem(self.request.error, self.channel.adj))
        self.status = answer.status
        self.response_headers.extend(answer.headerlist)
        self.response_headers.append(("Cache-Control", "no-store"))
        self.set_close_on_finish()
        self.content_length = len(answer.body)
        self.write(answer.body)


def _problem(error: Any, adjustments: Any) -> Problem:
    """What waitress found wrong, as one of ours."""
    if error.code == HeadersTooLarge.status:
        return HeadersTooLarge(f"Address and headers together may have {adjustments.max_request_header_size} bytes.")
    if error.code == TooLarge.status:
        return TooLarge(f"The body is larger than {adjustments.max_request_body_size} bytes.")
    if error.code == BadRequest.status:
        return BadRequest(f"This is not HTTP: {error.body}.")
    if error.code == Problem.status:
        return Problem("Something went wrong on our side.")
    problem = Problem(f"{error.body}".rstrip(".") + ".", code="http-error")
    problem.status, problem.title = error.code, error.reason
    return problem


class Channel(HTTPChannel):
    """A connection. Of its answers, it keeps one at a time, and no thread while its client does not read that.

    waitress itself lets them pile up to `outbuf_high_watermark`, then keeps the thread waiting.
    """

    task_class = Task
    error_task_class = Refusal
    _since: float | None = None  # when the request that is being received began
    _waits = False  # whether the next request is to be answered as soon as nothing is left to send

    def received(self, data: bytes) -> bool:
        """Takes what the client sent. One that takes too long over a request is dropped."""
        went_on = super().received(data)
        if self.request is None:
            self._since = None
        elif self._since is None:
            self._since = monotonic()
        elif monotonic() - self._since > REQUEST_SECONDS:
            self.will_close = True
        return went_on

    def service(self) -> None:
        """Answers the next request, in a thread; not yet while an answer before it is on its way."""
        with self.outbuf_lock:  # or the last of it could go out in between, and nobody would go on
            waits = self._waits = self.total_outbufs_len > 0
        if not waits:
            super().service()

    def handle_write(self) -> None:
        """Sends what there is to send. Once all of it is out, or the client away, a thread goes on."""
        super().handle_write()
        if self._waits and not self.total_outbufs_len:
            self._waits = False
            self.server.add_task(self)

    def writable(self) -> bool:
        """Whether there is something to do for `handle_write`.

        Drops the client that has taken nothing for `channel_timeout`. `will_close` alone would wait until it reads.
        """
        if (self.total_outbufs_len or self.will_close) and self.last_activity < time() - self.adj.channel_timeout:
            self.will_close = True
            with suppress(OSError, AttributeError):  # closed meanwhile
                self.socket.shutdown(SHUT_RDWR)
        return bool(super().writable())


def listening(application: Any, **settings: Any) -> BaseWSGIServer | MultiSocketServer:
    """A server for a WSGI application, bound to its sockets; `run()` serves.

    `settings` are those of waitress. Raises ValueError for one that there is not.
    """
    sockets: dict[int, Any] = {}
    server = create_server(application, map=sockets, **(DEFAULTS | settings))
    for each in sockets.values():
        if isinstance(each, BaseWSGIServer):
            each.channel_class = Channel
    _make_room(server.adj.connection_limit + _OTHER_FILES)
    return server


def serve(application: Any, _global_conf: dict[str, str], **settings: Any) -> int:
    """Serves until interrupted (`paste.server_runner`); answers the exit code."""
    logging.basicConfig()
    server = listening(application, **settings)
    server.print_listen("Serving on http://{}:{}")
    server.run()
    return 0


def _make_room(files: int) -> None:
    """Lets this process open so many files, as far as the system allows: without them it could not even refuse."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # here: there is none on Windows

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != resource.RLIM_INFINITY and soft < files:
            most = files if hard == resource.RLIM_INFINITY else min(files, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
