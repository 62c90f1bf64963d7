from socket import socket
from threading import Condition
from typing import Any

from waitress.task import ErrorTask, WSGITask

class HTTPChannel:
    task_class: type[WSGITask]
    error_task_class: type[ErrorTask]
    adj: Any
    server: Any
    socket: socket
    request: Any
    will_close: bool
    last_activity: float
    outbuf_lock: Condition
    total_outbufs_len: int
    def received(self, data: bytes) -> bool: ...
    def writable(self) -> bool: ...
    def handle_write(self) -> None: ...
    def service(self) -> None: ...
