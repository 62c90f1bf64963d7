"""One line a request, and lines that machines can read.

[formatter_json]
class = cinema.core.observing.logs.JsonFormatter
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from pyramid.response import Response
from pyramid.threadlocal import get_current_request

from cinema.core.observing.places import known_method, shown_path, status_of
from cinema.core.request import Request

log = logging.getLogger("cinema.access")

READABLE = "%(method)s %(path)s %(status)d %(ms).1f ms, %(resource)s, user %(user)s, %(bytes)s bytes, id %(id)s"
"""How a line reads where the ini chooses no formatter of ours."""

_EMPTY = frozenset({204, 304})


def wanted() -> bool:
    """Whether anybody reads the lines."""
    return log.isEnabledFor(logging.INFO)


def write(place: str, request: Request, response: Response | None, seconds: float) -> None:
    """Writes the line of a request. `user` is null where nobody had to know who calls."""
    caller = request.__dict__.get("caller")
    status = status_of(response)
    fields = {
        "id": request.request_id,
        "method": known_method(request),
        "resource": place,
        "path": shown_path(request, place),
        "status": status,
        "ms": round(seconds * 1000, 1),
        "user": getattr(caller, "user_id", None),
        "bytes": _size(request, response),
    }
    log.info(READABLE, fields)


def _size(request: Request, response: Response | None) -> int | None:
    """Bytes in the body; None for what is not known in advance."""
    if response is None:
        return None
    if request.method == "HEAD" or response.status_int in _EMPTY:
        return 0
    return response.content_length


class JsonFormatter(logging.Formatter):
    """One JSON object a record, on one line whatever it holds, with the id of the request in hand."""

    def format(self, record: logging.LogRecord) -> str:
        """`time`, `level`, `logger`; then the fields of a request, or `message`, `id` and `exception` if any."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {
            "time": at.replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
        }
        if record.name == log.name and isinstance(record.args, dict):
            return json.dumps(line | record.args)
        line["message"] = record.getMessage()
        request: Any = get_current_request()
        if request is not None:
            line["id"] = request.request_id
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)
