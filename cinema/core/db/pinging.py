"""Whether a pooled connection still has its server.

A server that goes away says so: there is something to read on a connection that should be silent, and looking costs
no round trip. What has rested for a while is pinged all the same: something on the way may have forgotten it.
"""

import selectors
import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

RESTED_SECONDS = 5.0
_SINCE = "rests since"
_Selector = getattr(
    selectors, "PollSelector", selectors.DefaultSelector
)  # in one system call, for any number of files


def ping_when_in_doubt(engine: Engine) -> None:
    """Replaces pooled connections that are dead, before anybody gets one."""
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


def _is_readable(driver: Any) -> bool:
    with _Selector() as selector:
        selector.register(driver, selectors.EVENT_READ)
        return bool(selector.select(0))
