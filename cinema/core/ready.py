"""Ready bytes: answers kept in memory for as long as nothing has changed that they rely on.

A view says with `kept=` what its answers rely on. Whether that has changed, this process knows without asking
(`core.changes`); permissions are looked at every time, before anything here. What callers may see is part of the key.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

from pyramid.response import Response

from cinema.core import tags
from cinema.core.changes.versions import Versions
from cinema.core.rendering import JSON
from cinema.core.request import Request
from cinema.core.settings import read, setting, whole
from cinema.core.showing import not_modified

_OVERHEAD = 2000  # bytes that an answer takes besides its body: key, headers, topics
_LONGEST_KEY = 1000  # what a caller makes long is not kept in memory
_LARGEST = 1 / 16  # of all the memory there is, for one answer


@dataclass(frozen=True)
class ReadySettings:
    """How much is kept."""

    megabytes: int = setting(
        "cinema.ready_megabytes", "64", whole(0, 65_536), "Memory for answers that are ready to be sent again"
    )


@dataclass(frozen=True)
class Kept:
    """What the answers of a view rely on: topics, and what the caller sees (`by`; None: everybody sees the same)."""

    topics: tuple[str, ...]
    by: Callable[[Request], Hashable] | None = None


@dataclass(slots=True)
class Reading:
    """What an answer that is being made relies on. `until` is when it is over in any case."""

    moment: int
    topics: set[str]
    until: datetime | None = None

    def relies_on(self, topics: Iterable[str], until: datetime | None = None) -> None:
        """On these as well, and it is over by `until`."""
        self.topics.update(topics)
        if until is not None and (self.until is None or until < self.until):
            self.until = until


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer to send again."""

    body: bytes
    tag: str
    moment: int
    topics: tuple[str, ...]
    until: datetime | None
    headers: list[tuple[str, str]] = field(init=False)
    size: int = field(init=False)

    def __post_init__(self) -> None:
        headers = [("Content-Type", JSON), ("Content-Length", str(len(self.body))), ("ETag", self.tag)]
        object.__setattr__(self, "headers", headers)
        object.__setattr__(self, "size", len(self.body) + _OVERHEAD + 100 * len(self.topics))


class ReadyBytes:
    """The answers, at most so many bytes of them; the least recently used go first."""

    def __init__(self, capacity: int, versions: Versions) -> None:
        self._capacity = capacity
        self._versions = versions
        self._kept: OrderedDict[Hashable, Ready] = OrderedDict()
        self._lock = Lock()
        self.size = 0

    def get(self, key: Hashable, request: Request) -> Ready | None:
        """What can be sent again, if anything can."""
        ready = self._kept.get(key)
        if ready is None or not self._versions.current:
            return None
        if not self._versions.untouched(ready.topics, ready.moment) or _is_over(ready, request):
            return None
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
        return ready

    def put(self, key: Hashable, ready: Ready) -> None:
        """Keeps it."""
        if ready.size > self._capacity * _LARGEST:
            return
        with self._lock:
            former = self._kept.pop(key, None)
            self.size += ready.size - (former.size if former else 0)
            self._kept[key] = ready
            while self.size > self._capacity:
                _key, oldest = self._kept.popitem(last=False)
                self.size -= oldest.size

    def __len__(self) -> int:
        return len(self._kept)


def _is_over(ready: Ready, request: Request) -> bool:
    return ready.until is not None and request.now >= ready.until


def ready_view(view: Any, info: Any) -> Any:
    """View deriver for `kept=`, just inside the permission check."""
    kept: Kept | None = info.options.get("kept")
    if kept is None:
        return view
    ready_bytes, versions = info.registry.ready_bytes, info.registry.versions

    def kept_view(context: Any, request: Request) -> Any:
        asked = _asked(request)
        if sum(map(len, asked)) > _LONGEST_KEY:
            return view(context, request)
        key = (asked, None if kept.by is None else kept.by(request))
        ready = ready_bytes.get(key, request)
        if ready is None:
            request.reading = reading = Reading(versions.moment(), {*kept.topics})
            response = view(context, request)
            ready = Ready(
                response.body, response.headers["ETag"], reading.moment, tuple(reading.topics), reading.until
            )
            ready_bytes.put(key, ready)
        known = request.environ.get("HTTP_IF_NONE_MATCH")
        if known is not None and tags.is_known(known, ready.tag):
            return not_modified(ready.tag)
        return Response(status=200, headerlist=[*ready.headers], app_iter=[ready.body])

    return kept_view


ready_view.options = ("kept",)  # type: ignore[attr-defined]  # how Pyramid learns a deriver's options


def _asked(request: Request) -> tuple[str, ...]:
    """All of a request that an answer depends on. With the host: addresses of following pages hold it."""
    environ = request.environ
    return (
        environ["PATH_INFO"],
        environ.get("QUERY_STRING", ""),
        environ.get("HTTP_HOST", ""),
        environ["wsgi.url_scheme"],
        environ["SCRIPT_NAME"],
        environ.get("HTTP_X_VHM_ROOT", ""),
    )


def includeme(config: Any) -> None:
    """Makes room, and registers the deriver."""
    registry = config.registry
    capacity = read(ReadySettings, registry.settings).megabytes << 20
    registry.ready_bytes = ReadyBytes(capacity, registry.versions)
    config.add_view_deriver(ready_view, "ready", under="secured_view", over=("body", "query"))
