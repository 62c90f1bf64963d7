from typing import Any

from waitress.task import ErrorTask, WSGITask

class HTTPChannel:
    task_class: type[WSGITask]
    error_task_class: type[ErrorTask]
    adj: Any
    request: Any
    will_close: bool
    def received(self, data: bytes) -> bool: ...
