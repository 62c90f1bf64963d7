"""Workers that can be killed from inside a request, and come back: `python -m tests.concurrency.mortal JSON PORT …`.

A request says where its worker dies, in `X-Die-At`: `now`, or once something was done (`POINTS`). The application is
the real one; it is the database's own events that tell how far the request has come.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any, NoReturn

import waitress
from pyramid.threadlocal import get_current_request
from sqlalchemy import event
from sqlalchemy.orm import Session

from cinema import main

_STATEMENTS = {
    "claimed": "INSERT INTO idempotency_keys",
    "seated": "INSERT INTO seat_claims",
    "recorded": "UPDATE idempotency_keys",
}
_LAST = "the last statement of the transaction"
POINTS = [*_STATEMENTS, "committed"]
"""Points of an order: its key is claimed, its seats are, its answer is recorded, and all that is committed."""


def die_at(point: str | None) -> None:
    """Kills this process as no cleaning-up survives, if the request in hand says so."""
    request: Any = get_current_request()
    if point and request is not None and request.headers.get("X-Die-At") == point:
        _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _mortal(application: Any) -> Callable[[dict[str, Any], Any], Any]:
    def executes(connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        """Before a statement, the one before it has been executed."""
        done = connection.info.pop(_LAST, "")
        connection.info[_LAST] = statement
        die_at(next((point for point, part in _STATEMENTS.items() if part in done), None))

    def mortal(environ: dict[str, Any], start_response: Any) -> Any:
        if environ.get("HTTP_X_DIE_AT") == "now":
            _die()
        return application(environ, start_response)

    event.listen(application.registry.database.writers, "before_cursor_execute", executes)
    event.listen(Session, "after_commit", lambda _session: die_at("committed"))
    return mortal


def _worker(settings: dict[str, str], port: int) -> int:
    """Starts a worker; answers its process id."""
    child = os.fork()
    if child:
        return child
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    waitress.serve(_mortal(main({}, **settings)), host="127.0.0.1", port=port, threads=8, _quiet=True)
    os._exit(0)


def _supervise(settings: dict[str, str], ports: list[int]) -> NoReturn:
    """A worker on each port, always; until SIGTERM."""
    workers = {_worker(settings, port): port for port in ports}

    def stop(*_signal: Any) -> NoReturn:
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    while True:
        dead, status = os.wait()
        port = workers.pop(dead)
        if not os.WIFSIGNALED(status):  # it could not even start
            stop()
        workers[_worker(settings, port)] = port


if __name__ == "__main__":
    _supervise(json.loads(sys.argv[1]), [int(port) for port in sys.argv[2:]])
