"""What this process knows of changes, without asking anybody: a number for each topic that goes up."""

import time
from collections.abc import Callable, Iterable
from itertools import count
from threading import Lock

MAX_AGE = 2.0
"""Seconds: what was last heard of longer ago is not relied on."""
_TOPICS_KEPT = 100_000


class Versions:
    """When, counted in changes, each topic was last touched. `timer` counts seconds and is never set back.

    What was read after a *moment* is current as long as none of its topics has been touched since.
    """

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        self._timer = timer
        self._ticks = count(1)
        self._lock = Lock()
        self._touched: tuple[int, dict[str, int]] = (0, {})
        """When everything was touched the last time, and when each topic was since. Replaced as one."""
        self._heard_at = float("-inf")

    def moment(self) -> int:
        """The present moment. Take it before reading."""
        return next(self._ticks)

    def touch(self, topics: Iterable[str]) -> None:
        """These have changed."""
        with self._lock:
            if len(self._touched[1]) > _TOPICS_KEPT:
                self._touched = (next(self._ticks), {})
            tick, touched = next(self._ticks), self._touched[1]
            for topic in topics:
                touched[topic] = tick

    def touch_all(self) -> None:
        """Anything may have changed."""
        with self._lock:
            self._touched = (next(self._ticks), {})

    def untouched(self, topics: Iterable[str], moment: int) -> bool:
        """Whether none of these has changed since `moment`, as far as this process has heard."""
        all_touched, touched = self._touched
        return all_touched < moment and all(touched.get(topic, 0) < moment for topic in topics)

    # -- how current that is ---------------------------------------------------------------------------------

    def heard(self, at: float) -> None:
        """Everything that was committed before `at`, by the timer, is known."""
        self._heard_at = at

    @property
    def current(self) -> bool:
        """Whether what other processes have changed is known up to `MAX_AGE` ago."""
        return self._timer() - self._heard_at <= MAX_AGE
