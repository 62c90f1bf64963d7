"""The request every view gets.

A class of our own instead of Pyramid's request methods: those make a new class for every single request.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from random import Random
from typing import Any

import pyramid.request
import transaction
from pyramid.decorator import reify
from pyramid.response import Response
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from cinema.core.dialect import NATIVE, Dialect
from cinema.core.errors import Problem

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
"""In the order in which people list them."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_ids = Random()  # noqa: S311  # names, no secrets; asking the system for each costs more than a permission check


class Request(pyramid.request.Request):
    """A request with a clock, a way to read, a way to write, and what validation made of its input."""

    request_body_tempfile_limit = 1 << 22
    """Bytes: more than the server takes, so that no body is copied into a file."""

    validated: dict[str, Any]
    """The body, as the view's `schema` read it."""

    query: dict[str, Any]
    """The query string, as the view's `query` read it."""

    reading: Any = None
    """What the answer that is being made relies on, where it is going to be kept (`core.ready`)."""

    opening: Callable[[Session], None] | None = None
    """What is done before anything else in this request's transaction, if it comes to one. It may raise."""

    @reify
    def now(self) -> datetime:
        """The moment this request counts as: one for the whole request."""
        moment: datetime = self.registry.clock()
        return moment

    @reify
    def request_id(self) -> str:
        """What this request is called in logs and answers: the client's `X-Request-ID`, if it can be one, or our own.

        Ours is left where the client's would be: when the request is tried again, it has to be called the same.
        """
        given: str = self.environ.get("HTTP_X_REQUEST_ID", "")
        if not _REQUEST_ID.fullmatch(given):
            given = self.environ["HTTP_X_REQUEST_ID"] = f"{_ids.getrandbits(64):016x}"
        return given

    @reify
    def dialect(self) -> Dialect:
        """How whoever lives at this address talks. A path that leads nowhere is answered by the nearest neighbour."""
        context = self.__dict__.get("context")  # none when the path could not even be read
        node = context.node if context is not None else self.registry.url_map.nearest(traversed_path(self))
        return node.dialect or NATIVE

    def refuse(self, problem: Problem) -> Response:
        """The answer for `problem`, in the words of whoever lives here.

        A view that returns it commits its transaction; one that raises the problem does not.
        """
        problem.members.setdefault("request_id", self.request_id)
        return self.dialect.refuse(problem)

    def relies_on(self, topics: Iterable[str], until: datetime | None = None) -> None:
        """Says what an answer relies on besides what its view declares, and when it is over in any case."""
        if self.reading is not None:
            self.reading.relies_on(topics, until)

    @reify
    def caller(self) -> Any:
        """What the credentials come to: an identity, None for a stranger, or what is wrong with the token."""
        return self.registry.policy.look(self)

    @reify
    def principals(self) -> frozenset[str]:
        """What the caller is to access lists: the same for the whole request, though roles may change meanwhile."""
        principals: frozenset[str] = self.registry.policy.principals(self)
        return principals

    @reify
    def tm(self) -> transaction.TransactionManager:
        """The transaction manager, for pyramid_tm. Explicit: nothing joins a transaction that was not begun."""
        return transaction.TransactionManager(explicit=True)

    @reify
    def db(self) -> Session:
        """The session of this request's transaction; for requests that write.

        Raises Unavailable when this process has lost touch with the database.
        """
        self.registry.before_transaction()
        session: Session = self.registry.database.session(self.tm)
        if self.opening is not None:
            self.opening(session)
        return session

    @reify
    def reader(self) -> Connection:
        """A connection that reads what is committed, statement by statement, and cannot write."""
        connection: Connection = self.registry.database.readers.connect()
        self.add_finished_callback(lambda _request: connection.close())
        return connection


def traversed_path(request: Request) -> str:
    """The path as it is traversed: a proxy may say that what it serves lies deeper (`X-Vhm-Root`)."""
    environ = request.environ
    return f"{environ.get('HTTP_X_VHM_ROOT', '')}{environ['PATH_INFO']}"


def may_write(request: Request) -> bool:
    """Whether this request gets a transaction."""
    return request.method not in SAFE_METHODS
