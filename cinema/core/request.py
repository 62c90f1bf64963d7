"""The request every view gets.

A class of our own instead of Pyramid's request methods: those make a new class for every single request.
"""

from datetime import datetime
from typing import Any

import pyramid.request
import transaction
from pyramid.decorator import reify
from sqlalchemy import Connection
from sqlalchemy.orm import Session

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Request(pyramid.request.Request):
    """A request with a clock, a way to read, a way to write, and what validation made of its input."""

    validated: dict[str, Any]
    """The body, as the view's `schema` read it."""

    query: dict[str, Any]
    """The query string, as the view's `query` read it."""

    @reify
    def now(self) -> datetime:
        """The moment this request counts as: one for the whole request."""
        moment: datetime = self.registry.clock()
        return moment

    @reify
    def caller(self) -> Any:
        """What the credentials come to: an identity, None for a stranger, or what is wrong with the token."""
        return self.registry.policy.look(self)

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
        return session

    @reify
    def reader(self) -> Connection:
        """A connection that reads what is committed, statement by statement, and cannot write."""
        connection: Connection = self.registry.database.readers.connect()
        self.add_finished_callback(lambda _request: connection.close())
        return connection


def may_write(request: Request) -> bool:
    """Whether this request gets a transaction."""
    return request.method not in SAFE_METHODS
