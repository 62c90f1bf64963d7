"""Whether the process is there, which version it is, what it has counted, and whether its database answers."""

from concurrent.futures import Future
from functools import cache
from importlib.metadata import version as installed_version
from threading import Lock, Thread
from typing import Any, TypedDict

from alembic.script import ScriptDirectory
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config
from sqlalchemy.exc import SQLAlchemyError

from cinema.core.db.engines import Database
from cinema.core.db.revision import alembic_config
from cinema.core.request import Request
from cinema.core.resources import Node, Resource

PATIENCE = 2.0
"""Seconds the database has to answer the question whether it is there."""

_PACKAGE = "cinema"
_REVISION = "SELECT version_num FROM alembic_version"


class Live(Resource):
    """health/live"""


class Version(Resource):
    """version"""


class Metrics(Resource):
    """metrics. Raises KeyError, so 404, where they are not switched on."""

    def __init__(self, request: Request, parent: Resource | None, name: str, node: Node) -> None:
        if request.registry.metrics is None:
            raise KeyError(name)
        super().__init__(request, parent, name, node)


class LiveJson(TypedDict):
    """A process that answers."""

    status: str


class VersionJson(TypedDict):
    """What is installed."""

    name: str
    version: str


@view_config(context=Live, request_method="GET", permission=NO_PERMISSION_REQUIRED)
def live(_context: Live, _request: Request) -> LiveJson:
    """The process answers. Asks no database."""
    return {"status": "ok"}


@view_config(context=Version, request_method="GET", permission=NO_PERMISSION_REQUIRED)
def version(_context: Version, _request: Request) -> VersionJson:
    """Which version this is."""
    return {"name": _PACKAGE, "version": _version()}


@view_config(context=Metrics, request_method="GET", permission=NO_PERMISSION_REQUIRED, answers=("text/plain",))
def metrics(_context: Metrics, request: Request) -> Response:
    """What this process has counted, in Prometheus' text format."""
    body = generate_latest(request.registry.metrics)
    headers = [("Content-Type", CONTENT_TYPE_PLAIN_0_0_4), ("Content-Length", str(len(body)))]
    return Response(headerlist=headers, app_iter=[body])


@cache
def _version() -> str:
    return installed_version(_PACKAGE)


class DatabaseCheck:
    """Asks the database which revision it is at, and does not wait for ever.

    A thread of its own asks: no timeout of a database holds when its machine is gone or its server is frozen. While
    one question is open, nobody asks another.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._open: Future[str | None] | None = None

    def revision(self) -> str | None:
        """The revision of the tables; None when the database does not answer in time, or not to the question."""
        with self._lock:
            if self._open is None or self._open.done():
                self._open = Future()
                Thread(target=self._ask, args=(self._open,), name="database-check", daemon=True).start()
            answer = self._open
        try:
            return answer.result(PATIENCE)
        except (SQLAlchemyError, TimeoutError):
            return None

    def _ask(self, answer: "Future[str | None]") -> None:
        try:
            with self._database.readers.connect() as connection:
                answer.set_result(connection.exec_driver_sql(_REVISION).scalar())
        except BaseException as error:  # noqa: BLE001  # whoever asked hears of it
            answer.set_exception(error)


@cache
def wanted_revision() -> str | None:
    """The revision that this version's tables are at."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def includeme(config: Any) -> None:
    """Registers the views, and the check that `health/ready` needs."""
    config.registry.database_check = DatabaseCheck(config.registry.database)
    config.scan(__name__)
