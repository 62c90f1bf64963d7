"""Whether a pooled connection is still of use.

A server that goes away says so: there is something to read on a connection that should be silent, and looking costs
no round trip. What has rested for a while is pinged all the same: something on the way may have forgotten it. A
server that dies this very instant has not said so yet: whoever has just got a connection to it is answered 503.

A server keeps the plans of statements that come often, and refuses them once their tables have other columns. The
driver would go on to ask for them, so such connections are replaced too.
"""

import selectors
import time
from typing import Any

from pyramid_retry import mark_error_retryable
from sqlalchemy import Engine, ExceptionContext, event
from sqlalchemy.exc import InvalidatePoolError, OperationalError

RESTED_SECONDS = 5.0
_SINCE = "rests since"
_Selector = getattr(
    selectors, "PollSelector", selectors.DefaultSelector
)  # in one system call, for any number of files


def ping_when_in_doubt(engine: Engine) -> None:
    """Replaces pooled connections that are dead, before anybody gets one, and those with plans that are out of date.

    A statement with such a plan raises OperationalError; where requests are retried, it is done again.
    """
    failures: Any = engine.dialect.dbapi.Error  # type: ignore[union-attr]  # it has its driver

    def rests(_driver: Any, record: Any) -> None:
        record.info[_SINCE] = time.monotonic()

    def check(driver: Any, record: Any, _fairy: Any) -> None:
        since = record.info.get(_SINCE)
        if since is None:
            return  # it is new
        try:
            if time.monotonic() - since >= RESTED_SECONDS or _is_readable(driver):
                engine.dialect.do_ping(driver)
        except failures:
            raise InvalidatePoolError from None  # the pool drops the others too, and connects anew

    event.listen(engine, "checkin", rests)
    event.listen(engine, "checkout", check)
    event.listen(engine, "handle_error", _drop_old_plans)


def _is_readable(driver: Any) -> bool:
    with _Selector() as selector:
        selector.register(driver, selectors.EVENT_READ)
        return bool(selector.select(0))


def _drop_old_plans(context: ExceptionContext) -> None:
    error: Any = context.original_exception
    if getattr(error, "sqlstate", None) != "0A000" or error.diag.source_function != "RevalidateCachedQuery":
        return  # what it says ("cached plan must not change result type") is in the language of the server
    context.is_disconnect = True  # the pool drops the others too: they have the same plans
    busy = OperationalError(context.statement, None, error, hide_parameters=True, connection_invalidated=True)
    mark_error_retryable(busy)
    raise busy
